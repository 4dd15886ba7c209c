using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans;
using Orleans.Hosting;
using Orleans.Runtime;

namespace RedNote.Embedded.Reminders;

/// <summary>
/// Ticks the reminders of this silo. All of them are in memory, and one timer waits for the earliest. A reminder's next
/// tick is put in line when the last one has been handled; what it missed meanwhile is skipped, as after a restart. Now
/// and then they are read again, as another silo on the same database may have changed some.
/// </summary>
internal sealed partial class ReminderService(
    IReminderStore store,
    IGrainFactory grains,
    TimeProvider time,
    IOptions<ReminderOptions> options,
    ILogger<ReminderService> logger) : ILifecycleParticipant<ISiloLifecycle>
{
    // Timers have a longest wait; waking up for nothing now and then is simpler than to know it.
    private static readonly TimeSpan LongestWait = TimeSpan.FromHours(1);

    /// <summary>What may pass between a look at the clock and the setting of a timer by it.</summary>
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(5);

    private readonly Lock _gate = new();
    private readonly ReminderBook _book = new();
    private ITimer? _timer;
    private ITimer? _refreshTimer;
    private bool _isRunning;
    private bool _isRefreshing;

    public void Participate(ISiloLifecycle lifecycle)
    {
        lifecycle.Subscribe(
            "reminder store", ServiceLifecycleStage.RuntimeStorageServices, store.StartAsync, _ => store.StopAsync());
        lifecycle.Subscribe("reminders", ServiceLifecycleStage.Active, Start, _ => Stop());
    }

    public async Task<IGrainReminder> Register(GrainId grain, string name, TimeSpan dueTime, TimeSpan period)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(dueTime, TimeSpan.Zero);
        var minimum = options.Value.MinimumReminderPeriod;
        if (period < minimum)
        {
            throw new ArgumentException(
                $"Reminder '{name}' has a period of {period}; the shortest allowed is {minimum}.", nameof(period));
        }

        var row = new ReminderRow(grain, name, ToMilliseconds(Now + dueTime), period, Version: 0);
        row = row with { Version = await store.UpsertAsync(row) };
        lock (_gate)
        {
            _book.Add(row, Now);
            Arm();
        }

        return new Handle(row);
    }

    public async Task Unregister(IGrainReminder reminder)
    {
        if (reminder is not Handle { Row: var row })
        {
            throw new ArgumentException("The reminder is not one of this engine.", nameof(reminder));
        }

        var isRemoved = await store.RemoveAsync(row.Grain, row.Name, row.Version);
        lock (_gate)
        {
            _book.Remove(row);
        }

        if (!isRemoved)
        {
            throw new ReminderException(
                $"Reminder '{row.Name}' of {row.Grain} was changed or ended since it was read.");
        }
    }

    public Task<IGrainReminder?> Find(GrainId grain, string name)
    {
        lock (_gate)
        {
            return Task.FromResult<IGrainReminder?>(_book.Find(grain, name) is { } row ? new Handle(row) : null);
        }
    }

    public Task<List<IGrainReminder>> FindAll(GrainId grain)
    {
        lock (_gate)
        {
            return Task.FromResult<List<IGrainReminder>>([.. _book.FindAll(grain).Select(row => new Handle(row))]);
        }
    }

    private DateTime Now => time.GetUtcNow().UtcDateTime;

    private static DateTime ToMilliseconds(DateTime value)
        => new(value.Ticks - (value.Ticks % TimeSpan.TicksPerMillisecond), DateTimeKind.Utc);

    private async Task Start(CancellationToken cancellationToken)
    {
        await Refresh(cancellationToken);
        lock (_gate)
        {
            _isRunning = true;
            using (ExecutionContext.IsFlowSuppressed() ? default : ExecutionContext.SuppressFlow())
            {
                var period = options.Value.RefreshReminderListPeriod;
                _timer = time.CreateTimer(
                    static service => ((ReminderService)service!).TickDue(), this, LongestWait, LongestWait);
                _refreshTimer = time.CreateTimer(
                    static service => _ = ((ReminderService)service!).LookAgain(), this, period, period);
            }

            Arm();
        }
    }

    private Task Stop()
    {
        lock (_gate)
        {
            _isRunning = false;
            _timer?.Dispose();
            _refreshTimer?.Dispose();
            _timer = _refreshTimer = null;
        }

        return Task.CompletedTask;
    }

    private async Task Refresh(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            _book.StartRefresh();
        }

        var rows = await store.ReadAllAsync(cancellationToken);
        lock (_gate)
        {
            _book.Refresh(rows, Now);
        }
    }

    /// <summary>A silo that was about to end may have registered what this one did not find at its start.</summary>
    private async Task LookAgain()
    {
        if (Interlocked.Exchange(ref _isRefreshing, true))
        {
            return;
        }

        try
        {
            await Refresh(CancellationToken.None);
            lock (_gate)
            {
                Arm();
            }
        }
        catch (Exception exception)
        {
            // What is known ticks on, and the next period brings another try.
            LogNotRead(logger, exception);
        }
        finally
        {
            Volatile.Write(ref _isRefreshing, false);
        }
    }

    private void Arm()
    {
        if (_book.NextDue() is not { } dueAt)
        {
            return;
        }

        // When the clock goes on between the look at it and the setting, the timer is set for too late.
        DateTime now;
        do
        {
            now = Now;
            var wait = dueAt - now;
            wait = wait < TimeSpan.Zero ? TimeSpan.Zero : wait > LongestWait ? LongestWait : wait;
            _timer?.Change(wait, LongestWait);
        }
        while (Now - now > Moment);
    }

    private void TickDue()
    {
        List<ReminderBook.Reminder> due;
        lock (_gate)
        {
            due = _isRunning ? _book.TakeDue(Now) : [];
            Arm();
        }

        foreach (var reminder in due)
        {
            _ = Tick(reminder);
        }
    }

    private async Task Tick(ReminderBook.Reminder reminder)
    {
        var row = reminder.Row;
        try
        {
            var status = new TickStatus(row.StartAt, row.Period, Now);
            await grains.GetGrain<IRemindable>(row.Grain).ReceiveReminder(row.Name, status);
        }
        catch (Exception exception)
        {
            // A grain that fails a tick gets the next one all the same.
            LogFailed(logger, row.Name, row.Grain, exception);
        }

        lock (_gate)
        {
            _book.PutBack(reminder, Now);
            Arm();
        }
    }

    [LoggerMessage(LogLevel.Warning, "The stored reminders cannot be read again")]
    private static partial void LogNotRead(ILogger logger, Exception exception);

    [LoggerMessage(LogLevel.Warning, "Reminder {Name} of grain {Grain} failed")]
    private static partial void LogFailed(ILogger logger, string name, GrainId grain, Exception exception);

    private sealed record Handle(ReminderRow Row) : IGrainReminder
    {
        public string ReminderName => Row.Name;
    }
}
