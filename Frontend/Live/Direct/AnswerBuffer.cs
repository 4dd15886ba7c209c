using System.Collections.Concurrent;

namespace RedNote.Frontend.Live;

/// <summary>
/// Answers to one connection on their way: one WebSocket message with a hub message for each. Used over and over, as a
/// busy front end makes thousands a second.
/// </summary>
internal sealed class AnswerBuffer
{
    /// <summary>Buffers that are kept for reuse, over all connections.</summary>
    private const int MaxSpare = 256;

    private const int MaxKeptBytes = 16 * 1024;

    private static readonly ConcurrentQueue<AnswerBuffer> Spare = new();
    private static int _spareCount;

    private readonly FrameBuffer _frame = new();

    private AnswerBuffer()
    {
    }

    /// <summary>Answers in it.</summary>
    public int Count { get; private set; }

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
        if (_frame.Capacity > MaxKeptBytes)
        {
            return;
        }

        Count = 0;
        _frame.Clear();
        if (Interlocked.Increment(ref _spareCount) <= MaxSpare)
        {
            Spare.Enqueue(this);
        }
        else
        {
            Interlocked.Decrement(ref _spareCount);
        }
    }

    /// <param name="protocol">Writes it.</param>
    /// <param name="callId">The call's.</param>
    /// <param name="told">The result, or a <see cref="RefusedCall"/>.</param>
    public void Add(RoomHubProtocol protocol, string callId, object told)
    {
        protocol.WriteAnswer(callId, told, _frame);
        Count++;
    }

    /// <summary>The whole WebSocket frame.</summary>
    public ReadOnlyMemory<byte> Framed() => _frame.Framed();
}
