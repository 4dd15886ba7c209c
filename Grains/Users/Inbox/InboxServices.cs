using Microsoft.Extensions.DependencyInjection;
using RedNote.Journal;

namespace RedNote.Users;

/// <summary>The log of inboxes.</summary>
internal static class InboxServices
{
    /// <summary>Name of the log; it is in databases.</summary>
    public const string Log = "inbox";

    public static IServiceCollection AddInboxes(this IServiceCollection services)
    {
        services.AddOptions<InboxOptions>();
        return services.AddEventLog(_ => Define());
    }

    internal static EventLogDefinition<InboxState, InboxEvent> Define() => new()
    {
        Name = Log,
        Create = () => new InboxState(),
        Event = InboxJson.Instance.InboxEvent,
        Snapshot = new SnapshotForm<InboxState, InboxDocument>(
            InboxJson.Instance.InboxDocument, state => state.ToDocument(), document => new InboxState(document)),
    };
}
