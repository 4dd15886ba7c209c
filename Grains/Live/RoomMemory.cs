using System.Runtime.InteropServices;

namespace RedNote.Live;

/// <summary>
/// What a room knows from the events of its last minutes: keys that are bound, and when people spoke last. It is kept
/// out of the state, as a snapshot of up to 100,000 keys would be written again and again while every one of them is in
/// the log already: an activation reads it back from there (<see cref="Restore"/>) before it decides on a batch.
/// </summary>
public sealed class RoomMemory(LiveRoomOptions options)
{
    public KeyLedger Keys { get; } = new(options);

    public SlowMode SlowMode { get; } = new(options);

    /// <summary>Takes an event in, in order.</summary>
    public void Take(LiveRoomEvent raised)
    {
        switch (raised)
        {
            case DanmakuSent { HeldId: null } danmaku:
                Take(danmaku.UserId, danmaku.At, KeyOf(danmaku));
                break;
            case DanmakuHeld held:
                Take(held.UserId, held.At, KeyOf(held));
                break;
            case DanmakuMerged merged:
                foreach (var sender in merged.Senders)
                {
                    Take(sender.UserId, merged.At, KeyOf(merged, sender));
                }

                break;
            case LikesCounted { Keys: { } keys } likes:
                foreach (var key in keys)
                {
                    Keys.Bind(Entry(likes, key));
                }

                break;
            case CheersCounted { Keys: { } keys } cheers:
                foreach (var key in keys)
                {
                    Keys.Bind(Entry(cheers, key));
                }

                break;
            case QuestionReceived { Key: not null } asked:
                Keys.Bind(Entry(asked));
                break;
        }
    }

    private void Take(UserId user, long at, KeyEntry? bound)
    {
        SlowMode.Sent(user, at);
        if (bound is not null)
        {
            Keys.Bind(bound);
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

        private readonly List<KeyEntry> _keys = [];
        private readonly List<(UserId User, long At)> _sent = [];
        private readonly long _oldest =
            now - Math.Max(options.KeyMinutes * 60_000L, options.MaxSlowModeSeconds * 1_000L) - ClockSlackMs;

        private int _events;

        /// <summary>Whether everything that can matter was taken.</summary>
        public bool IsDone { get; private set; }

        /// <summary>Takes the event before the last one that was taken.</summary>
        public void Take(LiveRoomEvent raised)
        {
            IsDone |= raised.At <= _oldest || _events >= options.RestoredEvents || _keys.Count >= options.Keys;
            if (IsDone)
            {
                return;
            }

            _events++;
            switch (raised)
            {
                case DanmakuSent { HeldId: null } danmaku:
                    Take(danmaku.UserId, danmaku.At, KeyOf(danmaku));
                    break;
                case DanmakuHeld held:
                    Take(held.UserId, held.At, KeyOf(held));
                    break;
                case DanmakuMerged merged:
                    for (var i = merged.Senders.Length - 1; i >= 0; i--)
                    {
                        Take(merged.Senders[i].UserId, merged.At, KeyOf(merged, merged.Senders[i]));
                    }

                    break;
                case LikesCounted { Keys: { } keys } likes:
                    for (var i = keys.Length - 1; i >= 0; i--)
                    {
                        _keys.Add(Entry(likes, keys[i]));
                    }

                    break;
                case CheersCounted { Keys: { } keys } cheers:
                    _keys.AddRange(keys.Reverse().Select(key => Entry(cheers, key)));

                    break;
                case QuestionReceived { Key: not null } asked:
                    _keys.Add(Entry(asked));
                    break;
            }
        }

        private void Take(UserId user, long at, KeyEntry? bound)
        {
            _sent.Add((user, at));
            if (bound is not null)
            {
                _keys.Add(bound);
            }
        }

        public RoomMemory Build()
        {
            var memory = new RoomMemory(options);
            _sent.Reverse();
            foreach (var (user, at) in CollectionsMarshal.AsSpan(_sent))
            {
                memory.SlowMode.Sent(user, at);
            }

            _keys.Reverse();
            foreach (var entry in CollectionsMarshal.AsSpan(_keys))
            {
                memory.Keys.Bind(entry);
            }

            return memory;
        }
    }
}
