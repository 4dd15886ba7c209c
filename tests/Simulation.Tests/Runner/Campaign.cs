using RedNote.Embedded.Simulation;

namespace RedNote.Simulation.Runner;

/// <summary>
/// Many seeds of one workload on several threads; each seed runs wholly on one. Seeds are given out in order, so that
/// the lowest one that fails is the same whatever the number of threads.
/// </summary>
internal sealed class Campaign(string workload, ulong from, int seeds, int threads, CancellationToken stop)
{
    private static readonly TimeSpan ProgressPeriod = TimeSpan.FromMilliseconds(100);

    private readonly Lock _gate = new();
    private readonly CampaignTally _tally = new(workload);
    private int _given;
    private Exception? _broken;

    /// <summary>Runs until all seeds are done, one has failed, or it is stopped.</summary>
    public CampaignTally Run(Action<CampaignTally> progress)
    {
        var start = TimeProvider.System.GetTimestamp();
        var before = Environment.CpuUsage.TotalTime;
        var workers = Enumerable.Range(0, Math.Min(threads, seeds)).Select(Start).ToArray();
        foreach (var worker in workers)
        {
            var isDone = false;
            while (!isDone)
            {
                isDone = worker.Join(ProgressPeriod);
                lock (_gate)
                {
                    _tally.Elapsed = TimeProvider.System.GetElapsedTime(start);
                    _tally.Cpu = Environment.CpuUsage.TotalTime - before;
                    progress(_tally);
                }
            }
        }

        return _broken is null
            ? _tally
            : throw new InvalidOperationException($"The harness of {workload} broke: {_broken.Message}", _broken);
    }

    private Thread Start(int number)
    {
        var thread = new Thread(Work) { Name = $"{workload} {number}", IsBackground = true };
        thread.Start();
        return thread;
    }

    private void Work()
    {
        try
        {
            while (Next() is { } seed)
            {
                var result = new SeedRequest(workload, seed).Run();
                lock (_gate) _tally.Add(result);
            }
        }
        catch (Exception exception)
        {
            lock (_gate) _broken ??= exception;
        }
    }

    private ulong? Next()
    {
        lock (_gate)
        {
            if (_given == seeds || _tally.Failed is not null || _broken is not null || stop.IsCancellationRequested)
                return null;
            return from + (ulong)_given++;
        }
    }
}

/// <summary>What came of the seeds of one workload.</summary>
internal sealed class CampaignTally(string workload)
{
    private readonly long[] _faults = new long[Enum.GetValues<FaultKind>().Length];

    public string Workload => workload;

    public int Seeds { get; private set; }

    public long Commands { get; private set; }

    public long Turns { get; private set; }

    public long Crashes { get; private set; }

    public long FaultCount => _faults.Sum();

    /// <summary>Time that processors worked on it, added up.</summary>
    public TimeSpan Cpu { get; set; }

    /// <summary>What one processor does in a second, whatever else the machine does meanwhile.</summary>
    public double TurnsPerCpuSecond => Turns / Math.Max(Cpu.TotalSeconds, 0.001);

    /// <summary>Time on the clock.</summary>
    public TimeSpan Elapsed { get; set; }

    /// <summary>The failed run with the lowest seed; null: none failed.</summary>
    public SeedResult? Failed { get; private set; }

    public long Faults(FaultKind kind) => _faults[(int)kind];

    public void Add(SeedResult result)
    {
        Seeds++;
        Commands += result.Commands;
        Turns += result.Turns;
        Crashes += result.Crashes;
        for (var kind = 0; kind < _faults.Length; kind++) _faults[kind] += result.Faults[kind];
        if (result.Violation is not null && (Failed is null || result.Seed < Failed.Seed)) Failed = result;
    }
}
