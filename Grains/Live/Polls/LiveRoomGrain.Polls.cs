namespace RedNote.Live;

/// <summary>Polls and PKs: the host's commands, and closing them when their time is up.</summary>
public sealed partial class LiveRoomGrain
{
    private DueTimer _closing = null!;

    public async Task<PollOutcome> OpenPoll(UserId by, OpenPoll command)
    {
        var id = default(PollId);
        var decided = Decide((now, events) => _room.OpenPoll(by, command, now, events, out id));
        var poll = _room.Polls.Find(id)?.ToPoll(by, Now());
        var status = await decided;
        return new PollOutcome(status, status == CommandStatus.Done ? poll : null);
    }

    public async Task<PollOutcome> ClosePoll(UserId by, PollId poll)
    {
        var decided = Decide((now, events) => _room.ClosePoll(by, poll, now, events));
        var closed = _room.Polls.Find(poll)?.ToPoll(by, Now());
        var status = await decided;
        return new PollOutcome(status, status == CommandStatus.Done ? closed : null);
    }

    public async Task<Poll?> Poll(PollId poll, UserId viewer)
    {
        var durable = Commit([]);
        var found = _room.Polls.Find(poll)?.ToPoll(viewer, Now());
        await durable;
        return found;
    }

    public async Task<BallotsOutcome> Ballots(UserId by, PollId poll, UserId after, int limit)
    {
        var status = _room.CanReadBallots(by, poll);
        var page = status == CommandStatus.Done
            ? _room.Polls.Find(poll)!.Page(after, Math.Clamp(limit, 1, BallotPage.MaxLimit))
            : null;
        await log.WhenConfirmed();
        return new BallotsOutcome(status, page);
    }

    public async Task<PkOutcome> OpenPk(UserId by, OpenPk command)
    {
        var id = default(PkId);
        var decided = Decide((now, events) => _room.OpenPk(by, command, now, events, out id));
        var pk = _room.Polls.Find(id)?.ToPk(Now());
        var status = await decided;
        return new PkOutcome(status, status == CommandStatus.Done ? pk : null);
    }

    public async Task<PkOutcome> ClosePk(UserId by, PkId pk)
    {
        var decided = Decide((now, events) => _room.ClosePk(by, pk, now, events));
        var closed = _room.Polls.Find(pk)?.ToPk(Now());
        var status = await decided;
        return new PkOutcome(status, status == CommandStatus.Done ? closed : null);
    }

    /// <summary>Sets the clock for what closes next; nobody can vote after that, as the time alone decides it.
    /// </summary>
    private void SetClosing() => _closing.Set(_room.Exists ? _room.Polls.NextClosing : null, Now());

    private async Task Close(CancellationToken cancellationToken)
    {
        try
        {
            // What is due goes into the log with whatever is decided, and be it nothing.
            await Commit([]);
        }
        catch (TryAgainException)
        {
            // The journal is behind, or this activation is on its way out: again later, or by the next one.
        }
    }
}
