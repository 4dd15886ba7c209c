using Microsoft.Extensions.Options;
using RedNote.Frontend.Users;

namespace RedNote.Frontend.Live;

/// <summary>The one timer behind all rooms of a front end; and at the end, the orderly way out.</summary>
internal sealed partial class RoomPatrol(
    RoomPorts ports,
    HubConnections connections,
    UserPresences presences,
    TimeProvider time,
    IOptions<LiveOptions> options,
    ILogger<RoomPatrol> logger) : BackgroundService, IHostedLifecycleService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.PatrolEvery, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                ports.Patrol();
                presences.Sweep();
            }
        }
        catch (OperationCanceledException)
        {
            // The host is stopping.
        }
    }

    /// <summary>Commands under way are answered, then clients are told to connect elsewhere.</summary>
    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        try
        {
            await ports.Drain().WaitAsync(options.Value.DrainTimeout, time, cancellationToken);
        }
        catch (Exception failure) when (failure is TimeoutException or OperationCanceledException)
        {
            LogNotDrained(logger);
        }

        await connections.CloseAll();
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LoggerMessage(LogLevel.Warning, "Commands were still under way when the host stopped.")]
    private static partial void LogNotDrained(ILogger logger);
}
