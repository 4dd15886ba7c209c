namespace RedNote.Live;

/// <summary>What became of everything that was sent to a room.</summary>
[Alias("live.flow")]
public interface IRoomFlow : IGrain
{
    /// <summary>Counters and verdict totals, for the host only: Done, NotFound, Forbidden.</summary>
    [Alias("stats")]
    Task<StatsOutcome> Stats(UserId by);
}
