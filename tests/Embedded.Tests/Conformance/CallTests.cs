namespace RedNote.Embedded.Tests.Conformance;

/// <summary>What arrives at the callee, and what comes back.</summary>
public sealed class CallTests(ConformanceCluster cluster) : IClassFixture<ConformanceCluster>
{
    private readonly Signals _signals = cluster.Signals;

    [Fact]
    public async Task Message_ThereAndBack_IsTheSame()
    {
        var grain = Calls(nameof(Message_ThereAndBack_IsTheSame));
        var sent = new Parcel(long.MaxValue, ["a", "", "弹幕"], new Parcel(-1, [], null));

        var got = await Signals.Within("the answer", grain.Echo(sent));

        Assert.NotNull(got?.Inner);
        Assert.Equal((sent.Number, sent.Inner!.Number), (got.Number, got.Inner.Number));
        Assert.Equal(sent.Items.AsEnumerable(), got.Items);
        Assert.Empty(got.Inner.Items);
        Assert.Null(await grain.Echo(null));
    }

    [Fact]
    public async Task ValueTask_WithAndWithoutAResult_Completes()
    {
        var grain = Calls(nameof(ValueTask_WithAndWithoutAResult_Completes));

        await grain.Nothing();

        Assert.Equal(5, await grain.Add(2, 3));
    }

    [Fact]
    public async Task Grain_CallingAGrain_GetsItsAnswer()
    {
        var grain = Calls(nameof(Grain_CallingAGrain_GetsItsAnswer));

        Assert.Equal(5, await Signals.Within("the answer", grain.AddThere("another", 2, 3)));
    }

    [Fact]
    public async Task Exception_OfTheCallee_ReachesTheCallerWithItsTypeAndContent()
    {
        var grain = Calls(nameof(Exception_OfTheCallee_ReachesTheCallerWithItsTypeAndContent));

        var refused = await Assert.ThrowsAsync<RefusedException>(() => grain.ThrowLater("refused"));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => grain.ThrowAtOnce("argument"));
        var missing = await Assert.ThrowsAsync<KeyNotFoundException>(() => grain.ThrowAtOnce("no such key"));

        Assert.Equal(("Refused with a code.", 42), (refused.Message, refused.Code));
        Assert.Equal("no such key", missing.Message);
        Assert.Contains(nameof(CallGrain.ThrowLater), refused.StackTrace);
    }

    [Fact]
    public async Task OneWay_WhileTheCalleeWorks_HasReturned()
    {
        const string key = nameof(OneWay_WhileTheCalleeWorks_HasReturned);
        var grain = Calls(key);

        await Signals.Within("the one-way call", grain.StayOneWay("call"));
        await _signals.Until(key, "call in");
        Assert.DoesNotContain("call out", _signals.Notes(key));

        _signals.Open($"{key}/call");
        await _signals.Until(key, "call out");
    }

    [Fact]
    public async Task OneWay_ThatFails_TellsNobody()
    {
        const string key = nameof(OneWay_ThatFails_TellsNobody);

        await Calls(key).FailOneWay();

        await _signals.Until(key, "failing");
        Assert.Equal(2, await Calls(key).Add(1, 1));
    }

    [Fact]
    public async Task Cancelled_Call_FreesTheCallerAndSignalsTheCallee()
    {
        const string key = nameof(Cancelled_Call_FreesTheCallerAndSignalsTheCallee);
        using var stop = new CancellationTokenSource();
        var call = Calls(key).Heed(key, stop.Token);
        await _signals.Until(key, "in");

        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Signals.Within("the cancelled call", call));
        await _signals.Until(key, "cancelled");
        Assert.DoesNotContain("out", _signals.Notes(key));
        _signals.Open(key);
        await _signals.Until(key, "out");
    }

    [Fact]
    public async Task Call_WithATokenThatIsCancelledAlready_Fails()
    {
        const string key = nameof(Call_WithATokenThatIsCancelledAlready_Fails);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => Signals.Within("the call", Calls(key).Heed(key, new CancellationToken(canceled: true))));

        Assert.DoesNotContain("out", _signals.Notes(key));
    }

    [Fact]
    public async Task CancellationToken_NeverCancelled_ChangesNothing()
    {
        const string key = nameof(CancellationToken_NeverCancelled_ChangesNothing);
        _signals.Open(key);

        Assert.Equal("done", await Signals.Within("the call", Calls(key).Heed(key, CancellationToken.None)));
    }

    [Fact]
    public async Task RequestContext_OfTheCaller_TravelsAlong()
    {
        const string key = nameof(RequestContext_OfTheCaller_TravelsAlong);
        RequestContext.Set("tenant", "red");

        var direct = await Calls(key).Tenant();
        var passedOn = await Calls(key).TenantSeenBy(key + "-other");
        RequestContext.Clear();

        Assert.Equal(("red", "red"), (direct, passedOn));
        Assert.Null(await Calls(key).Tenant());
    }

    [Fact]
    public async Task Observer_OfTheClient_IsToldUntilItIsDeleted()
    {
        const string key = nameof(Observer_OfTheClient_IsToldUntilItIsDeleted);
        var observer = new NotingObserver(_signals, key);
        var reference = cluster.Client.CreateObjectReference<ICallObserver>(observer);
        await Calls(key).Watch(reference);

        await Calls(key).Announce("one");
        await Calls(key).Announce("two");

        await _signals.Until(key, "two");
        Assert.Equal(["one", "two"], _signals.Notes(key).Order());
        cluster.Client.DeleteObjectReference<ICallObserver>(reference);
        GC.KeepAlive(observer);
    }

    private ICallGrain Calls(string key) => cluster.Client.GetGrain<ICallGrain>(key);

    private sealed class NotingObserver(Signals signals, string key) : ICallObserver
    {
        public Task Announced(string text)
        {
            signals.Note(key, text);
            return Task.CompletedTask;
        }
    }
}
