using System.Text.Json;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using RedNote.Live;
using RedNote.Silo.Journal;

namespace RedNote.Frontend.Hosting;

/// <summary>
/// <c>/health/live</c>: the process answers. <c>/health/ready</c>: a grain answers too, the journal can be written, and
/// the host is not stopping; otherwise 503, and a body that says which of them is not so, and why.
/// </summary>
internal static class Readiness
{
    private const string ReadyTag = "ready";

    public static void AddReadiness(this IServiceCollection services)
        => services.AddHealthChecks()
            .AddCheck<GrainsAnswer>("grains", tags: [ReadyTag], timeout: Patience)
            .AddCheck<JournalWrites>("journal", tags: [ReadyTag]);

    public static void MapReadiness(this WebApplication app)
    {
        app.MapHealthChecks("/health/live", new HealthCheckOptions { Predicate = _ => false });
        app.MapHealthChecks("/health/ready", new HealthCheckOptions
        {
            Predicate = check => check.Tags.Contains(ReadyTag),
            ResponseWriter = WriteReport,
        });
    }

    /// <summary>How long a grain may take to answer.</summary>
    private static TimeSpan Patience { get; } = TimeSpan.FromSeconds(5);

    /// <summary>Anybody may ask, so descriptions name no host and no file, and exceptions stay in the log.</summary>
    private static async Task WriteReport(HttpContext context, HealthReport report)
    {
        context.Response.ContentType = "application/json";
        await using var json = new Utf8JsonWriter(context.Response.BodyWriter);
        json.WriteStartObject();
        json.WriteString("status", report.Status.ToString());
        json.WriteStartObject("checks");
        foreach (var (name, entry) in report.Entries)
        {
            json.WriteString(name, entry.Description ?? entry.Status.ToString());
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }

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

    /// <summary>Always well where the silo is in another process, which has a readiness of its own.</summary>
    private sealed class JournalWrites(IServiceProvider services) : IHealthCheck
    {
        public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancel)
            => Task.FromResult(services.GetService<JournalWatch>()?.Problem() is { } problem
                ? HealthCheckResult.Unhealthy($"The journal cannot be written: {problem}.")
                : HealthCheckResult.Healthy());
    }
}
