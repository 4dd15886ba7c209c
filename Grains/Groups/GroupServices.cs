using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using RedNote.Journal;

namespace RedNote.Groups;

/// <summary>The logs of groups and conversations.</summary>
internal static class GroupServices
{
    /// <summary>Name of the log of a group; it is in databases.</summary>
    public const string Log = "group";

    /// <summary>Name of the log that binds a conversation to its group; it is in databases.</summary>
    public const string ConversationLog = "conversation";

    public static IServiceCollection AddGroups(this IServiceCollection services)
    {
        services.TryAddSingleton<IDigestWriter, NoDigestWriter>();
        services.AddEventLog(_ => DefineConversation());
        return services.AddEventLog(provider => Define(provider.GetRequiredService<IOptions<GroupOptions>>().Value));
    }

    internal static EventLogDefinition<GroupState, GroupLogEvent> Define(GroupOptions options) => new()
    {
        Name = Log,
        Create = () => new GroupState(options),
        Event = GroupJson.Journal.GroupLogEvent,
        Snapshot = new SnapshotForm<GroupState, StoredGroup>(
            GroupJson.Journal.StoredGroup, state => state.ToStored(), stored => new GroupState(options, stored)),
        // A poll that was taken back with its message is in older snapshots.
        Redacts = raised => raised is MessageRecalled,
        Projections = [new GroupMessages(), new GroupTexts(), new GroupReactions(), new GroupReactionCounts()],
        Effects = GroupEffect.Of,
        Wake = (grains, key)
            => grains.Group(new GroupId(long.Parse(key, CultureInfo.InvariantCulture))).DeliverEffects(),
    };

    internal static EventLogDefinition<ConversationState, ConversationEvent> DefineConversation() => new()
    {
        Name = ConversationLog,
        Create = () => new ConversationState(),
        Event = ConversationJson.Journal.ConversationEvent,
        Snapshot = new SnapshotForm<ConversationState, StoredConversation>(
            ConversationJson.Journal.StoredConversation,
            state => new StoredConversation { GroupId = state.GroupId },
            stored => new ConversationState { GroupId = stored.GroupId }),
    };
}
