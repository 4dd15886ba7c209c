namespace RedNote.Load.Fanout;

/// <summary>One run. Times in the unit their name says; latency from the scheduled send to the viewer.</summary>
public sealed record FanoutResult
{
    public required string Target { get; init; }

    public required int Rate { get; init; }

    public required int Run { get; init; }

    public required int Viewers { get; init; }

    /// <summary>Measured danmaku that were due.</summary>
    public required int Sent { get; init; }

    /// <summary>Verdicts, those of the warm-up included.</summary>
    public required int Accepted { get; init; }

    public required int Refused { get; init; }

    public required long Expected { get; init; }

    public required long Lost { get; init; }

    /// <summary>Of the lost ones and of the warm-up's, those the viewer was told of (<c>shed.skipped</c>).</summary>
    public required long Skipped { get; init; }

    /// <summary>Viewers told to join again; what they missed meanwhile counts as lost.</summary>
    public required int Resyncs { get; init; }

    public required long Duplicates { get; init; }

    public required double DeliveriesPerSecond { get; init; }

    public required double DanmakuPerFrame { get; init; }

    public required double ServerCpuPerMillion { get; init; }

    /// <summary>Share of one core, 0 to 1.</summary>
    public required double ServerBusy { get; init; }

    /// <summary>Share of one core, 0 to 1.</summary>
    public required double GeneratorBusy { get; init; }

    /// <summary>What other programs of the machine took meanwhile, in cores.</summary>
    public required double OthersBusy { get; init; }

    public required double P50Ms { get; init; }

    public required double P99Ms { get; init; }

    public required double MaxMs { get; init; }

    public required double SendLateP99Ms { get; init; }

    public required double PeakMemoryMiB { get; init; }

    public required int ClosedConnections { get; init; }

    public required string? Problem { get; init; }

    /// <summary>What kept the figures from being better.</summary>
    public string LimitedBy => this switch
    {
        { OthersBusy: > 0.2 } => "other programs on this machine: measure again when it is quiet",
        { GeneratorBusy: > 0.9 } => "the generator's core was full: the server could do better",
        { ServerBusy: > 0.9 } => "the server's core was full",
        { SendLateP99Ms: > 5 } => "sends left late: something else used the generator's core",
        { Lost: > 0 } => "viewers fell behind although no core was full",
        _ => "nothing: the offered rate was met",
    };

    /// <summary>Nothing came twice, was refused, or is missing without the viewer having been told.</summary>
    public bool IsExact => Lost <= Skipped && Duplicates == 0 && Refused == 0 && ClosedConnections == 0;
}
