namespace RedNote.Embedded.Tests.Conformance;

/// <summary>Grain timers.</summary>
public sealed class TimerTests(ConformanceCluster cluster) : IClassFixture<ConformanceCluster>
{
    private readonly Signals _signals = cluster.Signals;

    [Fact]
    public async Task Callback_WhileACallIsInProgress_WaitsForItsEnd()
    {
        const string key = nameof(Callback_WhileACallIsInProgress_WaitsForItsEnd);
        var other = Timers(key + "-clock");
        var call = Timers(key).StartAndStay(new() { Name = "tick" }, key);
        await _signals.Until(key, "call in");

        // By the time that a later timer of another grain has fired, this one was due long ago.
        await other.Start(new() { Name = "late", DueMs = 100 });
        await _signals.Until(key + "-clock", "late out");
        Assert.Equal(["call in"], _signals.Notes(key));

        _signals.Open(key);
        await Signals.Within("the call", call);
        var notes = await _signals.Until(key, "tick out");
        Assert.Equal(["call in", "call out", "tick in", "tick out"], notes);
        Assert.True(await Timers(key).CallbacksWereTurns());
    }

    [Fact]
    public async Task Callback_ThatInterleaves_RunsWithinACall()
    {
        const string key = nameof(Callback_ThatInterleaves_RunsWithinACall);
        var call = Timers(key).StartAndStay(new() { Name = "tick", Interleave = true }, key);

        await _signals.Until(key, "tick out");

        Assert.Equal(["call in", "tick in", "tick out"], _signals.Notes(key));
        _signals.Open(key);
        await Signals.Within("the call", call);
        Assert.True(await Timers(key).CallbacksWereTurns());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Callback_WhileItRuns_IsNotCalledAgain(bool interleave)
    {
        var key = $"{nameof(Callback_WhileItRuns_IsNotCalledAgain)}-{interleave}";
        var grain = Timers(key);
        await grain.Start(new() { Name = "slow", PeriodMs = 10, Gated = true, Interleave = interleave });
        await _signals.Until(key, "slow in");

        await Timers(key + "-clock").Start(new() { Name = "late", DueMs = 100 });
        await _signals.Until(key + "-clock", "late out");

        Assert.Equal(["slow in"], _signals.Notes(key));
        _signals.Open(key + "/slow");
        await _signals.Until(key, "a second callback", notes => notes.Length >= 4);
        Assert.Equal(["slow in", "slow out", "slow in", "slow out"], _signals.Notes(key).Take(4));
        await grain.Stop();
    }

    [Fact]
    public async Task Period_AfterASlowCallback_CountsFromItsEnd()
    {
        const string key = nameof(Period_AfterASlowCallback_CountsFromItsEnd);
        var grain = Timers(key);
        // The first callback takes twice the period: were it counted from the start, the second would follow at once.
        await Timers(key + "-clock").Start(new() { Name = "open", DueMs = 600, Opens = "gate" });
        await grain.Start(new() { Name = "measured", PeriodMs = 300, Gated = true });
        await _signals.Until(key, "measured in");
        await _signals.Until(key + "-clock", "open out");
        _signals.Open(key + "/measured");

        await _signals.Until(key, "a second callback", notes => notes.Count(note => note == "measured out") >= 2);
        await grain.Stop();

        Assert.InRange((await grain.Pauses())[0], 270, 5_000);
    }

    [Fact]
    public async Task Callback_ThatThrows_IsCalledAgain()
    {
        const string key = nameof(Callback_ThatThrows_IsCalledAgain);
        var grain = Timers(key);

        await grain.Start(new() { Name = "bad", PeriodMs = 10, Throws = true });

        await _signals.Until(key, "three callbacks", notes => notes.Length >= 3);
        await grain.Stop();
    }

    [Fact]
    public async Task Timer_Disposed_FiresNoMore()
    {
        const string key = nameof(Timer_Disposed_FiresNoMore);
        var grain = Timers(key);
        await grain.Start(new() { Name = "tick", PeriodMs = 10 });
        await _signals.Until(key, "tick in");
        await grain.Stop();
        var before = _signals.Notes(key).Length;

        await Timers(key + "-clock").Start(new() { Name = "late", DueMs = 100 });
        await _signals.Until(key + "-clock", "late out");

        Assert.Equal(before, _signals.Notes(key).Length);
    }

    [Fact]
    public async Task Timer_Changed_FiresAtItsNewTime()
    {
        const string key = nameof(Timer_Changed_FiresAtItsNewTime);
        var grain = Timers(key);
        await grain.Start(new() { Name = "tick", DueMs = 3_600_000 });

        await grain.Hasten(5);

        await _signals.Until(key, "tick out");
        Assert.Equal(["tick in", "tick out"], _signals.Notes(key));
    }

    [Fact]
    public async Task Timers_OfAGrainThatLeaves_EndWithIt()
    {
        const string key = nameof(Timers_OfAGrainThatLeaves_EndWithIt);
        var grain = Timers(key);
        await grain.Start(new() { Name = "tick", PeriodMs = 10 });
        await _signals.Until(key, "tick in");
        await grain.Leave();
        await _signals.Until(key, "deactivated");
        var before = _signals.Notes(key).Length;

        await Timers(key + "-clock").Start(new() { Name = "late", DueMs = 100 });
        await _signals.Until(key + "-clock", "late out");

        Assert.Equal(before, _signals.Notes(key).Length);
    }

    private ITimerGrain Timers(string key) => cluster.Client.GetGrain<ITimerGrain>(key);
}
