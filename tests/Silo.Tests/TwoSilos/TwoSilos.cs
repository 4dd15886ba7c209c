using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using RedNote.Journal;
using RedNote.Silo.Operations;

namespace RedNote.Silo.Tests.TwoSilos;

/// <summary>
/// Silos that do not know of each other over one database, as after a split of a cluster: a grain can have an
/// activation on each.
/// </summary>
internal sealed class TwoSilos(RedNoteOptions options) : IAsyncDisposable
{
    private readonly List<IHost> _hosts = [];

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    /// <summary>Starts one more silo on the database.</summary>
    public async Task<IServiceProvider> Start()
    {
#if ORLEANS_MICROSOFT
        Assert.Skip("Two silos of one process would find each other and be a cluster.");
#endif
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["RedNote:Storage"] = options.Storage.ToString(),
            ["RedNote:DataDirectory"] = options.DataDirectory,
            ["ConnectionStrings:RedNote"] = options.ConnectionString,
            // So that the two meet in snapshots too.
            ["RedNote:Journal:SnapshotEvents"] = "20",
            ["RedNote:Journal:SnapshotIntervalMs"] = "0",
        });
        builder.Logging.SetMinimumLevel(LogLevel.None);
        builder.AddRedNoteSilo();
        // A second process would not get the folder; that is another test's matter.
        builder.Services.RemoveAll<DataDirectoryLock>();
        var host = builder.Build();
        _hosts.Add(host);
        await host.StartAsync(Cancelled);
        return host.Services;
    }

    /// <summary>What <c>log verify --all</c> finds wrong; empty when all is well.</summary>
    public async Task<string> Verify()
    {
        var services = _hosts[0].Services;
        using var output = new StringWriter();
        var code = await OperationsProgram.Run(
            ["log", "verify", "--all"],
            () => services.GetRequiredService<IOptions<RedNoteOptions>>().Value,
            services.GetServices<IEventLogKind>(),
            output,
            output,
            Cancelled);
        return code == 0 ? "" : output.ToString();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var host in _hosts)
        {
            await host.StopAsync(CancellationToken.None);
            await ((IAsyncDisposable)host).DisposeAsync();
        }
    }
}
