using RedNote.Live;
using PendingCommand =
    RedNote.Frontend.Live.Pending<RedNote.Live.RoomCommand, RedNote.Live.RoomAnswer>;

namespace RedNote.Frontend.Live;

/// <summary>
/// One room's way in on this front end. A command that finds it idle is sent at once; those that come while a batch is
/// under way make up the next one. All kinds keep one order. A batch whose answer was lost is sent again under its
/// number, which the room applies once.
/// </summary>
internal sealed partial class RoomGateway(
    string name,
    RoomId room,
    ILiveRoomGrain grain,
    Func<int> viewers,
    LiveOptions options,
    TimeProvider time,
    LiveMetrics metrics,
    ILogger logger)
{
    /// <summary>Commands kept for reuse per room; a bound on idle memory, not on work.</summary>
    private const int MaxSpare = RoomBatch.MaxItems;

    private readonly Lock _gate = new();
    private readonly Queue<PendingCommand> _queue = new();
    private readonly Stack<PendingCommand> _spare = new();
    private readonly BatchBuilder _batch = new();
    private readonly RefusalReport _report = new();
    private Task _pumping = Task.CompletedTask;
    private bool _busy;
    private bool _closed;
    private long _number;

    /// <summary>This gateway's name in <see cref="RoomBatch"/> and <see cref="GatewayPresence"/>.</summary>
    public string Name => name;

    /// <summary>What was refused here, until the room was told.</summary>
    public RefusalReport Report => _report;

    public bool IsIdle
    {
        get
        {
            lock (_gate)
            {
                return !_busy;
            }
        }
    }

    /// <summary>
    /// Answers with a verdict or with likes counted; never fails. <c>rate_limited</c> when too much waits already,
    /// <c>try_again</c> when the outcome is unknown or the host is stopping.
    /// </summary>
    public ValueTask<RoomAnswer> Submit(RoomCommand command)
    {
        PendingCommand pending;
        bool idle;
        lock (_gate)
        {
            if (_closed)
            {
                return new(Refuse(command, Verdict.Reject(RejectReason.TryAgain)));
            }

            if (_queue.Count >= options.GatewayQueue)
            {
                return new(Refuse(command, Verdict.Reject(
                    RejectReason.RateLimited, (long)options.GatewayFullRetry.TotalMilliseconds)));
            }

            pending = _spare.TryPop(out var spare) ? spare : new PendingCommand(Recycle);
            pending.Item = command;
            _queue.Enqueue(pending);
            idle = !_busy;
            _busy = true;
        }

        var answer = pending.Task;
        if (idle)
        {
            _pumping = Pump();
        }

        return answer;
    }

    /// <summary>Takes no more commands and completes when those under way are answered.</summary>
    public Task Close()
    {
        lock (_gate)
        {
            _closed = true;
            return _busy ? WaitForPump() : Task.CompletedTask;
        }
    }

    private async Task WaitForPump()
    {
        // The pump may be starting on another thread; whoever set _busy is about to store its task.
        while (!IsIdle)
        {
            await Task.Yield();
            await _pumping;
        }
    }

    private async Task Pump()
    {
        while (Gather())
        {
            var batch = new RoomBatch(name, ++_number, viewers(), _batch.Build()) { Report = _report.Current() };
            var answer = await Ask(batch);
            metrics.BatchSent(_batch.Count);
            _report.Answered(batch, answer);
            _batch.Complete(answer);
        }
    }

    private Verdict Refuse(RoomCommand command, Verdict refusal)
    {
        if (command is SendDanmaku)
        {
            _report.Refused(refusal.Reason!.Value);
        }

        return refusal;
    }

    private bool Gather()
    {
        lock (_gate)
        {
            while (_queue.TryPeek(out var next) && _batch.TryAdd(next))
            {
                _queue.Dequeue();
            }

            _busy = _batch.Count > 0;
            return _busy;
        }
    }

    /// <summary>Null when the room did not answer as often as it was asked: the outcome is unknown.</summary>
    private async ValueTask<BatchAnswer?> Ask(RoomBatch batch)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                var answer = await grain.Submit(batch).WaitAsync(options.SubmitTimeout, time);
                if (answer.Answers.Length == batch.Commands.Length)
                {
                    return answer;
                }

                LogMismatch(logger, room, answer.Answers.Length, batch.Commands.Length);
                return null;
            }
            catch (Exception failure)
            {
                LogUnanswered(logger, failure, room, batch.Number, attempt);
                if (attempt >= options.SubmitAttempts)
                {
                    return null;
                }
            }

            await Task.Delay(options.SubmitPause, time);
        }
    }

    private void Recycle(PendingCommand pending)
    {
        lock (_gate)
        {
            if (_spare.Count < MaxSpare)
            {
                _spare.Push(pending);
            }
        }
    }

    [LoggerMessage(LogLevel.Warning, "Room {Room} did not answer batch {Number} (attempt {Attempt}).")]
    private static partial void LogUnanswered(
        ILogger logger, Exception failure, RoomId room, long number, int attempt);

    [LoggerMessage(LogLevel.Error, "Room {Room} gave {Answers} answers to {Commands} commands.")]
    private static partial void LogMismatch(ILogger logger, RoomId room, int answers, int commands);
}
