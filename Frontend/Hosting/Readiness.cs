using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using RedNote.Live;

namespace RedNote.Frontend.Hosting;

/// <summary>
/// <c>/health/live</c>: the process answers. <c>/health/ready</c>: a grain answers too, so the silo and its storage are
/// there, and the host is not stopping.
/// </summary>
internal static class Readiness
{
    private const string ReadyTag = "ready";

    public static void AddReadiness(this IServiceCollection services)
        => services.AddHealthChecks().AddCheck<GrainsAnswer>("grains", tags: [ReadyTag], timeout: Patience);

    public static void MapReadiness(this WebApplication app)
    {
        app.MapHealthChecks("/health/live", new HealthCheckOptions { Predicate = _ => false });
        app.MapHealthChecks("/health/ready", new HealthCheckOptions { Predicate = c => c.Tags.Contains(ReadyTag) });
    }

    /// <summary>How long a grain may take to answer.</summary>
    private static TimeSpan Patience { get; } = TimeSpan.FromSeconds(5);

    private sealed class GrainsAnswer(IGrainFactory grains, IHostApplicationLifetime lifetime, TimeProvider time)
        : IHealthCheck
    {
        public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancel)
        {
            if (lifetime.ApplicationStopping.IsCancellationRequested)
            {
                return HealthCheckResult.Unhealthy("The host is stopping.");
            }

            try
            {
                await grains.RoomDirectory().List(RoomState.Live, 1).WaitAsync(Patience, time, cancel);
                return HealthCheckResult.Healthy();
            }
            catch (Exception failure)
            {
                return HealthCheckResult.Unhealthy("Grains do not answer.", failure);
            }
        }
    }
}
