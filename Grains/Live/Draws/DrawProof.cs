using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace RedNote.Live;

/// <summary>
/// The arithmetic of draws, exactly as the wire contract has it, so that anybody can repeat it: the seed was committed
/// to before anybody entered, the entrants were frozen before it was shown, and the two decide who wins.
/// </summary>
public static class DrawProof
{
    /// <summary>Characters of a seed.</summary>
    public const int SeedLength = 64;

    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdef");

    public static string Commitment(string seed) => Hash(seed);

    public static bool IsSeed(string? seed)
        => seed is { Length: SeedLength } && !seed.AsSpan().ContainsAnyExcept(HexDigits);

    /// <summary>Of the ids joined by line feeds, in their order.</summary>
    public static string EntrantsHash(ReadOnlySpan<long> ids)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> buffer = stackalloc byte[4_096];
        var used = 0;
        for (var i = 0; i < ids.Length; i++)
        {
            if (i > 0)
            {
                buffer[used++] = (byte)'\n';
            }

            ids[i].TryFormat(buffer[used..], out var written, provider: CultureInfo.InvariantCulture);
            used += written;
            if (used > buffer.Length - 32)
            {
                hash.AppendData(buffer[..used]);
                used = 0;
            }
        }

        hash.AppendData(buffer[..used]);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>
    /// The places in the list of those who win, in the order of the drawing. Winner i is at the place, among those who
    /// have not won yet, that the hash of seed, list and i says; with fewer entrants than winners all win, in list
    /// order.
    /// </summary>
    public static int[] WinningPlaces(string seed, string entrantsHash, int entrants, int winners)
    {
        if (entrants < winners)
        {
            return [.. Enumerable.Range(0, entrants)];
        }

        var left = new RemainingPlaces(entrants);
        var places = new int[winners];
        for (var i = 0; i < winners; i++)
        {
            places[i] = left.Take((int)(Number(seed, entrantsHash, i) % (ulong)left.Count));
        }

        return places;
    }

    private static ulong Number(string seed, string entrantsHash, int winner)
    {
        var text = string.Create(CultureInfo.InvariantCulture, $"{seed}:{entrantsHash}:{winner}");
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(text), digest);
        return BinaryPrimitives.ReadUInt64BigEndian(digest);
    }

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
