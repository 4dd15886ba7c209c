using System.Text.Json.Serialization;
using RedNote.Load.Measure;

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

    /// <summary>From the scheduled send to the sender's verdict, the warm-up included.</summary>
    public double VerdictP99Ms { get; init; }

    /// <summary>How late the sends were, apart from the server.</summary>
    public double SendLateP99Ms { get; init; }

    public required double PeakMemoryMiB { get; init; }

    public required int ClosedConnections { get; init; }

    public required string? Problem { get; init; }

    /// <summary>What kept the figures from being better.</summary>
    public string LimitedBy => Strain.LimitedBy;

    /// <summary>What the run used of the machine.</summary>
    [JsonIgnore]
    public Strain Strain => new(ServerBusy, GeneratorBusy, OthersBusy, SendLateP99Ms, Lost);

    /// <summary>Nothing came twice, was refused, or is missing without the viewer having been told.</summary>
    public bool IsExact => Lost <= Skipped && Duplicates == 0 && Refused == 0 && ClosedConnections == 0;
}
