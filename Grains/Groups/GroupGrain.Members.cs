using System.Collections.Immutable;

namespace RedNote.Groups;

/// <summary>Who belongs to the group.</summary>
internal sealed partial class GroupGrain
{
    public async Task<MembersOutcome> Members(UserId reader, UserId after, int limit)
    {
        var status = _rules.CanRead(reader);
        var page = status == CommandStatus.Done ? Page(after, Math.Clamp(limit, 1, MemberPage.MaxLimit)) : null;
        await log.WhenConfirmed();
        return new MembersOutcome(status, page);
    }

    public async Task<JoinOutcome> Join(UserId by, NewMember member)
    {
        var joined = JoinStatus.Joined;
        var decided = Decide((now, events) => _rules.Join(by, member, now, events, out joined));
        return await Joined(decided, () => joined, member.UserId);
    }

    public Task<JoinOutcome> JoinByInvite(NewMember member, string code) => Joined(
        Decide((now, events) => _rules.JoinByInvite(member, code, now, events)),
        () => JoinStatus.Joined,
        member.UserId);

    public async Task<CommandStatus> Remove(UserId by, UserId member)
    {
        var status = await Decide((now, events) => _rules.Remove(by, member, now, events));
        await WhenListed(status, member);
        return status;
    }

    public Task<CommandStatus> SetRole(UserId by, UserId member, GroupRole role)
        => Decide((now, events) => _rules.SetRole(by, member, role, now, events));

    public Task<CommandStatus> Mute(UserId by, UserId member, int? seconds)
        => Decide((now, events) => _rules.Mute(by, member, seconds, now, events));

    public async Task<RequestsOutcome> Requests(UserId by)
    {
        var status = _rules.CanSeeRequests(by);
        ImmutableArray<JoinRequest> items = status == CommandStatus.Done ? [.. State.Requests] : [];
        await log.WhenConfirmed();
        return new RequestsOutcome(status, items);
    }

    public async Task<InviteOutcome> Invite(UserId by, string secret, int seconds, int? uses)
    {
        var code = "";
        var decided = Decide((now, events) => _rules.Invite(by, secret, seconds, uses, now, events, out code));
        var invite = State.FindInvite(code)?.ToInvite();
        var status = await decided;
        return new InviteOutcome(status, status == CommandStatus.Done ? invite : null);
    }

    public async Task<InvitesOutcome> Invites(UserId by)
    {
        var status = _rules.Invites(by, Now(), out var invites);
        await log.WhenConfirmed();
        return new InvitesOutcome(status, [.. invites]);
    }

    public Task<CommandStatus> RevokeInvite(UserId by, string code)
        => Decide((now, events) => _rules.RevokeInvite(by, code, now, events));

    private async Task<JoinOutcome> Joined(Task<CommandStatus> decided, Func<JoinStatus> joined, UserId user)
    {
        var card = _rules.Exists ? _rules.Card(user, Now()) : null;
        var status = await decided;
        await WhenListed(status, user);
        return status == CommandStatus.Done
            ? new JoinOutcome(status, joined(), card)
            : new JoinOutcome(status, null, null);
    }

    private MemberPage Page(UserId after, int limit)
    {
        var found = State.Members.After(after, limit + 1);
        var now = Now();
        return new MemberPage(
            [.. found.Take(limit).Select(member => member.ToMember(now, MarkOf(member)))],
            found.Count > limit ? found[limit - 1].UserId : null);
    }
}
