namespace RedNote.Embedded.Simulation;

/// <summary>What happens to whole processes, to storage as a whole and to clocks, at times that chance picks.</summary>
internal sealed class SimulationChaos(
    SimulationCluster cluster, SimulationNode world, SimulationRandom random, SimulationOptions options)
{
    /// <summary>A crash comes up to so many turns after it was due, so that it hits any await of what runs
    /// then.</summary>
    private const int CrashWithinTurns = 64;

    private SimulatedSilo? _victim;
    private long _crashAtTurn;
    private int _supervisors;

    public void Start()
    {
        cluster.Loop.AfterTurn = CrashIfDue;
        Plan(FaultKind.Crash, Crash);
        Plan(FaultKind.StaleSilo, Replace);
        Plan(FaultKind.StorageDown, TakeStorage);
        Plan(FaultKind.ClockForward, () => MoveClock(FaultKind.ClockForward, 1));
        Plan(FaultKind.ClockBack, () => MoveClock(FaultKind.ClockBack, -1));
    }

    public async Task Calm()
    {
        cluster.Faults.Stop();
        cluster.Disk.IsDown = false;
        _victim = null;
        cluster.Note("no more faults");
        while (_supervisors > 0) await Pause(TimeSpan.FromMilliseconds(100));
        foreach (var silo in cluster.Silos.Where(silo => silo != cluster.Silo).ToArray()) await cluster.Stop(silo);
        await Supervise();
    }

    /// <summary>Times between two are exponential: nothing is regular, and crashes come in pairs too.</summary>
    private void Plan(FaultKind kind, Action strike)
    {
        var rate = cluster.Faults.Rate(kind);
        if (rate > 0) Plan(rate, strike, random.Fork(kind.ToString()));
    }

    // Each kind draws its times from a chance of its own: when one fault is left out, the others keep theirs.
    private void Plan(double rate, Action strike, SimulationRandom times)
    {
        var wait = TimeSpan.FromMinutes(-Math.Log(1 - times.NextDouble()) / rate);
        world.After(wait, () =>
        {
            if (!cluster.Faults.IsOn) return;
            strike();
            Plan(rate, strike, times);
        });
    }

    private void Crash()
    {
        if (cluster.Silos.Count == 0 || _victim is not null || !cluster.Faults.Happens(FaultKind.Crash)) return;
        _victim = random.Pick(cluster.Silos);
        _crashAtTurn = cluster.Loop.Turns + random.Next(CrashWithinTurns);
    }

    private void CrashIfDue()
    {
        if (_victim is not { } victim || cluster.Loop.Turns < _crashAtTurn) return;
        _victim = null;
        var wasCurrent = cluster.Silo == victim;
        cluster.Kill(victim);
        if (wasCurrent) world.Start(() => Recover(random.Delay(TimeSpan.Zero, options.Downtime)));
    }

    private async Task Recover(TimeSpan downtime)
    {
        _supervisors++;
        await Pause(downtime);
        await Supervise();
        _supervisors--;
    }

    /// <summary>Starts a silo if there is none, and has every client find it.</summary>
    private async Task Supervise()
    {
        if (cluster.Silo is null) await cluster.StartSilo();
        foreach (var client in cluster.Clients)
            if (cluster.Silo is { } silo) client.Connect(silo);
    }

    private void Replace()
    {
        if (cluster.Silo is { } old && _supervisors == 0 && cluster.Faults.Happens(FaultKind.StaleSilo))
            world.Start(() => Replace(old));
    }

    /// <summary>A new silo starts while the old one lives; clients go over one by one, then the old one goes.</summary>
    private async Task Replace(SimulatedSilo old)
    {
        _supervisors++;
        var next = await cluster.StartSilo();
        foreach (var client in cluster.Clients.ToArray())
        {
            await Pause(random.Delay(TimeSpan.Zero, options.StaleTime / 4));
            if (next.IsAlive) client.Connect(next);
        }

        await Pause(random.Delay(TimeSpan.Zero, options.StaleTime));
        if (old.IsAlive && random.Chance(0.5)) await cluster.Stop(old);
        else cluster.Kill(old);

        // The new one may have died meanwhile; its own supervisor has seen to that.
        foreach (var client in cluster.Clients)
            if (cluster.Silo is { } silo) client.Connect(silo);
        _supervisors--;
    }

    private void TakeStorage()
    {
        if (cluster.Disk.IsDown || !cluster.Faults.Happens(FaultKind.StorageDown)) return;
        cluster.Disk.IsDown = true;
        world.After(
            random.Delay(TimeSpan.FromMilliseconds(50), options.StorageOutage), () => cluster.Disk.IsDown = false);
    }

    private void MoveClock(FaultKind kind, int direction)
    {
        if (!cluster.Faults.Happens(kind)) return;
        cluster.MoveWallClock(direction * random.Delay(TimeSpan.FromMilliseconds(1), options.ClockJump));
    }

    private Task Pause(TimeSpan time) => Task.Delay(time, world.Time);
}
