using System.Runtime.InteropServices;

namespace RedNote.Embedded.Storage;

/// <summary>Database drivers want arrays; most payloads already are one.</summary>
internal static class Bytes
{
    public static byte[] Of(ReadOnlyMemory<byte> memory)
        => MemoryMarshal.TryGetArray(memory, out var segment)
            && segment is { Offset: 0, Array: { } array } && array.Length == segment.Count
            ? array
            : memory.ToArray();
}
