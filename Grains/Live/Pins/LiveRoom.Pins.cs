namespace RedNote.Live;

/// <summary>The part of a room that keeps one thing at its top.</summary>
public sealed partial class LiveRoom
{
    public RoomPin? Pinned => _state.Pinned;

    public CommandStatus Pin(UserId by, PinItem item, long now, List<LiveRoomEvent> events)
    {
        if (RefuseUnlessStaff(by) is { } refusal)
        {
            return refusal;
        }

        string? text = null;
        var things = (item.Text is null ? 0 : 1) + (item.PollId is null ? 0 : 1) + (item.QuestionId is null ? 0 : 1)
            + (item.DealId is null ? 0 : 1);
        if (things != 1
            || (item.Text is not null && TextRules.Clean(item.Text, TextRules.MaxPin, out text) != TextCheck.Ok))
        {
            return CommandStatus.Invalid;
        }

        if ((item.PollId is { } poll && Polls.Find(poll) is null)
            || (item.QuestionId is { } question && Questions.Find(question) is null)
            || (item.DealId is { } deal && FindDeal(deal) is not { IsShown: true }))
        {
            return CommandStatus.NotFound;
        }

        if (State == RoomState.Ended)
        {
            return CommandStatus.WrongState;
        }

        var pin = new PinSet(now, by, text, item.PollId, item.QuestionId, _state.MediaTime(now), item.DealId);
        if (Pinned is not { } held
            || (held.Text, held.PollId, held.QuestionId, held.DealId)
                != (text, pin.PollId, pin.QuestionId, pin.DealId))
        {
            events.Add(pin);
        }

        return CommandStatus.Done;
    }

    public CommandStatus Unpin(UserId by, long now, List<LiveRoomEvent> events)
    {
        if (RefuseUnlessStaff(by) is { } refusal)
        {
            return refusal;
        }

        if (Pinned is not null)
        {
            events.Add(new PinTaken(now, _state.MediaTime(now), by));
        }

        return CommandStatus.Done;
    }
}
