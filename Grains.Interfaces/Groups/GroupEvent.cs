using System.Collections.Immutable;
using System.Text.Json.Serialization;
using RedNote.Live;

namespace RedNote.Groups;

/// <summary>Something that happened in a group, as its members are told. <see cref="At"/> is Unix ms.</summary>
[GenerateSerializer, Immutable, Alias("groups.event")]
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(MessageSent), "message")]
[JsonDerivedType(typeof(MessageEdited), "edited")]
[JsonDerivedType(typeof(MessageTakenBack), "recalled")]
[JsonDerivedType(typeof(ReactionChanged), "reaction")]
[JsonDerivedType(typeof(MessagesRead), "read")]
[JsonDerivedType(typeof(MemberTyping), "typing")]
[JsonDerivedType(typeof(MemberChanged), "member")]
[JsonDerivedType(typeof(AnnouncementChanged), "announcement")]
[JsonDerivedType(typeof(GroupRenamed), "renamed")]
[JsonDerivedType(typeof(PollChanged), "poll")]
[JsonDerivedType(typeof(EventsMissed), "gap")]
public abstract record GroupEvent
{
    [Id(0)]
    public long At { get; init; }
}

[GenerateSerializer, Immutable, Alias("groups.event.message")]
public sealed record MessageSent(Message Message) : GroupEvent;

/// <summary>The message as it is now.</summary>
[GenerateSerializer, Immutable, Alias("groups.event.edited")]
public sealed record MessageEdited(Message Message) : GroupEvent;

[GenerateSerializer, Immutable, Alias("groups.event.recalled")]
public sealed record MessageTakenBack(long Seq, UserId By) : GroupEvent;

/// <summary>How often the emoji stands under the message now, and whose change it was.</summary>
[GenerateSerializer, Immutable, Alias("groups.event.reaction")]
public sealed record ReactionChanged(long Seq, string Emoji, int Count, UserId UserId, bool On) : GroupEvent;

/// <summary>The member has read up to there. Not everybody is told in a large group: the member's own devices are.
/// </summary>
[GenerateSerializer, Immutable, Alias("groups.event.read")]
public sealed record MessagesRead(UserId UserId, long Seq) : GroupEvent;

[GenerateSerializer, Immutable, Alias("groups.event.typing")]
public sealed record MemberTyping(UserId UserId, string Name) : GroupEvent;

[JsonConverter(typeof(SnakeCaseEnum<MemberChange>))]
public enum MemberChange
{
    Joined,
    Left,

    /// <summary>Taken out by the owner or an admin.</summary>
    Removed,
    Role,
    Muted,
    Unmuted,

    /// <summary>Asks to become a member; for those who decide it.</summary>
    Requested,
}

/// <summary>Something became of a member.</summary>
/// <param name="Change">What.</param>
/// <param name="UserId">Of whom.</param>
/// <param name="Name">That user's name.</param>
/// <param name="By">Who did it.</param>
/// <param name="Role">The member's role now; null: not a member any more.</param>
/// <param name="MutedUntil">Until when the member may not send, Unix ms.</param>
/// <param name="Members">How many members there are now.</param>
[GenerateSerializer, Immutable, Alias("groups.event.member")]
public sealed record MemberChanged(
    MemberChange Change, UserId UserId, string Name, UserId By, GroupRole? Role, long? MutedUntil, int Members)
    : GroupEvent;

/// <summary>Null: it was taken away.</summary>
[GenerateSerializer, Immutable, Alias("groups.event.announcement")]
public sealed record AnnouncementChanged(Announcement? Announcement) : GroupEvent;

[GenerateSerializer, Immutable, Alias("groups.event.renamed")]
public sealed record GroupRenamed(string Name, UserId By) : GroupEvent;

/// <summary>The counts of a poll as they are now.</summary>
[GenerateSerializer, Immutable, Alias("groups.event.poll")]
public sealed record PollChanged(PollTally Tally) : GroupEvent;

/// <summary>
/// To one connection that could not be told everything: of the messages <paramref name="From"/> to
/// <paramref name="To"/> some may be missing or not be as they are now, and members too may have changed. It asks
/// again. Front ends say so; no group's news hold it.
/// </summary>
[GenerateSerializer, Immutable, Alias("groups.event.gap")]
public sealed record EventsMissed(long From, long To) : GroupEvent;

/// <summary>Where a group's news are: <paramref name="Epoch"/> is another one after every loss of memory,
/// <paramref name="Number"/> grows by exactly one for each <see cref="GroupNews"/> of it.</summary>
[GenerateSerializer, Immutable, Alias("groups.head")]
public sealed record GroupHead(long Epoch, long Number);

/// <summary>
/// What happened in a group since the news before: the stream event of a group. All of it is durable, except that
/// somebody types or has read.
/// </summary>
/// <param name="Head">Which news it is.</param>
/// <param name="LastSeq">The last message by then.</param>
/// <param name="Events">In the order in which it happened.</param>
[GenerateSerializer, Immutable, Alias("groups.news")]
public sealed record GroupNews(GroupHead Head, long LastSeq, ImmutableArray<GroupEvent> Events);

/// <summary>News that a front end missed.</summary>
/// <param name="Head">The last news.</param>
/// <param name="IsComplete">False: the group does not hold all of it any more, <paramref name="News"/> is empty, and
/// whoever looks on has to open the group again.</param>
/// <param name="News">Everything after what was asked for.</param>
[GenerateSerializer, Immutable, Alias("groups.news-answer")]
public sealed record GroupNewsAnswer(GroupHead Head, bool IsComplete, ImmutableArray<GroupNews> News);
