using System.Collections.Immutable;

namespace RedNote.Groups;

/// <summary>
/// The rules of a group: what is decided on what its events amount to. Pure; nothing happens before the events that it
/// asks for are raised.
/// </summary>
internal sealed partial class GroupRules(GroupId self, GroupState state, GroupOptions options)
{
    /// <summary>Members in one event of the log: it has to be stored with an effect for each.</summary>
    public const int JoinedAtOnce = 500;

    /// <summary>Whether there is such a group; one that everybody has left is gone.</summary>
    public bool Exists => state.Exists && state.Members.Count > 0;

    public bool IsDirect => state.Kind == GroupKind.Direct;

    /// <summary>Makes the group; once, whoever asks again with the same token.</summary>
    public CommandStatus Create(CreateGroup command, long now, List<GroupLogEvent> events)
    {
        if (state.Exists)
        {
            return state.Token == command.Token && state.Creator == command.By
                ? CommandStatus.Done
                : CommandStatus.Conflict;
        }

        if (!IsSound(command, out var name, out var byName, out var members))
        {
            return CommandStatus.Invalid;
        }

        events.Add(new GroupCreated(
            now, self, command.Kind, name, command.JoinPolicy, new NewMember(command.By, byName), command.Token));
        for (var first = 0; first < members.Length; first += JoinedAtOnce)
        {
            var together = members.Slice(first, Math.Min(JoinedAtOnce, members.Length - first));
            // The other one of a conversation is told by its messages, not that somebody has taken them in.
            var by = command.Kind == GroupKind.Direct ? together[0].UserId : command.By;
            events.Add(new MembersJoined(now, by, together, Invite: null));
        }

        return CommandStatus.Done;
    }

    /// <summary>The owner or an admin changes what the group is called, announces, and how one joins.</summary>
    public CommandStatus Change(UserId by, GroupChange change, long now, List<GroupLogEvent> events)
    {
        if (RefuseUnlessAdmin(by) is { } refusal)
        {
            return refusal;
        }

        string? name = null, announcement = null;
        if ((change.Name is not null
                && TextRules.Clean(change.Name, TextRules.MaxGroupName, out name) != TextCheck.Ok)
            || (change.Announcement is not null
                && TextRules.Clean(change.Announcement, TextRules.MaxAnnouncement, out announcement)
                    is TextCheck.TooLong or TextCheck.Invalid)
            || (change.JoinPolicy is { } policy && !Enum.IsDefined(policy)))
        {
            return CommandStatus.Invalid;
        }

        var changed = new SettingsChanged(
            now, by,
            name == state.Name ? null : name,
            announcement == (state.Announcement?.Text ?? "") ? null : announcement,
            change.JoinPolicy == state.JoinPolicy ? null : change.JoinPolicy);
        if (changed is not { Name: null, Announcement: null, JoinPolicy: null })
        {
            events.Add(changed);
        }

        return CommandStatus.Done;
    }

    /// <summary>What a reader may see of the group, if anything.</summary>
    public CommandStatus CanSee(UserId reader)
        => !Exists ? CommandStatus.NotFound
            : state.Members.Find(reader) is not null ? CommandStatus.Done
            : IsDirect ? CommandStatus.NotFound
            : state.JoinPolicy == JoinPolicy.Invite ? CommandStatus.Forbidden
            : CommandStatus.Done;

    /// <summary>Whether somebody may read what members alone may.</summary>
    public CommandStatus CanRead(UserId reader)
        => !Exists || (IsDirect && state.Members.Find(reader) is null) ? CommandStatus.NotFound
            : state.Members.Find(reader) is null ? CommandStatus.Forbidden
            : CommandStatus.Done;

    /// <summary>The group as that user sees it; a stranger is shown neither announcement nor how much is said.
    /// </summary>
    public Group Card(UserId reader, long now)
    {
        var me = state.Members.Find(reader);
        var peer = IsDirect ? PeerOf(reader) : null;
        return new Group(
            self,
            state.Kind,
            peer?.Name ?? state.Name,
            me is null ? null : state.Announcement,
            state.JoinPolicy,
            IsDirect ? null : state.Members.Owner,
            state.Members.Count,
            IsDirect ? 2 : options.Members,
            state.CreatedAt,
            me is null ? 0 : state.LastSeq,
            me?.Role,
            me?.MutedAt(now),
            peer?.UserId);
    }

    /// <summary>The other one of a conversation.</summary>
    public MemberEntry? PeerOf(UserId member) => state.Members.All.FirstOrDefault(other => other.UserId != member);

    /// <summary>NotFound, Forbidden, or WrongState in a conversation; null: is the owner or an admin.</summary>
    private CommandStatus? RefuseUnlessAdmin(UserId by)
        => RefuseUnlessMember(by) ?? (IsDirect ? CommandStatus.WrongState
            : state.Members.Find(by)!.Role == GroupRole.Member ? CommandStatus.Forbidden
            : null);

    private CommandStatus? RefuseUnlessMember(UserId by)
        => CanRead(by) is var status and not CommandStatus.Done ? status : null;

    private bool IsSound(
        CreateGroup command, out string name, out string byName, out ImmutableArray<NewMember> members)
    {
        (name, byName, members) = ("", "", []);
        if (self.Value <= 0 || command.By.Value <= 0 || !TextRules.IsKey(command.Token)
            || !Enum.IsDefined(command.Kind) || !Enum.IsDefined(command.JoinPolicy)
            || TextRules.Clean(command.ByName, TextRules.MaxUserName, out byName) != TextCheck.Ok
            || !TryClean(command, out members))
        {
            return false;
        }

        return command.Kind == GroupKind.Direct
            ? members.Length == 1
            : members.Length < options.Members
                && TextRules.Clean(command.Name, TextRules.MaxGroupName, out name) == TextCheck.Ok;
    }

    private static bool TryClean(CreateGroup command, out ImmutableArray<NewMember> members)
    {
        members = [];
        var clean = ImmutableArray.CreateBuilder<NewMember>();
        var known = new HashSet<UserId> { command.By };
        foreach (var member in command.Members.IsDefault ? [] : command.Members)
        {
            if (!known.Add(member.UserId) || !TryClean(member, out var one))
            {
                return false;
            }

            clean.Add(one);
        }

        members = clean.ToImmutable();
        return true;
    }

    private static bool TryClean(NewMember member, out NewMember clean)
    {
        clean = member;
        if (member.UserId.Value <= 0
            || TextRules.Clean(member.Name, TextRules.MaxUserName, out var name) != TextCheck.Ok)
        {
            return false;
        }

        clean = member with { Name = name };
        return true;
    }
}
