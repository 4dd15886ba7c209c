using System.Collections.Immutable;
using System.Text.Json.Serialization;
using RedNote.Journal;

namespace RedNote.Groups;

/// <summary>
/// Something that happened to a group, as its log keeps it for ever: members may be added, never renamed or dropped.
/// </summary>
/// <param name="At">When, Unix ms.</param>
[JsonPolymorphic(
    TypeDiscriminatorPropertyName = JournalJson.Kind,
    UnknownDerivedTypeHandling = JsonUnknownDerivedTypeHandling.FailSerialization)]
[JsonDerivedType(typeof(GroupCreated), "group.created")]
[JsonDerivedType(typeof(EpochBegan), "group.epoch_began")]
[JsonDerivedType(typeof(SettingsChanged), "group.settings_changed")]
[JsonDerivedType(typeof(MembersJoined), "group.members_joined")]
[JsonDerivedType(typeof(MemberGone), "group.member_gone")]
[JsonDerivedType(typeof(RoleGiven), "group.role_given")]
[JsonDerivedType(typeof(MemberMuted), "group.member_muted")]
[JsonDerivedType(typeof(JoinRequested), "group.join_requested")]
[JsonDerivedType(typeof(JoinRefused), "group.join_refused")]
[JsonDerivedType(typeof(InviteMade), "group.invite_made")]
[JsonDerivedType(typeof(InviteRevoked), "group.invite_revoked")]
[JsonDerivedType(typeof(MessagePosted), "group.message_posted")]
[JsonDerivedType(typeof(MessageChanged), "group.message_changed")]
[JsonDerivedType(typeof(MessageRecalled), "group.message_recalled")]
[JsonDerivedType(typeof(MessageReacted), "group.message_reacted")]
[JsonDerivedType(typeof(MarksMoved), "group.marks_moved")]
[JsonDerivedType(typeof(MembersKnocked), "group.members_knocked")]
[JsonDerivedType(typeof(GroupPollOpened), "group.poll_opened")]
[JsonDerivedType(typeof(GroupBallotsCast), "group.ballots_cast")]
[JsonDerivedType(typeof(GroupPollClosed), "group.poll_closed")]
public abstract record GroupLogEvent([property: JsonPropertyOrder(-1)] long At);

/// <summary>The group exists from here on.</summary>
/// <param name="At">When, Unix ms.</param>
/// <param name="GroupId">Its number.</param>
/// <param name="Type">A group, or a conversation of two.</param>
/// <param name="Name">Empty for a conversation.</param>
/// <param name="JoinPolicy">How one becomes a member.</param>
/// <param name="Owner">Who made it; of a conversation, one of the two.</param>
/// <param name="Token">Drawn by who made it.</param>
public sealed record GroupCreated(
    long At, GroupId GroupId, GroupKind Type, string Name, JoinPolicy JoinPolicy, NewMember Owner, string Token)
    : GroupLogEvent(At);

/// <summary>An activation that lost the news of the one before tells its own under another number.</summary>
public sealed record EpochBegan(long At, long Epoch) : GroupLogEvent(At);

/// <summary>New values; null leaves one as it was, an empty announcement takes it away.</summary>
public sealed record SettingsChanged(
    long At, UserId By, string? Name, string? Announcement, JoinPolicy? JoinPolicy) : GroupLogEvent(At);

/// <summary>Users became members.</summary>
/// <param name="At">When, Unix ms.</param>
/// <param name="By">Who made them; the member itself if it is one who came.</param>
/// <param name="Members">In the order in which they came.</param>
/// <param name="Invite">The code by which it was; null: by none.</param>
public sealed record MembersJoined(long At, UserId By, ImmutableArray<NewMember> Members, string? Invite)
    : GroupLogEvent(At);

/// <summary>A member left, or was taken out by another.</summary>
public sealed record MemberGone(long At, UserId By, UserId UserId, string Name) : GroupLogEvent(At);

/// <summary>A member got a role; when it is the owner's, the owner before is an admin now.</summary>
public sealed record RoleGiven(long At, UserId By, UserId UserId, GroupRole Role) : GroupLogEvent(At);

/// <summary>A member may not send until then; null: may again.</summary>
public sealed record MemberMuted(long At, UserId By, UserId UserId, long? Until) : GroupLogEvent(At);

/// <summary>Somebody asks to become a member.</summary>
/// <param name="At">When, Unix ms.</param>
/// <param name="UserId">Who.</param>
/// <param name="Name">The user's name.</param>
/// <param name="Tell">Owner and admins at the time.</param>
public sealed record JoinRequested(long At, UserId UserId, string Name, ImmutableArray<UserId> Tell)
    : GroupLogEvent(At);

/// <summary>Somebody who asked does not become a member: was told no, or took it back.</summary>
public sealed record JoinRefused(long At, UserId By, UserId UserId) : GroupLogEvent(At);

/// <summary>Whoever has the code can become a member.</summary>
public sealed record InviteMade(long At, UserId By, string Code, long ExpiresAt, int? Uses) : GroupLogEvent(At);

/// <summary>The code is void.</summary>
public sealed record InviteRevoked(long At, UserId By, string Code) : GroupLogEvent(At);

/// <summary>A message was sent. Its text is blanked here when it is recalled.</summary>
/// <param name="At">When, Unix ms.</param>
/// <param name="Message">The message; the rest of it stays as it is here.</param>
/// <param name="Text">What it says.</param>
/// <param name="Key">The sender's key.</param>
/// <param name="Check">A hash of what was asked for with the key.</param>
/// <param name="Tell">The other one of a conversation who does not look on.</param>
public sealed record MessagePosted(
    long At, StoredMessage Message, string Text, string Key, long Check, UserId? Tell) : GroupLogEvent(At);

/// <summary>A message says something else. Its text is blanked here when it is recalled.</summary>
/// <param name="At">When, Unix ms.</param>
/// <param name="Message">The message as it is now.</param>
/// <param name="Text">What it says now.</param>
/// <param name="Place">Where the message is in the log.</param>
public sealed record MessageChanged(long At, StoredMessage Message, string Text, MessagePlace Place)
    : GroupLogEvent(At);

/// <summary>A message was taken back.</summary>
/// <param name="At">When, Unix ms.</param>
/// <param name="By">Who did it.</param>
/// <param name="Message">What is left of it.</param>
/// <param name="Mentions">Members whom it had mentioned.</param>
/// <param name="Place">Where the message is in the log.</param>
public sealed record MessageRecalled(
    long At, UserId By, StoredMessage Message, ImmutableArray<UserId>? Mentions, MessagePlace Place)
    : GroupLogEvent(At);

/// <summary>Somebody put an emoji under a message, or took it away.</summary>
/// <param name="At">When, Unix ms.</param>
/// <param name="Seq">The message.</param>
/// <param name="From">Its sender.</param>
/// <param name="UserId">Whose reaction it is.</param>
/// <param name="Emoji">One emoji.</param>
/// <param name="On">Whether it stands there now.</param>
/// <param name="Count">How often it does.</param>
public sealed record MessageReacted(
    long At, long Seq, UserId From, UserId UserId, string Emoji, bool On, int Count) : GroupLogEvent(At);

/// <summary>Members have read up to there; some of them may have gone meanwhile.</summary>
public sealed record MarksMoved(long At, ImmutableArray<ReadMark> Marks) : GroupLogEvent(At);

/// <summary>How far somebody has read.</summary>
public sealed record ReadMark(
    [property: JsonPropertyName("u")] UserId UserId, [property: JsonPropertyName("s")] long Seq);

/// <summary>Members are told that there are messages.</summary>
/// <param name="At">When, Unix ms.</param>
/// <param name="Seq">The last message by then.</param>
/// <param name="Users">Who is told.</param>
public sealed record MembersKnocked(long At, long Seq, ImmutableArray<UserId> Users) : GroupLogEvent(At);

/// <summary>A message as it is stored, without its text and its reactions.</summary>
/// <param name="Seq">Its number.</param>
/// <param name="From">Who sent it.</param>
/// <param name="FromName">The sender's name then.</param>
/// <param name="At">When it was sent, Unix ms.</param>
/// <param name="ReplyTo">The message that it answers.</param>
/// <param name="ReplyFrom">Who sent that one, if a member other than the sender did.</param>
/// <param name="Mentions">Members whom it is to reach, without the sender.</param>
/// <param name="Card">What it shows.</param>
/// <param name="EditedAt">When it was last changed.</param>
/// <param name="Edits">How often it was changed.</param>
/// <param name="Recalled">Whether it was taken back.</param>
public sealed record StoredMessage(
    long Seq,
    UserId From,
    string FromName,
    long At,
    long? ReplyTo = null,
    UserId? ReplyFrom = null,
    ImmutableArray<UserId>? Mentions = null,
    Card? Card = null,
    long? EditedAt = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] int Edits = 0,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool Recalled = false)
{
    /// <summary>Those whom it mentions, and the one whom it answers; each once.</summary>
    [JsonIgnore]
    public IEnumerable<UserId> Called => ReplyFrom is { } answered && !(Mentions ?? []).Contains(answered)
        ? [.. Mentions ?? [], answered]
        : Mentions ?? [];
}

/// <summary>Where a message is in the log, and under which key: what its row says besides.</summary>
/// <param name="Version">Version of the event by which it was sent.</param>
/// <param name="Key">The sender's key.</param>
/// <param name="Check">A hash of what was asked for with the key.</param>
public sealed record MessagePlace(long Version, string Key, long Check);
