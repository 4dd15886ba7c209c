namespace RedNote.Live;

/// <summary>
/// What a room knows from the events of its last minutes: keys that are bound, and when people spoke last. It is kept
/// out of the state, as a snapshot of up to 100,000 keys would be written again and again while every one of them is in
/// the log already: an activation reads it back from there (<see cref="Restore"/>) before it decides on a batch.
/// </summary>
public sealed class RoomMemory(LiveRoomOptions options)
{
    private List<Trace>? _traces;

    /// <summary>That somebody spoke, that a key was bound, or both.</summary>
    private readonly record struct Trace(UserId? Sender, long At, KeyEntry? Bound);

    public KeyLedger Keys => field ??= new KeyLedger(options);

    public SlowMode SlowMode => field ??= new SlowMode(options);

    /// <summary>Gives back space that is held for more.</summary>
    public void TrimExcess() => _traces = null;

    /// <summary>Takes an event in, in order.</summary>
    public void Take(LiveRoomEvent raised)
    {
        _traces ??= [];
        Collect(raised, _traces);
        foreach (var trace in _traces)
        {
            Take(trace);
        }

        _traces.Clear();
    }

    private void Take(Trace trace)
    {
        if (trace.Sender is { } sender)
        {
            SlowMode.Sent(sender, trace.At);
        }

        if (trace.Bound is { } bound)
        {
            Keys.Bind(bound);
        }
    }

    /// <summary>Adds what an event leaves to be remembered, in order.</summary>
    private static void Collect(LiveRoomEvent raised, List<Trace> traces)
    {
        switch (raised)
        {
            case DanmakuSent { HeldId: null } danmaku:
                traces.Add(new Trace(danmaku.UserId, danmaku.At, KeyOf(danmaku)));
                break;
            case DanmakuHeld held:
                traces.Add(new Trace(held.UserId, held.At, KeyOf(held)));
                break;
            case DanmakuMerged merged:
                foreach (var sender in merged.Senders)
                {
                    traces.Add(new Trace(sender.UserId, merged.At, KeyOf(merged, sender)));
                }

                break;
            case LikesCounted { Keys: { } keys } likes:
                foreach (var key in keys)
                {
                    traces.Add(new Trace(null, likes.At, Entry(likes, key)));
                }

                break;
            case CheersCounted { Keys: { } keys } cheers:
                foreach (var key in keys)
                {
                    traces.Add(new Trace(null, cheers.At, Entry(cheers, key)));
                }

                break;
            case QuestionReceived { Key: not null } asked:
                traces.Add(new Trace(null, asked.At, Entry(asked)));
                break;
        }
    }

    private static KeyEntry? KeyOf(DanmakuHeld held)
        => held.Key is { } key
            ? new KeyEntry(held.UserId, key, held.Check ?? 0, held.HeldId, held.At, VerdictStatus.Held)
            : null;

    private static KeyEntry? KeyOf(DanmakuMerged merged, MergedSender sender)
        => sender.Key is { } key
            ? new KeyEntry(sender.UserId, key, sender.Check ?? 0, merged.Seq, merged.At, VerdictStatus.Merged)
            : null;

    private static KeyEntry? KeyOf(DanmakuSent danmaku)
        => danmaku.Key is { } key
            ? new KeyEntry(danmaku.UserId, key, danmaku.Check ?? 0, danmaku.Seq, danmaku.At)
            : null;

    private static KeyEntry Entry(LikesCounted likes, LikeKey key)
        => new(key.UserId, key.Key, key.Check, key.Count, likes.At);

    private static KeyEntry Entry(CheersCounted cheers, LikeKey key)
        => new(key.UserId, KeyLedger.KeyOfCheer(cheers.PkId, key.Key), key.Check, key.Count, cheers.At);

    private static KeyEntry Entry(QuestionReceived asked)
        => new(asked.UserId, KeyLedger.KeyOfQuestion(asked.Key!), asked.Check ?? 0, asked.QuestionId.Value, asked.At);

    /// <summary>
    /// Gathers the memory of an activation from its log, newest event first, until nothing older can matter: it reads
    /// no more than the keys' time and the longest slow mode, and is bounded as the memory itself is.
    /// </summary>
    public sealed class Restore(LiveRoomOptions options, long now)
    {
        /// <summary>A room's events may come from silos whose clocks differ, so that their times go back a
        /// little.</summary>
        private const long ClockSlackMs = 60_000;

        private readonly List<Trace> _newestFirst = [];
        private readonly long _oldest =
            now - Math.Max(options.KeyMinutes * 60_000L, options.MaxSlowModeSeconds * 1_000L) - ClockSlackMs;

        private int _events;
        private int _keys;

        /// <summary>Whether everything that can matter was taken.</summary>
        public bool IsDone { get; private set; }

        /// <summary>Takes the event before the last one that was taken.</summary>
        public void Take(LiveRoomEvent raised)
        {
            IsDone |= raised.At <= _oldest || _events >= options.RestoredEvents || _keys >= options.Keys;
            if (IsDone)
            {
                return;
            }

            _events++;
            var before = _newestFirst.Count;
            Collect(raised, _newestFirst);
            _newestFirst.Reverse(before, _newestFirst.Count - before);
            for (var i = before; i < _newestFirst.Count; i++)
            {
                _keys += _newestFirst[i].Bound is null ? 0 : 1;
            }
        }

        public RoomMemory Build()
        {
            var memory = new RoomMemory(options);
            for (var i = _newestFirst.Count - 1; i >= 0; i--)
            {
                memory.Take(_newestFirst[i]);
            }

            return memory;
        }
    }
}
