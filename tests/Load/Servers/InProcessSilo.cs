using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using RedNote.Silo;

namespace RedNote.Load.Servers;

/// <summary>A silo in this process, from its start to its end.</summary>
internal static class InProcessSilo
{
    public static async Task<T> With<T>(
        Dictionary<string, string?> settings, Func<IServiceProvider, Task<T>> work, CancellationToken ct)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Configuration.AddInMemoryCollection(settings);
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.Services.AddMetrics();
        builder.AddRedNoteSilo();
        var host = builder.Build();
        await using var closing = (IAsyncDisposable)host;
        await host.StartAsync(ct);
        var result = await work(host.Services);
        await host.StopAsync(ct);
        return result;
    }

    /// <summary>One on SQLite, with a fresh data directory.</summary>
    public static async Task<T> WithSqlite<T>(Func<IServiceProvider, Task<T>> work, CancellationToken ct)
    {
        var folder = Directory.CreateTempSubdirectory("rednote-load-");
        try
        {
            var settings = new Dictionary<string, string?>
            {
                ["RedNote:Storage"] = "sqlite",
                ["RedNote:DataDirectory"] = folder.FullName,
            };
            return await With(settings, work, ct);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
