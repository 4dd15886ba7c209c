using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace RedNote.Groups;

/// <summary>Makes a group, or a conversation of two.</summary>
/// <param name="By">Who makes it; the owner.</param>
/// <param name="ByName">That user's name.</param>
/// <param name="Kind">Of a conversation, the one other member is in <paramref name="Members"/>, and nothing but the
/// token counts besides.</param>
/// <param name="Name">1 to 40 characters; ignored for a conversation.</param>
/// <param name="JoinPolicy">How one becomes a member.</param>
/// <param name="Members">The first members besides, with their names; all of them exist.</param>
/// <param name="Token">Random, so that a repeated call is told from a taken id.</param>
[GenerateSerializer, Immutable, Alias("groups.create")]
public sealed record CreateGroup(
    UserId By,
    string ByName,
    GroupKind Kind,
    string Name,
    JoinPolicy JoinPolicy,
    ImmutableArray<NewMember> Members,
    string Token);

/// <summary>Somebody who becomes a member, with the name as it is now.</summary>
[GenerateSerializer, Immutable, Alias("groups.new-member")]
public sealed record NewMember(UserId UserId, string Name);

/// <summary>New values; null leaves a field as it is. An empty announcement takes it away.</summary>
[GenerateSerializer, Immutable, Alias("groups.change")]
public sealed record GroupChange(string? Name, string? Announcement, JoinPolicy? JoinPolicy);

/// <summary>The group is null unless Done, or as a stranger may see it.</summary>
[GenerateSerializer, Immutable, Alias("groups.outcome")]
public sealed record GroupOutcome(CommandStatus Status, Group? Group);

/// <summary>What a group says to who opens it.</summary>
/// <param name="Group">As the reader sees it.</param>
/// <param name="Members">The first of them in order of ids, at most <see cref="MemberPage.MaxLimit"/>.</param>
/// <param name="ReadSeq">What the reader has read.</param>
/// <param name="Messages">After what was asked for, at most <see cref="MessagePage.MaxLimit"/>, oldest first; the last
/// ones if nothing was.</param>
/// <param name="HasMore">Whether there are more between these and <see cref="Group.LastSeq"/>.</param>
/// <param name="Head">All news up to this one are in it, none after.</param>
[GenerateSerializer, Immutable, Alias("groups.opened")]
public sealed record OpenedGroup(
    Group Group,
    ImmutableArray<GroupMember> Members,
    long ReadSeq,
    ImmutableArray<Message> Messages,
    bool HasMore,
    GroupHead Head);

/// <summary>Null unless Done.</summary>
[GenerateSerializer, Immutable, Alias("groups.open-outcome")]
public sealed record OpenOutcome(CommandStatus Status, OpenedGroup? Opened);

/// <summary>Sends a message. The name is the sender's as it is now.</summary>
[GenerateSerializer, Immutable, Alias("groups.send")]
public sealed record SendMessage(
    UserId From,
    string FromName,
    string Text,
    long? ReplyTo,
    ImmutableArray<UserId> Mentions,
    Card? Card,
    string Key);

/// <summary>Puts an emoji under a message, or takes it away.</summary>
/// <param name="Seq">The message.</param>
/// <param name="Emoji">One emoji: at most 32 bytes of UTF-8 that a reader sees as one.</param>
/// <param name="On">Whether it is to stand there.</param>
[GenerateSerializer, Immutable, Alias("groups.reaction")]
public sealed record Reaction(long Seq, string Emoji, bool On);

[JsonConverter(typeof(SnakeCaseEnum<SendStatus>))]
public enum SendStatus
{
    Accepted,
    Rejected,
}

/// <summary>Why something was not done in a group.</summary>
[JsonConverter(typeof(SnakeCaseEnum<GroupReason>))]
public enum GroupReason
{
    NotFound,

    /// <summary>Not a member (any more).</summary>
    NotMember,

    /// <summary>Not this user's to do.</summary>
    Forbidden,
    Muted,
    Empty,
    TooLong,
    Invalid,

    /// <summary>The time to change or take back has passed.</summary>
    TooLate,

    /// <summary>The key stands for another message.</summary>
    Conflict,
    RateLimited,

    /// <summary>The outcome is unknown; a retry with the same key is safe.</summary>
    TryAgain,
}

/// <summary>What became of a message, or of a change to one.</summary>
/// <param name="Status">Whether it was done.</param>
/// <param name="Seq">The message's number.</param>
/// <param name="At">When it was accepted or changed, Unix ms.</param>
/// <param name="Reason">Why it was not done.</param>
/// <param name="RetryAfterMs">When a repeat can succeed.</param>
[GenerateSerializer, Immutable, Alias("groups.send-answer")]
public sealed record SendAnswer(
    SendStatus Status,
    long? Seq = null,
    long? At = null,
    GroupReason? Reason = null,
    long? RetryAfterMs = null)
{
    public static SendAnswer Accept(long seq, long at) => new(SendStatus.Accepted, seq, at);

    public static SendAnswer Reject(GroupReason reason) => new(SendStatus.Rejected, Reason: reason);
}

/// <summary>Asks for messages before or after a number (one of them; neither: the last ones).</summary>
[GenerateSerializer, Immutable, Alias("groups.message-query")]
public sealed record MessageQuery(long? Before, long? After, int Limit);

/// <summary>Asks for messages that hold all of the words, newest first.</summary>
/// <param name="Text">What is looked for: 1 to 100 characters; words are split at spaces.</param>
/// <param name="Before">Only messages before this number; null: from the last.</param>
/// <param name="Limit">1 to 50.</param>
[GenerateSerializer, Immutable, Alias("groups.search-query")]
public sealed record SearchQuery(string Text, long? Before, int Limit)
{
    public const int MaxText = 100;
    public const int MaxLimit = 50;
}

/// <summary>Null unless Done.</summary>
[GenerateSerializer, Immutable, Alias("groups.messages-outcome")]
public sealed record MessagesOutcome(CommandStatus Status, MessagePage? Page);

/// <summary>Null unless Done.</summary>
[GenerateSerializer, Immutable, Alias("groups.receipts-outcome")]
public sealed record ReceiptsOutcome(CommandStatus Status, Receipts? Receipts);

/// <summary>Null unless Done.</summary>
[GenerateSerializer, Immutable, Alias("groups.digest-outcome")]
public sealed record DigestOutcome(CommandStatus Status, Digest? Digest);

/// <summary>Null unless Done.</summary>
[GenerateSerializer, Immutable, Alias("groups.members-outcome")]
public sealed record MembersOutcome(CommandStatus Status, MemberPage? Page);

/// <summary>How becoming a member ended.</summary>
[JsonConverter(typeof(SnakeCaseEnum<JoinStatus>))]
public enum JoinStatus
{
    /// <summary>Is a member now, or was already.</summary>
    Joined,

    /// <summary>Has asked; the owner or an admin decides.</summary>
    Requested,
}

/// <summary>What became of it is null unless Done. Conflict: the group is full.</summary>
[GenerateSerializer, Immutable, Alias("groups.join-outcome")]
public sealed record JoinOutcome(CommandStatus Status, JoinStatus? Joined, Group? Group);

/// <summary>Null unless Done.</summary>
[GenerateSerializer, Immutable, Alias("groups.invite-outcome")]
public sealed record InviteOutcome(CommandStatus Status, Invite? Invite);

/// <summary>Empty unless Done.</summary>
[GenerateSerializer, Immutable, Alias("groups.invites-outcome")]
public sealed record InvitesOutcome(CommandStatus Status, ImmutableArray<Invite> Items);

/// <summary>Empty unless Done.</summary>
[GenerateSerializer, Immutable, Alias("groups.requests-outcome")]
public sealed record RequestsOutcome(CommandStatus Status, ImmutableArray<JoinRequest> Items);

/// <summary>Who looks on at a front end, so that the group knows whom to tell in another way.</summary>
/// <param name="FrontEnd">Its name.</param>
/// <param name="Users">Everybody there who has the group open.</param>
[GenerateSerializer, Immutable, Alias("groups.presence")]
public sealed record GroupPresence(string FrontEnd, ImmutableArray<UserId> Users);
