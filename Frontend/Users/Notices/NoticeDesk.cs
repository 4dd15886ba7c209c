using Microsoft.Extensions.Options;
using RedNote.Frontend.Live;
using RedNote.Users;

namespace RedNote.Frontend.Users;

/// <summary>
/// Lets the grains know which users are here, and hands the notices that come for them to their connections. Users are
/// reported by shard, gathered for a moment, so that thousands who come at once cost a few calls.
/// </summary>
internal sealed partial class NoticeDesk : BackgroundService
{
    private readonly PresenceShard[] _shards;
    private readonly string _name;
    private readonly ChannelSubscription<UserNotices> _subscription;
    private readonly UserPresences _presences;
    private readonly IGrainFactory _grains;
    private readonly NoticeOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger<NoticeDesk> _logger;

    /// <summary>Events that have come.</summary>
    private long _received;

    /// <summary>When a report was taken that the stream answers, and what had come by then; null: it was answered.
    /// </summary>
    private volatile Probe? _probe;

    public NoticeDesk(
        UserPresences presences,
        IGrainFactory grains,
        INoticeStreams streams,
        IIdGenerator ids,
        IOptions<NoticeOptions> options,
        TimeProvider time,
        ILogger<NoticeDesk> logger)
    {
        (_presences, _grains, _options, _time, _logger) = (presences, grains, options.Value, time, logger);
        _name = $"front-end-{ids.NextSecretNumber()}";
        _shards = [.. Enumerable.Range(0, PresenceShards.Count).Select(_ => new PresenceShard(_options, time))];
        _subscription = new ChannelSubscription<UserNotices>(
            _name, onNotices => streams.Subscribe(_name, onNotices), logger);
        presences.Changed = user => _shards[PresenceShards.Of(user)].Changed(user);
    }

    /// <summary>Whether the grains know that the user is here.</summary>
    public bool IsReported(UserId user) => _shards[PresenceShards.Of(user)].IsReported(user);

    /// <summary>Sends the reports that are due, and looks whether notices still come.</summary>
    public async Task Look()
    {
        for (var i = 0; i < _shards.Length; i++)
        {
            if (_shards[i].TryBegin(_name, user => _presences.Find(user) is not null) is { } report)
            {
                _ = Send(_shards[i], i, report);
            }
        }

        if (_probe is { } probe && _time.GetElapsedTime(probe.At) >= _options.DeafAfter)
        {
            _probe = null;
            if (Interlocked.Read(ref _received) == probe.Received)
            {
                LogDeaf(_logger);
                await _subscription.Renew(OnNotices);
            }
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(_options.Gather, _time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                await Look();
            }
        }
        catch (OperationCanceledException)
        {
            // The host is stopping.
        }

        await _subscription.End();
    }

    private async Task Send(PresenceShard shard, int number, PresenceReport report)
    {
        var isTaken = false;
        try
        {
            // Nobody is to be looked for here before what is found can be heard.
            await _subscription.Ensure(OnNotices).WaitAsync(_options.ReportTimeout, _time);
            var received = Interlocked.Read(ref _received);
            isTaken = await _grains.GetGrain<IPresenceGrain>(number).Report(report)
                .WaitAsync(_options.ReportTimeout, _time);
            if (isTaken && report.IsAnswered)
            {
                _probe ??= new Probe(_time.GetTimestamp(), received);
            }
        }
        catch (Exception failure)
        {
            LogNotReported(_logger, number, failure);
        }
        finally
        {
            shard.Ended(isTaken);
        }
    }

    private void OnNotices(UserNotices notices)
    {
        Interlocked.Increment(ref _received);
        foreach (var notice in notices.Items)
        {
            _presences.Find(notice.UserId)?.TellNotification(new NotificationNews(notice.Notification, notice.Unread));
        }
    }

    [LoggerMessage(LogLevel.Information, "Notices seem not to come any more; subscribing again.")]
    private static partial void LogDeaf(ILogger logger);

    [LoggerMessage(LogLevel.Warning, "Shard {Shard} of presence was not told who is here.")]
    private static partial void LogNotReported(ILogger logger, int shard, Exception failure);

    private sealed record Probe(long At, long Received);
}

/// <summary>The streams of notices, as far as they are needed here.</summary>
internal interface INoticeStreams
{
    /// <summary>Hands all notices for a front end to <paramref name="onNotices"/>, one event at a time; some may be
    /// lost.</summary>
    Task<IStreamSubscription> Subscribe(string frontEnd, Action<UserNotices> onNotices);
}

/// <summary>Orleans streams.</summary>
internal sealed class NoticeStreams(IClusterClient cluster) : INoticeStreams
{
    public Task<IStreamSubscription> Subscribe(string frontEnd, Action<UserNotices> onNotices)
        => cluster.Subscribe(StreamNames.Notices(frontEnd), onNotices);
}
