using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.Options;
using RedNote.Frontend.Live;
using RedNote.Frontend.Problems;
using RedNote.Groups;
using RedNote.Live;

namespace RedNote.Frontend.Groups;

/// <summary>The rules of what clients call in groups.</summary>
internal sealed class GroupCalls(
    GroupPorts ports, IGrainFactory grains, FrameEncoder encoder, TimeProvider time,
    IOptions<GroupPortOptions> options)
{
    /// <summary>Opens a group; its events wait until the ticket says that the answer is on its way.</summary>
    /// <exception cref="HubException">Refused, with a code.</exception>
    public async Task<GroupOpened> Open(RoomVisitor visitor, string groupId, long? afterSeq)
    {
        var group = Parse(groupId);
        if (afterSeq is < 0)
        {
            throw HubError.Of(ProblemCodes.Invalid, "A message's number is not negative.");
        }

        if (!visitor.User.TryTakeJoin(out var retryAfter))
        {
            throw HubError.RateLimited(retryAfter);
        }

        var port = ports.Use(group) ?? throw HubError.Of(
            ProblemCodes.TryAgain, "This server takes no more groups now.");
        var seats = visitor.Groups;
        var viewer = seats.Enter(port, encoder, options.Value, time) ?? throw HubError.Of(
            ProblemCodes.Invalid, $"A connection may have {options.Value.MaxGroupsPerConnection} groups open.");
        var opened = await Open(seats, port, viewer, afterSeq);
        if (seats.IsClosed)
        {
            port.Channel.Detach(viewer);
        }

        return opened;
    }

    public static void Close(RoomVisitor visitor, string groupId) => visitor.Groups.Leave(Parse(groupId));

    public async Task<SendAnswer> Send(RoomVisitor visitor, string groupId, MessageDraft? draft)
    {
        var user = visitor.User;
        if (!user.TryTakeMessage(out var retryAfter))
        {
            return TooFast(retryAfter);
        }

        if (!EntityId.TryParse<GroupId>(groupId, out var group))
        {
            return SendAnswer.Reject(GroupReason.Invalid);
        }

        // Who asks first is answered first, so that what a connection sends keeps its order.
        var name = await user.Name();
        if (GroupDrafts.Read(draft, user.Id, name, out var message) is { } reason)
        {
            return SendAnswer.Reject(reason);
        }

        var answer = await Ask(async () => await IsThere(message.Card)
            ? await grains.Group(group).Send(message)
            : SendAnswer.Reject(GroupReason.NotFound));
        if (answer is { Status: SendStatus.Accepted, Seq: { } seq })
        {
            ports.Find(group)?.Channel.Expect(seq);
        }

        return answer;
    }

    public Task<SendAnswer> Edit(RoomVisitor visitor, string groupId, long seq, string? text)
    {
        var reason = GroupDrafts.Read(text, out var clean);
        return Change(visitor, groupId, seq, reason, group => group.Edit(visitor.User.Id, seq, clean));
    }

    public Task<SendAnswer> Recall(RoomVisitor visitor, string groupId, long seq)
        => Change(visitor, groupId, seq, null, group => group.Recall(visitor.User.Id, seq));

    public async Task<SendAnswer> React(RoomVisitor visitor, string groupId, long seq, string? emoji, bool on)
    {
        if (!visitor.User.TryTakeReaction(out var retryAfter))
        {
            return TooFast(retryAfter);
        }

        return EntityId.TryParse<GroupId>(groupId, out var group) && seq > 0 && GroupDrafts.IsEmoji(emoji)
            ? await Ask(() => grains.Group(group).React(visitor.User.Id, new Reaction(seq, emoji!, on)))
            : SendAnswer.Reject(GroupReason.Invalid);
    }

    /// <exception cref="HubException">Refused, with a code.</exception>
    public async Task<MarkAnswer> MarkRead(RoomVisitor visitor, string groupId, long seq)
    {
        var group = Parse(groupId);
        if (seq < 0)
        {
            throw HubError.Of(ProblemCodes.Invalid, "A message's number is not negative.");
        }

        if (!visitor.User.TryTakeMark(out var retryAfter))
        {
            throw HubError.RateLimited(retryAfter);
        }

        return await grains.Group(group).MarkRead(visitor.User.Id, seq) is { } mark
            ? new MarkAnswer(mark)
            : throw HubError.Of(ProblemCodes.Forbidden, "Only members have a read mark.");
    }

    /// <summary>Too much typing is nobody's mistake: it is not told.</summary>
    /// <exception cref="HubException">Refused, with a code.</exception>
    public async Task Type(RoomVisitor visitor, string groupId)
    {
        var group = Parse(groupId);
        var user = visitor.User;
        if (user.TryTakeTyping() && await user.Name() is { } name
            && !await grains.Group(group).Type(user.Id, name))
        {
            throw HubError.Of(ProblemCodes.Forbidden, "Only members are seen typing.");
        }
    }

    public async Task<Verdict> Vote(RoomVisitor visitor, string groupId, string pollId, int[]? choices)
    {
        if (!visitor.User.TryTakeVote(out var retryAfter))
        {
            return HubError.TooFast(retryAfter);
        }

        if (!EntityId.TryParse<GroupId>(groupId, out var group) || !EntityId.TryParse<PollId>(pollId, out var poll))
        {
            return Verdict.Reject(RejectReason.Invalid);
        }

        try
        {
            return await grains.Group(group).Vote(visitor.User.Id, poll, RoomCalls.ToBits(choices));
        }
        catch (Exception failure) when (ProblemHandling.IsUnknownOutcome(failure))
        {
            return Verdict.Reject(RejectReason.TryAgain);
        }
    }

    /// <summary>
    /// Whether there is what a card shows. Rooms and deals are never deleted, so that a repeated message is answered as
    /// the first one was; a poll the group itself looks for, and notes are nobody's to look for yet. A message without
    /// a card does not wait.
    /// </summary>
    private ValueTask<bool> IsThere(Card? card) => card switch
    {
        { Kind: CardKind.Room } => IsRoom(new RoomId(card.Id)),
        { Kind: CardKind.Deal } => IsDeal(new DealId(card.Id)),
        { Kind: CardKind.Note } => IsNote(new NoteId(card.Id)),
        _ => ValueTask.FromResult(true),
    };

    private async ValueTask<bool> IsRoom(RoomId room) => await grains.LiveRoom(room).Get() is not null;

    private async ValueTask<bool> IsDeal(DealId deal) => await grains.Deal(deal).Get() is not null;

    private async ValueTask<bool> IsNote(NoteId note) => await grains.Note(note).Get(null) is not null;

    private async Task<GroupOpened> Open(GroupSeats seats, GroupPort port, GroupViewer viewer, long? afterSeq)
    {
        OpenOutcome outcome;
        JoinTicket ticket;
        try
        {
            (outcome, ticket) = await port.Channel.Open(viewer, afterSeq);
        }
        catch
        {
            seats.Leave(port.Group);
            throw;
        }

        if (outcome is { Status: CommandStatus.Done, Opened: { } opened })
        {
            var messages = MessageBatch.Trim(
                opened.Messages, options.Value.MessageBytes, keepsLast: afterSeq is null);
            return new GroupOpened(opened, messages) { Ticket = ticket };
        }

        seats.Leave(port.Group);
        throw outcome.Status switch
        {
            CommandStatus.NotFound => HubError.Of(ProblemCodes.NotFound, "There is no such group."),
            CommandStatus.Forbidden => HubError.Of(ProblemCodes.Forbidden, "Only members open a group."),
            CommandStatus.Invalid => HubError.Of(ProblemCodes.Invalid, "There is no such message."),
            _ => HubError.Of(ProblemCodes.TryAgain, "The group gave no answer."),
        };
    }

    private async Task<SendAnswer> Change(
        RoomVisitor visitor, string groupId, long seq, GroupReason? refusal,
        Func<IGroupGrain, Task<SendAnswer>> change)
    {
        if (!visitor.User.TryTakeMessage(out var retryAfter))
        {
            return TooFast(retryAfter);
        }

        if (!EntityId.TryParse<GroupId>(groupId, out var group) || seq < 1)
        {
            return SendAnswer.Reject(GroupReason.Invalid);
        }

        return refusal is { } reason ? SendAnswer.Reject(reason) : await Ask(() => change(grains.Group(group)));
    }

    private static async Task<SendAnswer> Ask(Func<Task<SendAnswer>> ask)
    {
        try
        {
            return await ask();
        }
        catch (Exception failure) when (ProblemHandling.IsUnknownOutcome(failure))
        {
            return SendAnswer.Reject(GroupReason.TryAgain);
        }
    }

    private static SendAnswer TooFast(TimeSpan retryAfter) => SendAnswer.Reject(GroupReason.RateLimited) with
    {
        RetryAfterMs = Math.Max(1, (long)Math.Ceiling(retryAfter.TotalMilliseconds)),
    };

    private static GroupId Parse(string groupId)
        => EntityId.TryParse<GroupId>(groupId, out var group)
            ? group
            : throw HubError.Of(
                ProblemCodes.Invalid, "A group's id is a string that holds a positive decimal integer.");
}
