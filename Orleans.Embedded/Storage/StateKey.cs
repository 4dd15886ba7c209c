using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using Orleans.Runtime;

namespace RedNote.Embedded.Storage;

/// <summary>
/// What identifies a row of Orleans' ADO.NET storage table. The grain's class is not part of it: only the state's name
/// tells two grains with the same key apart.
/// </summary>
/// <param name="IdHash">Hash of the grain's key: its bytes and then its extension's, all of them in reverse.</param>
/// <param name="N0">First half of a Guid key; 0 for other keys.</param>
/// <param name="N1">Second half of a Guid key, or the integer key; 0 for a string key.</param>
/// <param name="NameHash">Hash of the state's name.</param>
/// <param name="StateName">The state's name.</param>
/// <param name="Extension">The key's extension, or the whole of a string key; null if there is neither.</param>
internal readonly record struct StateKey(
    int IdHash, long N0, long N1, int NameHash, string StateName, string? Extension)
{
    public static StateKey Create(string stateName, GrainId grainId)
    {
        var nameHash = unchecked((int)XxHash32.Compute(Encoding.UTF8.GetBytes(stateName)));
        Span<byte> key = stackalloc byte[16];
        string? extension;
        // Orleans asks in this order, so that a string key that looks like a number is stored as a number.
        if (grainId.TryGetGuidKey(out var guid, out extension))
        {
            guid.TryWriteBytes(key);
            var n0 = BinaryPrimitives.ReadInt64LittleEndian(key);
            var n1 = BinaryPrimitives.ReadInt64LittleEndian(key[8..]);
            return new(HashReversed(key, extension), n0, n1, nameHash, stateName, extension);
        }

        if (grainId.TryGetIntegerKey(out var number, out extension))
        {
            BinaryPrimitives.WriteInt64LittleEndian(key, number);
            return new(HashReversed(key[..8], extension), 0, number, nameHash, stateName, extension);
        }

        var text = grainId.Key.ToString();
        return new(HashReversed([], text), 0, 0, nameHash, stateName, text);
    }

    private static int HashReversed(ReadOnlySpan<byte> key, string? extension)
    {
        var length = key.Length + (extension is null ? 0 : Encoding.UTF8.GetByteCount(extension));
        var rented = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            var bytes = rented.AsSpan(0, length);
            key.CopyTo(bytes);
            if (extension is not null)
            {
                Encoding.UTF8.GetBytes(extension, bytes[key.Length..]);
            }

            bytes.Reverse();
            return unchecked((int)XxHash32.Compute(bytes));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }
}
