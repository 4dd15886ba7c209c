using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Concurrency;
using RedNote.Journal;

namespace RedNote.Groups;

/// <summary>
/// See <see cref="IGroupGrain"/>. Reentrant: every call decides before its first await, or anew after it where it had
/// to read a table first, so that appends pipeline. Every answer waits until all that it rests on is durable.
/// </summary>
[Reentrant]
internal sealed partial class GroupGrain(
    [EventLog(GroupServices.Log)] IEventLog<GroupState, GroupLogEvent> log,
    IOptions<GroupOptions> options,
    IDigestWriter digests,
    TimeProvider time,
    ILogger<GroupGrain> logger) : Grain, IGroupGrain, IDisposable
{
    /// <summary>How long a command waits for an inbox; it is told later all the same.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly long _awakeSince = time.GetTimestamp();
    private readonly CancellationTokenSource _stopping = new();
    private GroupRules _rules = null!;
    private MessageMemory _memory = null!;
    private KeyBook _keys = null!;
    private NewsDesk _desk = null!;
    private PresenceBook _presence = null!;

    /// <summary>Whether this activation's epoch is in the log.</summary>
    private bool _hasEpoch;

    private GroupId Self => new(this.GetPrimaryKeyLong());

    private GroupState State => log.State;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _rules = new GroupRules(Self, log.State, options.Value);
        _memory = new MessageMemory(options.Value, State.LastSeq);
        _keys = new KeyBook(options.Value, State.LastSeq == 0 ? 0 : Now());
        _desk = new NewsDesk(options.Value);
        _presence = new PresenceBook(options.Value);
        _stream = this.GetStreamProvider(StreamNames.Provider).GetStream<GroupNews>(StreamNames.Group(Self));
        _closing = new DueTimer(this, Close);
        log.Effects.Start(Deliver);
        SetClosing();
        if (State.LastSeq > 0)
        {
            _ = KnockAfterStart();
        }

        return Task.CompletedTask;
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        // Here and now, as all of this grain's work: not on the thread pool.
        _stopping.Cancel();
        try
        {
            await CommitMarks();
        }
        catch (TryAgainException)
        {
            // Marks may fall back.
        }
    }

    public void Dispose() => _stopping.Dispose();

    public async Task<GroupOutcome> Create(CreateGroup command)
    {
        var decided = Decide((now, events) => _rules.Create(command, now, events));
        var card = _rules.Exists ? _rules.Card(command.By, Now()) : null;
        var status = await decided;
        await WhenListed(status, command.By);
        return new GroupOutcome(status, status == CommandStatus.Done ? card : null);
    }

    public async Task<GroupOutcome> Change(UserId by, GroupChange change)
    {
        var decided = Decide((now, events) => _rules.Change(by, change, now, events));
        var card = _rules.Card(by, Now());
        var status = await decided;
        return new GroupOutcome(status, status == CommandStatus.Done ? card : null);
    }

    public async Task<GroupOutcome> Get(UserId reader)
    {
        var status = _rules.CanSee(reader);
        var card = status == CommandStatus.Done ? _rules.Card(reader, Now()) : null;
        await log.WhenConfirmed();
        return new GroupOutcome(status, card);
    }

    public async Task<GroupSummary?> Summary(UserId reader)
    {
        if (State.Members.Find(reader) is null)
        {
            await log.WhenConfirmed();
            return null;
        }

        var last = await Newest();
        GroupSummary? summary = null;
        if (State.Members.TryFind(reader, out var member))
        {
            var mark = MarkOf(member);
            summary = new GroupSummary(
                _rules.Card(reader, Now()), mark, State.Unread(member, mark), member.CallsAfter(mark),
                last?.ToMessage());
        }

        await log.WhenConfirmed();
        return summary;
    }

    public Task DeliverEffects()
    {
        log.Effects.Retry();
        return Task.CompletedTask;
    }

    private async Task<CommandStatus> Decide(Func<long, List<GroupLogEvent>, CommandStatus> decide)
    {
        try
        {
            var events = new List<GroupLogEvent>();
            var status = decide(Now(), events);
            // Who is told that it is so already is told it of the newest state there is.
            await (events.Count > 0 ? Commit(events)
                : status == CommandStatus.Done ? log.WhenCurrent()
                : log.WhenConfirmed());
            return status;
        }
        catch (TryAgainException)
        {
            return CommandStatus.TryAgain;
        }
    }

    /// <summary>As <see cref="Decide"/>, for what is answered as messages are.</summary>
    private static async Task<SendAnswer> Answer(Func<Task<SendAnswer>> decide)
    {
        try
        {
            return await decide();
        }
        catch (TryAgainException)
        {
            return SendAnswer.Reject(GroupReason.TryAgain);
        }
    }

    private async Task<T> Confirmed<T>(T answer)
    {
        await log.WhenConfirmed();
        return answer;
    }

    /// <summary>
    /// Raises what was decided, with the epoch if it is due, and lets it be told. Completes when that and all that was
    /// decided before is durable.
    /// </summary>
    private Task Commit(List<GroupLogEvent> events)
    {
        if (!_hasEpoch)
        {
            // Behind the group's making, which is the first event of all.
            var place = events.Count > 0 && events[0] is GroupCreated ? 1 : 0;
            events.Insert(place, new EpochBegan(Now(), State.Epoch + 1));
        }

        var before = log.Version;
        var durable = log.Raise(CollectionsMarshal.AsSpan(events));
        if (log.Version == before + events.Count)
        {
            // Otherwise the log has refused them, and they did not happen.
            _hasEpoch = true;
            SetClosing();
            for (var i = 0; i < events.Count; i++)
            {
                Take(events[i], before + 1 + i);
            }

            PublishNews();
        }

        return durable;
    }

    /// <summary>Takes in an event that was raised.</summary>
    private void Take(GroupLogEvent raised, long version)
    {
        _memory.Take(raised, version);
        switch (raised)
        {
            case MessagePosted posted:
                _keys.Bind(posted);
                MoveSender(posted.Message);
                KnockLater();
                break;
            case MemberGone gone:
                _marks.Remove(gone.UserId);
                break;
        }

        Tell(raised);
    }

    /// <summary>Waits a little until the group is in the list of whom it concerns, or no longer, so that whoever looks
    /// next finds it as it was answered.</summary>
    private async Task WhenListed(CommandStatus status, UserId user)
    {
        if (status == CommandStatus.Done)
        {
            await log.Effects.WhenDelivered(GroupEffect.Receiver(user), Patience);
        }
    }

    /// <summary>Sees to it that this activation has an epoch: whoever is told where its news are needs it.</summary>
    private Task WhenEpoch() => _hasEpoch ? log.WhenConfirmed() : Commit([]);

    /// <summary>For what must not hang on a clock that may be set.</summary>
    private long AwakeMs() => (long)time.GetElapsedTime(_awakeSince).TotalMilliseconds;

    private long Now() => time.GetUtcNow().ToUnixTimeMilliseconds();
}
