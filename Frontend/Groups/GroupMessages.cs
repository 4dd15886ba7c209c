using System.Collections.Immutable;
using System.Text.Json.Serialization;
using RedNote.Frontend.Live;
using RedNote.Groups;
using RedNote.Live;

namespace RedNote.Frontend.Groups;

/// <summary>What a client sends as a message; who sends it is never taken from here.</summary>
/// <param name="Text">1 to 5,000 characters; may be absent beside a card.</param>
/// <param name="ReplyTo">The number of the message that it answers.</param>
/// <param name="Mentions">Ids of members.</param>
/// <param name="Card">What it shows.</param>
/// <param name="Key">1 to 64 of A-Z a-z 0-9 _ -.</param>
public sealed record MessageDraft(string? Text, long? ReplyTo, string?[]? Mentions, CardDraft? Card, string? Key);

/// <param name="Kind">note, room, deal or poll.</param>
/// <param name="Id">Of what it shows.</param>
public sealed record CardDraft(string? Kind, string? Id);

/// <summary>The answer to <c>OpenGroup</c>.</summary>
public sealed record GroupOpened : IJoinAnswer
{
    internal GroupOpened(OpenedGroup opened, ImmutableArray<Message> messages)
    {
        (Group, Members, LastSeq, ReadSeq) = (opened.Group, opened.Members, opened.Group.LastSeq, opened.ReadSeq);
        Messages = messages;
        HasMore = opened.HasMore || messages.Length < opened.Messages.Length;
    }

    public Group Group { get; }

    /// <summary>The first of them in order of ids.</summary>
    public ImmutableArray<GroupMember> Members { get; }

    public long LastSeq { get; }

    public long ReadSeq { get; }

    /// <summary>Those after what was asked for, or the last; oldest first.</summary>
    public ImmutableArray<Message> Messages { get; }

    /// <summary>Whether there are more between these and the last, or, when none was asked for, before these.</summary>
    public bool HasMore { get; }

    [JsonIgnore]
    internal JoinTicket? Ticket { get; init; }

    JoinTicket? IJoinAnswer.Ticket => Ticket;
}

/// <summary>Where the member's read mark is now.</summary>
public sealed record MarkAnswer(long ReadSeq);

/// <summary>The groups of a user, that of the newest message first.</summary>
public sealed record GroupList(ImmutableArray<ListedGroup> Items);

/// <summary>A group in its member's list, and how far the member has read.</summary>
public sealed record ListedGroup
{
    internal ListedGroup(GroupSummary summary)
    {
        Of = summary.Group;
        (Unread, UnreadMentions) = (summary.Unread, summary.UnreadMentions);
        (ReadSeq, LastMessage) = (summary.ReadSeq, summary.LastMessage);
    }

    [JsonIgnore]
    internal Group Of { get; }

    public GroupId GroupId => Of.GroupId;

    public GroupKind Kind => Of.Kind;

    public string Name => Of.Name;

    public Announcement? Announcement => Of.Announcement;

    public JoinPolicy JoinPolicy => Of.JoinPolicy;

    public UserId? OwnerId => Of.OwnerId;

    public int Members => Of.Members;

    public int MaxMembers => Of.MaxMembers;

    public long CreatedAt => Of.CreatedAt;

    public long LastSeq => Of.LastSeq;

    public GroupRole? MyRole => Of.MyRole;

    public long? MutedUntil => Of.MutedUntil;

    public UserId? PeerId => Of.PeerId;

    /// <summary>Messages of others after the read mark.</summary>
    public long Unread { get; }

    /// <summary>Those of them that mention the member or answer one of the member's.</summary>
    public int UnreadMentions { get; }

    /// <summary>The last message that the member has read.</summary>
    public long ReadSeq { get; }

    /// <summary>Null: none yet.</summary>
    public Message? LastMessage { get; }
}

/// <param name="Name">1 to 40 characters.</param>
/// <param name="MemberIds">Who is in it from the start, besides who makes it.</param>
/// <param name="JoinPolicy">open, approval or invite; open when absent.</param>
public sealed record NewGroupRequest(string? Name, string?[]? MemberIds, string? JoinPolicy);

/// <param name="Name">1 to 40 characters.</param>
/// <param name="Announcement">At most 1,000 characters; empty takes it away.</param>
/// <param name="JoinPolicy">open, approval or invite.</param>
public sealed record GroupChangeRequest(string? Name, string? Announcement, string? JoinPolicy);

/// <param name="UserId">With whom.</param>
public sealed record ConversationRequest(string? UserId);

/// <param name="Role">member, admin or owner.</param>
public sealed record RoleRequest(string? Role);

/// <param name="Seconds">For how long.</param>
public sealed record GroupMuteRequest(int? Seconds);

/// <param name="Seconds">How long it holds: 1 to 2,592,000; a week when absent.</param>
/// <param name="Uses">How many may use it; as many as like to when absent.</param>
public sealed record NewInviteRequest(int? Seconds, int? Uses);

/// <summary>Invites that hold.</summary>
public sealed record InviteList(ImmutableArray<Invite> Items);

/// <summary>Who asks to become a member.</summary>
public sealed record JoinRequestList(ImmutableArray<JoinRequest> Items);

/// <summary>How becoming a member ended.</summary>
/// <param name="Status">joined, or requested: somebody has to say yes.</param>
/// <param name="Group">As the caller sees it.</param>
public sealed record JoinedGroup(JoinStatus Status, Group? Group);

/// <summary>A poll, and the number of the message that shows it.</summary>
public sealed record GroupPoll(Poll Poll, long Seq);
