using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Concurrency;
using RedNote.Deals;
using RedNote.Journal;

namespace RedNote.Live;

/// <summary>
/// See <see cref="ILiveRoomGrain"/>. Reentrant: every call decides before its first await (batches after it, where
/// something has to be fetched for the decision), so that the appends of many batches share one write. Every answer
/// waits until all that it may rest on is durable.
/// </summary>
[Reentrant]
public sealed partial class LiveRoomGrain(
    [EventLog(LiveRoomServices.Log)] IEventLog<LiveRoomState, LiveRoomEvent> log,
    IOptions<LiveRoomOptions> options,
    IOptions<DealOptions> deals,
    TimeProvider time,
    IDrawSeeds seeds,
    RoomMetrics metrics,
    ILogger<LiveRoomGrain> logger) : Grain, ILiveRoomGrain
{
    private readonly long _awakeSince = time.GetTimestamp();
    private LiveRoom _room = null!;
    private Task? _remembering;
    private bool _remembers;

    private RoomId Self => new(this.GetPrimaryKeyLong());

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _room = new LiveRoom(Self, log.State, options.Value, metrics) { DealBounds = deals.Value };
        _remembers = !_room.Exists;
        _stream = this.GetStreamProvider(StreamNames.Provider).GetStream<RoomFrame>(StreamNames.Room(Self));
        (_settlingDraws, _closing) = (new DueTimer(this, SettleDraws), new DueTimer(this, Close));
        log.Effects.Start(Deliver);
        SetDrawTimer();
        SetClosing();
        return Task.CompletedTask;
    }

    public Task<RoomOutcome> Create(CreateRoom command)
        => Command((now, events) => _room.Create(command, now, events));

    public Task<RoomOutcome> Start(UserId by) => Command((now, events) => _room.Start(by, now, events));

    public Task<RoomOutcome> End(UserId by) => Command((now, events) => _room.End(by, now, events));

    public async Task<SettingsOutcome> ChangeSettings(UserId by, RoomSettingsChange change)
    {
        var decided = Decide((now, events) => _room.ChangeSettings(by, change, now, events));
        var settings = _room.Settings;
        var status = await decided;
        return new SettingsOutcome(status, status == CommandStatus.Done ? settings : null);
    }

    public async Task<Room?> Get()
    {
        var card = _room.Exists ? _room.Card : null;
        await log.WhenConfirmed();
        return card;
    }

    public async Task<SettingsOutcome> Settings(UserId by)
    {
        var outcome = !_room.Exists ? new SettingsOutcome(CommandStatus.NotFound, null)
            : by != _room.HostId ? new SettingsOutcome(CommandStatus.Forbidden, null)
            : new SettingsOutcome(CommandStatus.Done, _room.Settings);
        await log.WhenConfirmed();
        return outcome;
    }

    public async Task<RoomSnapshot?> Join(ResumePoint? since, UserId viewer = default)
    {
        var durable = Commit([]);
        var snapshot = _room.Exists ? Snapshot(since, viewer) : null;
        await durable;
        return snapshot;
    }

    public async Task<BatchAnswer> Submit(RoomBatch batch)
    {
        if (batch.Commands.IsDefaultOrEmpty || batch.Commands.Length > RoomBatch.MaxItems || batch.Number < 1)
        {
            return Refuse(batch, RejectReason.Invalid) with { IsCounted = false };
        }

        if (!_room.Exists)
        {
            return Refuse(batch, RejectReason.NotFound) with { IsCounted = false };
        }

        if (!_room.Gateways.Report(batch.Gateway, batch.Viewers, AwakeMs()))
        {
            return Refuse(batch, RejectReason.RateLimited) with { IsCounted = false };
        }

        KeepHouse();
        _room.Take(batch.Gateway, batch.Report);
        if (_room.Gateways.FindApplied(batch.Gateway, batch.Number) is { } applied)
        {
            return applied.Answer is { } kept ? await kept : Refuse(batch, RejectReason.TryAgain);
        }

        var answer = Apply(batch);
        _room.Gateways.Keep(batch.Gateway, batch.Number, answer);
        return await answer;
    }

    public async Task<FramesAnswer?> FramesAfter(RoomHead after)
    {
        var durable = Commit([]);
        FramesAnswer? answer = null;
        if (_room.Exists)
        {
            var frames = ImmutableArray<RoomFrame>.Empty;
            var complete = after.Epoch == _room.Frames.Epoch && _room.Frames.TryAfter(after.Seq, out frames);
            answer = new FramesAnswer(_room.Frames.Head, complete, frames);
        }

        await durable;
        return answer;
    }

    public async Task<RoomHead?> Report(GatewayPresence presence)
    {
        RoomHead? head = null;
        var events = new List<LiveRoomEvent>();
        if (_room.Exists)
        {
            if (_room.Gateways.Report(presence.Gateway, presence.Viewers, AwakeMs()))
            {
                _room.ReportAudience(presence, Now(), AwakeMs(), events);
                _room.Take(presence.Gateway, presence.Report);
            }

            KeepHouse();
        }

        var durable = Commit(events);
        if (_room.Exists)
        {
            head = _room.Frames.Head;
        }

        await durable;
        return head;
    }

    public async Task<TapePage?> Tape(TapeQuery query)
    {
        var exists = _room.Exists;

        // An activation that was overtaken reads no further than it knows: it must not say that the tape ends there.
        await log.WhenCurrent();
        if (!exists)
        {
            return null;
        }

        var limit = Math.Clamp(query.Limit, 1, TapeQuery.MaxLimit);
        var page = await Tape().Read(query with { Limit = limit });
        page = SampledRuns.Ask(page) is { } sampled ? SampledRuns.Mark(page, await log.Query(sampled)) : page;
        return MergeCounts.Ask(page) is { } counts ? MergeCounts.Fill(page, await log.Query(counts)) : page;
    }

    public async Task<StatsOutcome> Stats(UserId by)
    {
        var durable = Commit([]);
        var outcome = _room.Stats(by);
        await durable;
        return outcome;
    }

    public Task DeliverEffects()
    {
        log.Effects.Retry();
        return Task.CompletedTask;
    }

    private RoomTapeReader Tape() => new(log, options.Value.TapeScanEvents);

    private async Task<BatchAnswer> Apply(RoomBatch batch)
    {
        var isCounted = false;
        try
        {
            if (!_remembers)
            {
                await Remember();
            }

            var followers = default(ImmutableArray<UserId>);
            var senders = _room.SendersToCheck(batch.Commands);
            if (!senders.IsDefault)
            {
                followers = senders.IsEmpty ? [] : await GrainFactory.User(_room.HostId).FollowersAmong(senders);
            }

            await log.WhenRoom();
            if (_room.Gateways.IsGivenUp(batch.Gateway, batch.Number))
            {
                return Refuse(batch, RejectReason.TryAgain);
            }

            var events = new List<LiveRoomEvent>();
            var answers = _room.Decide(batch, followers, Now(), events);
            var durable = Commit(events);
            if (!durable.IsFaulted)
            {
                isCounted = true;
                _room.CountDecided();
            }

            await durable;
            return new BatchAnswer(answers);
        }
        catch (Exception error) when (error is TryAgainException or TimeoutException)
        {
            return Refuse(batch, RejectReason.TryAgain);
        }
        finally
        {
            if (!isCounted)
            {
                _room.CountRefused(batch, RejectReason.TryAgain);
            }
        }
    }

    /// <summary>
    /// Reads the last minutes' keys and senders back from the log; batches wait for it, so that nothing is bound before
    /// and no key or slow mode that still runs is missed. After a failure the next batch tries again.
    /// </summary>
    private Task Remember()
        => _remembering is null or { IsFaulted: true } ? _remembering = ReadMemory() : _remembering;

    private async Task ReadMemory()
    {
        var restore = new RoomMemory.Restore(options.Value, Now());
        for (var upTo = log.ConfirmedVersion; upTo > 0 && !restore.IsDone;)
        {
            var page = await log.Read(new VersionRange(1, upTo, NewestFirst: true), RestorePage);
            foreach (var (_, raised) in page)
            {
                restore.Take(raised);
            }

            upTo = page.IsEmpty ? 0 : page[^1].Version - 1;
        }

        _room.Memory = restore.Build();
        _remembers = true;
    }

    private RoomSnapshot Snapshot(ResumePoint? since, UserId viewer)
    {
        var frames = _room.Frames;
        frames.KnowCounters(_room.Counters);
        var missed = ImmutableArray<RoomFrame>.Empty;
        var recovered = since is not null && since.Epoch == frames.Epoch && frames.TryAfter(since.Seq, out missed);
        var recent = recovered ? []
            : since?.DanmakuSeq is { } seen ? frames.RecentAfter(seen, options.Value.RecentDanmaku)
            : frames.RecentAfter(0, options.Value.SnapshotDanmaku);
        return new RoomSnapshot(_room.Card, frames.Epoch, frames.Seq, _room.PublicSettings, recent, recovered, missed)
        {
            Draws = _room.Draws(Now()),
            Polls = _room.Polls.PollsFor(viewer, Now()),
            Pks = _room.Polls.PksAt(Now()),
            Questions = _room.Questions.Top(options.Value.SnapshotQuestions, viewer),
            Deals = _room.ShownDeals,
            Pinned = _room.Pinned,
            Moderators = _room.Moderation.Moderators,
        };
    }

    /// <summary>Ends a command that the lobby shows: durable, and if that is soon, listed as well.</summary>
    private async Task<RoomOutcome> Command(Func<long, List<LiveRoomEvent>, CommandStatus> decide)
    {
        var decided = Decide(decide);
        var card = _room.Card;
        var status = await decided;
        if (status != CommandStatus.Done)
        {
            return new RoomOutcome(status, null);
        }

        await log.Effects.WhenDelivered(
            LiveRoomServices.Directory, TimeSpan.FromMilliseconds(options.Value.LobbyWaitMs));
        return new RoomOutcome(CommandStatus.Done, card);
    }

    private async Task<CommandStatus> Decide(Func<long, List<LiveRoomEvent>, CommandStatus> decide)
    {
        try
        {
            var events = new List<LiveRoomEvent>();
            var status = decide(Now(), events);
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

    /// <summary>
    /// Raises what was decided, with the epoch and the peak if they are due, and lets it be shown. Completes when that
    /// and all that was decided before is durable.
    /// </summary>
    private Task Commit(List<LiveRoomEvent> events)
    {
        events.InsertRange(0, _leftOut);
        _room.Complete(events, Now());
        var before = log.Version;
        var durable = log.Raise(CollectionsMarshal.AsSpan(events));
        if (log.Version == before + events.Count)
        {
            // Otherwise the log has refused them, and they did not happen.
            _leftOut.Clear();
            foreach (var raised in events)
            {
                _room.Take(raised);
                if (raised is DrawDecided decided)
                {
                    Decided(decided.Draw.DrawId);
                }
            }

            SetDrawTimer();
            SetClosing();
            PublishNews();
        }
        else
        {
            _room.Refused(events);
        }

        return durable;
    }

    /// <summary>Tells the list of rooms how the room is, as of a version whose event changed that; of a draw, waits for
    /// its result; tells deals and the host what they are owed.</summary>
    private async Task Deliver(Effect effect)
    {
        if (effect.Version > log.Version)
        {
            // Another activation appended it after this one had read the log: the card of here is older than it.
            DeactivateOnIdle();
            throw new TryAgainException($"Room {Self} was overtaken.");
        }

        if (effect.Receiver.StartsWith(LiveRoomServices.OwedDraw, StringComparison.Ordinal))
        {
            await WhenDrawDecided(ParseDraw(effect.Receiver));
            return;
        }

        if (effect.Receiver.StartsWith(LiveRoomServices.OwedDeal, StringComparison.Ordinal))
        {
            await TellDeal(effect);
            return;
        }

        if (effect.Receiver == LiveRoomServices.Host)
        {
            await TellHost(effect);
            return;
        }

        var card = _room.Card;
        await log.WhenConfirmed();
        await GrainFactory.RoomDirectory().Put(card, effect.Version);
    }

    private static BatchAnswer Refuse(RoomBatch batch, RejectReason reason)
    {
        RoomAnswer refusal = Verdict.Reject(reason);
        return new BatchAnswer([.. Enumerable.Repeat(refusal, batch.Commands.IsDefault ? 0 : batch.Commands.Length)]);
    }

    /// <summary>For what must not hang on a clock that may be set.</summary>
    private long AwakeMs() => (long)time.GetElapsedTime(_awakeSince).TotalMilliseconds;

    private long Now() => time.GetUtcNow().ToUnixTimeMilliseconds();
}
