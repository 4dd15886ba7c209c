using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Concurrency;
using RedNote.Journal;

namespace RedNote.Users;

/// <summary>See <see cref="IInboxGrain"/>.</summary>
[Reentrant]
internal sealed partial class InboxGrain(
    [EventLog(InboxServices.Log)] IEventLog<InboxState, InboxEvent> log,
    IOptions<InboxOptions> options,
    ILogger<InboxGrain> logger) : Grain, IInboxGrain
{
    /// <summary>What is durable and was not sent to where the user is.</summary>
    private readonly Queue<UserNotice> _untold = [];
    private readonly HeardMarks _heard = new(options.Value);
    private bool _isTelling;

    private UserId Self => new(this.GetPrimaryKeyLong());

    public Task<CommandStatus> GroupChanged(GroupMembership change) => Answer(async () =>
    {
        await (log.State.IsNew(change)
            ? log.Raise(log.State.Decide(change, options.Value))
            : log.WhenConfirmed());
    });

    public Task<CommandStatus> Take(NewNotice notice) => Answer(async () =>
    {
        if (!log.State.IsNew(notice))
        {
            await log.WhenConfirmed();
            return;
        }

        var bounded = Bounded(notice);
        var durable = log.Raise(log.State.Decide(Stored(bounded), options.Value));
        var (newest, unread, messages) = (log.State.Newest, log.State.Unread, log.State.UnreadMessages);
        await durable;

        // What was read in the groups, also while this was being stored, is not unread.
        var read = messages.Where(_heard.IsRead).Select(message => message.Id).ToHashSet();
        Tell(new UserNotice(
            Self, newest with { Text = bounded.Text, Read = read.Contains(newest.Id) }, unread - read.Count));
    });

    public Task HasRead(GroupId group, long seq)
    {
        _heard.Take(group, seq);
        return Task.CompletedTask;
    }

    public Task<ImmutableArray<GroupId>> Groups() => Confirmed(log.State.Groups);

    public Task<NotificationPage> Page(long? after, int limit)
        => Confirmed(log.State.Page(after, Math.Clamp(limit, 1, NotificationPage.MaxLimit)));

    public async Task<int> MarkRead(long upTo)
    {
        upTo = Math.Min(upTo, log.State.LastId);
        var durable = upTo > log.State.ReadUpTo ? log.Raise(new NotificationsRead(upTo)) : log.WhenCurrent();
        var unread = log.State.Unread;
        await durable;
        return unread;
    }

    private static NewNotice Bounded(NewNotice notice) => notice with
    {
        Count = Math.Max(1, notice.Count),
        Text = notice.Text is { } text ? NewNotice.Beginning(text) : null,
    };

    /// <summary>What a message says is its group's to keep: here it would outlive a recall.</summary>
    private static NewNotice Stored(NewNotice notice) => notice.Seq is null ? notice : notice with { Text = null };

    private static async Task<CommandStatus> Answer(Func<Task> apply)
    {
        try
        {
            await apply();
            return CommandStatus.Done;
        }
        catch (TryAgainException)
        {
            return CommandStatus.TryAgain;
        }
    }

    private async Task<T> Confirmed<T>(T answer)
    {
        await log.WhenConfirmed();
        return answer;
    }

    /// <summary>Sends a notification to where the user is, behind those that are under way; who sent the notice does
    /// not wait for it.</summary>
    private void Tell(UserNotice notice)
    {
        _untold.Enqueue(notice);
        if (_untold.Count > options.Value.Untold)
        {
            _untold.Dequeue();
        }

        if (!_isTelling)
        {
            _isTelling = true;
            _ = TellAll();
        }
    }

    private async Task TellAll()
    {
        try
        {
            while (_untold.TryDequeue(out var notice))
            {
                await GrainFactory.Presence(Self).Tell(notice);
            }
        }
        catch (Exception error)
        {
            // The list has it.
            LogNotTold(logger, Self, error);
        }
        finally
        {
            _isTelling = false;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "User {User} was not told of a notification")]
    private static partial void LogNotTold(ILogger logger, UserId user, Exception error);
}
