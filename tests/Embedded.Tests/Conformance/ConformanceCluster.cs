using Microsoft.Extensions.DependencyInjection;
using Orleans.TestingHost;

namespace RedNote.Embedded.Tests.Conformance;

/// <summary>One silo and one client, for a class of tests.</summary>
public class ConformanceCluster : IAsyncLifetime
{
    private InProcessTestCluster? _cluster;

    public Signals Signals { get; } = new();

    public IClusterClient Client => Cluster.Client;

    public InProcessTestCluster Cluster => _cluster ?? throw new InvalidOperationException("It has not started.");

    public async ValueTask InitializeAsync()
    {
        var builder = new InProcessTestClusterBuilder(1);
        EngineSetup.Apply(builder);
        builder.ConfigureSilo((_, silo) =>
        {
            silo.Services.AddSingleton(Signals);
            ConfigureSilo(silo);
        });
        builder.ConfigureClient(ConfigureClient);
        _cluster = builder.Build();
        await _cluster.DeployAsync();
    }

    public virtual async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (_cluster is not null)
            await _cluster.DisposeAsync();
    }

    /// <summary>What the class's silo has beyond the engine.</summary>
    protected virtual void ConfigureSilo(ISiloBuilder silo)
    {
    }

    /// <summary>What the class's client has beyond the engine.</summary>
    protected virtual void ConfigureClient(IClientBuilder client)
    {
    }
}
