using System.Buffers.Binary;
using System.Security.Cryptography;

namespace RedNote.Frontend.Users;

/// <summary>Makes the ids and secrets of new things.</summary>
public interface IIdGenerator
{
    /// <summary>
    /// A new entity's id: milliseconds since 2025 over 22 random bits. Ids of one millisecond can collide; whoever
    /// creates something with it finds out (<see cref="CommandStatus.Conflict"/>) and takes another.
    /// </summary>
    long NextId();

    /// <summary>A random positive number that nobody can guess.</summary>
    long NextSecretNumber();

    /// <summary>128 random bits in text, to tell a repeated creation from a taken id.</summary>
    string NextToken();
}

internal sealed class IdGenerator(TimeProvider time, RandomNumberGenerator random) : IIdGenerator
{
    private const int RandomBits = 22;

    private static readonly long Epoch =
        new DateTimeOffset(2025, 1, 1, 0, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds();

    public long NextId()
    {
        var elapsedMs = Math.Max(1, time.GetUtcNow().ToUnixTimeMilliseconds() - Epoch);
        return (elapsedMs << RandomBits) | (NextSecretNumber() & ((1L << RandomBits) - 1));
    }

    public long NextSecretNumber()
    {
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        random.GetBytes(bytes);
        return Math.Max(1, BinaryPrimitives.ReadInt64LittleEndian(bytes) & long.MaxValue);
    }

    public string NextToken()
    {
        Span<byte> bytes = stackalloc byte[16];
        random.GetBytes(bytes);
        return Convert.ToHexStringLower(bytes);
    }
}
