using System.Collections.Immutable;

namespace RedNote.Live;

/// <summary>The newest frames of one epoch, for those who resume. Bounded by frames and by the danmaku in
/// them.</summary>
public sealed class FrameRing(LiveRoomOptions options)
{
    private readonly Queue<RoomFrame> _frames = [];
    private int _danmaku;

    public void Add(RoomFrame frame)
    {
        _frames.Enqueue(frame);
        _danmaku += frame.Danmaku?.Length ?? 0;
        while (_frames.Count > options.RingFrames || (_danmaku > options.RingDanmaku && _frames.Count > 1))
        {
            _danmaku -= _frames.Dequeue().Danmaku?.Length ?? 0;
        }
    }

    /// <summary>Takes a danmaku out of the frames.</summary>
    public void Recall(long seq)
    {
        for (var left = _frames.Count; left > 0; left--)
        {
            var frame = _frames.Dequeue();
            if (frame.Danmaku is { } shown && shown.RemoveAll(danmaku => danmaku.Seq == seq) is var rest
                && rest.Length < shown.Length)
            {
                _danmaku -= shown.Length - rest.Length;
                frame = frame with { Danmaku = rest.IsEmpty ? null : rest };
            }

            _frames.Enqueue(frame);
        }
    }

    /// <summary>
    /// Every frame after <paramref name="seq"/> up to the <paramref name="head"/>; false if one of them is gone, or if
    /// <paramref name="seq"/> lies beyond the head.
    /// </summary>
    public bool TryAfter(long seq, long head, out ImmutableArray<RoomFrame> frames)
    {
        frames = [];
        if (seq == head)
        {
            return true;
        }

        if (seq > head || seq < 0 || !_frames.TryPeek(out var oldest) || oldest.Seq > seq + 1)
        {
            return false;
        }

        frames = [.. _frames.Where(frame => frame.Seq > seq)];
        return true;
    }
}
