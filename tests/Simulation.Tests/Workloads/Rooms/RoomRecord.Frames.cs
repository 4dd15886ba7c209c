using System.Collections.Immutable;
using RedNote.Live;

namespace RedNote.Simulation.Rooms;

/// <summary>What a room shows: only what is stored by then, and to everybody the same.</summary>
internal abstract partial class RoomRecord
{
    private readonly Dictionary<(long Epoch, long Seq), RoomFrame> _frames = [];

    /// <summary>A frame that somebody was handed, not one that stands for several.</summary>
    public void Show(RoomFrame frame)
    {
        if (_frames.TryGetValue((frame.Epoch, frame.Seq), out var known))
        {
            if (ReferenceEquals(frame, known)) return;
            Stored.Refresh();
            if (!IsSame(frame, known))
                Violate($"frame {frame.Epoch}.{frame.Seq} is {Show(frame.Danmaku)} and {Show(known.Danmaku)}");
            return;
        }

        _frames[(frame.Epoch, frame.Seq)] = frame;
        CheckShed(frame);
        foreach (var danmaku in frame.Danmaku ?? []) Show(danmaku);
        foreach (var happened in frame.Events ?? []) Show(happened);
        ShowTallies(frame);
        if (frame.Counters is { } counters) Show(counters);
    }

    /// <summary>A frame that stands for several says what they said, without the danmaku.</summary>
    public void ShowCoalesced(RoomFrame frame)
    {
        var (skipped, sampled) = (0, 0);
        var tallies = new FrameTallies();
        var events = ImmutableArray.CreateBuilder<RoomEvent>();
        RoomCounters? counters = null;
        for (var seq = frame.From!.Value; seq <= frame.Seq; seq++)
        {
            if (!_frames.TryGetValue((frame.Epoch, seq), out var part)) return;
            skipped += part.Danmaku?.Length ?? 0;
            sampled += part.Shed?.Sampled ?? 0;
            if (part.Events is { } some) events.AddRange(some);
            counters = part.Counters ?? counters;
            tallies.Take(part);
        }

        // What was taken back may have been in the parts or not.
        var shed = frame.Shed is { } own && Stored.Recalls > 0 ? own with { Skipped = skipped } : frame.Shed;
        var isWhole = frame.Danmaku is null && shed == new FrameShed(0, sampled, skipped)
            && frame.Counters == counters && tallies.AreThoseOf(frame)
            && events.SequenceEqual(frame.Events ?? []);
        if (!isWhole) Violate($"frame {frame.Epoch}.{frame.From}-{frame.Seq} does not say what its parts said");
    }

    /// <summary>A danmaku is seen by somebody.</summary>
    public void Show(Danmaku danmaku)
    {
        if (!Stored.Danmaku.TryGetValue(danmaku.Seq, out var stored))
        {
            Stored.Refresh();
            Stored.Danmaku.TryGetValue(danmaku.Seq, out stored);
        }

        var isSaid = stored is not null && (stored.Text == danmaku.Text || (stored.Text == "" && stored.RecalledBy > 0))
            && stored.User == danmaku.UserId && stored.At == danmaku.At && stored.MediaAt == danmaku.MediaAt
            && danmaku.Count is null or > 1;
        if (isSaid && !stored!.Count.Held(0, long.MaxValue, count => count == (danmaku.Count ?? 1)))
        {
            Stored.Refresh();
            isSaid = stored.Count.Held(0, long.MaxValue, count => count == (danmaku.Count ?? 1));
        }

        if (!isSaid)
        {
            Violate($"{danmaku} is shown, and stored is {stored}");
            return;
        }

        Require(!Stored.IsSampled(danmaku.Seq), $"{danmaku} is shown, and left out by what is stored");
        _shown.Add(danmaku.Seq);
        Know(stored!.Version);
    }

    /// <summary>Somebody who asked at a known version is not shown what was taken back by then.</summary>
    public void CheckNotRecalled(Danmaku danmaku, long known)
    {
        var recalled = Stored.Danmaku[danmaku.Seq].RecalledBy;
        if (recalled > 0 && recalled <= known && !World.Cluster.WasShared)
            Violate($"{danmaku} is shown to somebody who came at {known}, and was taken back by {recalled}");
    }

    /// <summary>Counters are seen by somebody.</summary>
    public void Show(RoomCounters counters)
    {
        if (IsMoreThanStored(counters)) Stored.Refresh();
        if (IsMoreThanStored(counters))
        {
            Violate($"{counters} is shown, and stored are {Stored.Likes} likes, {Stored.Said} danmaku, "
                + $"peak {Stored.PeakViewers}");
        }
    }

    /// <summary>A room's card is seen by somebody who asked at a known version.</summary>
    public void Show(Room card, long known)
    {
        Stored.Refresh();
        Require(card.RoomId == Id && card.HostId == HostId && card.Title == Stored.Title, $"{card} is another room");
        Require(
            Stored.State.Held(From(known), Stored.Head, state => state == card.State),
            $"it is shown as {card.State} and stored as {Stored.State.Now}");
        Show(card.Counters);
    }

    /// <summary>What viewers are told of the settings.</summary>
    public void Show(RoomSettings settings, long known)
        => Require(
            Stored.Rules.Held(From(known), Stored.Head, rules => Equals(settings, rules)), $"{settings} was never so");

    /// <summary>What the host is told of the settings.</summary>
    public void Show(HostSettings settings, long known)
        => Require(
            Stored.Rules.Held(From(known), Stored.Head, rules => Equals(settings, rules)), $"{settings} was never so");

    public static bool Equals(HostSettings shown, StoredRules stored)
        => shown.SlowModeSeconds == stored.SlowModeSeconds && shown.FollowersOnly == stored.FollowersOnly
            && shown.Hold == stored.Hold && shown.Shield == stored.Shield
            && shown.BlockedWords.AsSpan().SequenceEqual(stored.BlockedWords);

    /// <summary>Viewers are told the rules that hold.</summary>
    public bool Equals(RoomSettings shown, StoredRules stored)
        => stored.InForce(Stored.Bounds) is var rules && shown.SlowModeSeconds == rules.SlowModeSeconds
            && shown.FollowersOnly == rules.FollowersOnly && shown.Hold == rules.Hold && shown.Shield == rules.Shield;

    private bool IsMoreThanStored(RoomCounters counters)
        => counters.Likes > Stored.Likes || counters.Danmaku > Stored.Said
            || counters.PeakViewers > Stored.PeakViewers;

    private void Show(RoomEvent happened)
    {
        if (!IsStored(happened)) Stored.Refresh();
        if (!IsStored(happened)) Violate($"{happened} is shown and not stored");
    }

    private bool IsStored(RoomEvent happened) => happened switch
    {
        RoomStarted => Stored.State.Last(state => state == RoomState.Live) > 0,
        RoomEnded => Stored.State.Now == RoomState.Ended,
        SettingsChanged changed => Stored.Rules.Last(rules => Equals(changed.Settings, rules)) > 0,
        LikeMilestone reached => Stored.Milestone >= reached.Likes,
        UserMuted muted => Stored.MutedOf(muted.UserId)
            .Last(until => until == (muted.Muted ? muted.Until ?? StoredRoom.Forever : 0)) > 0,
        _ => IsStoredToo(happened),
    };

    /// <summary>Events that only some workloads bring about.</summary>
    protected virtual bool IsStoredToo(RoomEvent happened) => false;

    /// <summary>Tallies are seen by somebody.</summary>
    protected virtual void ShowTallies(RoomFrame frame)
    {
    }

    private void CheckShed(RoomFrame frame)
    {
        Stored.Refresh();
        var sampled = (frame.Sampled ?? []).Sum(run => run.Last - run.First + 1);
        var isFine = frame.From is null && frame.Danmaku is not { IsEmpty: true }
            && frame.Shed == (sampled > 0 ? new FrameShed(0, (int)sampled, null) : null)
            && (frame.Sampled ?? []).All(run => AreSampled(run.First, run.Last));
        if (!isFine)
            Violate($"frame {frame.Epoch}.{frame.Seq} has {frame.Shed}, {frame.From} and {Show(frame.Danmaku)}, "
                + $"leaves out {string.Join(' ', frame.Sampled ?? [])}, stored up to {Stored.LastSeq}");
    }

    private bool IsSame(RoomFrame one, RoomFrame other)
        => one.At == other.At && one.Counters == other.Counters
            && Left(one.Danmaku).SequenceEqual(Left(other.Danmaku))
            && (one.Events ?? []).SequenceEqual(other.Events ?? []) && FrameTallies.AreSame(one, other);

    /// <summary>Without what was taken back meanwhile.</summary>
    private IEnumerable<Danmaku> Left(ImmutableArray<Danmaku>? danmaku)
        => (danmaku ?? []).Where(shown => Stored.Danmaku[shown.Seq].RecalledBy == 0);

    private static string Show(ImmutableArray<Danmaku>? danmaku)
        => $"[{string.Join(' ', (danmaku ?? []).Select(shown => shown.Seq))}]";
}
