namespace RedNote.Embedded.Tests.Conformance;

/// <summary>A silo whose reminders outlive it.</summary>
public sealed class RemindingCluster : ConformanceCluster
{
    private readonly ReminderStore _store;
    private readonly ReminderStore? _own;

    public RemindingCluster()
        : this(new ReminderStore()) => _own = _store;

    /// <summary>A cluster on a store that others use before or after it.</summary>
    internal RemindingCluster(ReminderStore store) => _store = store;

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _own?.Dispose();
    }

    protected override void ConfigureSilo(ISiloBuilder silo) => _store.AddTo(silo);
}

/// <summary>Reminders.</summary>
public sealed class ReminderTests(RemindingCluster cluster) : IClassFixture<RemindingCluster>
{
    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task Reminder_WhenDue_Fires()
    {
        const string key = nameof(Reminder_WhenDue_Fires);

        await Reminded(key).Remind("wake", Soon, Minute);

        await cluster.Signals.Until(key, "wake every 00:01:00");
        await Reminded(key).Forget("wake");
    }

    [Fact]
    public async Task Reminder_OfAGrainThatWasDeactivated_ActivatesIt()
    {
        const string key = nameof(Reminder_OfAGrainThatWasDeactivated_ActivatesIt);
        // Late enough that the grain has left by then, also on a machine that is busy.
        await Reminded(key).Remind("wake", TimeSpan.FromSeconds(3), Minute);
        await Reminded(key).Leave();
        await cluster.Signals.Until(key, "deactivated");

        var notes = await cluster.Signals.Until(key, "wake every 00:01:00");

        Assert.Equal(["deactivated", "wake every 00:01:00"], notes);
        await Reminded(key).Forget("wake");
    }

    [Theory]
    [InlineData(59)]
    [InlineData(0)]
    public async Task Reminder_OfLessThanAMinute_IsRefused(int seconds)
    {
        const string key = nameof(Reminder_OfLessThanAMinute_IsRefused);

        await Assert.ThrowsAnyAsync<ArgumentException>(
            () => Reminded(key).Remind("hurry", Soon, TimeSpan.FromSeconds(seconds)));

        Assert.False(await Reminded(key).Has("hurry"));
    }

    [Fact]
    public async Task Reminders_OfAGrain_AreFoundAndForgotten()
    {
        var grain = Reminded(nameof(Reminders_OfAGrain_AreFoundAndForgotten));
        Assert.Equal("", await grain.Reminders());
        await grain.Remind("one", Minute, Minute);
        await grain.Remind("two", Minute, Minute);
        await grain.Remind("two", Minute, Minute * 2);
        Assert.Equal("one, two", await grain.Reminders());

        await grain.Forget("one");

        Assert.Equal("two", await grain.Reminders());
        Assert.False(await grain.Has("one"));
        await grain.Forget("two");
    }

    [Fact]
    public async Task Reminder_AfterARestartOfTheSilo_Fires()
    {
        const string key = nameof(Reminder_AfterARestartOfTheSilo_Fires);
        using var store = new ReminderStore();
        await using var before = new RemindingCluster(store);
        await before.InitializeAsync();
        await before.Client.GetGrain<IRemindedGrain>(key).Remind("wake", TimeSpan.FromSeconds(3), Minute);
        await before.DisposeAsync();
        Assert.DoesNotContain("wake every 00:01:00", before.Signals.Notes(key));

        await using var after = new RemindingCluster(store);
        await after.InitializeAsync();

        await after.Signals.Until(key, "wake every 00:01:00");
    }

    private IRemindedGrain Reminded(string key) => cluster.Client.GetGrain<IRemindedGrain>(key);
}
