using System.Collections.Immutable;
using RedNote.Live;

namespace RedNote.Simulation.Rooms;

/// <summary>What a room shows: only what is stored by then, and to everybody the same.</summary>
internal sealed partial class RoomModel
{
    private readonly Dictionary<(long Epoch, long Seq), RoomFrame> _frames = [];

    /// <summary>A frame that somebody was handed, not one that stands for several.</summary>
    public void Show(RoomFrame frame)
    {
        if (_frames.TryGetValue((frame.Epoch, frame.Seq), out var known))
        {
            if (!ReferenceEquals(frame, known) && !IsSame(frame, known))
                Violate($"frame {frame.Epoch}.{frame.Seq} is {Show(frame.Danmaku)} and {Show(known.Danmaku)}");
            return;
        }

        _frames[(frame.Epoch, frame.Seq)] = frame;
        CheckShed(frame);
        foreach (var danmaku in frame.Danmaku ?? []) Show(danmaku);
        foreach (var happened in frame.Events ?? []) Show(happened);
        if (frame.Counters is { } counters) Show(counters);
    }

    /// <summary>A frame that stands for several says what they said, without the danmaku.</summary>
    public void ShowCoalesced(RoomFrame frame)
    {
        var (skipped, sampled) = (0, 0);
        var events = ImmutableArray.CreateBuilder<RoomEvent>();
        RoomCounters? counters = null;
        for (var seq = frame.From!.Value; seq <= frame.Seq; seq++)
        {
            if (!_frames.TryGetValue((frame.Epoch, seq), out var part)) return;
            skipped += part.Danmaku?.Length ?? 0;
            sampled += part.Shed?.Sampled ?? 0;
            if (part.Events is { } some) events.AddRange(some);
            counters = part.Counters ?? counters;
        }

        var isWhole = frame.Danmaku is null && frame.Shed == new FrameShed(0, sampled, skipped)
            && frame.Counters == counters
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

        if (stored is null || stored.Text != danmaku.Text || stored.User != danmaku.UserId
            || stored.At != danmaku.At || stored.MediaAt != danmaku.MediaAt)
        {
            Violate($"{danmaku} is shown, and stored is {stored}");
            return;
        }

        Require(!Stored.IsSampled(danmaku.Seq), $"{danmaku} is shown, and left out by what is stored");
        _shown.Add(danmaku.Seq);
        Know(stored.Version);
    }

    /// <summary>Counters are seen by somebody.</summary>
    public void Show(RoomCounters counters)
    {
        if (counters.Likes > Stored.Likes || counters.Danmaku > Stored.LastSeq
            || counters.PeakViewers > Stored.PeakViewers)
        {
            Stored.Refresh();
        }

        if (counters.Likes > Stored.Likes || counters.Danmaku > Stored.LastSeq
            || counters.PeakViewers > Stored.PeakViewers)
        {
            Violate($"{counters} is shown, and stored are {Stored.Likes} likes, {Stored.LastSeq} danmaku, "
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
            && shown.BlockedWords.AsSpan().SequenceEqual(stored.BlockedWords);

    private static bool Equals(RoomSettings shown, StoredRules stored)
        => shown.SlowModeSeconds == stored.SlowModeSeconds && shown.FollowersOnly == stored.FollowersOnly;

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
        UserMuted muted => Stored.MutedOf(muted.UserId).Last(held => held == muted.Muted) > 0,
        _ => false,
    };

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

    private static bool IsSame(RoomFrame one, RoomFrame other)
        => one.At == other.At && one.Counters == other.Counters
            && (one.Danmaku ?? []).SequenceEqual(other.Danmaku ?? [])
            && (one.Events ?? []).SequenceEqual(other.Events ?? []);

    private static string Show(ImmutableArray<Danmaku>? danmaku)
        => $"[{string.Join(' ', (danmaku ?? []).Select(shown => shown.Seq))}]";
}
