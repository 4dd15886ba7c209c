using System.Collections.Immutable;
using System.Globalization;
using Orleans.Concurrency;
using Orleans.Streams;
using RedNote.Journal;

namespace RedNote.Simulation.Ledger;

/// <summary>See <see cref="ICounterGrain"/>.</summary>
[Reentrant]
public sealed class CounterGrain(
    [EventLog(CounterLog.Name)] IEventLog<CounterState, CounterEvent> log, TimeProvider time)
    : Grain, ICounterGrain, IRemindable
{
    private readonly Queue<CounterNews> _news = new();
    private IAsyncStream<CounterNews> _stream = null!;
    private bool _isTelling;
    private int _timers;

    public static StreamId Stream(long counter) => StreamId.Create("simulation.counter", counter);

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _stream = this.GetStreamProvider(StreamNames.Provider).GetStream<CounterNews>(Stream(this.GetPrimaryKeyLong()));
        log.Confirmed = _ => Tell();
        log.Effects.Start(Deliver);
        foreach (var due in log.State.Alarms.Values) SetTimer(due);
        return Task.CompletedTask;
    }

    public async Task<long> Add(ImmutableArray<Amount> amounts)
    {
        var durable = log.State.Keys.ContainsKey(amounts[0].Key)
            ? log.WhenConfirmed()
            : Raise([.. amounts.Select(amount => new Added(amount.Key, amount.Value, amount.Note))]);
        var total = log.State.Total;
        await durable;
        return total;
    }

    public async Task<long> Pay(string key, long to, int amount, TimeSpan wait)
    {
        var durable = log.State.Keys.ContainsKey(key) ? log.WhenConfirmed() : Raise(new Paid(key, to, amount));
        var total = log.State.Total;
        await durable;
        if (wait > TimeSpan.Zero)
            await log.Effects.WhenDelivered(to.ToString(CultureInfo.InvariantCulture), wait);
        return total;
    }

    public Task Take(string source, long version, string key, int amount)
        => log.State.Seen.IsNew(source, version)
            ? Raise(new Received($"{key}.got", source, version, amount))
            : log.WhenConfirmed();

    public async Task<bool> Alarm(string key, long due)
    {
        if (log.State.Keys.ContainsKey(key))
        {
            await log.WhenConfirmed();
        }
        else
        {
            await Raise(new AlarmSet(key, due));
            SetTimer(due);
        }

        // Behind the timer, which dies with the activation. A repeated key sets it again: the first may have failed.
        await this.RegisterOrUpdateReminder(key, Until(due), TimeSpan.FromMinutes(1));
        return true;
    }

    public async Task<bool> Erase(string key, string erased)
    {
        if (!log.State.Keys.TryGetValue(erased, out var version))
        {
            await log.WhenConfirmed();
            return false;
        }

        var stored = await log.Read(new VersionRange(version, version), 1);
        if (stored is not [{ Event: Added added }]) return false;
        var durable = log.WhenConfirmed();
        if (!log.State.Keys.ContainsKey(key))
        {
            var before = log.Version;
            durable = log.RaiseRedacting(
                new Erased(key, erased, version),
                new LoggedEvent<CounterEvent>(version, added with { Note = "" }));
            if (log.Version > before) Enqueue();
        }

        await durable;
        return true;
    }

    public async Task<CounterReading> Read()
    {
        var state = log.State;
        var reading = new CounterReading(log.Version, state.Total, [.. state.Keys.Keys]);
        await log.WhenConfirmed();
        return reading;
    }

    public async Task<ImmutableArray<string>> History(long from, long to, int limit, Direction direction)
    {
        var range = new VersionRange(from, to, direction == Direction.NewestFirst);
        return [.. (await log.Read(range, limit)).Select(item => $"{item.Version} {item.Event.Key}")];
    }

    public Task Leave()
    {
        DeactivateOnIdle();
        return Task.CompletedTask;
    }

    public Task DeliverEffects()
    {
        log.Effects.Retry();
        return Task.CompletedTask;
    }

    public async Task ReceiveReminder(string reminderName, TickStatus status)
    {
        await Ring(Now());

        // An activation that was overtaken does not know of an alarm set since, and would take its reminder away.
        await log.WhenCurrent();
        if (!log.State.Alarms.ContainsKey(reminderName)
            && await this.GetReminder(reminderName) is { } reminder) await this.UnregisterReminder(reminder);
    }

    private Task Ring(long now)
    {
        CounterEvent[] rang =
        [
            .. log.State.Alarms.Where(alarm => alarm.Value <= now)
                .Select(alarm => new Rang(alarm.Key + CounterLog.RangSuffix, now)),
        ];
        return Raise(rang);
    }

    private void SetTimer(long due)
    {
        if (++_timers > 20) return;
        IGrainTimer? timer = null;
        timer = this.RegisterGrainTimer(
            async _ =>
            {
                timer!.Dispose();
                _timers--;
                await Ring(Now());

                // The clock on the wall went back meanwhile.
                if (log.State.Alarms.ContainsValue(due)) SetTimer(due);
            },
            new GrainTimerCreationOptions { DueTime = Until(due), Period = Timeout.InfiniteTimeSpan });
    }

    private Task Raise(params CounterEvent[] events)
    {
        var before = log.Version;
        var durable = log.Raise(events);
        if (log.Version > before) Enqueue();
        return durable;
    }

    // What is told is noted when it is decided, as of its version, and told when that is durable.
    private void Enqueue() => _news.Enqueue(
        new CounterNews(GrainContext.ActivationId.ToString(), log.Version, log.State.Total));

    private void Tell()
    {
        if (_isTelling) return;
        _isTelling = true;
        _ = TellAll();
    }

    private async Task TellAll()
    {
        while (_news.TryPeek(out var news) && news.Version <= log.ConfirmedVersion)
        {
            _news.Dequeue();
            await _stream.OnNextAsync(news);
        }

        _isTelling = false;
    }

    private Task Deliver(Effect effect)
    {
        var (amount, key) = (effect.Payload.Split(' ')[0], effect.Payload.Split(' ')[1]);
        return GrainFactory.GetGrain<ICounterGrain>(long.Parse(effect.Receiver, CultureInfo.InvariantCulture)).Take(
            effect.Source.ToString(), effect.Version, key, int.Parse(amount, CultureInfo.InvariantCulture));
    }

    private TimeSpan Until(long due) => TimeSpan.FromMilliseconds(Math.Max(due - Now(), 1));

    private long Now() => time.GetUtcNow().ToUnixTimeMilliseconds();
}
