using System.Text.Json.Serialization;
using Orleans.Concurrency;
using RedNote.Journal;

namespace RedNote.Groups;

/// <summary>See <see cref="IConversationGrain"/>.</summary>
[Reentrant]
internal sealed class ConversationGrain(
    [EventLog(GroupServices.ConversationLog)] IEventLog<ConversationState, ConversationEvent> log)
    : Grain, IConversationGrain
{
    public async Task<GroupId?> Get()
    {
        var group = log.State.GroupId;
        // Who is told that there is none makes one, and asks again with it.
        await log.WhenConfirmed();
        return group;
    }

    public async Task<GroupId> Bind(GroupId group)
    {
        if (log.State.GroupId is { } bound)
        {
            await log.WhenCurrent();
            return bound;
        }

        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(group.Value, nameof(group));
        await log.Raise(new ConversationBound(group));
        return group;
    }
}

/// <summary>Which group two users have for themselves, if they have one.</summary>
internal sealed class ConversationState : IEventState<ConversationEvent>
{
    public GroupId? GroupId { get; set; }

    public void Apply(ConversationEvent raised) => GroupId = raised switch
    {
        ConversationBound bound => bound.GroupId,
        _ => throw new NotSupportedException($"A conversation does not know {raised.GetType().Name}."),
    };
}

/// <summary>What happens to the conversation of two users; log <c>conversation</c>.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = JournalJson.Kind,
    UnknownDerivedTypeHandling = JsonUnknownDerivedTypeHandling.FailSerialization)]
[JsonDerivedType(typeof(ConversationBound), "conversation.bound")]
public abstract record ConversationEvent;

/// <summary>That group is the conversation from here on.</summary>
public sealed record ConversationBound(GroupId GroupId) : ConversationEvent;

/// <summary>The form in which snapshots hold a <see cref="ConversationState"/>.</summary>
internal sealed record StoredConversation
{
    public GroupId? GroupId { get; init; }
}

[JsonSerializable(typeof(ConversationEvent))]
[JsonSerializable(typeof(StoredConversation))]
internal sealed partial class ConversationJson : JsonSerializerContext
{
    /// <summary>In the form of the journal.</summary>
    public static ConversationJson Journal { get; } = new(JournalJson.CreateOptions());
}
