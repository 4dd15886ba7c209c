using System.Collections.Immutable;

namespace RedNote.Live;

/// <summary>Who may keep order in a room, who lost the word, and what waits for review.</summary>
public sealed class ModerationState
{
    /// <summary>The end of a mute that has none.</summary>
    public const long Forever = long.MaxValue;

    private readonly HashSet<UserId> _moderators;
    private readonly Dictionary<UserId, long> _muted;

    public ModerationState(StoredLiveRoom stored)
    {
        _moderators = [.. stored.Moderators];
        _muted = stored.Muted.ToDictionary(user => user, _ => Forever);
        foreach (var mute in stored.TimedMutes)
        {
            _muted[mute.UserId] = mute.Until;
        }

        Held = new HeldQueue(stored.Held);
        HeldSeq = stored.HeldSeq;
    }

    public HeldQueue Held { get; }

    /// <summary>The last held number given away; 0: none.</summary>
    public long HeldSeq { get; private set; }

    /// <summary>By id.</summary>
    public ImmutableArray<UserId> Moderators => [.. _moderators.OrderBy(user => user.Value)];

    public int ModeratorCount => _moderators.Count;

    public bool IsModerator(UserId user) => _moderators.Contains(user);

    /// <summary>When a mute ends: 0 there is none, <see cref="Forever"/> not by itself.</summary>
    public long MutedUntil(UserId user, long now)
        => _muted.TryGetValue(user, out var until) && until > now ? until : 0;

    public int MutedCount(long now) => _muted.Count(mute => mute.Value > now);

    /// <summary>Takes an event in; false if it is none of moderation.</summary>
    public bool Apply(LiveRoomEvent raised)
    {
        switch (raised)
        {
            case ViewerMuted muted:
                DropEnded(muted.At);
                _muted[muted.UserId] = muted.Until ?? Forever;
                return true;
            case ViewerUnmuted unmuted:
                _muted.Remove(unmuted.UserId);
                return true;
            case ModeratorAdded added:
                _moderators.Add(added.UserId);
                _muted.Remove(added.UserId);
                return true;
            case ModeratorRemoved removed:
                _moderators.Remove(removed.UserId);
                return true;
            case DanmakuHeld held:
                HeldSeq = held.HeldId;
                Held.Add(held.ToHeld());
                return true;
            case HeldApproved approved:
                Held.Remove(approved.HeldId);
                return true;
            case HeldRefused refused:
                Held.Remove(refused.HeldId);
                return true;
            default:
                return false;
        }
    }

    public StoredLiveRoom Store(StoredLiveRoom stored) => stored with
    {
        Moderators = Moderators,
        Muted = [.. _muted.Where(mute => mute.Value == Forever).Select(mute => mute.Key).OrderBy(user => user.Value)],
        TimedMutes =
        [
            .. _muted.Where(mute => mute.Value != Forever).Select(mute => new TimedMute(mute.Key, mute.Value))
                .OrderBy(mute => mute.UserId.Value),
        ],
        Held = Held.ToArray(),
        HeldSeq = HeldSeq,
    };

    /// <summary>Those that ended are let go before another comes, so that only as many are kept as may run at once.
    /// </summary>
    private void DropEnded(long now)
    {
        foreach (var (user, until) in _muted)
        {
            if (until <= now)
            {
                _muted.Remove(user);
            }
        }
    }
}

/// <summary>A mute that ends by itself, Unix ms.</summary>
public sealed record TimedMute(UserId UserId, long Until);
