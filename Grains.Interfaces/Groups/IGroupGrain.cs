using Orleans.Concurrency;

namespace RedNote.Groups;

/// <summary>
/// One group, or one conversation of two: members, messages, read marks. Every answer leaves only when what it says is
/// durable, except that a read mark may fall back by a second after a crash. Whoever is not a member is answered
/// Forbidden, or that there is no such group where even that is none of a stranger's business (a conversation).
/// </summary>
[Alias("groups.group-grain")]
public interface IGroupGrain : IEffectSource, IGroupMembers, IGroupHistory, IGroupPolls, IGrainWithIntegerKey
{
    /// <summary>Done, also when the same token made it; Conflict: the id is taken, take another. Invalid: a name or
    /// too many members.</summary>
    [Alias("create")]
    Task<GroupOutcome> Create(CreateGroup command);

    /// <summary>The owner or an admin changes name, announcement, join policy. Done, NotFound, Forbidden, Invalid,
    /// WrongState (a conversation of two).</summary>
    [Alias("change")]
    Task<GroupOutcome> Change(UserId by, GroupChange change);

    /// <summary>The group as that user sees it; a stranger sees one whose policy is not invite.</summary>
    [Alias("get")]
    Task<GroupOutcome> Get(UserId reader);

    /// <summary>The group for a member's list; null: not a member (any more).</summary>
    [Alias("summary")]
    Task<GroupSummary?> Summary(UserId reader);

    /// <summary>For a member that looks on from now on: what is there after a message (null: the last ones). Done,
    /// NotFound, Forbidden.</summary>
    [Alias("open")]
    Task<OpenOutcome> Open(UserId reader, long? afterSeq);

    /// <summary>Sends a message; the same key gets the first answer.</summary>
    [Alias("send")]
    Task<SendAnswer> Send(SendMessage message);

    /// <summary>The sender changes a message's text, within the time that the options give.</summary>
    [Alias("edit")]
    Task<SendAnswer> Edit(UserId by, long seq, string text);

    /// <summary>Takes a message back: its sender within two minutes, owner and admins any time. Its text is gone for
    /// good; also accepted when it was so already.</summary>
    [Alias("recall")]
    Task<SendAnswer> Recall(UserId by, long seq);

    /// <summary>Puts an emoji under a message, or takes it away; also accepted when it was so already.</summary>
    [Alias("react")]
    Task<SendAnswer> React(UserId by, Reaction reaction);

    /// <summary>The member has read up to there; never goes back, and not past the last message. Answers where the mark
    /// is now; null: not a member.</summary>
    [Alias("mark-read")]
    Task<long?> MarkRead(UserId by, long seq);

    /// <summary>A member types; others who look on are told, nothing is kept. False: not a member.</summary>
    [Alias("type")]
    Task<bool> Type(UserId by, string name);

    /// <summary>All news after one of them; null: no such group.</summary>
    [Alias("news-after")]
    Task<GroupNewsAnswer?> NewsAfter(GroupHead after);

    /// <summary>Who looks on at a front end; counts for a minute. Answers the last news; null: no such group.</summary>
    [Alias("report")]
    Task<GroupHead?> Report(GroupPresence presence);
}

/// <summary>Who belongs to a group, and who may do what.</summary>
[Alias("groups.members")]
public interface IGroupMembers : IGrain
{
    /// <summary>Members after that user in order of ids; for members alone.</summary>
    [Alias("members")]
    Task<MembersOutcome> Members(UserId reader, UserId after, int limit);

    /// <summary>
    /// Makes somebody a member: oneself as the policy allows, another as an admin (any member where the policy is
    /// open). For one who has asked it is the yes. Done, NotFound, Forbidden, Conflict (full), WrongState (two).
    /// </summary>
    [Alias("join")]
    Task<JoinOutcome> Join(UserId by, NewMember member);

    /// <summary>Becomes a member by an invite's code. NotFound also when it has expired or is used up.</summary>
    [Alias("join-by-invite")]
    Task<JoinOutcome> JoinByInvite(NewMember member, string code);

    /// <summary>
    /// Leaves, or takes somebody out (owner: anybody; admin: members), or says no to who has asked. Done also when it
    /// was so already. The owner cannot leave a group that others are in (WrongState): first another becomes owner.
    /// </summary>
    [Alias("remove")]
    Task<CommandStatus> Remove(UserId by, UserId member);

    /// <summary>The owner gives a role. With the role of owner, the old owner becomes an admin. Done, NotFound,
    /// Forbidden, Invalid (the owner's own), WrongState (two).</summary>
    [Alias("set-role")]
    Task<CommandStatus> SetRole(UserId by, UserId member, GroupRole role);

    /// <summary>The owner or an admin takes a lower member's word for so many seconds (1 to 30 days); null gives it
    /// back. Done, NotFound, Forbidden, Invalid, WrongState.</summary>
    [Alias("mute")]
    Task<CommandStatus> Mute(UserId by, UserId member, int? seconds);

    /// <summary>Who asks to become a member; for owner and admins.</summary>
    [Alias("requests")]
    Task<RequestsOutcome> Requests(UserId by);

    /// <summary>Makes an invite; <paramref name="secret"/> is random. For owner and admins, or any member where the
    /// policy is open. Invalid: out of bounds; RateLimited: too many are valid.</summary>
    [Alias("invite")]
    Task<InviteOutcome> Invite(UserId by, string secret, int seconds, int? uses);

    /// <summary>The invites that hold; for owner and admins, and those of its own for any member. Done, NotFound,
    /// Forbidden.</summary>
    [Alias("invites")]
    Task<InvitesOutcome> Invites(UserId by);

    /// <summary>Makes an invite void; who made it, owner and admins. Done, NotFound, Forbidden.</summary>
    [Alias("revoke-invite")]
    Task<CommandStatus> RevokeInvite(UserId by, string code);
}

/// <summary>What a group remembers; for members alone.</summary>
[Alias("groups.history")]
public interface IGroupHistory : IGrain
{
    [Alias("messages"), AlwaysInterleave]
    Task<MessagesOutcome> Messages(UserId reader, MessageQuery query);

    /// <summary>Messages that hold all of the words, newest first.</summary>
    [Alias("search"), AlwaysInterleave]
    Task<MessagesOutcome> Search(UserId reader, SearchQuery query);

    /// <summary>Who has read a message.</summary>
    [Alias("receipts")]
    Task<ReceiptsOutcome> Receipts(UserId reader, long seq);

    /// <summary>What happened since: a message's number, or a time in Unix ms (whatever is above
    /// <see cref="DigestSince.FirstTime"/>); null: since the reader's mark.</summary>
    [Alias("digest"), AlwaysInterleave]
    Task<DigestOutcome> Digest(UserId reader, long? since);
}

/// <summary>Tells numbers of messages from times.</summary>
public static class DigestSince
{
    /// <summary>The first number that is a time, in 1973; no group has so many messages.</summary>
    public const long FirstTime = 100_000_000_000;
}
