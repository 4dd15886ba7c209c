using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using RedNote.Journal;

namespace RedNote.Silo.Journal;

/// <summary>Opens the journal's database, once, before the silo starts.</summary>
internal sealed class JournalOpening(IServiceProvider services) : IHostedService
{
    private readonly Lock _gate = new();
    private Task? _opened;

    /// <summary>Throws <see cref="StartupException"/>, <see cref="JournalSchemaException"/> or
    /// <see cref="JournalUnavailableException"/>; each says what is to be done.</summary>
    public Task OpenAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            return _opened ??= services.GetRequiredService<IJournalStore>().StartAsync(cancellationToken);
        }
    }

    public Task StartAsync(CancellationToken cancellationToken) => OpenAsync(cancellationToken);

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
