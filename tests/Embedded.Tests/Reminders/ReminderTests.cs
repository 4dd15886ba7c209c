using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Configuration;
using RedNote.Embedded.Tests.Storage;
using RedNote.Embedded.Tests.Streams;

namespace RedNote.Embedded.Tests.Reminders;

/// <summary>Reminders under a clock that the test moves.</summary>
public abstract class ReminderTests : IAsyncLifetime
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private static int _keys;

    private readonly string _key = $"reminded {Interlocked.Increment(ref _keys)}";
    private IHost? _silo;

    internal SteppedTime Time { get; } = new();

    private IReminderGrain Grain
        => _silo!.Services.GetRequiredService<IGrainFactory>().GetGrain<IReminderGrain>(_key);

    public virtual async ValueTask InitializeAsync() => _silo = await Silos.StartAsync(Configure, Time);

    public virtual async ValueTask DisposeAsync()
    {
        await Silos.StopAsync(_silo);
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Reminder_WhenDue_TicksAndThenEveryPeriod()
    {
        var start = Time.GetUtcNow().UtcDateTime;
        await Grain.Start("tea", 2 * Minute, 5 * Minute);
        Time.Advance(2 * Minute - TimeSpan.FromSeconds(1));
        Assert.Empty(Ticks("tea"));
        Time.Advance(TimeSpan.FromSeconds(1));
        await Eventually.Equal([start + (2 * Minute)], () => TickTimes("tea"));
        Time.Advance(5 * Minute);
        await Eventually.Equal([start + (2 * Minute), start + (7 * Minute)], () => TickTimes("tea"));
        Assert.All(Ticks("tea"), status =>
        {
            Assert.Equal(start + (2 * Minute), status.FirstTickTime);
            Assert.Equal(5 * Minute, status.Period);
            Assert.Equal(DateTimeKind.Utc, status.CurrentTickTime.Kind);
        });
    }

    [Fact]
    public async Task Period_BelowAMinute_IsRefused()
    {
        await Assert.ThrowsAsync<ArgumentException>(() => Grain.Start("quick", Minute, TimeSpan.FromSeconds(59)));
        Assert.Empty(await Grain.Names());
    }

    [Fact]
    public async Task Register_ByAGrainThatCannotReceive_IsRefused()
    {
        var grain = _silo!.Services.GetRequiredService<IGrainFactory>().GetGrain<IForgetfulGrain>(_key);
        await Assert.ThrowsAsync<InvalidOperationException>(() => grain.Start());
    }

    [Fact]
    public async Task Register_OfAKnownName_ReplacesIt()
    {
        var start = Time.GetUtcNow().UtcDateTime;
        await Grain.Start("tea", Minute, Minute);
        await Grain.Start("tea", 10 * Minute, 10 * Minute);
        Assert.Equal(["tea"], await Grain.Names());
        Time.Advance(10 * Minute);
        await Eventually.Equal([start + (10 * Minute)], () => TickTimes("tea"));
    }

    [Fact]
    public async Task Unregister_OfOne_EndsItsTicksOnly()
    {
        var start = Time.GetUtcNow().UtcDateTime;
        await Grain.Start("tea", Minute, Minute);
        await Grain.Start("cake", Minute, Minute);
        Assert.Equal(["cake", "tea"], await Grain.Names());
        await Grain.End("tea");
        Time.Advance(Minute);
        await Eventually.Equal([start + Minute], () => TickTimes("cake"));
        Assert.Empty(Ticks("tea"));
        Assert.Equal(["cake"], await Grain.Names());
    }

    [Fact]
    public async Task Unregister_ThroughAStaleHandle_IsRefused()
    {
        await Grain.Start("tea", Minute, Minute);
        await Grain.Start("tea", 2 * Minute, Minute);
        await Assert.ThrowsAsync<ReminderException>(() => Grain.EndByFirstHandle("tea"));
        Assert.Equal(["tea"], await Grain.Names());
    }

    [Fact]
    public async Task Tick_ThatTakesLong_IsNotOverlappedAndWhatWasMissedIsSkipped()
    {
        var start = Time.GetUtcNow().UtcDateTime;
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        ReminderGrain.Gates[_key] = gate.Task;
        await Grain.Start("slow", Minute, Minute);
        Time.Advance(Minute);
        await Eventually.Equal([start + Minute], () => TickTimes("slow"));
        Time.Advance(3.5 * Minute);
        Assert.Single(Ticks("slow"));

        // The clock stands still until the service has heard of the end and waits for the fifth minute.
        var fifth = start + (5 * Minute);
        var others = Time.CountDueAt(fifth);
        gate.SetResult();
        await Eventually.Equal([others + 1], () => [Time.CountDueAt(fifth)]);
        Time.Advance(TimeSpan.FromSeconds(30));
        await Eventually.Equal([start + Minute, fifth], () => TickTimes("slow"));
    }

    protected abstract void AddReminders(ISiloBuilder silo);

    /// <summary>Stops the silo, lets time go by, and starts another.</summary>
    protected async Task RestartAsync(TimeSpan pause = default)
    {
        await Silos.StopAsync(_silo);
        Time.Advance(pause);
        _silo = await Silos.StartAsync(Configure, Time);
    }

    /// <summary>The time given for each timer that waits for it.</summary>
    protected DateTime[] DueTimes(DateTime due) => [.. Enumerable.Repeat(due, Time.CountDueAt(due))];

    /// <summary>Lets the silo read the stored reminders again, and waits until these are what it knows of.</summary>
    protected async Task RefreshedAsync(string[] names)
    {
        Time.Advance(TimeSpan.FromMinutes(5));
        await Eventually.Equal(names, () => ReminderNames().GetAwaiter().GetResult());
    }

    /// <summary>Does something on a second silo beside the first, and stops that one again.</summary>
    protected async Task OnAnotherSiloAsync(Func<Task> action)
    {
        var first = _silo;
        _silo = await Silos.StartAsync(Configure, Time);
        await action();
        await Silos.StopAsync(_silo);
        _silo = first;
    }

    protected Task StartReminder(string name, TimeSpan dueTime, TimeSpan period) => Grain.Start(name, dueTime, period);

    protected Task EndReminder(string name) => Grain.End(name);

    protected Task<string[]> ReminderNames() => Grain.Names();

    protected DateTime[] TickTimes(string name) => [.. Ticks(name).Select(status => status.CurrentTickTime)];

    private void Configure(ISiloBuilder silo)
    {
        AddReminders(silo);
        silo.Configure<SiloMessagingOptions>(options => options.ResponseTimeout = TimeSpan.FromHours(1));
    }

    private TickStatus[] Ticks(string name)
        => ReminderGrain.Ticks.TryGetValue($"{_key}/{name}", out var ticks) ? [.. ticks] : [];
}

public sealed class MemoryReminderTests : ReminderTests
{
    protected override void AddReminders(ISiloBuilder silo) => silo.UseInMemoryReminderService();
}

/// <summary>Reminders in a database.</summary>
public abstract class DurableReminderTests : ReminderTests
{
    [Fact]
    public async Task Restart_BeforeTheFirstTick_KeepsTheTime()
    {
        var start = Time.GetUtcNow().UtcDateTime;
        await StartReminder("tea", TimeSpan.FromMinutes(10), TimeSpan.FromMinutes(60));
        Time.Advance(TimeSpan.FromMinutes(4));
        await RestartAsync();
        Assert.Equal(["tea"], await ReminderNames());
        Time.Advance(TimeSpan.FromMinutes(6));
        await Eventually.Equal([start.AddMinutes(10)], () => TickTimes("tea"));
    }

    [Fact]
    public async Task Restart_AfterTicksWereMissed_GoesOnWithTheNext()
    {
        var start = Time.GetUtcNow().UtcDateTime;
        await StartReminder("tea", TimeSpan.FromMinutes(10), TimeSpan.FromMinutes(60));
        await RestartAsync(TimeSpan.FromMinutes(100));
        Time.Advance(TimeSpan.FromMinutes(30));
        await Eventually.Equal([start.AddMinutes(130)], () => TickTimes("tea"));
    }

    [Fact]
    public async Task Register_OnAnotherSilo_TicksHereAfterTheNextRefresh()
    {
        var start = Time.GetUtcNow().UtcDateTime;
        await OnAnotherSiloAsync(() => StartReminder("tea", TimeSpan.FromMinutes(6), TimeSpan.FromMinutes(60)));
        Assert.Empty(await ReminderNames());
        Time.Advance(TimeSpan.FromMinutes(5));
        await Eventually.Equal([start.AddMinutes(6)], () => DueTimes(start.AddMinutes(6)));
        Time.Advance(TimeSpan.FromMinutes(1));
        await Eventually.Equal([start.AddMinutes(6)], () => TickTimes("tea"));
    }

    [Fact]
    public async Task Unregister_OnAnotherSilo_EndsTheTicksHereAfterTheNextRefresh()
    {
        var due = Time.GetUtcNow().UtcDateTime.AddMinutes(6);
        await StartReminder("tea", TimeSpan.FromMinutes(6), TimeSpan.FromMinutes(60));
        await StartReminder("cake", TimeSpan.FromMinutes(6), TimeSpan.FromMinutes(60));
        await OnAnotherSiloAsync(() => EndReminder("tea"));
        Assert.Equal(["cake", "tea"], await ReminderNames());
        await RefreshedAsync(["cake"]);
        Time.Advance(TimeSpan.FromMinutes(1));
        await Eventually.Equal([due], () => TickTimes("cake"));
        Assert.Empty(TickTimes("tea"));
    }

    [Fact]
    public async Task Register_OnAnotherSiloAgain_MovesTheTickHere()
    {
        var start = Time.GetUtcNow().UtcDateTime;
        await StartReminder("tea", TimeSpan.FromMinutes(6), TimeSpan.FromMinutes(60));
        await OnAnotherSiloAsync(() => StartReminder("tea", TimeSpan.FromMinutes(20), TimeSpan.FromMinutes(60)));
        Time.Advance(TimeSpan.FromMinutes(5));
        await Eventually.Equal([start.AddMinutes(20)], () => DueTimes(start.AddMinutes(20)));
        Time.Advance(TimeSpan.FromMinutes(15));
        await Eventually.Equal([start.AddMinutes(20)], () => TickTimes("tea"));
    }

    [Fact]
    public async Task Restart_AfterUnregister_HasNoReminder()
    {
        await StartReminder("tea", TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(1));
        await EndReminder("tea");
        await RestartAsync();
        Assert.Empty(await ReminderNames());
    }
}

public sealed class SqliteReminderTests : DurableReminderTests
{
    private readonly TempFolder _folder = new();

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _folder.Dispose();
    }

    protected override void AddReminders(ISiloBuilder silo) => silo.UseAdoNetReminderService(options =>
    {
        options.Invariant = Silos.Sqlite;
        options.ConnectionString = $"Data Source={_folder.File("reminders.db")}";
    });
}
