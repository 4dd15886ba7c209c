namespace RedNote.Live;

/// <summary>What is pinned to the top of a room: exactly one of these.</summary>
/// <param name="At">Since when, Unix ms.</param>
/// <param name="Text">1 to 200 characters.</param>
/// <param name="PollId">A poll of the room.</param>
/// <param name="QuestionId">A question of the room.</param>
/// <param name="DealId">A deal of the room.</param>
[GenerateSerializer, Immutable, Alias("live.pin")]
public sealed record RoomPin(long At, string? Text, PollId? PollId, QuestionId? QuestionId, DealId? DealId = null);

/// <summary>What to pin: exactly one of these.</summary>
[GenerateSerializer, Immutable, Alias("live.pin-item")]
public sealed record PinItem(string? Text, PollId? PollId, QuestionId? QuestionId, DealId? DealId = null);

/// <summary>The pin is null unless Done, and when nothing is pinned.</summary>
[GenerateSerializer, Immutable, Alias("live.pin-outcome")]
public sealed record PinOutcome(CommandStatus Status, RoomPin? Pin);

/// <summary>The pin of a live room.</summary>
[Alias("live.room-pins")]
public interface IRoomPins : IGrain
{
    /// <summary>Pins something in the place of what was pinned. Done (also when it was pinned already), NotFound (also:
    /// no such poll or question, and no such deal that is shown), Forbidden, Invalid, WrongState (the show has ended).
    /// </summary>
    [Alias("pin")]
    Task<PinOutcome> Pin(UserId by, PinItem item);

    /// <summary>Done (also when nothing was pinned), NotFound, Forbidden.</summary>
    [Alias("unpin")]
    Task<PinOutcome> Unpin(UserId by);
}

/// <summary>Something was pinned, in the place of what was.</summary>
[GenerateSerializer, Immutable, Alias("live.event.pinned")]
public sealed record ItemPinned(RoomPin Pin) : RoomEvent;

/// <summary>Nothing is pinned any more.</summary>
[GenerateSerializer, Immutable, Alias("live.event.unpinned")]
public sealed record ItemUnpinned : RoomEvent;

/// <summary>Something was pinned.</summary>
[GenerateSerializer, Immutable, Alias("live.tape.pinned")]
public sealed record TapePinned(string? Text, PollId? PollId, QuestionId? QuestionId, DealId? DealId = null)
    : TapeItem;

/// <summary>Nothing is pinned any more.</summary>
[GenerateSerializer, Immutable, Alias("live.tape.unpinned")]
public sealed record TapeUnpinned : TapeItem;
