using System.Collections.Immutable;
using RedNote.Groups;
using RedNote.Live;

namespace RedNote.Frontend.Tests.Fakes;

/// <summary>A group that holds messages and news as a test says; what it was asked is kept.</summary>
internal sealed class FakeGroup : IGroupGrain
{
    public static readonly GroupId Id = new(9);

    public List<GroupPresence> Reports { get; } = [];

    public List<GroupHead> Fills { get; } = [];

    /// <summary>Asked for: messages after that one.</summary>
    public List<long> Pages { get; } = [];

    /// <summary>What the group answers next, before anything else.</summary>
    public Func<UserId, Task<OpenOutcome>>? OnOpen { get; set; }

    /// <summary>Runs when messages are asked for, before the answer is made.</summary>
    public Func<Task> OnPage { get; set; } = () => Task.CompletedTask;

    /// <summary>Whether the group is there, when who looks on is reported.</summary>
    public Func<bool> OnReport { get; set; } = () => true;

    public List<Message> Messages { get; } = [];

    public List<GroupNews> News { get; } = [];

    public HashSet<UserId> Strangers { get; } = [];

    public HashSet<UserId> Admins { get; } = [];

    public int Members { get; set; } = 3;

    /// <summary>The last news that an answer knows of.</summary>
    public GroupHead Head { get; set; } = new(1, 0);

    /// <summary>Whether news can still be had.</summary>
    public bool HoldsNews { get; set; } = true;

    public static Message Say(long seq, string text = "hello") => new(
        seq, new UserId(1), "Ann", text, seq, null, null, null, null, null, null, null);

    public static MessageSent Sent(long seq, string text = "hello") => new(Say(seq, text)) { At = seq };

    public static MemberChanged Changed(MemberChange change, UserId user, int members, GroupRole? role = null)
        => new(change, user, "Bea", new UserId(1), role, null, members);

    public static OpenOutcome Opened(GroupHead head, long lastSeq, int members = 3, GroupRole role = GroupRole.Member)
        => new(CommandStatus.Done, new OpenedGroup(Group(lastSeq, members, role), [], 0, [], false, head));

    public static Group Group(long lastSeq, int members, GroupRole role) => new(
        Id, GroupKind.Group, "Tea", null, JoinPolicy.Open, new UserId(1), members, 500, 1, lastSeq, role, null, null);

    /// <summary>The next news, with these events; messages in it are the group's from now on.</summary>
    public GroupNews Next(params ReadOnlySpan<GroupEvent> events)
    {
        foreach (var happened in events)
        {
            if (happened is MessageSent { Message: var sent })
            {
                Messages.Add(sent);
            }
        }

        Head = Head with { Number = Head.Number + 1 };
        var news = new GroupNews(Head, Messages.Count, [.. events]);
        News.Add(news);
        return news;
    }

    public Task<OpenOutcome> Open(UserId reader, long? afterSeq)
        => OnOpen is { } answer ? answer(reader)
            : Task.FromResult(Strangers.Contains(reader)
                ? new OpenOutcome(CommandStatus.Forbidden, null)
                : Opened(Head, Messages.Count, Members, Admins.Contains(reader) ? GroupRole.Admin : GroupRole.Member));

    public Task<GroupNewsAnswer?> NewsAfter(GroupHead after)
    {
        Fills.Add(after);
        return Task.FromResult<GroupNewsAnswer?>(HoldsNews && after.Epoch == Head.Epoch
            ? new GroupNewsAnswer(Head, true, [.. News.Where(
                one => one.Head.Epoch == after.Epoch && one.Head.Number > after.Number)])
            : new GroupNewsAnswer(Head, false, []));
    }

    public Task<GroupHead?> Report(GroupPresence presence)
    {
        Reports.Add(presence);
        return Task.FromResult<GroupHead?>(OnReport() ? Head : null);
    }

    async Task<MessagesOutcome> IGroupHistory.Messages(UserId reader, MessageQuery query)
    {
        Pages.Add(query.After!.Value);
        await OnPage();
        if (Strangers.Contains(reader))
        {
            return new MessagesOutcome(CommandStatus.Forbidden, null);
        }

        var rest = Messages.Where(one => one.Seq > query.After).ToImmutableArray();
        return new MessagesOutcome(
            CommandStatus.Done, new MessagePage([.. rest.Take(query.Limit)], rest.Length > query.Limit));
    }

    public Task<GroupOutcome> Get(UserId reader)
        => Task.FromResult(new GroupOutcome(CommandStatus.Done, Group(Messages.Count, Members, GroupRole.Member)));

    public Task<GroupOutcome> Create(CreateGroup command) => throw new NotSupportedException();

    public Task<GroupOutcome> Change(UserId by, GroupChange change) => throw new NotSupportedException();

    public Task<GroupSummary?> Summary(UserId reader) => throw new NotSupportedException();

    public Task<SendAnswer> Send(SendMessage message) => throw new NotSupportedException();

    public Task<SendAnswer> Edit(UserId by, long seq, string text) => throw new NotSupportedException();

    public Task<SendAnswer> Recall(UserId by, long seq) => throw new NotSupportedException();

    public Task<SendAnswer> React(UserId by, Reaction reaction) => throw new NotSupportedException();

    public Task<long?> MarkRead(UserId by, long seq) => throw new NotSupportedException();

    public Task<bool> Type(UserId by, string name) => throw new NotSupportedException();

    Task<MembersOutcome> IGroupMembers.Members(UserId reader, UserId after, int limit)
        => throw new NotSupportedException();

    public Task<JoinOutcome> Join(UserId by, NewMember member) => throw new NotSupportedException();

    public Task<JoinOutcome> JoinByInvite(NewMember member, string code) => throw new NotSupportedException();

    public Task<CommandStatus> Remove(UserId by, UserId member) => throw new NotSupportedException();

    public Task<CommandStatus> SetRole(UserId by, UserId member, GroupRole role) => throw new NotSupportedException();

    public Task<CommandStatus> Mute(UserId by, UserId member, int? seconds) => throw new NotSupportedException();

    public Task<RequestsOutcome> Requests(UserId by) => throw new NotSupportedException();

    public Task<InviteOutcome> Invite(UserId by, string secret, int seconds, int? uses)
        => throw new NotSupportedException();

    public Task<InvitesOutcome> Invites(UserId by) => throw new NotSupportedException();

    public Task<CommandStatus> RevokeInvite(UserId by, string code) => throw new NotSupportedException();

    public Task<MessagesOutcome> Search(UserId reader, SearchQuery query) => throw new NotSupportedException();

    public Task<ReceiptsOutcome> Receipts(UserId reader, long seq) => throw new NotSupportedException();

    public Task<DigestOutcome> Digest(UserId reader, long? since) => throw new NotSupportedException();

    public Task<GroupPollOutcome> OpenPoll(UserId by, string name, OpenPoll command)
        => throw new NotSupportedException();

    public Task<PollOutcome> ClosePoll(UserId by, PollId poll) => throw new NotSupportedException();

    public Task<PollOutcome> Poll(PollId poll, UserId reader) => throw new NotSupportedException();

    public Task<Verdict> Vote(UserId by, PollId poll, int choices) => throw new NotSupportedException();

    public Task<BallotsOutcome> Ballots(UserId by, PollId poll, UserId after, int limit)
        => throw new NotSupportedException();

    public Task DeliverEffects() => throw new NotSupportedException();
}
