using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Concurrency;
using Orleans.Streams;
using RedNote.Journal;

namespace RedNote.Live;

/// <summary>
/// See <see cref="ILiveRoomGrain"/>. Reentrant: every call decides before its first await (batches of a followers-only
/// room after it), so that commits of many batches share one write.
/// </summary>
[Reentrant]
public sealed partial class LiveRoomGrain(
    [PersistentState("room", StorageNames.Provider)] IPersistentState<LiveRoomDocument> storage,
    IOptions<LiveRoomOptions> options,
    TimeProvider time,
    ILogger<LiveRoomGrain> logger) : Grain, ILiveRoomGrain
{
    /// <summary>How often leases are checked and the lobby is told of the counters.</summary>
    private static readonly TimeSpan Housekeeping = TimeSpan.FromSeconds(2);

    private LiveRoom _room = null!;
    private CommittedDocument<LiveRoomDocument> _commits = null!;
    private IAsyncStream<RoomFrame> _stream = null!;
    private IGrainTimer? _housekeeping;
    private RoomCounters? _listedCounters;
    private long? _lastFrameAt;
    private bool _publishing;
    private bool _listed;

    private RoomId Self => new(this.GetPrimaryKeyLong());

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _room = new LiveRoom(Self, storage.State, options.Value, Now());
        var interval = TimeSpan.FromMilliseconds(options.Value.CommitIntervalMs);
        _commits = new CommittedDocument<LiveRoomDocument>(
            storage, _room.ToDocument, DeactivateOnIdle, time,
            CommitPolicy.Default with { MinInterval = interval }, logger);
        _stream = this.GetStreamProvider(StreamNames.Provider).GetStream<RoomFrame>(StreamNames.Room(Self));
        if (_room.Exists)
        {
            // The new epoch is stored before anything that carries it leaves.
            _commits.Touch();
        }

        return Task.CompletedTask;
    }

    public Task<RoomOutcome> Create(CreateRoom command) => Command(_room.Create(command));

    public Task<RoomOutcome> Start(UserId by) => Command(_room.Start(by, Now()));

    public Task<RoomOutcome> End(UserId by) => Command(_room.End(by, Now()));

    public async Task<SettingsOutcome> ChangeSettings(UserId by, RoomSettingsChange change)
    {
        var status = await Commit(_room.ChangeSettings(by, change, Now()));
        return new SettingsOutcome(status, status == CommandStatus.Done ? _room.Settings : null);
    }

    public Task<CommandStatus> Mute(UserId by, UserId target) => Commit(_room.SetMuted(by, target, muted: true, Now()));

    public Task<CommandStatus> Unmute(UserId by, UserId target)
        => Commit(_room.SetMuted(by, target, muted: false, Now()));

    public async Task<Room?> Get()
    {
        var card = _room.Exists ? _room.Card : null;
        await _commits.WhenCommitted();
        return card;
    }

    public async Task<SettingsOutcome> Settings(UserId by)
    {
        if (!_room.Exists || by != _room.HostId)
        {
            return new SettingsOutcome(_room.Exists ? CommandStatus.Forbidden : CommandStatus.NotFound, null);
        }

        var settings = _room.Settings;
        await _commits.WhenCommitted();
        return new SettingsOutcome(CommandStatus.Done, settings);
    }

    public async Task<RoomSnapshot?> Join(ResumePoint? since)
    {
        var snapshot = _room.Exists ? Snapshot(since) : null;
        await _commits.WhenCommitted();
        return snapshot;
    }

    public async Task<BatchAnswer> Submit(RoomBatch batch)
    {
        if (batch.Commands.IsDefaultOrEmpty || batch.Commands.Length > RoomBatch.MaxItems || batch.Number < 1)
        {
            return Refuse(batch, RejectReason.Invalid);
        }

        if (!_room.Exists)
        {
            return Refuse(batch, RejectReason.NotFound);
        }

        if (!_room.Report(batch.Gateway, batch.Viewers, Now()))
        {
            return Refuse(batch, RejectReason.RateLimited);
        }

        KeepHouse();
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
        if (!_room.Exists)
        {
            return null;
        }

        var frames = ImmutableArray<RoomFrame>.Empty;
        var complete = after.Epoch == _room.Frames.Epoch && _room.Frames.TryAfter(after.Seq, out frames);
        var answer = new FramesAnswer(_room.Frames.Head, complete, frames);
        await _commits.WhenCommitted();
        return answer;
    }

    public async Task<RoomHead?> Report(GatewayPresence presence)
    {
        if (!_room.Exists)
        {
            return null;
        }

        _room.Report(presence.Gateway, presence.Viewers, Now());
        KeepHouse();
        PublishNews();
        var head = _room.Frames.Head;
        await _commits.WhenCommitted();
        return head;
    }

    private async Task<BatchAnswer> Apply(RoomBatch batch)
    {
        var followers = ImmutableArray<UserId>.Empty;
        var senders = _room.SendersToCheck(batch.Commands);
        if (!senders.IsEmpty)
        {
            try
            {
                followers = await GrainFactory.User(_room.HostId).FollowersAmong(senders);
            }
            catch (Exception error) when (error is TimeoutException or TryAgainException)
            {
                return Refuse(batch, RejectReason.TryAgain);
            }
        }

        var answers = _room.Decide(batch.Commands, followers, Now());
        _commits.Touch();
        PublishNews();
        try
        {
            await _commits.WhenCommitted();
            return new BatchAnswer(answers);
        }
        catch (TryAgainException)
        {
            return Refuse(batch, RejectReason.TryAgain);
        }
    }

    private RoomSnapshot Snapshot(ResumePoint? since)
    {
        var frames = _room.Frames;
        frames.KnowCounters(_room.Counters);
        var missed = ImmutableArray<RoomFrame>.Empty;
        var recovered = since is not null && since.Epoch == frames.Epoch && frames.TryAfter(since.Seq, out missed);
        var recent = recovered ? []
            : since?.DanmakuSeq is { } seen ? frames.RecentAfter(seen, options.Value.RecentDanmaku)
            : frames.RecentAfter(0, options.Value.SnapshotDanmaku);
        return new RoomSnapshot(_room.Card, frames.Epoch, frames.Seq, _room.PublicSettings, recent, recovered, missed);
    }

    /// <summary>Ends a host's command: durable, told to the lobby, then answered.</summary>
    private async Task<RoomOutcome> Command(CommandStatus decided)
    {
        var status = await Commit(decided);
        if (status != CommandStatus.Done)
        {
            return new RoomOutcome(status, null);
        }

        var card = _room.Card;
        try
        {
            _listed = false;
            await GrainFactory.RoomDirectory().Put(card, CardVersion(card));
            _listed = true;
        }
        catch (Exception error)
        {
            // The room is right, the lobby is not yet: the host's retry lists it, as does the next housekeeping.
            LogNotListed(logger, Self, error);
            return new RoomOutcome(CommandStatus.TryAgain, null);
        }

        return new RoomOutcome(CommandStatus.Done, card);
    }

    private async Task<CommandStatus> Commit(CommandStatus decided)
    {
        if (decided == CommandStatus.Done)
        {
            _commits.Touch();
            PublishNews();
        }

        try
        {
            await _commits.WhenCommitted();
            return decided;
        }
        catch (TryAgainException)
        {
            return CommandStatus.TryAgain;
        }
    }

    /// <summary>Sends what is new: at once after a quiet tick, otherwise at the next one. One publish in
    /// flight.</summary>
    private void PublishNews()
    {
        if (!_publishing && _room.Frames.HasNews(_room.Counters))
        {
            _publishing = true;
            _ = PublishWhileNews();
        }
    }

    private async Task PublishWhileNews()
    {
        try
        {
            while (_room.Frames.HasNews(_room.Counters))
            {
                var rest = _lastFrameAt is { } last ? Tick() - time.GetElapsedTime(last) : TimeSpan.Zero;
                if (rest > TimeSpan.Zero)
                {
                    await Task.Delay(rest, time);
                }

                _lastFrameAt = time.GetTimestamp();
                var frame = _room.Frames.Seal(_room.Counters, Now());
                await _commits.WhenCommitted();
                await Publish(frame);
            }
        }
        catch (TryAgainException)
        {
            // Nothing that was not stored is shown; the grain is on its way out and its next activation goes on.
        }
        finally
        {
            _publishing = false;
        }
    }

    private async Task Publish(RoomFrame frame)
    {
        try
        {
            await _stream.OnNextAsync(frame);
        }
        catch (Exception error)
        {
            // Front ends see the gap and ask for the frame.
            LogNotPublished(logger, Self, frame.Seq, error);
        }
    }

    /// <summary>The tick stretches with the audience, so that the work of sending stays bounded.</summary>
    private TimeSpan Tick()
    {
        var bounds = options.Value;
        var scaled = (long)bounds.MinTickMs * _room.Gateways.Viewers / bounds.ViewersAtMinTick;
        return TimeSpan.FromMilliseconds(Math.Clamp(scaled, bounds.MinTickMs, bounds.MaxTickMs));
    }

    private void KeepHouse() => _housekeeping ??= this.RegisterGrainTimer(
        KeepHouse, new GrainTimerCreationOptions { DueTime = Housekeeping, Period = Housekeeping, Interleave = true });

    private async Task KeepHouse(CancellationToken cancellationToken)
    {
        _room.Gateways.Expire(Now());
        PublishNews();
        var counters = _room.Counters;
        if (!_listed)
        {
            await GrainFactory.RoomDirectory().Put(_room.Card, CardVersion(_room.Card));
            _listed = true;
        }
        else if (_room.State == RoomState.Live && counters != _listedCounters)
        {
            await GrainFactory.RoomDirectory().Refresh(Self, counters);
        }

        _listedCounters = counters;

        if (_room.Gateways.IsEmpty)
        {
            _housekeeping?.Dispose();
            _housekeeping = null;
        }
    }

    private static BatchAnswer Refuse(RoomBatch batch, RejectReason reason)
    {
        RoomAnswer refusal = Verdict.Reject(reason);
        return new BatchAnswer([.. Enumerable.Repeat(refusal, batch.Commands.IsDefault ? 0 : batch.Commands.Length)]);
    }

    /// <summary>A room's states only go forward, so that they number its cards until the room has a log.</summary>
    private static long CardVersion(Room card) => 1 + (long)card.State;

    private long Now() => time.GetUtcNow().ToUnixTimeMilliseconds();

    [LoggerMessage(Level = LogLevel.Warning, Message = "Room {Room} could not be listed")]
    private static partial void LogNotListed(ILogger logger, RoomId room, Exception error);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Room {Room}: frame {Seq} was not published")]
    private static partial void LogNotPublished(ILogger logger, RoomId room, long seq, Exception error);
}
