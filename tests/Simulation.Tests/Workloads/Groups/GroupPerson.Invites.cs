using RedNote.Groups;

namespace RedNote.Simulation.Groups;

/// <summary>Invites, and who asks to become a member.</summary>
internal sealed partial class GroupPerson
{
    /// <summary>So long that no clock comes to it.</summary>
    private const int Long = 2_592_000;

    private async Task Invite(GroupBook group, int number)
    {
        var secret = $"secret-of-user-{id}-{++_words}";
        var (code, seconds) = (InviteCode.Of(group.Id, secret), number % 4 == 0 ? 3 : Long);
        int? uses = number % 3 == 0 ? null : 1 + (number % 2);
        cast.Codes.Add((group, code, seconds));
        var (asked, oldest) = (group.Head, group.Oldest);
        var outcome = await Until($"invites by {code}", group, grain => grain.Invite(id, secret, seconds, uses));
        var what = $"{code} of {id} is answered {outcome}";
        if (outcome.Status == CommandStatus.Done)
        {
            group.Acknowledge(asked, what, view => view.Invites.ContainsKey(code));
            return;
        }

        group.Judge(oldest, what, view => outcome.Status switch
        {
            CommandStatus.NotFound => view.Members.IsEmpty || (view.IsDirect && !view.Has(id)),
            CommandStatus.WrongState => view.IsDirect,
            CommandStatus.Forbidden =>
                !view.Has(id) || (!view.IsAdmin(id) && view.JoinPolicy != JoinPolicy.Open),
            CommandStatus.RateLimited => view.Invites.Count >= cast.Options.Invites,
            _ => false,
        });
    }

    private async Task JoinByInvite(GroupBook of, int number)
    {
        if (cast.Codes.Count == 0) return;
        var (group, code, seconds) = cast.Codes[number % cast.Codes.Count];
        var (asked, oldest) = (group.Head, group.Oldest);
        var outcome = await Until(
            $"joins by {code}", group, grain => grain.JoinByInvite(new NewMember(id, Name), code));
        var what = $"{id} is answered {outcome} to {code}";
        if (outcome.Status == CommandStatus.Done)
        {
            group.Acknowledge(asked, what, view => view.Has(id));
            return;
        }

        group.Judge(oldest, what, view => outcome.Status switch
        {
            CommandStatus.NotFound => view.Members.IsEmpty || view.IsDirect || IsVoid(view, code, seconds),
            CommandStatus.Conflict => view.Members.Count >= cast.Options.Members,
            _ => false,
        });
    }

    private async Task Revoke(GroupBook of, int number)
    {
        if (cast.Codes.Count == 0) return;
        var (group, code, seconds) = cast.Codes[number % cast.Codes.Count];
        var (asked, oldest) = (group.Head, group.Oldest);
        var status = await Until($"takes {code} back", group, grain => grain.RevokeInvite(id, code));
        var what = $"{id} is answered {status} to taking {code} back";
        if (status == CommandStatus.Done)
        {
            group.Acknowledge(asked, what, view => !view.Invites.ContainsKey(code));
            return;
        }

        group.Judge(oldest, what, view => status switch
        {
            CommandStatus.NotFound => view.Members.IsEmpty || (view.IsDirect && !view.Has(id))
                || IsVoid(view, code, seconds),
            CommandStatus.Forbidden => !view.Has(id) || (!view.IsAdmin(id)
                && view.Invites.TryGetValue(code, out var made) && made.By != id.Value),
            _ => false,
        });
    }

    private static bool IsVoid(GroupView view, string code, int seconds)
        => !view.Invites.TryGetValue(code, out var invite) || invite.UsesLeft <= 0 || seconds < Long;

    private async Task LookAtRequests(GroupBook group)
    {
        var oldest = group.Oldest;
        var outcome = await Until("looks who asks", group, grain => grain.Requests(id));
        var what = $"{id} is shown {outcome.Status} {string.Join(' ', outcome.Items)}";
        group.Judge(oldest, what, view => outcome.Status switch
        {
            CommandStatus.NotFound => view.Members.IsEmpty || (view.IsDirect && !view.Has(id)),
            CommandStatus.WrongState => view.IsDirect,
            CommandStatus.Forbidden => !view.IsAdmin(id),
            _ => view.IsAdmin(id)
                && outcome.Items.Select(item => item.UserId.Value).SequenceEqual(view.Asking),
        });
    }
}
