using RedNote.Journal;

namespace RedNote.Live;

/// <summary>What the host and the moderators ask for.</summary>
public sealed partial class LiveRoomGrain
{
    /// <summary>Recalls under way, by the number of the danmaku.</summary>
    private Dictionary<long, Recalling>? _recalling;

    /// <summary>Those who are taking one danmaku back at the same time.</summary>
    private sealed class Recalling
    {
        public int Callers;

        /// <summary>Whether one of them has raised the event: what the others read of the tape may be older.</summary>
        public bool IsRaised;
    }

    public Task<CommandStatus> Mute(UserId by, UserId target, int? seconds)
        => Decide((now, events) => _room.Mute(by, target, seconds, now, events));

    public Task<CommandStatus> Unmute(UserId by, UserId target)
        => Decide((now, events) => _room.Unmute(by, target, now, events));

    public Task<CommandStatus> AddModerator(UserId by, UserId target)
        => Decide((now, events) => _room.AddModerator(by, target, now, events));

    public Task<CommandStatus> RemoveModerator(UserId by, UserId target)
        => Decide((now, events) => _room.RemoveModerator(by, target, now, events));

    public async Task<CommandStatus> Recall(UserId by, long seq)
    {
        try
        {
            return await RecallOnce(by, seq);
        }
        catch (TryAgainException)
        {
            return CommandStatus.TryAgain;
        }
    }

    public async Task<HeldOutcome> Held(UserId by, long after, int limit)
    {
        var refusal = _room.RefuseUnlessStaff(by);
        var page = refusal is null ? _room.Moderation.Held.Page(after, Math.Clamp(limit, 1, AuditPage.MaxLimit)) : null;
        await log.WhenConfirmed();
        return new HeldOutcome(refusal ?? CommandStatus.Done, page);
    }

    public Task<ReviewOutcome> Approve(UserId by, long heldId)
        => Review((now, events) => _room.Approve(by, heldId, now, events));

    public Task<ReviewOutcome> Refuse(UserId by, long heldId)
        => Review((now, events) => _room.Refuse(by, heldId, now, events));

    public async Task<AuditOutcome> Audit(UserId by, long? before, int limit)
    {
        if (_room.RefuseUnlessHost(by) is { } refusal)
        {
            await log.WhenConfirmed();
            return new AuditOutcome(refusal, null);
        }

        var most = Math.Clamp(limit, 1, AuditPage.MaxLimit);
        var rows = await log.Query(RoomAudit.Ask(before, most));
        return new AuditOutcome(CommandStatus.Done, RoomAudit.Page(rows, most, _room.HostId));
    }

    private async Task<ReviewOutcome> Review(Func<long, List<LiveRoomEvent>, ReviewOutcome> decide)
    {
        ReviewOutcome? outcome = null;
        var status = await Decide((now, events) => (outcome = decide(now, events)).Status);
        return status == CommandStatus.Done ? outcome! : new ReviewOutcome(status, null);
    }

    private async Task<CommandStatus> RecallOnce(UserId by, long seq)
    {
        _recalling ??= [];
        if (!_recalling.TryGetValue(seq, out var recalling))
        {
            _recalling[seq] = recalling = new Recalling();
        }

        recalling.Callers++;
        try
        {
            return await FindAndRecall(by, seq, recalling);
        }
        finally
        {
            if (--recalling.Callers == 0)
            {
                _recalling.Remove(seq);
            }
        }
    }

    /// <summary>
    /// The log knows which event showed a danmaku, and who sent it. What has a number and no text was recalled
    /// before.
    /// </summary>
    private async Task<CommandStatus> FindAndRecall(UserId by, long seq, Recalling recalling)
    {
        if (!_room.Exists || seq < 1 || seq > _room.LastSeq)
        {
            await log.WhenConfirmed();
            return CommandStatus.NotFound;
        }

        if (await Tape().Find(seq) is not { Event.Text.Length: > 0 } sent)
        {
            await log.WhenCurrent();
            return CommandStatus.Done;
        }

        if (_room.RefuseRecall(by, sent.Event.UserId) is { } refusal)
        {
            await log.WhenConfirmed();
            return refusal;
        }

        var blanked = await Blank(sent);
        if (recalling.IsRaised)
        {
            await log.WhenCurrent();
            return CommandStatus.Done;
        }

        await Redact(new DanmakuRecalled(Now(), seq, sent.Event.UserId, by), blanked, recalling);
        return CommandStatus.Done;
    }

    /// <summary>The events that hold the text of a danmaku, without it: two of one that was held before.</summary>
    private async Task<LoggedEvent<LiveRoomEvent>[]> Blank((long Version, DanmakuSent Event) sent)
    {
        LoggedEvent<LiveRoomEvent> shown = new(sent.Version, sent.Event with { Text = "" });
        if (sent.Event.HeldId is not { } heldId)
        {
            return [shown];
        }

        var rows = await log.Query(HeldVersions.AskFor(heldId));
        if (rows.Count == 0)
        {
            return [shown];
        }

        var held = await Read<DanmakuHeld>(HeldVersions.VersionOf(rows[0]));
        return [shown, new(held.Version, held.Event with { Text = "" })];
    }

    private async Task<(long Version, T Event)> Read<T>(long version) where T : LiveRoomEvent
    {
        var found = await log.Read(new VersionRange(version, version), 1);
        return found is [{ Event: T read }]
            ? (version, read)
            : throw new InvalidOperationException($"Event {version} of room {Self} is no {typeof(T).Name}.");
    }

    /// <summary>Raises an event that blanks others, and lets it be shown.</summary>
    private Task Redact(LiveRoomEvent raised, LoggedEvent<LiveRoomEvent>[] blanked, Recalling recalling)
    {
        // The epoch goes first if it is due; with another failure than that of the log nothing was changed.
        _ = Commit([]);
        var before = log.Version;
        var durable = log.RaiseRedacting(raised, blanked);
        if (log.Version > before)
        {
            recalling.IsRaised = true;
            _room.Take(raised);
            PublishNews();
        }

        return durable;
    }
}
