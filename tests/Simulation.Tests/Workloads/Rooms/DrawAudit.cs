using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace RedNote.Simulation.Rooms;

/// <summary>Recomputes a draw from what is published of it, as the wire contract says anybody can.</summary>
internal static class DrawAudit
{
    public static string Show(UserId user) => user.Value.ToString(CultureInfo.InvariantCulture);

    /// <summary>The entrant list: ids sorted ordinally as strings.</summary>
    public static List<string> InOrder(IEnumerable<UserId> entrants)
        => [.. entrants.Select(Show).Order(StringComparer.Ordinal)];

    public static string Commitment(string seed) => Hash(seed);

    /// <summary>What is wrong with a result; null: nothing.</summary>
    public static string? FindWrong(
        string promised, string commitment, List<string> entrants, int winners, string? seed, string? shown,
        string? entrantsHash, List<UserId> winnerIds)
    {
        if (seed != promised || shown != commitment || Hash(seed) != commitment)
            return $"seed {seed} and commitment {shown}, promised was {commitment}";
        var hash = Hash(string.Join('\n', entrants));
        if (entrantsHash != hash) return $"the list of {entrants.Count} hashes to {entrantsHash}, not {hash}";
        var expected = Winners(seed, hash, entrants, winners);
        return expected.SequenceEqual(winnerIds.Select(Show))
            ? null
            : $"{string.Join(' ', winnerIds)} win instead of {string.Join(' ', expected)}";
    }

    private static List<string> Winners(string seed, string hash, List<string> entrants, int winners)
    {
        if (entrants.Count < winners) return entrants;
        var left = entrants.ToList();
        var won = new List<string>();
        for (var i = 0; i < winners; i++)
        {
            var number = Hash($"{seed}:{hash}:{i.ToString(CultureInfo.InvariantCulture)}")[..16];
            var at = ulong.Parse(number, NumberStyles.HexNumber, CultureInfo.InvariantCulture) % (ulong)left.Count;
            won.Add(left[(int)at]);
            left.RemoveAt((int)at);
        }

        return won;
    }

    private static string Hash(string text)
        => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(text))).ToLowerInvariant();
}
