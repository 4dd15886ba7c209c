using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Storage;

namespace RedNote.Journal;

/// <summary>What every log of a silo uses.</summary>
internal sealed class EventLogServices(
    IJournalStore store,
    JournalWriter writer,
    [FromKeyedServices(StorageNames.Provider)] IGrainStorage snapshots,
    IOptions<JournalOptions> options,
    TimeProvider time,
    ILogger<EventLogServices> logger)
{
    public IJournalStore Store => store;

    public JournalWriter Writer => writer;

    public IGrainStorage Snapshots => snapshots;

    public JournalOptions Options => options.Value;

    public TimeProvider Time => time;

    public ILogger Logger => logger;
}
