using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace RedNote.Groups;

[JsonConverter(typeof(SnakeCaseEnum<GroupKind>))]
public enum GroupKind
{
    Group,

    /// <summary>A conversation of two: nobody joins, leaves, or has a role.</summary>
    Direct,
}

[JsonConverter(typeof(SnakeCaseEnum<GroupRole>))]
public enum GroupRole
{
    Member,
    Admin,
    Owner,
}

[JsonConverter(typeof(SnakeCaseEnum<JoinPolicy>))]
public enum JoinPolicy
{
    /// <summary>Whoever wants to joins, and any member brings others in.</summary>
    Open,

    /// <summary>Whoever wants to asks, and the owner or an admin decides.</summary>
    Approval,

    /// <summary>By an invite link, or brought in by the owner or an admin.</summary>
    Invite,
}

/// <summary>A group as one reader sees it; times are Unix ms.</summary>
/// <param name="GroupId">Its id.</param>
/// <param name="Kind">A group, or a conversation of two.</param>
/// <param name="Name">1 to 40 characters; of a conversation, the other one's name.</param>
/// <param name="Announcement">Null: none.</param>
/// <param name="JoinPolicy">How one becomes a member.</param>
/// <param name="OwnerId">Null for a conversation of two.</param>
/// <param name="Members">How many there are.</param>
/// <param name="MaxMembers">How many there can be.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="LastSeq">The number of the last message; 0: none.</param>
/// <param name="MyRole">Null: the reader is not a member.</param>
/// <param name="MutedUntil">Until when the reader may not send; null: may.</param>
/// <param name="PeerId">The other one of a conversation of two.</param>
[GenerateSerializer, Immutable, Alias("groups.group")]
public sealed record Group(
    GroupId GroupId,
    GroupKind Kind,
    string Name,
    Announcement? Announcement,
    JoinPolicy JoinPolicy,
    UserId? OwnerId,
    int Members,
    int MaxMembers,
    long CreatedAt,
    long LastSeq,
    GroupRole? MyRole,
    long? MutedUntil,
    UserId? PeerId);

/// <summary>What everybody in a group is to know. At is Unix ms.</summary>
[GenerateSerializer, Immutable, Alias("groups.announcement")]
public sealed record Announcement(string Text, UserId By, long At);

/// <summary>A member as members see one another.</summary>
/// <param name="UserId">Who it is.</param>
/// <param name="Name">The name as it was last seen in the group.</param>
/// <param name="Role">What the member may do.</param>
/// <param name="JoinedAt">Unix ms.</param>
/// <param name="ReadSeq">The last message that the member has read.</param>
/// <param name="MutedUntil">Unix ms; null: may send.</param>
/// <param name="Points">Activity points (see the group's options).</param>
[GenerateSerializer, Immutable, Alias("groups.member")]
public sealed record GroupMember(
    UserId UserId, string Name, GroupRole Role, long JoinedAt, long ReadSeq, long? MutedUntil, long Points);

/// <summary>Members in order of their ids; <paramref name="Next"/> is what to ask after for more, null at the end.
/// </summary>
[GenerateSerializer, Immutable, Alias("groups.member-page")]
public sealed record MemberPage(ImmutableArray<GroupMember> Items, UserId? Next)
{
    /// <summary>Members in one answer.</summary>
    public const int MaxLimit = 500;
}

/// <summary>A group in a member's list.</summary>
/// <param name="Group">The group as that member sees it.</param>
/// <param name="ReadSeq">The last message that the member has read.</param>
/// <param name="Unread">Messages of others after that, recalled ones left out.</param>
/// <param name="UnreadMentions">Those of them that mention the member or answer one of the member's messages.</param>
/// <param name="LastMessage">Null: none yet.</param>
[GenerateSerializer, Immutable, Alias("groups.summary")]
public sealed record GroupSummary(
    Group Group, long ReadSeq, long Unread, int UnreadMentions, Message? LastMessage);

/// <summary>Somebody who asks to become a member.</summary>
[GenerateSerializer, Immutable, Alias("groups.join-request")]
public sealed record JoinRequest(UserId UserId, string Name, long At);

/// <summary>A way in for who has the code.</summary>
/// <param name="Code">16 to 64 of <c>A-Za-z0-9_-</c>; see <see cref="InviteCode"/>.</param>
/// <param name="By">Who made it.</param>
/// <param name="ExpiresAt">Unix ms.</param>
/// <param name="UsesLeft">Null: as often as one likes.</param>
[GenerateSerializer, Immutable, Alias("groups.invite")]
public sealed record Invite(string Code, UserId By, long ExpiresAt, int? UsesLeft);
