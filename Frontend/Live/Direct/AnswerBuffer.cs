using System.Buffers;
using System.Collections.Concurrent;

namespace RedNote.Frontend.Live;

/// <summary>
/// Answers to one connection on their way: one WebSocket message with a hub message for each. Used over and over, as a
/// busy front end makes thousands a second.
/// </summary>
internal sealed class AnswerBuffer : IBufferWriter<byte>
{
    /// <summary>Buffers that are kept for reuse, over all connections.</summary>
    private const int MaxSpare = 256;

    private const int MaxKeptBytes = 16 * 1024;

    private static readonly ConcurrentQueue<AnswerBuffer> Spare = new();
    private static int _spareCount;

    private byte[] _bytes = new byte[1024];
    private int _end = WebSocketHeader.MaxBytes;

    private AnswerBuffer()
    {
    }

    /// <summary>Hub messages in it, as whoever writes them counts.</summary>
    public int Count { get; set; }

    public static AnswerBuffer Rent()
    {
        if (Spare.TryDequeue(out var spare))
        {
            Interlocked.Decrement(ref _spareCount);
            return spare;
        }

        return new AnswerBuffer();
    }

    public void Return()
    {
        (Count, _end) = (0, WebSocketHeader.MaxBytes);
        if (_bytes.Length <= MaxKeptBytes && Interlocked.Increment(ref _spareCount) <= MaxSpare)
        {
            Spare.Enqueue(this);
        }
        else if (_bytes.Length <= MaxKeptBytes)
        {
            Interlocked.Decrement(ref _spareCount);
        }
    }

    /// <summary>The whole WebSocket frame.</summary>
    public ReadOnlyMemory<byte> Framed()
    {
        var payload = _end - WebSocketHeader.MaxBytes;
        var header = WebSocketHeader.BytesFor(payload);
        var start = WebSocketHeader.MaxBytes - header;
        WebSocketHeader.WriteText(_bytes.AsSpan(start, header), payload);
        return _bytes.AsMemory(start, header + payload);
    }

    void IBufferWriter<byte>.Advance(int count) => _end += count;

    Memory<byte> IBufferWriter<byte>.GetMemory(int sizeHint) => Room(sizeHint);

    Span<byte> IBufferWriter<byte>.GetSpan(int sizeHint) => Room(sizeHint).Span;

    private Memory<byte> Room(int sizeHint)
    {
        var least = Math.Max(sizeHint, 256);
        if (_bytes.Length - _end < least)
        {
            Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, _end + least));
        }

        return _bytes.AsMemory(_end);
    }
}
