namespace RedNote.Groups;

/// <summary>Who becomes a member, who goes, and who may do what.</summary>
internal sealed partial class GroupRules
{
    /// <summary>Longest time that somebody's word is taken, in seconds: 30 days.</summary>
    public const int MaxMuteSeconds = 2_592_000;

    /// <summary>Characters of an invite's secret.</summary>
    public const int MinSecret = 16;

    /// <summary>See <see cref="IGroupMembers.Join"/>; <paramref name="joined"/> says how it ended if it is Done.
    /// </summary>
    public CommandStatus Join(
        UserId by, NewMember member, long now, List<GroupLogEvent> events, out JoinStatus joined)
    {
        joined = JoinStatus.Joined;
        if (RefuseToTakeIn(by, member.UserId) is { } refusal)
        {
            return refusal;
        }

        if (!TryClean(member, out member))
        {
            return CommandStatus.Invalid;
        }

        if (state.Members.Find(member.UserId) is not null)
        {
            return CommandStatus.Done;
        }

        if (by != member.UserId || state.JoinPolicy == JoinPolicy.Open)
        {
            return TakeIn(by, member, invite: null, now, events);
        }

        joined = JoinStatus.Requested;
        return Request(member, now, events);
    }

    /// <summary>Whoever has the code of an invite that holds becomes a member.</summary>
    public CommandStatus JoinByInvite(NewMember member, string code, long now, List<GroupLogEvent> events)
    {
        if (!Exists || IsDirect || state.FindInvite(code) is not { } invite)
        {
            return CommandStatus.NotFound;
        }

        if (!TryClean(member, out member))
        {
            return CommandStatus.Invalid;
        }

        return state.Members.Find(member.UserId) is not null ? CommandStatus.Done
            : invite.IsGood(now) ? TakeIn(member.UserId, member, code, now, events)
            : CommandStatus.NotFound;
    }

    /// <summary>See <see cref="IGroupMembers.Remove"/>.</summary>
    public CommandStatus Remove(UserId by, UserId user, long now, List<GroupLogEvent> events)
    {
        if (!Exists || (IsDirect && state.Members.Find(by) is null))
        {
            return CommandStatus.NotFound;
        }

        if (IsDirect)
        {
            return CommandStatus.WrongState;
        }

        if (by != user && RefuseToTakeOut(by, user) is { } refusal)
        {
            return refusal;
        }

        if (state.Members.Find(user) is not { } member)
        {
            if (state.RequestOf(user) is not null)
            {
                events.Add(new JoinRefused(now, by, user));
            }

            return CommandStatus.Done;
        }

        if (member.Role == GroupRole.Owner && state.Members.Count > 1)
        {
            return CommandStatus.WrongState;
        }

        events.Add(new MemberGone(now, by, user, member.Name));
        return CommandStatus.Done;
    }

    /// <summary>See <see cref="IGroupMembers.SetRole"/>.</summary>
    public CommandStatus SetRole(UserId by, UserId user, GroupRole role, long now, List<GroupLogEvent> events)
    {
        if (RefuseUnlessAdmin(by) is { } refusal)
        {
            return refusal;
        }

        if (state.Members.Owner != by)
        {
            return CommandStatus.Forbidden;
        }

        if (user == by || !Enum.IsDefined(role))
        {
            return CommandStatus.Invalid;
        }

        if (state.Members.Find(user) is not { } member)
        {
            return CommandStatus.NotFound;
        }

        if (member.Role == role)
        {
            return CommandStatus.Done;
        }

        // With another owner there is one admin more, who was the owner, unless it was an admin who becomes it.
        if (member.Role == GroupRole.Member
            && state.Members.All.Count(other => other.Role == GroupRole.Admin) >= options.Admins)
        {
            return CommandStatus.Conflict;
        }

        events.Add(new RoleGiven(now, by, user, role));
        return CommandStatus.Done;
    }

    /// <summary>See <see cref="IGroupMembers.Mute"/>.</summary>
    public CommandStatus Mute(UserId by, UserId user, int? seconds, long now, List<GroupLogEvent> events)
    {
        if (RefuseUnlessAdmin(by) is { } refusal)
        {
            return refusal;
        }

        if (seconds is < 1 or > MaxMuteSeconds)
        {
            return CommandStatus.Invalid;
        }

        if (state.Members.Find(user) is not { } member)
        {
            return CommandStatus.NotFound;
        }

        if (member.Role >= state.Members.Find(by)!.Role)
        {
            return CommandStatus.Forbidden;
        }

        if (seconds is { } time)
        {
            events.Add(new MemberMuted(now, by, user, now + (time * 1_000L)));
        }
        else if (member.MutedAt(now) is not null)
        {
            events.Add(new MemberMuted(now, by, user, null));
        }

        return CommandStatus.Done;
    }

    /// <summary>Whether somebody may see who asks to become a member.</summary>
    public CommandStatus CanSeeRequests(UserId by) => RefuseUnlessAdmin(by) ?? CommandStatus.Done;

    /// <summary>See <see cref="IGroupMembers.Invite"/>.</summary>
    public CommandStatus Invite(
        UserId by, string secret, int seconds, int? uses, long now, List<GroupLogEvent> events, out string code)
    {
        code = InviteCode.Of(self, secret);
        if (RefuseUnlessMember(by) is { } refusal)
        {
            return refusal;
        }

        if (IsDirect)
        {
            return CommandStatus.WrongState;
        }

        if (!IsAdmin(by) && state.JoinPolicy != JoinPolicy.Open)
        {
            return CommandStatus.Forbidden;
        }

        if (!TextRules.IsKey(secret) || secret.Length < MinSecret || code.Length > InviteCode.MaxLength
            || seconds < 1 || seconds > options.InviteSeconds || uses < 1 || uses > options.InviteUses)
        {
            return CommandStatus.Invalid;
        }

        if (state.FindInvite(code) is { } known)
        {
            return known.By == by ? CommandStatus.Done : CommandStatus.Conflict;
        }

        if (state.Invites.Count(invite => invite.IsGood(now)) >= options.Invites)
        {
            return CommandStatus.RateLimited;
        }

        events.Add(new InviteMade(now, by, code, now + (seconds * 1_000L), uses));
        return CommandStatus.Done;
    }

    /// <summary>The invites that somebody may see; those that hold.</summary>
    public CommandStatus Invites(UserId by, long now, out List<Invite> invites)
    {
        invites = [];
        if (RefuseUnlessMember(by) is { } refusal)
        {
            return refusal;
        }

        invites.AddRange(state.Invites
            .Where(invite => invite.IsGood(now) && (invite.By == by || IsAdmin(by)))
            .Select(invite => invite.ToInvite()));
        return CommandStatus.Done;
    }

    public CommandStatus RevokeInvite(UserId by, string code, long now, List<GroupLogEvent> events)
    {
        if (RefuseUnlessMember(by) is { } refusal)
        {
            return refusal;
        }

        if (state.FindInvite(code) is not { } invite)
        {
            return CommandStatus.NotFound;
        }

        if (invite.By != by && !IsAdmin(by))
        {
            return CommandStatus.Forbidden;
        }

        events.Add(new InviteRevoked(now, by, code));
        return CommandStatus.Done;
    }

    private bool IsAdmin(UserId user) => state.Members.Find(user) is { Role: GroupRole.Owner or GroupRole.Admin };

    private CommandStatus? RefuseToTakeIn(UserId by, UserId user)
    {
        if (!Exists || (IsDirect && state.Members.Find(by) is null))
        {
            return CommandStatus.NotFound;
        }

        if (IsDirect)
        {
            return CommandStatus.WrongState;
        }

        if (by == user)
        {
            return state.Members.Find(by) is null && state.JoinPolicy == JoinPolicy.Invite
                ? CommandStatus.Forbidden
                : null;
        }

        return state.Members.Find(by) is null || (!IsAdmin(by) && state.JoinPolicy != JoinPolicy.Open)
            ? CommandStatus.Forbidden
            : null;
    }

    /// <summary>The owner takes out anybody, an admin members; a no to who has asked is either's to say.</summary>
    private CommandStatus? RefuseToTakeOut(UserId by, UserId user)
        => state.Members.Find(by) is not { Role: GroupRole.Owner or GroupRole.Admin } remover
            || state.Members.Find(user)?.Role >= remover.Role
                ? CommandStatus.Forbidden
                : null;

    private CommandStatus TakeIn(
        UserId by, NewMember member, string? invite, long now, List<GroupLogEvent> events)
    {
        if (state.Members.Count >= options.Members)
        {
            return CommandStatus.Conflict;
        }

        events.Add(new MembersJoined(now, by, [member], invite));
        return CommandStatus.Done;
    }

    private CommandStatus Request(NewMember member, long now, List<GroupLogEvent> events)
    {
        if (state.RequestOf(member.UserId) is not null)
        {
            return CommandStatus.Done;
        }

        if (state.RequestCount >= options.Requests)
        {
            return CommandStatus.RateLimited;
        }

        events.Add(new JoinRequested(
            now, member.UserId, member.Name,
            [.. state.Members.All.Where(other => other.Role != GroupRole.Member).Select(other => other.UserId)]));
        return CommandStatus.Done;
    }
}
