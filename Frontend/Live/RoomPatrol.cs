using Microsoft.Extensions.Options;
using RedNote.Frontend.Deals;
using RedNote.Frontend.Groups;
using RedNote.Frontend.Notes;
using RedNote.Frontend.Users;

namespace RedNote.Frontend.Live;

/// <summary>The one timer behind all that a front end serves; and at the end, the orderly way out.</summary>
internal sealed partial class RoomPatrol(
    RoomPorts ports,
    DealPorts deals,
    GroupPorts groups,
    NotePorts notes,
    HubConnections connections,
    UserPresences presences,
    IHostApplicationLifetime lifetime,
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
                deals.Patrol();
                groups.Patrol();
                notes.Patrol();
                presences.Sweep();
            }
        }
        catch (OperationCanceledException)
        {
            // The host is stopping.
        }
    }

    /// <summary>
    /// SignalR cuts its connections when the host begins to stop. Callbacks run last in, first out, and the host waits
    /// for them: one that is registered now, after SignalR's own, comes before it.
    /// </summary>
    public Task StartedAsync(CancellationToken cancellationToken)
    {
        lifetime.ApplicationStopping.Register(() => SayGoodbye().GetAwaiter().GetResult());
        return Task.CompletedTask;
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Commands under way are answered, then clients are told to connect again.</summary>
    private async Task SayGoodbye()
    {
        var patience = options.Value.DrainTimeout;
        try
        {
            await Task.WhenAll(ports.Drain(), deals.Drain(), notes.Drain()).WaitAsync(patience, time);
            groups.Close();
            await connections.CloseAll().WaitAsync(patience, time);
            await groups.Drain().WaitAsync(patience, time);
        }
        catch (TimeoutException)
        {
            LogNotDrained(logger);
        }
    }

    [LoggerMessage(LogLevel.Warning, "Commands or clients were still there when the host stopped.")]
    private static partial void LogNotDrained(ILogger logger);
}
