using System.Collections.Immutable;
using System.Text.Json.Serialization;
using RedNote.Journal;

namespace RedNote.Users;

/// <summary>What happens to a user's inbox; log <c>inbox</c>.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = JournalJson.Kind,
    UnknownDerivedTypeHandling = JsonUnknownDerivedTypeHandling.FailSerialization)]
[JsonDerivedType(typeof(MembershipChanged), "inbox.membership_changed")]
[JsonDerivedType(typeof(NoticeTaken), "inbox.notice_taken")]
[JsonDerivedType(typeof(NotificationsRead), "inbox.read")]
public abstract record InboxEvent;

/// <summary>The user is in a group or no longer, as of that version of the group's log.</summary>
/// <param name="GroupId">Which.</param>
/// <param name="IsMember">Whether the user is in.</param>
/// <param name="Version">Of the event in the group's log.</param>
/// <param name="At">When, Unix ms.</param>
/// <param name="Forgotten">Groups left so long ago that they are forgotten.</param>
public sealed record MembershipChanged(
    GroupId GroupId, bool IsMember, long Version, long At, ImmutableArray<GroupId>? Forgotten) : InboxEvent;

/// <summary>A notice became a notification, or one more of a notification that was not read.</summary>
/// <param name="Id">The notification's number from now on.</param>
/// <param name="Notice">What was taken.</param>
/// <param name="Count">How many the notification gathers now.</param>
/// <param name="Gathers">Its number before; null: it is new.</param>
/// <param name="KeptFrom">Notifications with lower numbers go; null: none does.</param>
/// <param name="Forgotten">Logs that said nothing for so long that they are forgotten.</param>
public sealed record NoticeTaken(
    long Id, NewNotice Notice, int Count, long? Gathers, long? KeptFrom, ImmutableArray<string>? Forgotten)
    : InboxEvent;

/// <summary>All notifications up to that number are read.</summary>
public sealed record NotificationsRead(long UpTo) : InboxEvent;

/// <summary>A snapshot of an inbox.</summary>
public sealed record InboxDocument
{
    public long LastId { get; init; }

    public long ReadUpTo { get; init; }

    /// <summary>Oldest first.</summary>
    public ImmutableArray<StoredNotification> Notifications { get; init; } = [];

    /// <summary>In order of the groups.</summary>
    public ImmutableArray<GroupMembership> Groups { get; init; } = [];

    /// <summary>In ordinal order of their names.</summary>
    public ImmutableArray<StoredSource> Sources { get; init; } = [];
}

/// <summary>A notification, by the latest notice that it gathers.</summary>
public sealed record StoredNotification(long Id, int Count, NewNotice Notice);

/// <summary>A log that notices come from: the last version taken, and when it happened (Unix ms).</summary>
public sealed record StoredSource(string Source, long Version, long At);

[JsonSerializable(typeof(InboxEvent))]
[JsonSerializable(typeof(InboxDocument))]
internal sealed partial class InboxJson : JsonSerializerContext
{
    public static InboxJson Instance { get; } = new(JournalJson.CreateOptions());
}
