using System.Collections.ObjectModel;
using System.Diagnostics.CodeAnalysis;
using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Configuration;
using Orleans.Hosting;
using Orleans.Runtime;
using RedNote.Embedded;

namespace Orleans.TestingHost;

/// <summary>A silo and a client for tests, each in a host of its own.</summary>
public sealed class InProcessTestCluster : IDisposable, IAsyncDisposable
{
    private readonly List<InProcessSiloHandle> _silos = [];
    private readonly SiloLink _link = new();
    private IHost? _clientHost;
    private int _started;
    private bool _isDisposed;

    internal InProcessTestCluster(InProcessTestClusterOptions options) => Options = options;

    public ReadOnlyCollection<InProcessSiloHandle> Silos => new([.. _silos]);

    public InProcessTestClusterOptions Options { get; }

    /// <summary>The client; there from <see cref="DeployAsync"/> until it is stopped.</summary>
    public IClusterClient Client
        => _clientHost?.Services.GetRequiredService<IClusterClient>()
            ?? throw new InvalidOperationException("There is no client: the cluster is not deployed, or was stopped.");

    public async Task DeployAsync()
    {
        if (_silos.Count > 0) throw new InvalidOperationException("The cluster is deployed already.");
        if (Options.InitialSilosCount != 1)
        {
            throw new NotSupportedException(
                "The embedded engine is a single process with a single silo; "
                + $"{Options.InitialSilosCount} were asked for. Build the cluster with "
                + "new InProcessTestClusterBuilder(1), or run the test on OrleansEngine=Microsoft.");
        }

        await StartAdditionalSiloAsync();
        if (Options.InitializeClientOnDeploy) await InitializeClientAsync();
    }

    /// <summary>
    /// Starts a silo where there is none: after <see cref="StopSiloAsync"/> or <see cref="KillSiloAsync"/>.
    /// </summary>
    public async Task<InProcessSiloHandle> StartAdditionalSiloAsync()
    {
        if (GetActiveSilos().Any())
            throw new NotSupportedException("The embedded engine has one silo; stop it before another is started.");
        var specific = new InProcessTestSiloSpecificOptions { SiloName = $"Silo_{_started++}" };
        var builder = NewHost();
        builder.Services.AddSingleton(_link);
        builder.UseOrleans(silo => silo.Configure<ClusterOptions>(SetIds));
        foreach (var configure in Options.SiloHostConfigurationDelegates) configure(specific, builder);
        var host = builder.Build();
        await host.StartAsync();
        var handle = new InProcessSiloHandle
        {
            Name = specific.SiloName,
            InstanceNumber = (short)_started,
            SiloAddress = SiloAddress.New(IPAddress.Loopback, EndpointOptions.DEFAULT_SILO_PORT, _started),
            SiloHost = host,
        };
        _silos.Add(handle);
        return handle;
    }

    public async Task InitializeClientAsync()
    {
        var builder = NewHost();
        builder.Services.AddSingleton(_link);
        builder.UseOrleansClient(client => client.Configure<ClusterOptions>(SetIds));
        foreach (var configure in Options.ClientHostConfigurationDelegates) configure(builder);
        _clientHost = builder.Build();
        await _clientHost.StartAsync();
    }

    public IEnumerable<InProcessSiloHandle> GetActiveSilos() => _silos.Where(silo => silo.IsActive).ToArray();

    public IServiceProvider GetSiloServiceProvider(SiloAddress? silo = null)
        => _silos.FirstOrDefault(item => silo is null || silo.Equals(item.SiloAddress))?.SiloHost.Services
            ?? throw new ArgumentException($"There is no silo {silo}.", nameof(silo));

    public bool TryGetGrainContext(GrainId grainId, [NotNullWhen(true)] out IGrainContext? grainContext)
    {
        grainContext = null;
        if (_link.Current?.TryGetActivation(grainId, out var activation) == true) grainContext = activation;
        return grainContext is not null;
    }

    /// <summary>Completes when the grain's present activation has ended; at once when it has none.</summary>
    public Task WaitForDeactivationAsync(GrainId grainId)
        => TryGetGrainContext(grainId, out var context) ? context.Deactivated : Task.CompletedTask;

    public Task WaitForDeactivationAsync(IAddressable grain) => WaitForDeactivationAsync(grain.GetGrainId());

    public Task DeactivateAsync(GrainId grainId)
    {
        if (!TryGetGrainContext(grainId, out var context)) return Task.CompletedTask;
        context.Deactivate(
            new DeactivationReason(DeactivationReasonCode.ApplicationRequested, "DeactivateAsync was called."));
        return context.Deactivated;
    }

    public Task DeactivateAsync(IAddressable grain) => DeactivateAsync(grain.GetGrainId());

    /// <summary>Stops a silo gracefully: its grains are deactivated.</summary>
    public Task StopSiloAsync(InProcessSiloHandle instance) => EndSilo(instance, stopGracefully: true);

    /// <summary>Ends a silo like the death of its process: no grain is told.</summary>
    public Task KillSiloAsync(InProcessSiloHandle instance) => EndSilo(instance, stopGracefully: false);

    /// <summary>Stops a silo gracefully and starts one in its place; the client goes on with that.</summary>
    public async Task<InProcessSiloHandle?> RestartSiloAsync(InProcessSiloHandle instance)
    {
        await StopSiloAsync(instance);
        return await StartAdditionalSiloAsync();
    }

    public async Task StopSilosAsync()
    {
        foreach (var silo in Silos) await StopSiloAsync(silo);
    }

    public async Task StopClusterClientAsync()
    {
        if (_clientHost is not { } host) return;
        _clientHost = null;
        await host.StopAsync();
        host.Dispose();
    }

    public async Task StopAllSilosAsync()
    {
        await StopClusterClientAsync();
        await StopSilosAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_isDisposed) return;
        _isDisposed = true;
        await StopAllSilosAsync();
    }

    public void Dispose()
    {
        if (_isDisposed) return;
        _isDisposed = true;
        _clientHost?.Dispose();
        foreach (var silo in Silos) silo.SiloHost.Dispose();
    }

    private static HostApplicationBuilder NewHost()
        => Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { EnvironmentName = "Development" });

    private void SetIds(ClusterOptions options)
    {
        options.ClusterId = Options.ClusterId;
        options.ServiceId = Options.ServiceId;
    }

    private async Task EndSilo(InProcessSiloHandle instance, bool stopGracefully)
    {
        await instance.StopSiloAsync(stopGracefully);
        _silos.Remove(instance);
        instance.SiloHost.Dispose();
    }
}
