using RedNote.Live;

namespace RedNote.Groups;

/// <summary>Polls in the group, and closing them when their time is up.</summary>
internal sealed partial class GroupGrain
{
    private DueTimer _closing = null!;

    public async Task<GroupPollOutcome> OpenPoll(UserId by, string name, OpenPoll command)
    {
        var id = default(PollId);
        var decided = Decide((now, events) => _rules.OpenPoll(by, name, command, now, events, out id));
        var (poll, seq) = (State.Polls.Find(id)?.ToPoll(by, Now()), State.Polls.SeqOf(id));
        var status = await decided;
        return status == CommandStatus.Done
            ? new GroupPollOutcome(status, poll, seq)
            : new GroupPollOutcome(status, null, null);
    }

    public async Task<PollOutcome> ClosePoll(UserId by, PollId poll)
    {
        var decided = Decide((now, events) => _rules.ClosePoll(by, poll, now, events));
        var closed = State.Polls.Find(poll)?.ToPoll(by, Now());
        var status = await decided;
        return new PollOutcome(status, status == CommandStatus.Done ? closed : null);
    }

    public Task<PollOutcome> Poll(PollId poll, UserId reader)
    {
        var status = _rules.CanSeePoll(reader, poll);
        return Confirmed(new PollOutcome(
            status, status == CommandStatus.Done ? State.Polls.Find(poll)!.ToPoll(reader, Now()) : null));
    }

    public async Task<Verdict> Vote(UserId by, PollId poll, int choices)
    {
        try
        {
            var events = new List<GroupLogEvent>();
            var verdict = _rules.Vote(by, poll, choices, Now(), events);
            // That it was counted before is as good as an acceptance, and has to be as certain.
            await (events.Count > 0 ? Commit(events)
                : verdict.Reason == RejectReason.AlreadyVoted ? log.WhenCurrent()
                : log.WhenConfirmed());
            return verdict;
        }
        catch (TryAgainException)
        {
            return Verdict.Reject(RejectReason.TryAgain);
        }
    }

    public Task<BallotsOutcome> Ballots(UserId by, PollId poll, UserId after, int limit)
    {
        var status = _rules.CanSeeBallots(by, poll);
        return Confirmed(new BallotsOutcome(
            status,
            status == CommandStatus.Done
                ? State.Polls.Find(poll)!.Page(after, Math.Clamp(limit, 1, BallotPage.MaxLimit))
                : null));
    }

    private PollChanged? Tally(PollId poll)
        => State.Polls.Find(poll) is { } entry ? new PollChanged(entry.Tally) { At = Now() } : null;

    /// <summary>Sets the clock for what closes next; nobody can vote after that, as the time alone decides it.
    /// </summary>
    private void SetClosing() => _closing.Set(State.Polls.NextClosing, Now());

    private async Task Close(CancellationToken cancellationToken)
    {
        try
        {
            var due = _rules.CloseDue(Now());
            if (due.Count > 0)
            {
                await Commit(due);
            }
        }
        catch (TryAgainException)
        {
            // The journal is behind, or this activation is on its way out: again later, or by the next one.
        }
    }
}
