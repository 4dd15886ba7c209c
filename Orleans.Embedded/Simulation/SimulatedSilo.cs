using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans;

namespace RedNote.Embedded.Simulation;

/// <summary>One silo of a simulation, from its start to its stop or death.</summary>
public sealed class SimulatedSilo
{
    private readonly ServiceProvider _services;

    internal SimulatedSilo(SimulationNode node, ServiceProvider services) => (Node, _services) = (node, services);

    public SimulationNode Node { get; }

    public IServiceProvider Services => _services;

    public IGrainFactory Grains => _services.GetRequiredService<IGrainFactory>();

    public bool IsAlive => Node.IsAlive;

    /// <summary>Activations that it has at present.</summary>
    public int Activations => _services.GetRequiredService<EmbeddedSilo>().ActivationCount;

    internal SiloLink Link => _services.GetRequiredService<SiloLink>();

    internal async Task Start()
    {
        var inspector = new ClockInspector(Node);
        _services.GetRequiredService<EmbeddedSilo>().GrainCreated = inspector.Inspect;
        foreach (var service in _services.GetServices<IHostedService>()) inspector.Inspect(service);
        foreach (var service in _services.GetServices<IHostedService>()) await service.StartAsync(default);
    }

    internal async Task Stop(CancellationToken cancellationToken)
    {
        foreach (var service in _services.GetServices<IHostedService>().Reverse())
            await service.StopAsync(cancellationToken);
    }

    internal void Kill()
    {
        if (!Node.IsAlive) return;
        Node.Kill();
        _services.GetRequiredService<EmbeddedSilo>().Kill();

        // No grain is told of it, as nothing of the node runs any more; it only lets go of what the runtime keeps lists
        // of, such as meters.
        _ = _services.DisposeAsync().AsTask();
    }
}

/// <summary>A process outside of the silos that calls them: a front end, or a person.</summary>
public sealed class SimulatedClient
{
    private readonly SiloLink _link;
    private readonly ServiceProvider _services;

    internal SimulatedClient(SimulationNode node, SiloLink link, ServiceProvider services)
        => (Node, _link, _services) = (node, link, services);

    public SimulationNode Node { get; }

    public IServiceProvider Services => _services;

    public IClusterClient Cluster => _services.GetRequiredService<IClusterClient>();

    public IGrainFactory Grains => Cluster;

    internal void Connect(SimulatedSilo silo) => _link.Current = silo.Link.Current;

    /// <summary>The process is no more; the cluster forgets it.</summary>
    internal void Kill()
    {
        Node.Kill();
        _ = _services.DisposeAsync().AsTask();
    }
}
