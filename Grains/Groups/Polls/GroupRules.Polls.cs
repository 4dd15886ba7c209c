using RedNote.Live;
using RedNote.Polls;

namespace RedNote.Groups;

/// <summary>Who may open a poll, vote in it, and close it.</summary>
internal sealed partial class GroupRules
{
    /// <summary>Opens a poll and sends the message that shows it; <paramref name="poll"/> says which it is, the same
    /// for a repeated key.</summary>
    public CommandStatus OpenPoll(
        UserId by, string name, OpenPoll command, long now, List<GroupLogEvent> events, out PollId poll)
    {
        poll = default;
        if (RefuseUnlessMember(by) is { } refusal)
        {
            return refusal;
        }

        if (PollShape.Of(command, options.PollSeconds) is not { } shape
            || TextRules.Clean(name, TextRules.MaxUserName, out var clean) != TextCheck.Ok)
        {
            return CommandStatus.Invalid;
        }

        var check = shape.Check(command);
        if (state.Polls.Find(by, command.Key) is { } bound)
        {
            poll = bound.Id;
            return bound.Check == check ? CommandStatus.Done : CommandStatus.Conflict;
        }

        if (state.Members.Find(by)!.MutedAt(now) is not null)
        {
            return CommandStatus.Forbidden;
        }

        if (state.Polls.Find(command.PollId) is not null)
        {
            return CommandStatus.TryAgain;
        }

        if (state.Polls.All.Count(entry => entry.IsOpen(now)) >= options.OpenPolls || !state.Polls.HasPlace(now))
        {
            return CommandStatus.RateLimited;
        }

        poll = command.PollId;
        var seq = state.LastSeq + 1;
        events.Add(new GroupPollOpened(now, seq, new PollTerms(
            now, poll, by, shape.Question, shape.Options, command.Multiple, command.Anonymous,
            now + (command.Seconds * 1_000L), command.Key, check)));
        // No client's key has a colon, so that the poll's does not stand in the way of a message's.
        events.Add(new MessagePosted(
            now,
            new StoredMessage(seq, by, clean, now, Card: new Card(CardKind.Poll, poll.Value)),
            shape.Question,
            $"poll:{command.Key}",
            check,
            Tell: null));
        return CommandStatus.Done;
    }

    /// <summary>Who opened it, the owner or an admin closes a poll before its time.</summary>
    public CommandStatus ClosePoll(UserId by, PollId poll, long now, List<GroupLogEvent> events)
    {
        if (RefuseUnlessMember(by) is { } refusal)
        {
            return refusal;
        }

        if (state.Polls.FindShown(poll) is not { } entry)
        {
            return CommandStatus.NotFound;
        }

        if (entry.By != by && !IsAdmin(by))
        {
            return CommandStatus.Forbidden;
        }

        if (entry.IsOpen(now))
        {
            events.Add(Closed(entry, now, by));
        }

        return CommandStatus.Done;
    }

    /// <summary>Puts a member's ballot in. A poll that was taken back has closed, and knows no voters.</summary>
    public Verdict Vote(UserId by, PollId poll, int choices, long now, List<GroupLogEvent> events)
    {
        if (CanRead(by) != CommandStatus.Done || state.Polls.Find(poll) is not { } entry)
        {
            return Verdict.Reject(RejectReason.NotFound);
        }

        // Before anything else: who repeats a vote after a lost answer learns that it counts, also when the poll has
        // closed meanwhile.
        if (entry.HasVoted(by))
        {
            return Verdict.Reject(RejectReason.AlreadyVoted);
        }

        if (!entry.IsOpen(now))
        {
            return Verdict.Reject(RejectReason.PollClosed);
        }

        if (!entry.Accepts(choices))
        {
            return Verdict.Reject(RejectReason.InvalidChoice);
        }

        events.Add(new GroupBallotsCast(now, poll, [new BallotGroup(PollEntry.ToList(choices), [by])]));
        return Verdict.Done;
    }

    /// <summary>Whether somebody may see a poll.</summary>
    public CommandStatus CanSeePoll(UserId reader, PollId poll)
        => RefuseUnlessMember(reader)
            ?? (state.Polls.FindShown(poll) is null ? CommandStatus.NotFound : CommandStatus.Done);

    /// <summary>Whether somebody may see who chose what.</summary>
    public CommandStatus CanSeeBallots(UserId reader, PollId poll)
        => CanSeePoll(reader, poll) is var status and not CommandStatus.Done ? status
            : state.Polls.Find(poll)!.IsAnonymous ? CommandStatus.Forbidden
            : CommandStatus.Done;

    /// <summary>Closes the polls whose time is up.</summary>
    public List<GroupLogEvent> CloseDue(long now)
        => [.. state.Polls.All.Where(poll => !poll.IsClosed && !poll.IsOpen(now)).Select(poll => Closed(poll, now))];

    private static GroupPollClosed Closed(PollEntry poll, long now, UserId? by = null)
        => new(Math.Min(now, poll.ClosesAt), poll.Id, poll.Counts, poll.Voters, by);
}
