using Microsoft.Extensions.DependencyInjection;
using Orleans.Configuration;

namespace RedNote.Embedded.Tests.Conformance;

/// <summary>A client and a silo that wait two seconds for an answer: also those that are to come have no longer.
/// </summary>
public sealed class ImpatientCluster : ConformanceCluster
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    protected override void ConfigureSilo(ISiloBuilder silo)
        => silo.Services.Configure<SiloMessagingOptions>(options => options.ResponseTimeout = Patience);

    protected override void ConfigureClient(IClientBuilder client)
        => client.Services.Configure<ClientMessagingOptions>(options => options.ResponseTimeout = Patience);
}

/// <summary>The response timeout.</summary>
public sealed class TimeoutTests(ImpatientCluster cluster) : IClassFixture<ImpatientCluster>
{
    [Fact]
    public void ResponseTimeout_UnlessConfigured_Is30Seconds()
    {
        Assert.Equal(TimeSpan.FromSeconds(30), new ClientMessagingOptions().ResponseTimeout);
        Assert.Equal(TimeSpan.FromSeconds(30), new SiloMessagingOptions().ResponseTimeout);
    }

    [Fact]
    public async Task Call_WithoutAnAnswerInTime_RaisesTimeout()
    {
        const string key = nameof(Call_WithoutAnAnswerInTime_RaisesTimeout);
        var grain = cluster.Client.GetGrain<ICallGrain>(key);

        await Assert.ThrowsAsync<TimeoutException>(() => Signals.Within("the timeout", grain.Stay("call")));

        // The callee was not interrupted: it goes on when its gate opens, and then answers others.
        Assert.Equal(["call in"], await cluster.Signals.Until(key, "call in"));
        cluster.Signals.Open($"{key}/call");
        await cluster.Signals.Until(key, "call out");
        Assert.Equal(3, await grain.Add(1, 2));
    }

    [Fact]
    public async Task Call_ThatNeverGotItsTurn_RaisesTimeout()
    {
        const string key = nameof(Call_ThatNeverGotItsTurn_RaisesTimeout);
        var grain = cluster.Client.GetGrain<ICallGrain>(key);
        await grain.StayOneWay("blocker");

        await Assert.ThrowsAsync<TimeoutException>(
            async () => await Signals.Within("the timeout", grain.Add(1, 2).AsTask()));

        cluster.Signals.Open($"{key}/blocker");
    }
}
