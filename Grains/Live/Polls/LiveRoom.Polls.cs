using RedNote.Polls;

namespace RedNote.Live;

/// <summary>The part of a room that holds polls and PKs.</summary>
public sealed partial class LiveRoom
{
    public PollBook Polls => _state.Polls;

    /// <summary>Opens a poll; <paramref name="poll"/> says which it is, the same for a repeated key.</summary>
    public CommandStatus OpenPoll(
        UserId by, OpenPoll command, long now, List<LiveRoomEvent> events, out PollId poll)
    {
        poll = default;
        if (RefuseUnlessStaff(by) is { } refusal)
        {
            return refusal;
        }

        if (PollShape.Of(command, _options.MaxPollSeconds) is not { } shape)
        {
            return CommandStatus.Invalid;
        }

        var check = shape.Check(command);
        if (Polls.FindPoll(by, command.Key) is { } bound)
        {
            poll = bound.Id;
            return bound.Check == check ? CommandStatus.Done : CommandStatus.Conflict;
        }

        if (State != RoomState.Live || Polls.Polls.Count(entry => entry.IsOpen(now)) >= _options.OpenPolls)
        {
            return CommandStatus.WrongState;
        }

        if (Polls.Find(command.PollId) is not null)
        {
            return CommandStatus.TryAgain;
        }

        if (!Polls.HasPlaceForPoll(now))
        {
            return CommandStatus.RateLimited;
        }

        poll = command.PollId;
        events.Add(new PollBegan(
            now, poll, by, shape.Question, shape.Options, command.Multiple, command.Anonymous,
            now + (command.Seconds * 1_000L), _state.MediaTime(now), command.Key, check));
        return CommandStatus.Done;
    }

    public CommandStatus ClosePoll(UserId by, PollId poll, long now, List<LiveRoomEvent> events)
    {
        if (RefuseUnlessStaff(by) is { } refusal)
        {
            return refusal;
        }

        if (Polls.Find(poll) is not { } entry)
        {
            return CommandStatus.NotFound;
        }

        if (!entry.IsClosed)
        {
            // One whose time is up closes by itself; who is told so is told it when that is in the log.
            events.Add(Ended(entry, now, entry.IsOpen(now) ? by : null));
        }

        return CommandStatus.Done;
    }

    /// <summary>Whether somebody may read who voted for what.</summary>
    public CommandStatus CanReadBallots(UserId by, PollId poll)
    {
        if (RefuseUnlessHost(by) is { } refusal)
        {
            return refusal;
        }

        return Polls.Find(poll) switch
        {
            null => CommandStatus.NotFound,
            { IsAnonymous: true } => CommandStatus.Forbidden,
            { KnowsVoters: false } => CommandStatus.NotFound,
            _ => CommandStatus.Done,
        };
    }

    /// <summary>Opens a PK, as <see cref="OpenPoll"/> does a poll.</summary>
    public CommandStatus OpenPk(UserId by, OpenPk command, long now, List<LiveRoomEvent> events, out PkId pk)
    {
        pk = default;
        if (RefuseUnlessStaff(by) is { } refusal)
        {
            return refusal;
        }

        if (!TextRules.IsKey(command.Key) || !IsDuration(command.Seconds) || command.PkId.Value <= 0
            || TextRules.Clean(command.Left, TextRules.MaxPollOption, out var left) != TextCheck.Ok
            || TextRules.Clean(command.Right, TextRules.MaxPollOption, out var right) != TextCheck.Ok)
        {
            return CommandStatus.Invalid;
        }

        var check = KeyLedger.Hash($"pk\n{left}\n{right}\n{command.Seconds}");
        if (Polls.FindPk(by, command.Key) is { } bound)
        {
            pk = bound.Id;
            return bound.Check == check ? CommandStatus.Done : CommandStatus.Conflict;
        }

        if (State != RoomState.Live || Polls.Pks.Any(entry => entry.IsOpen(now)))
        {
            return CommandStatus.WrongState;
        }

        if (Polls.Find(command.PkId) is not null)
        {
            return CommandStatus.TryAgain;
        }

        if (!Polls.HasPlaceForPk(now))
        {
            return CommandStatus.RateLimited;
        }

        pk = command.PkId;
        events.Add(new PkBegan(
            now, pk, by, left, right, now + (command.Seconds * 1_000L), _state.MediaTime(now), command.Key, check));
        return CommandStatus.Done;
    }

    public CommandStatus ClosePk(UserId by, PkId pk, long now, List<LiveRoomEvent> events)
    {
        if (RefuseUnlessStaff(by) is { } refusal)
        {
            return refusal;
        }

        if (Polls.Find(pk) is not { } entry)
        {
            return CommandStatus.NotFound;
        }

        if (!entry.IsClosed)
        {
            // One whose time is up closes by itself; who is told so is told it when that is in the log.
            events.Add(Ended(entry, now, entry.IsOpen(now) ? by : null));
        }

        return CommandStatus.Done;
    }

    /// <summary>Ends everything that is open, or only what is due.</summary>
    private List<LiveRoomEvent> Closings(long now, bool dueOnly)
    {
        var closings = new List<LiveRoomEvent>();
        if (dueOnly && !(_state.Polls.NextClosing <= now))
        {
            return closings;
        }

        foreach (var poll in Polls.Polls)
        {
            if (!poll.IsClosed && (!dueOnly || !poll.IsOpen(now)))
            {
                closings.Add(Ended(poll, now));
            }
        }

        foreach (var pk in Polls.Pks)
        {
            if (!pk.IsClosed && (!dueOnly || !pk.IsOpen(now)))
            {
                closings.Add(Ended(pk, now));
            }
        }

        // In the order of their times, as media time must not go back.
        return [.. closings.OrderBy(closing => ((IMediaEvent)closing).MediaAt)];
    }

    /// <summary>
    /// Closes what is due with whatever is decided next, and before that: who decided on it reckoned with the time and
    /// not with this event, and media time must not go back.
    /// </summary>
    private void CloseDue(List<LiveRoomEvent> events, long now)
    {
        var due = Closings(now, dueOnly: true);
        events.RemoveAll(decided => due.Exists(closing => (closing, decided) switch
        {
            (PollEnded one, PollEnded two) => one.PollId == two.PollId,
            (PkEnded one, PkEnded two) => one.PkId == two.PkId,
            _ => false,
        }));
        events.InsertRange(0, due);
    }

    private PollEnded Ended(PollEntry poll, long now, UserId? by = null)
        => new(now, poll.Id, poll.Counts, poll.Voters, _state.MediaTime(Math.Min(now, poll.ClosesAt)), by);

    private PkEnded Ended(PkEntry pk, long now, UserId? by = null)
        => new(now, pk.Id, pk.Left, pk.Right, _state.MediaTime(Math.Min(now, pk.ClosesAt)), by);

    private Verdict Decide(CastVote command, BatchDraft draft)
    {
        if (!Exists || Polls.Find(command.PollId) is not { } poll)
        {
            return Verdict.Reject(RejectReason.NotFound);
        }

        // Before anything else: who repeats a vote after a lost answer learns that it counts, also when the poll has
        // closed meanwhile.
        if (poll.HasVoted(command.User) || draft.Polls.HasVoted(poll.Id, command.User))
        {
            return Verdict.Reject(RejectReason.AlreadyVoted);
        }

        if (!poll.IsOpen(draft.Now))
        {
            return Verdict.Reject(RejectReason.PollClosed);
        }

        if (!poll.Accepts(command.Choices))
        {
            return Verdict.Reject(RejectReason.InvalidChoice);
        }

        if (poll.Voters + draft.Polls.Ballots >= _options.Ballots)
        {
            return Verdict.Reject(RejectReason.RateLimited, _options.MaxTickMs);
        }

        draft.Polls.Vote(command);
        return Verdict.Done;
    }

    /// <summary>Whether the user has a ballot in any poll, be it of this batch; one whose voters were let go
    /// (<see cref="LiveRoomOptions.KeptBallots"/>) does not help.</summary>
    private bool HasVoted(UserId user, BatchDraft draft) => Polls.HasVoted(user, null) || draft.Polls.HasVoted(user);

    private RoomAnswer Decide(Cheer command, BatchDraft draft)
    {
        if (Exists && !Enum.IsDefined(command.Side))
        {
            return Verdict.Reject(RejectReason.Invalid);
        }

        if (Answered(command, command.Count, draft, out var check) is { } answer)
        {
            return answer;
        }

        if (Polls.Find(command.PkId) is not { } pk)
        {
            return Verdict.Reject(RejectReason.NotFound);
        }

        if (!pk.IsOpen(draft.Now))
        {
            return Verdict.Reject(RejectReason.PollClosed);
        }

        draft.Cheer(command, check);
        return new LikesAccepted(command.Count);
    }

    private void TakePoll(PollEvent raised)
    {
        switch (raised)
        {
            case PollBegan began when Polls.Find(began.PollId) is { } poll:
                Frames.Announce(new PollOpened(poll.ToPoll(default, began.At)) { At = began.At });
                break;
            case PollEnded ended when Polls.Find(ended.PollId) is { } poll:
                Frames.Announce(new PollClosed(poll.ToPoll(default, ended.At)) { At = ended.At });
                break;
            case PkBegan began when Polls.Find(began.PkId) is { } pk:
                Frames.Announce(new PkOpened(pk.ToPk(began.At)) { At = began.At });
                break;
            case PkEnded ended when Polls.Find(ended.PkId) is { } pk:
                Frames.Announce(new PkClosed(pk.ToPk(ended.At)) { At = ended.At });
                break;
        }
    }

    private bool IsDuration(int seconds) => seconds >= 1 && seconds <= _options.MaxPollSeconds;
}
