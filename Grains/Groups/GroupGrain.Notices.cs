using RedNote.Journal;
using RedNote.Users;

namespace RedNote.Groups;

/// <summary>What members are told who do not look on: their inboxes, once it is durable, until they have it.</summary>
internal sealed partial class GroupGrain
{
    /// <summary>Longest time until a telling that failed is tried again.</summary>
    private static readonly TimeSpan LongestKnockPause = TimeSpan.FromSeconds(30);

    private bool _isKnocking;

    /// <summary>Whether somebody may have to be told who was not looked for yet.</summary>
    private bool _hasToKnock;

    /// <summary>Tells the members who do not look on, a little later, that there are messages.</summary>
    private void KnockLater()
    {
        if (_rules.IsDirect)
        {
            return;
        }

        _hasToKnock = true;
        if (!_isKnocking)
        {
            _isKnocking = true;
            _ = Knock();
        }
    }

    /// <summary>Goes on where the activation before has stopped, once the front ends have said who looks on.</summary>
    private async Task KnockAfterStart()
    {
        try
        {
            await Task.Delay(TimeSpan.FromSeconds(options.Value.PresenceSeconds), time, _stopping.Token);
            KnockLater();
        }
        catch (OperationCanceledException)
        {
            // So does the next activation.
        }
    }

    private async Task Knock()
    {
        var pause = TimeSpan.FromMilliseconds(options.Value.KnockMs);
        var next = pause;
        try
        {
            while (_hasToKnock)
            {
                await Task.Delay(next, time, _stopping.Token);
                try
                {
                    await KnockOnce();
                    next = pause;
                }
                catch (TryAgainException)
                {
                    // Either the log is behind, and takes it later, or this activation is about to end.
                    _hasToKnock = true;
                    var longest = pause > LongestKnockPause ? pause : LongestKnockPause;
                    next = next * 2 < longest ? next * 2 : longest;
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The next activation goes on.
        }
        finally
        {
            _isKnocking = false;
        }
    }

    private async Task KnockOnce()
    {
        await log.WhenRoom();
        var users = ToKnock();
        _hasToKnock = users.Count >= options.Value.Knocks;
        if (users.Count > 0)
        {
            await Commit([new MembersKnocked(Now(), State.LastSeq, [.. users])]);
        }
    }

    /// <summary>Members with unread messages who do not look on and were not told since they last read.</summary>
    private List<UserId> ToKnock()
    {
        var (users, now) = (new List<UserId>(), AwakeMs());
        foreach (var member in State.Members.All)
        {
            if (users.Count == options.Value.Knocks)
            {
                break;
            }

            if (!member.IsKnocked && State.Unread(member, MarkOf(member)) > 0
                && !_presence.LooksOn(member.UserId, now))
            {
                users.Add(member.UserId);
            }
        }

        return users;
    }

    /// <summary>Tells a user's inbox; throws when it did not take it.</summary>
    private async Task Deliver(Effect effect)
    {
        if (effect.Version > log.Version)
        {
            // Another activation appended it after this one had read the log.
            DeactivateOnIdle();
            throw new TryAgainException($"Group {Self} was overtaken.");
        }

        var told = GroupEffect.Read(effect.Payload);
        var inbox = GrainFactory.Inbox(told.User);
        if (told.IsMember is { } isMember)
        {
            Require(await inbox.GroupChanged(new GroupMembership(Self, isMember, effect.Version, told.At)), told.User);
        }

        if (await NoticeOf(told, effect.Version) is { } notice)
        {
            Require(await inbox.Take(notice), told.User);
        }
    }

    private static void Require(CommandStatus status, UserId user)
    {
        if (status != CommandStatus.Done)
        {
            throw new TryAgainException($"The inbox of {user} answered {status}.");
        }
    }

    /// <summary>What is to be said; null: nothing (any more).</summary>
    private async Task<NewNotice?> NoticeOf(TellUser told, long version)
    {
        if (told.Notice is not { } kind)
        {
            return null;
        }

        string? text = told.Role switch
        {
            GroupRole.Owner => "owner",
            GroupRole.Admin => "admin",
            GroupRole.Member => "member",
            _ => null,
        };
        var (from, name) = (told.From, told.FromName);
        if (told.Seq is { } seq)
        {
            if (await Find(seq) is not { Stored.Recalled: false } card || !HasNotRead(told.User, seq))
            {
                return await Confirmed<NewNotice?>(null);
            }

            (from, name) = (card.Stored.From, card.Stored.FromName);
            text = card.Text.Length == 0 ? null : NewNotice.Beginning(card.Text);
        }

        name ??= from is { } user ? State.Members.Find(user)?.Name : null;
        return await Confirmed(new NewNotice(
            kind, log.Id.ToString(), version, told.At, Self, _rules.IsDirect ? null : State.Name, from, name, told.Seq,
            text));
    }

    private bool HasNotRead(UserId user, long seq)
        => State.Members.TryFind(user, out var member) && MarkOf(member) < seq;
}
