using RedNote.Groups;

namespace RedNote.Simulation.Groups;

/// <summary>Who comes, goes, and is given or taken what.</summary>
internal sealed partial class GroupPerson
{
    private async Task Join(GroupBook group, UserId who)
    {
        var (asked, oldest) = (group.Head, group.Oldest);
        var outcome = await Until(
            $"brings {who} in", group, grain => grain.Join(id, new NewMember(who, $"User {who}")));
        var what = $"that {who} joins is answered {outcome.Status} {outcome.Joined} to {id}";
        if (outcome is { Status: CommandStatus.Done, Joined: JoinStatus.Joined })
            group.Acknowledge(asked, what, view => view.Has(who));
        else if (outcome is { Status: CommandStatus.Done })
            group.Acknowledge(asked, what, view => view.Requests.ContainsKey(who.Value));
        else
            group.Judge(oldest, what, view => outcome.Status switch
            {
                CommandStatus.WrongState => view.IsDirect,
                CommandStatus.NotFound => view.Members.IsEmpty || (view.IsDirect && !view.Has(id)),
                CommandStatus.Conflict => view.Members.Count >= cast.Options.Members,
                CommandStatus.RateLimited => view.Requests.Count >= cast.Options.Requests,
                CommandStatus.Forbidden when who == id => !view.Has(id) && view.JoinPolicy == JoinPolicy.Invite,
                CommandStatus.Forbidden =>
                    !view.Has(id) || (!view.IsAdmin(id) && view.JoinPolicy != JoinPolicy.Open),
                _ => false,
            });
    }

    private async Task Remove(GroupBook group, UserId who)
    {
        var (asked, oldest) = (group.Head, group.Oldest);
        var status = await Until($"takes {who} out", group, grain => grain.Remove(id, who));
        var what = $"that {who} goes is answered {status} to {id}";
        if (status == CommandStatus.Done)
            group.Acknowledge(asked, what, view => !view.Has(who) && !view.Requests.ContainsKey(who.Value));
        else
            group.Judge(oldest, what, view => status switch
            {
                CommandStatus.NotFound => view.Members.IsEmpty || (view.IsDirect && !view.Has(id)),
                CommandStatus.WrongState => view.IsDirect
                    || view.Member(who) is { Role: GroupRole.Owner },
                CommandStatus.Forbidden =>
                    who != id && (!view.IsAdmin(id) || view.Member(who)?.Role >= view.Member(id)!.Role),
                _ => false,
            });
    }

    /// <summary>Another who is an admin: whom an admin must not take out, and the owner may.</summary>
    private UserId? SomeAdmin(GroupBook group, int number)
        => group.Now.Members.Values.Where(one => one.Role == GroupRole.Admin && one.User != id.Value).ToList()
            is { Count: > 0 } admins ? new UserId(admins[number % admins.Count].User) : null;

    private async Task Give(GroupBook group, UserId who, GroupRole role)
    {
        var (asked, oldest) = (group.Head, group.Oldest);
        var status = await Until($"makes {who} {role}", group, grain => grain.SetRole(id, who, role));
        var what = $"that {who} becomes {role} is answered {status} to {id}";
        if (status == CommandStatus.Done)
            group.Acknowledge(asked, what, view => view.Member(who)?.Role == role);
        else
            group.Judge(oldest, what, view => status switch
            {
                CommandStatus.NotFound => view.Members.IsEmpty || !view.Has(who) || (view.IsDirect && !view.Has(id)),
                CommandStatus.WrongState => view.IsDirect,
                CommandStatus.Forbidden => view.Member(id) is not { Role: GroupRole.Owner },
                CommandStatus.Invalid => who == id,
                CommandStatus.Conflict =>
                    view.Members.Values.Count(one => one.Role == GroupRole.Admin) >= cast.Options.Admins,
                _ => false,
            });
    }

    private async Task Mute(GroupBook group, UserId who, int number)
    {
        int? seconds = number % 3 == 0 ? null : 1 + (number % 40);
        var (asked, oldest) = (group.Head, group.Oldest);
        var status = await Until($"mutes {who} for {seconds}", group, grain => grain.Mute(id, who, seconds));
        var what = $"that {who} is muted for {seconds} is answered {status} to {id}";
        if (status == CommandStatus.Done)
            group.Acknowledge(asked, what, view => seconds is null || view.Member(who) is { MutedUntil: not null });
        else
            group.Judge(oldest, what, view => status switch
            {
                CommandStatus.NotFound => view.Members.IsEmpty || !view.Has(who) || (view.IsDirect && !view.Has(id)),
                CommandStatus.WrongState => view.IsDirect,
                CommandStatus.Forbidden => !view.IsAdmin(id) || view.Member(who)?.Role >= view.Member(id)!.Role,
                _ => false,
            });
    }

    private async Task Change(GroupBook group, int number)
    {
        var change = new GroupChange(
            number % 3 == 0 ? $"Name {number}" : null,
            number % 3 == 1 ? number % 2 == 0 ? "" : $"Announcement {number}" : null,
            number % 3 == 2 ? (JoinPolicy)(number / 3 % 3) : null);
        var (asked, oldest) = (group.Head, group.Oldest);
        var outcome = await Until($"changes {change}", group, grain => grain.Change(id, change));
        var what = $"{change} is answered {outcome.Status} to {id}";
        if (outcome.Status == CommandStatus.Done)
        {
            group.Acknowledge(asked, what, view => view.Name == (change.Name ?? view.Name)
                && (change.Announcement is null || (view.Announcement ?? "") == change.Announcement)
                && view.JoinPolicy == (change.JoinPolicy ?? view.JoinPolicy));
            return;
        }

        group.Judge(oldest, what, view => outcome.Status switch
        {
            CommandStatus.NotFound => view.Members.IsEmpty || (view.IsDirect && !view.Has(id)),
            CommandStatus.WrongState => view.IsDirect,
            CommandStatus.Forbidden => !view.IsAdmin(id),
            _ => false,
        });
    }
}
