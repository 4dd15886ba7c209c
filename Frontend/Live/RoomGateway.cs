using RedNote.Live;

namespace RedNote.Frontend.Live;

/// <summary>
/// One room's way in on this front end. A command that finds it idle is sent at once; those that come while a batch is
/// under way make up the next one, and in a busy room batches keep a pace. All kinds keep one order. A batch whose
/// answer was lost is sent again under its number, which the room applies once.
/// </summary>
internal sealed partial class RoomGateway
{
    private readonly RoomId _room;
    private readonly ILiveRoomGrain _grain;
    private readonly Func<int> _viewers;
    private readonly LiveOptions _options;
    private readonly TimeProvider _time;
    private readonly LiveMetrics _metrics;
    private readonly ILogger _logger;
    private readonly GatewayQueue<RoomCommand, RoomAnswer> _queue;
    private readonly BatchBuilder _batch = new();
    private readonly RefusalReport _report = new();
    private long _number;

    public RoomGateway(
        string name, RoomId room, ILiveRoomGrain grain, Func<int> viewers, LiveOptions options, TimeProvider time,
        LiveMetrics metrics, ILogger logger)
    {
        (_room, _grain, _viewers, _options) = (room, grain, viewers, options);
        (_time, _metrics, _logger) = (time, metrics, logger);
        Name = name;
        _queue = new GatewayQueue<RoomCommand, RoomAnswer>(
            options.GatewayQueue, RoomBatch.MaxItems, _batch.TryAdd, Send, time,
            new BatchPace(time, options.GatewayBatchesPerSecond, options.GatewayBurst));
    }

    /// <summary>This gateway's name in <see cref="RoomBatch"/> and <see cref="GatewayPresence"/>.</summary>
    public string Name { get; }

    /// <summary>What was refused here, until the room was told.</summary>
    public RefusalReport Report => _report;

    public bool IsIdle => _queue.IsIdle;

    /// <summary>
    /// Answers with a verdict or with likes counted; never fails. <c>rate_limited</c> when too much waits already,
    /// <c>try_again</c> when the outcome is unknown or the host is stopping.
    /// </summary>
    public ValueTask<RoomAnswer> Submit(RoomCommand command) => _queue.TrySubmit(command, out var answer) switch
    {
        Admission.Taken => answer,
        Admission.Full => new(Full(command)),
        _ => new(Closed(command)),
    };

    /// <summary>The same, but somebody is told the answer; at once when it is a refusal of this gateway.</summary>
    public void Submit(RoomCommand command, IAnswerTaker<RoomCommand, RoomAnswer> taker, TakerCall call)
    {
        var refusal = _queue.TrySubmit(command, taker, call) switch
        {
            Admission.Taken => null,
            Admission.Full => Full(command),
            _ => Closed(command),
        };
        if (refusal is not null)
        {
            taker.Answer(command, call, refusal);
        }
    }

    /// <summary>Takes no more commands and completes when those under way are answered.</summary>
    public Task Close() => _queue.Close();

    private async Task Send()
    {
        var batch = new RoomBatch(Name, ++_number, _viewers(), _batch.Build()) { Report = _report.Current() };
        var answer = await Ask(batch);
        _metrics.BatchSent(_batch.Count);
        _report.Answered(batch, answer);
        _batch.Complete(answer);
    }

    private Verdict Full(RoomCommand command) => Refuse(
        command, Verdict.Reject(RejectReason.RateLimited, (long)_options.GatewayFullRetry.TotalMilliseconds));

    private Verdict Closed(RoomCommand command) => Refuse(command, Verdict.Reject(RejectReason.TryAgain));

    private Verdict Refuse(RoomCommand command, Verdict refusal)
    {
        if (command is SendDanmaku)
        {
            _report.Refused(refusal.Reason!.Value);
        }

        return refusal;
    }

    /// <summary>Null when the room did not answer as often as it was asked: the outcome is unknown.</summary>
    private async ValueTask<BatchAnswer?> Ask(RoomBatch batch)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                var answer = await _grain.Submit(batch).WaitAsync(_options.SubmitTimeout, _time);
                if (answer.Answers.Length == batch.Commands.Length)
                {
                    return answer;
                }

                LogMismatch(_logger, _room, answer.Answers.Length, batch.Commands.Length);
                return null;
            }
            catch (Exception failure)
            {
                LogUnanswered(_logger, failure, _room, batch.Number, attempt);
                if (attempt >= _options.SubmitAttempts)
                {
                    return null;
                }
            }

            await Task.Delay(_options.SubmitPause, _time);
        }
    }

    [LoggerMessage(LogLevel.Warning, "Room {Room} did not answer batch {Number} (attempt {Attempt}).")]
    private static partial void LogUnanswered(
        ILogger logger, Exception failure, RoomId room, long number, int attempt);

    [LoggerMessage(LogLevel.Error, "Room {Room} gave {Answers} answers to {Commands} commands.")]
    private static partial void LogMismatch(ILogger logger, RoomId room, int answers, int commands);
}
