using RedNote.Frontend.Live;
using RedNote.Groups;

namespace RedNote.Frontend.Groups;

/// <summary>One group on this front end: the way out, and the lease by which its members here count as looking on.
/// </summary>
internal sealed partial class GroupPort : IPort
{
    private readonly string _frontEnd;
    private readonly IGroupGrain _grain;
    private readonly GroupPortOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Lock _gate = new();
    private long _usedAt;
    private long? _reportedAt;
    private long _reportedVersion;
    private long _reportedNews;
    private bool _hasReported;
    private bool _reporting;
    private bool _retired;

    public GroupPort(
        GroupId group, string frontEnd, IGroupGrain grain, IGroupStreams streams, FrameEncoder encoder,
        CatchUpGate catchUps, GroupPortOptions options, LiveOptions live, TimeProvider time,
        LiveMetrics metrics, ILogger logger)
    {
        (_frontEnd, _grain, _options, _time, _logger) = (frontEnd, grain, options, time, logger);
        Channel = new GroupChannel(
            group, grain, streams, encoder, catchUps, options, live, time, metrics, logger);
        _usedAt = time.GetTimestamp();
    }

    public GroupId Group => Channel.Group;

    public GroupChannel Channel { get; }

    public bool TryUse()
    {
        lock (_gate)
        {
            _usedAt = _time.GetTimestamp();
            return !_retired;
        }
    }

    public bool TryRetire()
    {
        lock (_gate)
        {
            _retired |= Channel.Viewers == 0 && !_hasReported && !_reporting
                && _time.GetElapsedTime(_usedAt) >= _options.Linger;
            return _retired;
        }
    }

    public Task Close() => Channel.Close();

    /// <summary>Reports who looks on when that has changed or it is time to, and looks for news that did not come.
    /// </summary>
    public async Task Patrol()
    {
        if (Channel.Viewers > 0)
        {
            TryUse();
        }

        await Channel.CheckHead();
        if (IsDue())
        {
            await Report();
        }
    }

    /// <summary>Says that nobody looks on here any more, if the group was told otherwise.</summary>
    public Task Drain() => _hasReported ? Report() : Task.CompletedTask;

    private bool IsDue()
    {
        var (version, news, users) = Channel.Watch();
        lock (_gate)
        {
            if (_reporting)
            {
                return false;
            }

            if (_reportedAt is not { } reportedAt)
            {
                return users > 0;
            }

            var age = _time.GetElapsedTime(reportedAt);
            return (version != _reportedVersion && age >= _options.ReportPause)
                || (users > 0
                    && (age >= _options.LeaseEvery || (news != _reportedNews && age >= _options.CheckEvery)));
        }
    }

    private async Task Report()
    {
        var (audience, news) = Channel.Audience();
        lock (_gate)
        {
            if (_reporting)
            {
                return;
            }

            (_reporting, _reportedAt) = (true, _time.GetTimestamp());
        }

        try
        {
            var head = await _grain.Report(new GroupPresence(_frontEnd, audience.Users));
            lock (_gate)
            {
                (_reportedVersion, _reportedNews) = (audience.Version, news);
                _hasReported = !audience.Users.IsEmpty && head is not null;
            }

            if (head is not null)
            {
                Channel.Compare(head);
            }
        }
        catch (Exception failure)
        {
            LogNotReported(_logger, failure, Group);
        }
        finally
        {
            lock (_gate)
            {
                _reporting = false;
            }
        }
    }

    [LoggerMessage(LogLevel.Warning, "Who looks at group {Group} could not be reported.")]
    private static partial void LogNotReported(ILogger logger, Exception failure, GroupId group);
}
