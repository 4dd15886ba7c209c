namespace RedNote.Embedded.Simulation;

/// <summary>What a simulation does to those who run in it.</summary>
public enum FaultKind
{
    /// <summary>A call is long on its way, so that others overtake it.</summary>
    CallDelayed,

    /// <summary>A call never arrives; its caller times out.</summary>
    RequestLost,

    /// <summary>The callee acted, the caller timed out.</summary>
    ReplyLost,

    /// <summary>A write fails and has changed nothing.</summary>
    WriteRefused,

    /// <summary>A write took effect, and its caller gets an error.</summary>
    WriteUnanswered,

    /// <summary>A write takes effect after seconds.</summary>
    WriteSlow,

    /// <summary>A write takes effect after the process that asked for it has died.</summary>
    WriteOutlives,

    /// <summary>A read fails.</summary>
    ReadFailed,

    /// <summary>A read takes seconds.</summary>
    ReadSlow,

    /// <summary>Storage is away for seconds: nothing can be read or written.</summary>
    StorageDown,

    /// <summary>A silo dies between two turns: its memory is gone, storage stays as it was.</summary>
    Crash,

    /// <summary>A silo is replaced and lives on for a while: its grains have second activations.</summary>
    StaleSilo,

    /// <summary>The clock on the wall jumps ahead.</summary>
    ClockForward,

    /// <summary>The clock on the wall jumps back.</summary>
    ClockBack,

    /// <summary>A front end dies, or leaves, and another one comes. For workloads that have front ends.</summary>
    FrontendCrash,

    /// <summary>A stream event does not reach a front end.</summary>
    StreamEventLost,

    /// <summary>A front end's subscription to a stream brings nothing any more, and says nothing.</summary>
    SubscriptionDeaf,
}

/// <summary>
/// Decides where faults strike, counts them, and stops them for the end of a run. Every fault has a number: a run can
/// be repeated without some of them, by which a failing one is made small.
/// </summary>
public sealed class SimulationFaults
{
    private static readonly int Kinds = Enum.GetValues<FaultKind>().Length;

    private readonly SimulationRandom[] _randoms;
    private readonly SimulationLoop _loop;
    private readonly NumberSet _left;
    private readonly double[] _rates = new double[Kinds];
    private readonly int[] _counts = new int[Kinds];

    internal SimulationFaults(SimulationOptions options, SimulationRandom random, SimulationLoop loop)
    {
        // Each kind has chances of its own: leaving out a fault of one does not move those of the others.
        _randoms = [.. Enum.GetNames<FaultKind>().Select(random.Fork)];
        _loop = loop;
        _left = options.FaultsLeftOut;

        // Not every fault in every run: some bugs show only when others do not hide them.
        foreach (var (kind, rate) in options.Rates.OrderBy(pair => pair.Key))
            _rates[(int)kind] = random.Chance(options.KindsLeftOut) ? 0 : rate * (0.25 + (2 * random.NextDouble()));
    }

    /// <summary>Faults so far, those left out included; their numbers begin at 0.</summary>
    public int Numbered { get; private set; }

    /// <summary>Faults that took place.</summary>
    public int Total => _counts.Sum();

    /// <summary>Whether there are still faults.</summary>
    public bool IsOn { get; private set; } = true;

    public int Count(FaultKind kind) => _counts[(int)kind];

    /// <summary>From now on nothing goes wrong any more.</summary>
    public void Stop() => IsOn = false;

    /// <summary>How often a fault of that kind is to happen in this run, by the measure of its kind.</summary>
    public double Rate(FaultKind kind) => _rates[(int)kind];

    /// <summary>Whether a fault happens here and now.</summary>
    public bool Strikes(FaultKind kind) => IsOn && _randoms[(int)kind].Chance(_rates[(int)kind]) && Happens(kind);

    /// <summary>Counts a fault whose time has come; false: it is left out of this run.</summary>
    public bool Happens(FaultKind kind)
    {
        if (!IsOn || _left.Contains(Numbered++)) return false;
        _counts[(int)kind]++;
        _loop.Trace.Note(_loop.Now, $"fault {Numbered - 1}: {kind}");
        return true;
    }
}
