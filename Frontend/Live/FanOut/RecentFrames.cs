using System.Diagnostics.CodeAnalysis;
using RedNote.Live;

namespace RedNote.Frontend.Live;

/// <summary>
/// A room's newest frames, for viewers whose snapshot is on its way. What was taken back is not in them any more, as
/// in the room's own: who comes later is not shown it first. Used under the channel's lock.
/// </summary>
internal sealed class RecentFrames(RoomId room, FrameEncoder encoder, LiveOptions options)
{
    private readonly Queue<SharedFrame> _frames = new();

    public void Add(SharedFrame frame)
    {
        foreach (var happened in frame.Frame.Events ?? [])
        {
            if (happened is MessageRecalled { Seq: var seq })
            {
                Recall(seq);
            }
        }

        _frames.Enqueue(frame);
        if (_frames.Count > options.RecentFrames)
        {
            _frames.Dequeue();
        }
    }

    public void Clear() => _frames.Clear();

    public bool TryPeekOldest([NotNullWhen(true)] out SharedFrame? oldest) => _frames.TryPeek(out oldest);

    public Queue<SharedFrame>.Enumerator GetEnumerator() => _frames.GetEnumerator();

    private void Recall(long seq)
    {
        for (var left = _frames.Count; left > 0; left--)
        {
            var shared = _frames.Dequeue();
            var frame = shared.Frame;
            if (frame.Danmaku is { } shown && shown.RemoveAll(danmaku => danmaku.Seq == seq) is var rest
                && rest.Length < shown.Length)
            {
                shared = encoder.Encode(room, frame with { Danmaku = rest.IsEmpty ? null : rest });
            }

            _frames.Enqueue(shared);
        }
    }
}
