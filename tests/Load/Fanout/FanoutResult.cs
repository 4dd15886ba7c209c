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

    public required long Duplicates { get; init; }

    public required double DeliveriesPerSecond { get; init; }

    public required double DanmakuPerFrame { get; init; }

    public required double ServerCpuPerMillion { get; init; }

    /// <summary>Share of one core, 0 to 1.</summary>
    public required double ServerBusy { get; init; }

    /// <summary>Share of one core, 0 to 1.</summary>
    public required double GeneratorBusy { get; init; }

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
        { GeneratorBusy: > 0.9 } => "the generator's core was full: the server could do better",
        { ServerBusy: > 0.9 } => "the server's core was full",
        { SendLateP99Ms: > 5 } => "sends left late: something else used the generator's core",
        _ => "nothing: the offered rate was met",
    };

    public bool IsExact => Lost == 0 && Duplicates == 0 && Refused == 0 && ClosedConnections == 0;
}
