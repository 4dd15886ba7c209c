using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using RedNote.Embedded.Simulation;
using RedNote.Journal;
using RedNote.Live;

namespace RedNote.Simulation;

/// <summary>A cluster with the grains of RedNote, and what a workload needs to use and to judge it.</summary>
public sealed class SimulatedWorld : IDisposable
{
    private readonly IWorkload _workload;
    private MemoryJournalStore? _journal;
    private IDrawSeeds? _drawSeeds;

    public SimulatedWorld(ulong seed, SimulationOptions options, IWorkload workload, WorldOptions bounds)
    {
        _workload = workload;
        Bounds = bounds;
        Cluster = new SimulationCluster(seed, options, Configure);
        Random = Cluster.Random.Fork("workload");
    }

    public SimulationCluster Cluster { get; }

    public WorldOptions Bounds { get; }

    /// <summary>Chance for workloads; they fork their own from it.</summary>
    public SimulationRandom Random { get; }

    /// <summary>Commands so far, those left out included; their numbers begin at 0.</summary>
    public int Commands { get; private set; }

    /// <summary>Commands that were given.</summary>
    public int CommandsGiven { get; private set; }

    /// <summary>What is stored, to be judged at the end: not through the disk, and at once.</summary>
    public MemoryJournalStore Journal
    {
        get
        {
            // The first silo that needs a journal makes it; a run in which nothing was asked for has not needed one.
            if (_journal is null) _ = Cluster.Silo?.Services.GetRequiredService<IJournalStore>();
            return _journal ?? throw new InvalidOperationException("No silo has started yet.");
        }
    }

    /// <summary>Counts a command; false: it is left out of this run, and is not to be given.</summary>
    public bool Take(string command)
    {
        var number = Commands++;
        if (Bounds.CommandsLeftOut.Contains(number)) return false;
        CommandsGiven++;
        Cluster.Note($"command {number}: {command}");
        return true;
    }

    /// <summary>A client, for grain calls and streams.</summary>
    public SimulatedClient AddClient(string name)
        => Cluster.AddClient(name, client => client.AddMemoryStreams(StreamNames.Provider));

    public void Violate(string message) => Cluster.Violate(message);

    /// <summary>Says that something must hold; ends the run when it does not.</summary>
    public void Require(bool condition, string otherwise)
    {
        if (!condition) Violate(otherwise);
    }

    public void Dispose() => Cluster.Dispose();

    private void Configure(ISiloBuilder silo, SimulationNode node)
    {
        silo.AddMemoryStreams(StreamNames.Provider);
        silo.AddSimulatedGrainStorage("PubSubStore");
        silo.AddSimulatedGrainStorage(StorageNames.Provider);
        silo.Services.AddSingleton(_drawSeeds ??= new SimulatedDrawSeeds(Cluster.Random.Fork("draw seeds")));
        silo.Services.AddRedNoteGrains();
        silo.Services.Configure<JournalOptions>(journal =>
        {
            // Small bounds, so that a short run comes to them: snapshots, pages, full queues.
            journal.SnapshotEvents = Bounds.SnapshotEvents;
            journal.SnapshotIntervalMs = Bounds.SnapshotIntervalMs;
            journal.ReplayRows = Bounds.ReplayRows;
            journal.PendingEffects = Bounds.PendingEffects;
            journal.QueuedAppends = Bounds.QueuedAppends;
            journal.BatchAppends = Bounds.BatchAppends;
        });
        silo.Services.AddSingleton<IHostedService, OutboxWaker>();
        _workload.Configure(silo);
        silo.Services.AddSingleton<IJournalStore>(services =>
        {
            _journal ??= new MemoryJournalStore(
                JournalServices.ProjectionTables(services.GetServices<IEventLogKind>()));
            return Bounds.Journal(new SimulatedJournal(node, Cluster.Disk, _journal), node);
        });
    }
}

/// <summary>Bounds of a world, small ones by default; a run picks them by its seed.</summary>
public sealed class WorldOptions
{
    public int SnapshotEvents { get; set; } = 20;

    public int SnapshotIntervalMs { get; set; } = 500;

    public int ReplayRows { get; set; } = 7;

    public int PendingEffects { get; set; } = 5;

    public int QueuedAppends { get; set; } = 64;

    public int BatchAppends { get; set; } = 16;

    /// <summary>How much a run does, in commands of one workload.</summary>
    public int Commands { get; set; } = 700;

    /// <summary>Numbers of commands that are not given: for making a failing run small.</summary>
    public NumberSet CommandsLeftOut { get; set; } = NumberSet.None;

    /// <summary>Puts something before the store of each silo; for broken variants.</summary>
    public Func<IJournalStore, SimulationNode, IJournalStore> Journal { get; set; } = (store, _) => store;
}
