using System.Collections.Immutable;

namespace RedNote.Embedded.Tests.Conformance;

/// <summary>One turn at a time per activation, and which requests may come between another's turns.</summary>
public sealed class TurnTests(ConformanceCluster cluster) : IClassFixture<ConformanceCluster>
{
    private readonly Signals _signals = cluster.Signals;

    [Fact]
    public async Task Call_WhileAnotherIsInProgress_Queues()
    {
        var grain = Turns(nameof(Call_WhileAnotherIsInProgress_Queues));
        var first = grain.Enter("first");
        await Until(grain, "first in");
        var second = grain.Enter("second");
        await grain.Ping();

        Assert.Equal(["first in"], Notes(grain));
        Open(grain, "second");
        Open(grain, "first");
        await Signals.Within("both calls", Task.WhenAll(first, second));
        Assert.Equal(["first in", "first out", "second in", "second out"], Notes(grain));
    }

    [Fact]
    public async Task Calls_InAQueue_RunOneAfterTheOther()
    {
        var grain = Turns(nameof(Calls_InAQueue_RunOneAfterTheOther));
        var names = Enumerable.Range(0, 50).Select(i => i.ToString("00")).ToArray();
        foreach (var name in names)
            Open(grain, name);

        await Signals.Within("all calls", Task.WhenAll(names.Select(grain.Enter)));

        // Real Orleans keeps no order between the calls of one caller, so neither does this test.
        var order = Notes(grain).Where((_, i) => i % 2 == 0).Select(note => note[..2]).ToArray();
        Assert.Equal(names, order.Order());
        Assert.Equal(order.SelectMany(name => new[] { name + " in", name + " out" }), Notes(grain));
    }

    [Fact]
    public async Task AlwaysInterleave_WhileAnotherIsInProgress_Runs()
    {
        var grain = Turns(nameof(AlwaysInterleave_WhileAnotherIsInProgress_Runs));
        var call = grain.Enter("call");
        await Until(grain, "call in");
        Open(grain, "between");

        await Signals.Within("the interleaving call", grain.Interleave("between"));

        Assert.Equal(["call in", "between in", "between out"], Notes(grain));
        Open(grain, "call");
        await Signals.Within("the call", call);
    }

    [Fact]
    public async Task ReadOnly_WhileReadOnlyIsInProgress_Interleaves()
    {
        var grain = Turns(nameof(ReadOnly_WhileReadOnlyIsInProgress_Interleaves));
        var slow = grain.Look("slow");
        await Until(grain, "slow in");
        Open(grain, "quick");

        await Signals.Within("the second reader", grain.Look("quick"));

        Assert.Equal(["slow in", "quick in", "quick out"], Notes(grain));
        Open(grain, "slow");
        await Signals.Within("the first reader", slow);
    }

    [Fact]
    public async Task ReadOnly_AndAnOrdinaryCall_ExcludeEachOther()
    {
        var grain = Turns(nameof(ReadOnly_AndAnOrdinaryCall_ExcludeEachOther));
        var reader = grain.Look("reader");
        await Until(grain, "reader in");
        var writer = grain.Enter("writer");
        await grain.Ping();
        Assert.Equal(["reader in"], Notes(grain));

        Open(grain, "reader");
        await Until(grain, "writer in");
        var late = grain.Look("late");
        await grain.Ping();
        Assert.Equal(["reader in", "reader out", "writer in"], Notes(grain));

        Open(grain, "writer");
        Open(grain, "late");
        await Signals.Within("all three", Task.WhenAll(reader, writer, late));
    }

    [Fact]
    public async Task Reentrant_WhileAnotherIsInProgress_Interleaves()
    {
        const string key = nameof(Reentrant_WhileAnotherIsInProgress_Interleaves);
        var grain = cluster.Client.GetGrain<IReentrantGrain>(key);
        var first = grain.Enter("first");
        await _signals.Until(key, "first in");
        _signals.Open($"{key}/second");

        await Signals.Within("the second call", grain.Enter("second"));

        Assert.Equal(["first in", "second in", "second out"], _signals.Notes(key));
        _signals.Open($"{key}/first");
        await Signals.Within("the first call", first);
    }

    [Fact]
    public async Task Reentrant_WithManyCalls_RunsOneTurnAtATime()
    {
        var grain = cluster.Client.GetGrain<IReentrantGrain>(nameof(Reentrant_WithManyCalls_RunsOneTurnAtATime));

        var most = await Signals.Within(
            "64 callers", Task.WhenAll(Enumerable.Range(0, 64).Select(_ => grain.Crowd(50))));

        Assert.Equal(1, most.Max());
    }

    [Fact]
    public async Task Reentrant_CallingItself_IsAnswered()
    {
        var grain = cluster.Client.GetGrain<IReentrantGrain>(nameof(Reentrant_CallingItself_IsAnswered));

        Assert.Equal(20, await Signals.Within("the call to itself", grain.Countdown(20)));
    }

    [Fact]
    public async Task Await_InAGrain_ResumesOnItsScheduler()
    {
        const string gate = nameof(Await_InAGrain_ResumesOnItsScheduler);
        var grain = cluster.Client.GetGrain<IReentrantGrain>(gate);
        var call = grain.ResumesOnItsScheduler(gate);
        Assert.Equal(0, await grain.Countdown(0));

        _signals.Open(gate);

        Assert.True(await Signals.Within("the call", call));
    }

    [Fact]
    public async Task FirstCalls_AtTheSameTime_MeetOneActivation()
    {
        var grain = Turns(nameof(FirstCalls_AtTheSameTime_MeetOneActivation));

        var seen = await Signals.Within(
            "100 first calls", Task.WhenAll(Enumerable.Range(0, 100).Select(_ => Task.Run(grain.Activation))));

        Assert.Single(seen.Distinct());
    }

    private ITurnGrain Turns(string key) => cluster.Client.GetGrain<ITurnGrain>(key);

    private ImmutableArray<string> Notes(ITurnGrain grain) => _signals.Notes(grain.GetPrimaryKeyString());

    private Task<ImmutableArray<string>> Until(ITurnGrain grain, string note)
        => _signals.Until(grain.GetPrimaryKeyString(), note);

    private void Open(ITurnGrain grain, string name) => _signals.Open($"{grain.GetPrimaryKeyString()}/{name}");
}
