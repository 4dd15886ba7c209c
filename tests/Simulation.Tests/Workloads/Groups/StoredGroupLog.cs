using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using RedNote.Groups;

namespace RedNote.Simulation.Groups;

/// <summary>
/// A group's log, read as JSON and held against what is promised of groups, event by event. Knows nothing of how a
/// group decides. Remembers what the group was at each version.
/// </summary>
internal sealed partial class StoredGroupLog(SimulatedWorld world, GroupId group, GroupOptions options)
    : StoredLog(world, "group", group.Value)
{
    private readonly List<GroupView> _views = [new GroupView()];

    public IReadOnlyList<GroupView> Views => _views;

    public GroupView Now => _views[^1];

    /// <summary>All that was ever said, by the number of the message, as far as it was seen before it was blanked.
    /// </summary>
    public List<(long Seq, string Text)> Said { get; } = [];

    /// <summary>What inboxes are owed: by user, kind and message (or version) what happened.</summary>
    public List<(long User, string Kind, long Seq, long Version)> Owed { get; } = [];

    protected override void Take(long version, string kind, JsonElement stored)
        => _views.Add(Apply(Now, version, kind, Number(stored, "at"), stored) with { Version = version });

    private GroupView Apply(GroupView was, long version, string kind, long at, JsonElement raised) => kind switch
    {
        "group.created" => Create(was, at, raised),
        "group.epoch_began" => Begin(was, raised),
        "group.settings_changed" => Change(was, raised),
        "group.members_joined" => Join(was, version, at, raised),
        "group.member_gone" => Leave(was, version, raised),
        "group.role_given" => Give(was, version, raised),
        "group.member_muted" => Mute(was, raised),
        "group.join_requested" => Request(was, version, raised),
        "group.join_refused" => Refuse(was, raised),
        "group.invite_made" => Invite(was, at, raised),
        "group.invite_revoked" => Revoke(was, raised),
        "group.message_posted" => Post(was, version, at, raised),
        "group.message_changed" => Edit(was, at, raised),
        "group.message_recalled" => Recall(was, at, raised),
        "group.message_reacted" => React(was, at, raised),
        "group.marks_moved" => Mark(was, raised),
        "group.members_knocked" => Knock(was, version, raised),
        "group.poll_opened" => OpenPoll(was, at, raised),
        "group.ballots_cast" => Vote(was, at, raised),
        "group.poll_closed" => ClosePoll(was, at, raised),
        _ => Unknown(was, kind),
    };

    private GroupView Unknown(GroupView was, string kind)
    {
        World.Violate($"Group {group} holds a {kind}.");
        return was;
    }

    private GroupView Create(GroupView was, long at, JsonElement raised)
    {
        Require(was.Version == 0 && was.Token.Length == 0, "is made twice");
        Require(Id(raised, "groupId") == group.Value, "is another");
        var owner = raised.GetProperty("owner");
        var kind = Text(raised, "type") == "direct" ? GroupKind.Direct : GroupKind.Group;
        Owed.Add((Id(owner, "userId"), "member", 0, 1));
        return was with
        {
            Token = Text(raised, "token")!,
            Kind = kind,
            Name = Text(raised, "name")!,
            JoinPolicy = Enum.Parse<JoinPolicy>(Text(raised, "joinPolicy")!, ignoreCase: true),
            Members = was.Members.Add(Id(owner, "userId"), new MemberView(
                Id(owner, "userId"), Text(owner, "name")!,
                kind == GroupKind.Direct ? GroupRole.Member : GroupRole.Owner, at, 0)),
        };
    }

    private GroupView Begin(GroupView was, JsonElement raised)
    {
        Require(Number(raised, "epoch") == was.Epoch + 1, $"goes from epoch {was.Epoch} to {raised}");
        return was with { Epoch = was.Epoch + 1 };
    }

    private GroupView Change(GroupView was, JsonElement raised)
    {
        Require(was.IsAdmin(User(raised, "by")), $"is changed: {raised}");
        return was with
        {
            Name = Text(raised, "name") ?? was.Name,
            Announcement = Text(raised, "announcement") switch
            {
                null => was.Announcement,
                "" => null,
                var text => text,
            },
            JoinPolicy = Text(raised, "joinPolicy") is { } policy
                ? Enum.Parse<JoinPolicy>(policy, ignoreCase: true)
                : was.JoinPolicy,
        };
    }

    private GroupView Join(GroupView was, long version, long at, JsonElement raised)
    {
        var by = User(raised, "by");
        var invite = Text(raised, "invite");
        var joined = raised.GetProperty("members").EnumerateArray()
            .Select(one => (Id: Id(one, "userId"), Name: Text(one, "name")!)).ToList();
        var isFirst = was.LastSeq == 0 && was.Members.Count <= 1 && was.Epoch <= 1;
        Require(joined.TrueForAll(one => !was.Members.ContainsKey(one.Id)), $"takes in members again: {raised}");
        Require(was.Members.Count + joined.Count <= options.Members, "has too many members");
        Require(isFirst || !was.IsDirect, "is a conversation that takes somebody in");
        Require(
            isFirst || invite is not null || was.JoinPolicy == JoinPolicy.Open || was.IsAdmin(by),
            $"takes in whom nobody let: {raised}");
        var invites = was.Invites;
        if (invite is not null)
        {
            Require(
                invites.TryGetValue(invite, out var good) && good.UsesLeft is null or > 0 && at < good!.ExpiresAt,
                $"takes in by an invite that does not hold: {raised}");
            invites = invites.SetItem(invite, invites[invite] with { UsesLeft = invites[invite].UsesLeft - 1 });
        }

        foreach (var (id, _) in joined)
        {
            Owed.Add((id, "member", 0, version));
            if (id != by.Value) Owed.Add((id, "joined", 0, version));
        }

        return was with
        {
            Members = was.Members.AddRange(joined.Select(one => KeyValuePair.Create(
                one.Id, new MemberView(one.Id, one.Name, GroupRole.Member, at, was.LastSeq)))),
            Requests = was.Requests.RemoveRange(joined.Select(one => one.Id)),
            Invites = invites,
        };
    }

    private GroupView Leave(GroupView was, long version, JsonElement raised)
    {
        var (by, gone) = (User(raised, "by"), User(raised, "userId"));
        Require(was.Has(gone) && !was.IsDirect, $"lets go who is not in: {raised}");
        Require(
            by == gone ? was.Members.Count == 1 || was.Member(gone)!.Role != GroupRole.Owner
                : was.IsAdmin(by) && was.Member(gone)!.Role < was.Member(by)!.Role,
            $"takes out whom {by} may not: {raised}");
        Owed.Add((gone.Value, "gone", 0, version));
        if (by != gone) Owed.Add((gone.Value, "removed", 0, version));
        return was with { Members = was.Members.Remove(gone.Value) };
    }

    private GroupView Give(GroupView was, long version, JsonElement raised)
    {
        var (by, user) = (User(raised, "by"), User(raised, "userId"));
        var role = Enum.Parse<GroupRole>(Text(raised, "role")!, ignoreCase: true);
        Require(
            was.Member(by) is { Role: GroupRole.Owner } && was.Has(user) && by != user, $"gives a role: {raised}");
        var members = was.Members.SetItem(user.Value, was.Member(user)! with { Role = role });
        Owed.Add((user.Value, "role", 0, version));
        return was with
        {
            Members = role == GroupRole.Owner
                ? members.SetItem(by.Value, was.Member(by)! with { Role = GroupRole.Admin })
                : members,
        };
    }

    private GroupView Mute(GroupView was, JsonElement raised)
    {
        var (by, user) = (User(raised, "by"), User(raised, "userId"));
        Require(
            was.IsAdmin(by) && was.Member(user) is { } member && member.Role < was.Member(by)!.Role,
            $"takes a word: {raised}");
        return was with
        {
            Members = was.Members.SetItem(
                user.Value, was.Member(user)! with { MutedUntil = OptionalNumber(raised, "until") }),
        };
    }

    private GroupView Request(GroupView was, long version, JsonElement raised)
    {
        var user = User(raised, "userId");
        Require(
            was.JoinPolicy == JoinPolicy.Approval && !was.Has(user) && !was.Requests.ContainsKey(user.Value),
            $"is asked: {raised}");
        var told = Users(raised, "tell").Select(one => one.Value).ToList();
        Require(
            told.SequenceEqual(was.Members.Values.Where(one => one.Role != GroupRole.Member).Select(one => one.User)),
            $"tells others than its admins: {raised}");
        foreach (var admin in told) Owed.Add((admin, "request", 0, version));
        return was with { Requests = was.Requests.Add(user.Value, Number(raised, "at")) };
    }

    private GroupView Refuse(GroupView was, JsonElement raised)
    {
        var (by, user) = (User(raised, "by"), User(raised, "userId"));
        Require(was.Requests.ContainsKey(user.Value) && (by == user || was.IsAdmin(by)), $"says no: {raised}");
        return was with { Requests = was.Requests.Remove(user.Value) };
    }

    private GroupView Invite(GroupView was, long at, JsonElement raised)
    {
        var by = User(raised, "by");
        Require(was.Has(by) && (was.JoinPolicy == JoinPolicy.Open || was.IsAdmin(by)), $"invites: {raised}");
        Require(Number(raised, "expiresAt") > at, $"makes an invite that never holds: {raised}");
        return was with
        {
            Invites = was.Invites.SetItem(Text(raised, "code")!, new InviteView(
                by.Value, Number(raised, "expiresAt"), (int?)OptionalNumber(raised, "uses"))),
        };
    }

    private GroupView OpenPoll(GroupView was, long at, JsonElement raised)
    {
        var terms = raised.GetProperty("terms");
        var (poll, by, key) = (Id(terms, "pollId"), User(terms, "by"), Text(terms, "key")!);
        Require(Number(raised, "seq") == was.LastSeq + 1, $"shows a poll elsewhere than at its end: {raised}");
        RequireWord(was, by, at);
        Require(
            !was.Polls.ContainsKey(poll) && !was.Polls.Values.Any(one => one.By == by.Value && one.Key == key),
            $"opens a poll again: {raised}");
        Require(
            was.Polls.Values.Count(one => !one.IsClosed && at < one.ClosesAt) < options.OpenPolls,
            $"has too many open polls: {raised}");
        Said.AddRange(terms.GetProperty("options").EnumerateArray().Select(option => option.GetString()!)
            .Append(Text(terms, "question")!).Where(text => text.Length > 0).Select(text => (was.LastSeq + 1, text)));
        return was with
        {
            Polls = was.Polls.Add(poll, new PollView(
                was.LastSeq + 1, by.Value, terms.GetProperty("options").GetArrayLength(), Flag(terms, "multiple"),
                Flag(terms, "anonymous"), Number(terms, "closesAt"), key)),
        };
    }

    private GroupView Vote(GroupView was, long at, JsonElement raised)
    {
        var poll = Id(raised, "pollId");
        var known = was.Polls[poll];
        Require(!known.IsClosed && at < known.ClosesAt, $"counts votes of a poll that has closed: {raised}");
        foreach (var ballot in raised.GetProperty("ballots").EnumerateArray())
        {
            var choices = ballot.GetProperty("choices").EnumerateArray().Sum(choice => 1 << choice.GetInt32());
            Require(
                choices > 0 && choices < 1 << known.Options
                    && (known.IsMultiple || ballot.GetProperty("choices").GetArrayLength() == 1),
                $"counts choices that there are not: {raised}");
            foreach (var user in Users(ballot, "voters"))
            {
                Require(was.Has(user), $"lets {user} vote, who is no member: {raised}");
                Require(!known.Ballots.ContainsKey(user.Value), $"counts two votes of {user}: {raised}");
                known = known with { Ballots = known.Ballots.Add(user.Value, choices) };
            }
        }

        return was with { Polls = was.Polls.SetItem(poll, known) };
    }

    private GroupView ClosePoll(GroupView was, long at, JsonElement raised)
    {
        var poll = Id(raised, "pollId");
        var known = was.Polls[poll];
        var counts = raised.GetProperty("counts").EnumerateArray().Select(count => count.GetInt32()).ToList();
        Require(!known.IsClosed && at <= known.ClosesAt, $"closes a poll again: {raised}");
        Require(known.Matches(counts, (int)Number(raised, "voters")), $"closes with {raised}, and it is {known}");
        Require(
            OptionalId(raised, "by") is not { } by || by == known.By || was.IsAdmin(new UserId(by)),
            $"lets a poll be closed: {raised}");
        return was with { Polls = was.Polls.SetItem(poll, known with { IsClosed = true }) };
    }

    private GroupView Revoke(GroupView was, JsonElement raised)
    {
        var (by, code) = (User(raised, "by"), Text(raised, "code")!);
        Require(
            was.Invites.TryGetValue(code, out var made) && (made.By == by.Value || was.IsAdmin(by)),
            $"takes an invite back: {raised}");
        return was with { Invites = was.Invites.Remove(code) };
    }

    private void Require(bool holds, string otherwise) => World.Require(holds, $"Group {group} {otherwise}.");

    private static ImmutableArray<long> Ids(JsonElement stored, string name)
        => [.. Users(stored, name).Select(user => user.Value)];

    private static long? OptionalId(JsonElement stored, string name)
        => Text(stored, name) is { } id ? long.Parse(id, CultureInfo.InvariantCulture) : null;
}
