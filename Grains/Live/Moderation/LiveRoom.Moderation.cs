namespace RedNote.Live;

/// <summary>The part of a room that keeps order.</summary>
public sealed partial class LiveRoom
{
    /// <summary>Who helps the host, and what waits for review.</summary>
    public ModerationState Moderation => _state.Moderation;

    /// <summary>The last danmaku number given away.</summary>
    public long LastSeq => _state.DanmakuSeq;

    /// <summary>Null for the host; why not, for others.</summary>
    public CommandStatus? RefuseUnlessHost(UserId by)
        => !Exists ? CommandStatus.NotFound : by != HostId ? CommandStatus.Forbidden : null;

    /// <summary>Null for the host and the moderators; why not, for others.</summary>
    public CommandStatus? RefuseUnlessStaff(UserId by)
        => !Exists ? CommandStatus.NotFound : !_state.IsStaff(by) ? CommandStatus.Forbidden : null;

    /// <summary>Null for the sender and for those who may take that sender's danmaku back; why not, for others.
    /// </summary>
    public CommandStatus? RefuseRecall(UserId by, UserId sender)
        => !Exists ? CommandStatus.NotFound
            : by == sender || by == HostId || (_state.IsStaff(by) && sender != HostId) ? null
            : CommandStatus.Forbidden;

    public CommandStatus Mute(UserId by, UserId target, int? seconds, long now, List<LiveRoomEvent> events)
    {
        if (RefuseUnlessStaff(by) is { } refusal)
        {
            return refusal;
        }

        if (_state.IsStaff(target))
        {
            return by == HostId ? CommandStatus.Invalid : CommandStatus.Forbidden;
        }

        var running = Moderation.MutedUntil(target, now);
        if (seconds < 1 || seconds > _options.MaxMuteSeconds
            || (running == 0 && Moderation.MutedCount(now) >= _options.Muted))
        {
            return CommandStatus.Invalid;
        }

        var until = seconds is { } limit ? now + (limit * 1_000L) : (long?)null;
        if (running != (until ?? ModerationState.Forever))
        {
            events.Add(new ViewerMuted(now, target, by, until));
        }

        return CommandStatus.Done;
    }

    public CommandStatus Unmute(UserId by, UserId target, long now, List<LiveRoomEvent> events)
    {
        if (RefuseUnlessStaff(by) is { } refusal)
        {
            return refusal;
        }

        if (Moderation.MutedUntil(target, now) > 0)
        {
            events.Add(new ViewerUnmuted(now, target, by));
        }

        return CommandStatus.Done;
    }

    public CommandStatus AddModerator(UserId by, UserId target, long now, List<LiveRoomEvent> events)
    {
        if (RefuseUnlessHost(by) is { } refusal)
        {
            return refusal;
        }

        if (Moderation.IsModerator(target))
        {
            return CommandStatus.Done;
        }

        if (target == HostId || Moderation.ModeratorCount >= _options.Moderators)
        {
            return CommandStatus.Invalid;
        }

        if (Moderation.MutedUntil(target, now) > 0)
        {
            events.Add(new ViewerUnmuted(now, target, by));
        }

        events.Add(new ModeratorAdded(now, target, by));
        return CommandStatus.Done;
    }

    public CommandStatus RemoveModerator(UserId by, UserId target, long now, List<LiveRoomEvent> events)
    {
        if (RefuseUnlessHost(by) is { } refusal)
        {
            return refusal;
        }

        if (Moderation.IsModerator(target))
        {
            events.Add(new ModeratorRemoved(now, target, by));
        }

        return CommandStatus.Done;
    }

    /// <summary>Shows a held danmaku, under a number and at a time of its own.</summary>
    public ReviewOutcome Approve(UserId by, long heldId, long now, List<LiveRoomEvent> events)
    {
        if (RefuseReview(by, heldId, out var held) is { } refusal)
        {
            return new ReviewOutcome(refusal, null);
        }

        if (State != RoomState.Live)
        {
            return new ReviewOutcome(CommandStatus.WrongState, null);
        }

        if (Frames.Waiting >= _options.PendingDanmaku)
        {
            return new ReviewOutcome(CommandStatus.TryAgain, null);
        }

        var seq = _state.DanmakuSeq + 1;
        events.Add(new HeldApproved(now, heldId, held.UserId, by, seq));
        events.Add(new DanmakuSent(
            now, seq, held.UserId, held.Name, held.Text, held.Mode, held.Color, _state.MediaTime(now), Key: null,
            Check: null, heldId));
        return new ReviewOutcome(CommandStatus.Done, seq);
    }

    public ReviewOutcome Refuse(UserId by, long heldId, long now, List<LiveRoomEvent> events)
    {
        if (RefuseReview(by, heldId, out var held) is { } refusal)
        {
            return new ReviewOutcome(refusal, null);
        }

        events.Add(new HeldRefused(now, heldId, held.UserId, by, held.Text));
        return new ReviewOutcome(CommandStatus.Done, null);
    }

    private CommandStatus? RefuseReview(UserId by, long heldId, out HeldDanmaku held)
    {
        held = Moderation.Held.Find(heldId)!;
        return RefuseUnlessStaff(by) ?? (held is null ? CommandStatus.NotFound : null);
    }

    /// <summary>What an event of moderation means for what is shown.</summary>
    private void TakeModeration(LiveRoomEvent raised)
    {
        switch (raised)
        {
            case ViewerMuted muted:
                Frames.Announce(new UserMuted(muted.UserId, Muted: true, muted.Until) { At = muted.At });
                break;
            case ViewerUnmuted unmuted:
                Frames.Announce(new UserMuted(unmuted.UserId, Muted: false) { At = unmuted.At });
                break;
            case ModeratorAdded added:
                Frames.Announce(new ModeratorChanged(added.UserId, Moderator: true) { At = added.At });
                break;
            case ModeratorRemoved removed:
                Frames.Announce(new ModeratorChanged(removed.UserId, Moderator: false) { At = removed.At });
                break;
            case HeldApproved approved:
                Ledger.Released();
                Frames.Announce(new HeldReviewed(approved.HeldId, Approved: true, approved.Seq) { At = approved.At });
                break;
            case HeldRefused refused:
                Ledger.TurnedDown(RejectReason.Refused);
                Frames.Announce(new HeldReviewed(refused.HeldId, Approved: false, null) { At = refused.At });
                break;
            case DanmakuMerged merged:
                foreach (var sender in merged.Senders)
                {
                    Contribute(sender.UserId, _options.DanmakuPoints);
                }

                if (Merger.Merged(merged.Seq, merged.Count) is { } grown)
                {
                    Frames.Grow(grown);
                }

                break;
            case DanmakuRecalled recalled:
                Merger.Forget(recalled.Seq);
                if (Frames.Recall(recalled.Seq))
                {
                    // Nobody saw it: it left the queue without a frame.
                    Ledger.Sealed(shown: 0, sampled: 1);
                }

                Frames.Announce(new MessageRecalled(recalled.Seq) { At = recalled.At });
                break;
        }
    }

    /// <summary>The rules that hold: those the host has set, or stricter ones while the shield is up.</summary>
    private RoomSettings RulesOf(HostSettings settings)
        => !settings.Shield
            ? new RoomSettings(settings.SlowModeSeconds, settings.FollowersOnly, settings.Hold)
            : new RoomSettings(
                Math.Max(settings.SlowModeSeconds, _options.ShieldSlowModeSeconds),
                FollowersOnly: true,
                settings.Hold == HoldMode.All ? HoldMode.All : HoldMode.Suspicious,
                Shield: true);
}
