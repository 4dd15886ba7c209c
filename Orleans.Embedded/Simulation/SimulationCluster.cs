using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans;
using Orleans.Configuration;
using Orleans.Hosting;
using Orleans.Storage;
using RedNote.Embedded.Reminders;

namespace RedNote.Embedded.Simulation;

/// <summary>
/// A world of silos, clients and storage on one thread, in which one seed fixes everything: the order of turns, time,
/// how long what takes, and what goes wrong. The silos are those of the engine, unchanged.
/// </summary>
/// <remarks>
/// The models are FoundationDB's simulation and TigerBeetle's VOPR. Use: make it, <see cref="Run"/> a scenario that
/// calls
/// <see cref="StartSilo"/> and <see cref="AddClient"/>, dispose of it.
/// </remarks>
public sealed class SimulationCluster : IDisposable
{
    private readonly SimulationOptions _options;
    private readonly Action<ISiloBuilder, SimulationNode> _configure;
    private readonly SimulationRandom _callRandom;
    private readonly SimulationNode _world;
    private readonly List<SimulatedSilo> _silos = [];
    private readonly List<SimulatedClient> _clients = [];
    private readonly SimulationChaos _chaos;
    private TaskCompletionSource _nextDeath = new();
    private int _started;

    // Service providers would compile the ways to their services on the thread pool. That decides nothing, but a silo
    // that lives for a second is not worth it, and what uses the pool has to be seen.
    static SimulationCluster()
        => AppContext.SetSwitch("Microsoft.Extensions.DependencyInjection.DisableDynamicEngine", true);

    /// <param name="seed">Fixes everything.</param>
    /// <param name="options">How hard the world is.</param>
    /// <param name="configure">Sets a silo up; called for each one that starts. Register nothing that reads a real
    /// clock.
    /// </param>
    public SimulationCluster(
        ulong seed, SimulationOptions options, Action<ISiloBuilder, SimulationNode> configure)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
        _configure = configure;
        Random = new SimulationRandom(seed);
        Loop = new SimulationLoop(Random.Fork("turns"), new SimulationTrace(options.IsRecorded), options.TurnLimit);
        _world = new SimulationNode(Loop, "world");
        _callRandom = Random.Fork("calls");
        Faults = new SimulationFaults(options, Random.Fork("faults"), Loop);
        Disk = new SimulatedDisk(_world, Faults, Random.Fork("disk"), options);
        _chaos = new SimulationChaos(this, _world, Random.Fork("chaos"), options);
    }

    public SimulationRandom Random { get; }

    public SimulationLoop Loop { get; }

    public SimulationTrace Trace => Loop.Trace;

    public SimulationFaults Faults { get; }

    public SimulatedDisk Disk { get; }

    /// <summary>What grain storage holds, whatever the provider's name.</summary>
    public SimulatedStates States { get; } = new();

    public SimulatedReminderTable Reminders { get; } = new();

    /// <summary>The silo that calls should go to; null when there is none.</summary>
    public SimulatedSilo? Silo { get; private set; }

    /// <summary>All silos that live, the newest last; more than one while a replaced one lives on.</summary>
    public IReadOnlyList<SimulatedSilo> Silos => _silos;

    /// <summary>
    /// Whether two silos have lived at once. From then on any activation may have been overtaken by another, and
    /// answers what was so before, until it appends: what it answers was true and nothing of it is lost, but it is not
    /// the newest.
    /// </summary>
    public bool WasShared { get; private set; }

    /// <summary>Completes when the next silo dies or has stopped.</summary>
    public Task NextDeath => _nextDeath.Task;

    internal IReadOnlyList<SimulatedClient> Clients => _clients;

    /// <summary>Runs a scenario on a node of its own. Throws a <see cref="SimulationViolationException"/> when one
    /// happened.</summary>
    public void Run(Func<Task> scenario, TimeSpan limit)
    {
        var node = new SimulationNode(Loop, "scenario");
        Loop.RunUntil(node.Start(scenario), limit);
    }

    /// <summary>Starts a silo, again and again until it has started, and makes it the one that calls go to.</summary>
    public async Task<SimulatedSilo> StartSilo()
    {
        while (true)
        {
            var silo = CreateSilo();
            var start = silo.Node.Run(async () =>
            {
                await silo.Start();
                return true;
            });
            await Task.WhenAny(start, silo.Node.Died);
            if (start.IsCompletedSuccessfully && silo.IsAlive)
            {
                Silo = silo;
                Note($"{silo.Node.Name} has started");
                return silo;
            }

            Note($"{silo.Node.Name} did not start: {start.Exception?.InnerException?.Message}");
            Kill(silo);
            await Task.Delay(TimeSpan.FromSeconds(1), _world.Time);
        }
    }

    /// <summary>Adds a client, connected to the present silo. It follows when silos die or are replaced.</summary>
    public SimulatedClient AddClient(string name, Action<IClientBuilder>? configure = null)
    {
        var node = new SimulationNode(Loop, name);
        var link = new SiloLink();
        var services = new ServiceCollection();
        AddNode(services, node);
        services.AddSingleton(link);
        services.AddOrleansClient(client =>
        {
            client.Configure<ClientMessagingOptions>(
                messaging => messaging.ResponseTimeout = _options.ResponseTimeout);
            configure?.Invoke(client);
            client.Services.AddSingleton<IOutgoingGrainCallFilter>(
                new CallFaults(node, () => _nextDeath.Task, Faults, _callRandom, _options));
        });
        var added = new SimulatedClient(node, link, Build(services, node));
        if (Silo is { } silo) added.Connect(silo);
        _clients.Add(added);
        return added;
    }

    /// <summary>A client's process dies.</summary>
    public void Kill(SimulatedClient client)
    {
        ArgumentNullException.ThrowIfNull(client);
        _clients.Remove(client);
        client.Kill();
    }

    /// <summary>A silo's process dies: its memory is gone, storage stays as it is.</summary>
    public void Kill(SimulatedSilo silo)
    {
        ArgumentNullException.ThrowIfNull(silo);
        if (!silo.IsAlive) return;
        Note($"{silo.Node.Name} dies");
        silo.Kill();
        Forget(silo);
    }

    /// <summary>Begins to crash and replace silos, to take storage away, and to move clocks.</summary>
    public void StartChaos() => _chaos.Start();

    /// <summary>
    /// Ends all faults, waits until a silo runs and every client has found it, and until replaced ones are gone.
    /// </summary>
    public Task Calm() => _chaos.Calm();

    /// <summary>Moves the clock on the wall of all nodes; timers and timestamps do not notice.</summary>
    public void MoveWallClock(TimeSpan by) => Loop.WallOffset += by.Ticks;

    /// <summary>Writes something down that counts for the hash of the trace.</summary>
    public void Note(string text) => Trace.Note(Loop.Now, text);

    /// <summary>Says that something happened that must not, and ends the run, whoever catches what this
    /// throws.</summary>
    public void Violate(string message)
    {
        Note($"VIOLATION: {message}");
        var violation = new SimulationViolationException(message);
        Loop.Fail(violation);
        throw violation;
    }

    public void Dispose()
    {
        foreach (var silo in _silos.ToArray()) Kill(silo);
        foreach (var client in _clients.ToArray()) Kill(client);
    }

    /// <summary>A silo stops in good order; it may die in the middle of it.</summary>
    internal async Task Stop(SimulatedSilo silo)
    {
        Note($"{silo.Node.Name} stops");
        var stop = silo.Node.Run(async () =>
        {
            await silo.Stop(CancellationToken.None);
            return true;
        });
        await Task.WhenAny(stop, silo.Node.Died, Task.Delay(TimeSpan.FromMinutes(1), _world.Time));
        Kill(silo);
    }

    private void Forget(SimulatedSilo silo)
    {
        _silos.Remove(silo);
        if (Silo == silo) Silo = null;
        var death = _nextDeath;
        _nextDeath = new TaskCompletionSource();
        death.SetResult();
    }

    private SimulatedSilo CreateSilo()
    {
        var node = new SimulationNode(Loop, $"silo {++_started}");
        var services = new ServiceCollection();
        AddNode(services, node);
        services.AddOrleans(silo =>
        {
            silo.Services.AddSingleton(node.Tasks);
            silo.Services.AddSingleton(this);
            silo.Services.Configure<EmbeddedSiloOptions>(engine => engine.TurnsPerBurst = 1);
            silo.Services.Configure<SiloMessagingOptions>(
                messaging => messaging.ResponseTimeout = _options.ResponseTimeout);
            silo.Services.AddSingleton<IReminderStore>(new SimulatedReminders(node, Disk, Reminders));
            ReminderServices.AddService(silo.Services);
            silo.Services.AddSingleton<IOutgoingGrainCallFilter>(
                new CallFaults(node, death: null, Faults, _callRandom, _options));
            _configure(silo, node);
        });
        var created = new SimulatedSilo(node, Build(services, node));
        _silos.Add(created);
        WasShared |= _silos.Count > 1;
        return created;
    }

    private ServiceProvider Build(ServiceCollection services, SimulationNode node)
    {
        var built = services.BuildServiceProvider();
        if (built.GetRequiredService<TimeProvider>() != node.Time)
            Violate($"The services of {node.Name} have a clock other than that of their node.");
        return built;
    }

    private void AddNode(ServiceCollection services, SimulationNode node)
    {
        services.AddSingleton(node);
        services.AddSingleton<IWorkScheduler>(node);
        services.AddSingleton(node.Time);
        if (Trace.IsRecorded) services.AddLogging(logging => logging.AddProvider(new TraceLogs(node)));
    }
}

/// <summary>Services for silos of a <see cref="SimulationCluster"/>.</summary>
public static class SimulationServices
{
    /// <summary>Grain storage on the cluster's disk. All providers share its rows.</summary>
    public static ISiloBuilder AddSimulatedGrainStorage(this ISiloBuilder silo, string name)
    {
        ArgumentNullException.ThrowIfNull(silo);
        Storage.StorageServices.AddPersistence(silo.Services);
        silo.Services.AddKeyedSingleton<IGrainStorage>(name, static (services, _) =>
        {
            var cluster = services.GetRequiredService<SimulationCluster>();
            return new SimulatedStorage(
                services.GetRequiredService<SimulationNode>(), cluster.Disk, cluster.States,
                services.GetRequiredService<IGrainStorageSerializer>());
        });
        return silo;
    }
}
