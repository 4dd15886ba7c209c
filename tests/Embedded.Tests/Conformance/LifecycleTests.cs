using Orleans.Storage;

namespace RedNote.Embedded.Tests.Conformance;

/// <summary>When grains come to be and when they go.</summary>
public sealed class LifecycleTests(ConformanceCluster cluster) : IClassFixture<ConformanceCluster>
{
    private readonly Signals _signals = cluster.Signals;

    [Fact]
    public async Task FirstCall_OnAGrain_Activates()
    {
        const string key = nameof(FirstCall_OnAGrain_Activates);
        var grain = Life(key);
        Assert.Empty(_signals.Notes(key));

        var first = await Signals.Within("the first call", grain.Activation());

        Assert.Equal(first, await grain.Activation());
        Assert.Equal(["made", "activated"], _signals.Notes(key));
    }

    [Fact]
    public async Task OnActivate_ThatFails_FailsTheCallAndTheNextTriesAgain()
    {
        const string key = nameof(OnActivate_ThatFails_FailsTheCallAndTheNextTriesAgain);
        var grain = cluster.Client.GetGrain<ILateGrain>(key);

        var failure = await Assert.ThrowsAsync<NotSupportedException>(() => Signals.Within("the call", grain.Greet()));

        Assert.Equal("Not the first time.", failure.Message);
        Assert.Equal("here", await Signals.Within("the second call", grain.Greet()));
    }

    [Fact]
    public async Task DeactivateOnIdle_AfterTheCall_EndsTheActivation()
    {
        const string key = nameof(DeactivateOnIdle_AfterTheCall_EndsTheActivation);
        var grain = Life(key);

        var first = await grain.Leave();
        await _signals.Until(key, "deactivated");
        var second = await grain.Activation();

        Assert.NotEqual(first, second);
        Assert.Equal(
            ["made", "activated", "ApplicationRequested deactivating", "deactivated", "made", "activated"],
            _signals.Notes(key));
    }

    [Fact]
    public async Task Calls_ToAGrainThatIsDeactivating_ReachItsNextActivation()
    {
        const string key = nameof(Calls_ToAGrainThatIsDeactivating_ReachItsNextActivation) + LifeGrain.Lingering;
        var grain = Life(key);
        var first = await grain.Leave();
        await _signals.Until(key, "ApplicationRequested deactivating");

        var calls = Enumerable.Range(0, 10).Select(_ => grain.Activation()).ToArray();
        Assert.Equal(["made", "activated", "ApplicationRequested deactivating"], _signals.Notes(key));
        _signals.Open(key + "/leave");

        var next = await Signals.Within("the calls", Task.WhenAll(calls));
        Assert.NotEqual(first, Assert.Single(next.Distinct()));
    }

    [Fact]
    public async Task InconsistentState_ThatEscapesACall_DeactivatesTheGrain()
    {
        const string key = nameof(InconsistentState_ThatEscapesACall_DeactivatesTheGrain);
        var grain = Life(key);
        var first = await grain.Activation();

        var failure = await Assert.ThrowsAsync<InconsistentStateException>(grain.FindStale);
        await _signals.Until(key, "deactivated");

        Assert.Equal(("2", "1"), (failure.StoredEtag, failure.CurrentEtag));
        Assert.NotEqual(first, await grain.Activation());
    }

    [Fact]
    public async Task OtherException_ThatEscapesACall_LeavesTheGrain()
    {
        var grain = Life(nameof(OtherException_ThatEscapesACall_LeavesTheGrain));
        var first = await grain.Activation();

        await Assert.ThrowsAsync<InvalidOperationException>(grain.Fail);

        Assert.Equal(first, await grain.Activation());
    }

    private ILifeGrain Life(string key) => cluster.Client.GetGrain<ILifeGrain>(key);
}
