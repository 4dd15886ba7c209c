using Microsoft.Extensions.Hosting;
using Orleans;
using Orleans.Runtime;

namespace RedNote.Embedded;

/// <summary>Starts the silo with its host and stops it gracefully with it.</summary>
internal sealed class SiloHostedService(
    EmbeddedSilo silo, IEnumerable<ILifecycleParticipant<ISiloLifecycle>> participants, TimeProvider time)
    : IHostedService
{
    private readonly SiloLifecycle _lifecycle = new();

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        foreach (var participant in participants) participant.Participate(_lifecycle);

        // Grains go away before what they stand on does.
        _lifecycle.Subscribe(
            "grains", ServiceLifecycleStage.BecomeActive, static _ => Task.CompletedTask, token => silo.Stop(token));
        silo.BeginStart();
        await _lifecycle.OnStart(cancellationToken);
        silo.Log.Started(time.GetElapsedTime(started).TotalMilliseconds);
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested) silo.Kill();
        foreach (var failure in await _lifecycle.OnStop(cancellationToken)) silo.Log.StopFailed(failure);
    }
}

/// <summary>Starts and stops what takes part in the lifecycle of an attached client.</summary>
internal sealed class ClientHostedService(IEnumerable<ILifecycleParticipant<IClusterClientLifecycle>> participants)
    : IHostedService
{
    private readonly ClientLifecycle _lifecycle = new();

    public Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var participant in participants) participant.Participate(_lifecycle);
        return _lifecycle.OnStart(cancellationToken);
    }

    public Task StopAsync(CancellationToken cancellationToken) => _lifecycle.OnStop(cancellationToken);
}
