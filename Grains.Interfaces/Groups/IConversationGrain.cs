namespace RedNote.Groups;

/// <summary>Which group is the conversation of two users. Key: both ids, the lower first, joined by a hyphen.</summary>
[Alias("groups.conversation")]
public interface IConversationGrain : IGrainWithStringKey
{
    /// <summary>The group of the two, durable; null: there is none yet.</summary>
    [Alias("get")]
    Task<GroupId?> Get();

    /// <summary>Binds the group unless one is bound already; answers the one that is.</summary>
    [Alias("bind")]
    Task<GroupId> Bind(GroupId group);
}
