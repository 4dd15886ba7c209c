namespace RedNote.Load.Wire;

/// <summary>Bytes that wait for the rest of a frame, or for room in a socket. Takes memory once it is used.</summary>
public sealed class ByteBuffer(int maxBytes)
{
    private byte[] _bytes = [];
    private int _length;

    public bool IsEmpty => _length == 0;

    public int Length => _length;

    public ReadOnlySpan<byte> Bytes => _bytes.AsSpan(0, _length);

    /// <summary>Adds bytes, or answers false (and adds nothing) when that would pass the bound.</summary>
    public bool TryAppend(ReadOnlySpan<byte> bytes)
    {
        if (_length + bytes.Length > maxBytes)
        {
            return false;
        }

        if (_length + bytes.Length > _bytes.Length)
        {
            Array.Resize(ref _bytes, Math.Max(1024, 2 * (_length + bytes.Length)));
        }

        bytes.CopyTo(_bytes.AsSpan(_length));
        _length += bytes.Length;
        return true;
    }

    /// <summary>Drops bytes from the front.</summary>
    public void Consume(int count)
    {
        _bytes.AsSpan(count, _length - count).CopyTo(_bytes);
        _length -= count;
    }

    public void Clear() => _length = 0;
}
