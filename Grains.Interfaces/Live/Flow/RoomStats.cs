using System.Collections.Immutable;

namespace RedNote.Live;

/// <summary>
/// What became of the danmaku that a room has received in one epoch. At any moment
/// <c>received = pending + shown + merged + sampled + held + rejected</c>: each danmaku is counted as received and in
/// exactly one other place, from the turn in which the room decides on it. Only danmaku are counted, not likes, ballots
/// or questions.
/// </summary>
/// <param name="Received">Danmaku that got a verdict in this epoch, those the front ends refused included; and those
/// that were held when it began.</param>
/// <param name="Pending">Accepted, and waiting for a frame.</param>
/// <param name="Shown">Sent to the viewers in a frame.</param>
/// <param name="Merged">Shown as one more of another danmaku.</param>
/// <param name="Sampled">On the tape, and left out of the frames for want of room.</param>
/// <param name="Held">Waiting for a moderator.</param>
/// <param name="Rejected">By reason, in the order of the reasons; those that never occurred are left out.</param>
/// <param name="Repeated">Sends that were answered with the result of an earlier one under the same key. They are not
/// among the received ones: the danmaku is the same.</param>
[GenerateSerializer, Immutable, Alias("live.verdict-totals")]
public sealed record VerdictTotals(
    long Received,
    long Pending,
    long Shown,
    long Merged,
    long Sampled,
    long Held,
    ImmutableArray<RefusalCount> Rejected,
    long Repeated);

/// <summary>So many danmaku were rejected for that reason.</summary>
[GenerateSerializer, Immutable, Alias("live.refusal-count")]
public sealed record RefusalCount(RejectReason Reason, long Count);

/// <summary>A room in figures, as of one moment of an epoch.</summary>
[GenerateSerializer, Immutable, Alias("live.stats")]
public sealed record RoomStats(long Epoch, RoomCounters Counters, VerdictTotals Verdicts);

/// <summary>The figures are null unless Done.</summary>
[GenerateSerializer, Immutable, Alias("live.stats-outcome")]
public sealed record StatsOutcome(CommandStatus Status, RoomStats? Stats);
