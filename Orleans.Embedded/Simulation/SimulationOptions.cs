namespace RedNote.Embedded.Simulation;

/// <summary>How hard a simulated world is.</summary>
public sealed class SimulationOptions
{
    /// <summary>
    /// How often faults happen: per call for those of calls, per operation for those of storage, per event for those
    /// of streams, per minute of virtual time for <see cref="FaultKind.StorageDown"/>, processes and clocks. Each run
    /// varies them (0.25 to 2.25 times).
    /// </summary>
    public Dictionary<FaultKind, double> Rates { get; } = new()
    {
        [FaultKind.CallDelayed] = 0.05,
        [FaultKind.RequestLost] = 0.004,
        [FaultKind.ReplyLost] = 0.006,
        [FaultKind.WriteRefused] = 0.01,
        [FaultKind.WriteUnanswered] = 0.01,
        [FaultKind.WriteSlow] = 0.01,
        [FaultKind.WriteOutlives] = 0.5,
        [FaultKind.ReadFailed] = 0.01,
        [FaultKind.ReadSlow] = 0.01,
        [FaultKind.StorageDown] = 1,
        [FaultKind.Crash] = 5,
        [FaultKind.StaleSilo] = 2,
        [FaultKind.ClockForward] = 1,
        [FaultKind.ClockBack] = 1,
        [FaultKind.FrontendCrash] = 2,
        [FaultKind.StreamEventLost] = 0.01,
        [FaultKind.SubscriptionDeaf] = 0.004,
    };

    /// <summary>How likely a kind of fault is left out of a run altogether. Default: 0.2.</summary>
    public double KindsLeftOut { get; set; } = 0.2;

    /// <summary>Numbers of faults that do not happen: for making a failing run small.</summary>
    public NumberSet FaultsLeftOut { get; set; } = NumberSet.None;

    /// <summary>How long a caller waits for an answer that does not come. Default: 10 s.</summary>
    public TimeSpan ResponseTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>The longest time a healthy operation of storage takes. Default: 20 ms; most take far less.</summary>
    public TimeSpan StorageDelay { get; set; } = TimeSpan.FromMilliseconds(20);

    /// <summary>The longest time a slow operation of storage takes. Default: 8 s.</summary>
    public TimeSpan SlowStorageDelay { get; set; } = TimeSpan.FromSeconds(8);

    /// <summary>The longest time a delayed call is on its way. Default: 500 ms.</summary>
    public TimeSpan CallDelay { get; set; } = TimeSpan.FromMilliseconds(500);

    /// <summary>The longest time a silo stays down after a crash. Default: 4 s.</summary>
    public TimeSpan Downtime { get; set; } = TimeSpan.FromSeconds(4);

    /// <summary>The longest time a replaced silo lives on. Default: 20 s.</summary>
    public TimeSpan StaleTime { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>The longest time storage is away. Default: 8 s.</summary>
    public TimeSpan StorageOutage { get; set; } = TimeSpan.FromSeconds(8);

    /// <summary>How far the clock on the wall jumps at most. Default: 30 s.</summary>
    public TimeSpan ClockJump { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How many turns a run may take; one that takes more does not settle. Default: 1 million.</summary>
    public long TurnLimit { get; set; } = 1_000_000;

    /// <summary>Whether every turn is kept as a line of text. Default: no; it is slow.</summary>
    public bool IsRecorded { get; set; }
}
