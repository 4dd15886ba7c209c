using Microsoft.Extensions.DependencyInjection;
using RedNote.Journal;

namespace RedNote.Live;

/// <summary>The log of the room directory.</summary>
public static class DirectoryServices
{
    /// <summary>Name of the log; it is in databases.</summary>
    public const string Log = "directory";

    public static IServiceCollection AddRoomDirectory(this IServiceCollection services)
        => services.AddEventLog(_ => new EventLogDefinition<DirectoryState, DirectoryEvent>
        {
            Name = Log,
            Create = () => new DirectoryState(),
            Event = DirectoryJson.Instance.DirectoryEvent,
            Snapshot = new SnapshotForm<DirectoryState, DirectoryDocument>(
                DirectoryJson.Instance.DirectoryDocument, state => state.ToDocument(), DirectoryState.From),
        });
}
