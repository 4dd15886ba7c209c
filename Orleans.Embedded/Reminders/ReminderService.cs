using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans;
using Orleans.Hosting;
using Orleans.Runtime;

namespace RedNote.Embedded.Reminders;

/// <summary>
/// Ticks the reminders of this silo. All of them are in memory, and one timer waits for the earliest. A reminder's next
/// tick is put in line when the last one has been handled; what it missed meanwhile is skipped, as after a restart.
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

    private readonly Lock _gate = new();
    private readonly Dictionary<GrainId, SortedList<string, Reminder>> _byGrain = [];
    private readonly PriorityQueue<Reminder, DateTime> _due = new();
    private ITimer? _timer;
    private bool _isRunning;

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
            Add(row);
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

        if (!await store.RemoveAsync(row.Grain, row.Name, row.Version))
        {
            throw new ReminderException(
                $"Reminder '{row.Name}' of {row.Grain} was changed or ended since it was read.");
        }

        lock (_gate)
        {
            if (_byGrain.TryGetValue(row.Grain, out var own) && own.TryGetValue(row.Name, out var current)
                && current.Row.Version <= row.Version)
            {
                current.IsEnded = true;
                own.Remove(row.Name);
                if (own.Count == 0)
                {
                    _byGrain.Remove(row.Grain);
                }
            }
        }
    }

    public Task<IGrainReminder?> Find(GrainId grain, string name)
    {
        lock (_gate)
        {
            return Task.FromResult<IGrainReminder?>(
                _byGrain.TryGetValue(grain, out var own) && own.TryGetValue(name, out var reminder)
                    ? new Handle(reminder.Row)
                    : null);
        }
    }

    public Task<List<IGrainReminder>> FindAll(GrainId grain)
    {
        lock (_gate)
        {
            return Task.FromResult<List<IGrainReminder>>(
                _byGrain.TryGetValue(grain, out var own) ? [.. own.Values.Select(item => new Handle(item.Row))] : []);
        }
    }

    private DateTime Now => time.GetUtcNow().UtcDateTime;

    private static DateTime ToMilliseconds(DateTime value)
        => new(value.Ticks - (value.Ticks % TimeSpan.TicksPerMillisecond), DateTimeKind.Utc);

    private static DateTime NextTick(ReminderRow row, DateTime now)
        => row.StartAt > now
            ? row.StartAt
            : row.StartAt + (row.Period * (((now - row.StartAt).Ticks / row.Period.Ticks) + 1));

    private async Task Start(CancellationToken cancellationToken)
    {
        var rows = await store.ReadAllAsync(cancellationToken);
        lock (_gate)
        {
            _isRunning = true;
            foreach (var row in rows)
            {
                Add(row);
            }

            using (ExecutionContext.IsFlowSuppressed() ? default : ExecutionContext.SuppressFlow())
            {
                _timer = time.CreateTimer(
                    static service => ((ReminderService)service!).TickDue(), this, LongestWait, LongestWait);
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
            _timer = null;
        }

        return Task.CompletedTask;
    }

    private void Add(ReminderRow row)
    {
        ref var own = ref CollectionsMarshal.GetValueRefOrAddDefault(_byGrain, row.Grain, out _);
        own ??= new SortedList<string, Reminder>(StringComparer.Ordinal);
        if (own.TryGetValue(row.Name, out var current))
        {
            if (current.Row.Version >= row.Version)
            {
                // A later change was quicker.
                return;
            }

            current.IsEnded = true;
        }

        var added = new Reminder(row);
        own[row.Name] = added;
        _due.Enqueue(added, NextTick(row, Now));
    }

    private void Arm()
    {
        while (_due.TryPeek(out var reminder, out var dueAt))
        {
            if (reminder.IsEnded)
            {
                _due.Dequeue();
                continue;
            }

            var wait = dueAt - Now;
            wait = wait < TimeSpan.Zero ? TimeSpan.Zero : wait > LongestWait ? LongestWait : wait;
            _timer?.Change(wait, LongestWait);
            return;
        }
    }

    private void TickDue()
    {
        List<Reminder> ticking = [];
        lock (_gate)
        {
            while (_isRunning && _due.TryPeek(out var reminder, out var dueAt) && (reminder.IsEnded || dueAt <= Now))
            {
                _due.Dequeue();
                if (!reminder.IsEnded)
                {
                    ticking.Add(reminder);
                }
            }

            Arm();
        }

        foreach (var reminder in ticking)
        {
            _ = Tick(reminder);
        }
    }

    private async Task Tick(Reminder reminder)
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
            if (!reminder.IsEnded && _isRunning)
            {
                _due.Enqueue(reminder, NextTick(row, Now));
                Arm();
            }
        }
    }

    [LoggerMessage(LogLevel.Warning, "Reminder {Name} of grain {Grain} failed")]
    private static partial void LogFailed(ILogger logger, string name, GrainId grain, Exception exception);

    private sealed class Reminder(ReminderRow row)
    {
        public ReminderRow Row => row;

        public bool IsEnded { get; set; }
    }

    private sealed record Handle(ReminderRow Row) : IGrainReminder
    {
        public string ReminderName => Row.Name;
    }
}
