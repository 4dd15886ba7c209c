using System.Buffers;

namespace RedNote.Frontend.Live;

/// <summary>Takes hub messages and makes one WebSocket frame of them. Used over and over, by one at a time.</summary>
internal sealed class FrameBuffer : IBufferWriter<byte>
{
    /// <summary>The least that a writer is given room for.</summary>
    private const int LeastRoom = 256;

    private byte[] _bytes = new byte[1024];
    private int _end = WebSocketHeader.MaxBytes;

    /// <summary>Bytes that it holds on to.</summary>
    public int Capacity => _bytes.Length;

    public void Clear() => _end = WebSocketHeader.MaxBytes;

    /// <summary>The whole frame; valid until the next change.</summary>
    public ReadOnlyMemory<byte> Framed()
    {
        var payload = _end - WebSocketHeader.MaxBytes;
        var header = WebSocketHeader.BytesFor(payload);
        var start = WebSocketHeader.MaxBytes - header;
        WebSocketHeader.WriteText(_bytes.AsSpan(start, header), payload);
        return _bytes.AsMemory(start, header + payload);
    }

    public void Advance(int count) => _end += count;

    public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        var least = Math.Max(sizeHint, LeastRoom);
        if (_bytes.Length - _end < least)
        {
            Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, _end + least));
        }

        return _bytes.AsMemory(_end);
    }
}
