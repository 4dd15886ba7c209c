using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using RedNote.Silo;

namespace RedNote.Benchmarks;

/// <summary>A silo as a server runs it, in this process, on SQLite in a folder of its own.</summary>
internal sealed class BenchmarkSilo : IAsyncDisposable
{
    private readonly DirectoryInfo _folder;
    private readonly IHost _host;

    private BenchmarkSilo(DirectoryInfo folder, IHost host)
    {
        _folder = folder;
        _host = host;
    }

    public IServiceProvider Services => _host.Services;

    public static async Task<BenchmarkSilo> Start(Action<IServiceCollection>? configure = null)
    {
        var folder = Directory.CreateTempSubdirectory("rednote-benchmarks-");
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["RedNote:Storage"] = "sqlite",
            ["RedNote:DataDirectory"] = folder.FullName,
        });
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.Services.AddMetrics();
        builder.AddRedNoteSilo();
        configure?.Invoke(builder.Services);
        var silo = new BenchmarkSilo(folder, builder.Build());
        await silo._host.StartAsync();
        return silo;
    }

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        await ((IAsyncDisposable)_host).DisposeAsync();
        _folder.Delete(recursive: true);
    }
}
