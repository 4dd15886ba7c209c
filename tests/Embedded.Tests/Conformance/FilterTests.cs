namespace RedNote.Embedded.Tests.Conformance;

/// <summary>A silo and a client whose filters note what passes, under the key of the grain that is called.</summary>
public sealed class FilteredCluster : ConformanceCluster
{
    protected override void ConfigureSilo(ISiloBuilder silo)
    {
        silo.AddIncomingGrainCallFilter<SiloFilter>();
        silo.AddOutgoingGrainCallFilter(context => Pass("silo sends", context));
    }

    protected override void ConfigureClient(IClientBuilder client)
        => client.AddOutgoingGrainCallFilter(context => Pass("client sends", context));

    private async Task Pass(string what, IOutgoingGrainCallContext context)
    {
        if (context.TargetId.Key.ToString() is { } key && context.Grain is ICallGrain)
            Signals.Note(key, $"{what} {context.MethodName}");
        await context.Invoke();
    }

    /// <summary>Made by the silo's services; replaces the answer to 40 + 2 and turns one exception into another.
    /// </summary>
    private sealed class SiloFilter(Signals signals) : IIncomingGrainCallFilter
    {
        public async Task Invoke(IIncomingGrainCallContext context)
        {
            if (context.Grain is not CallGrain grain)
            {
                await context.Invoke();
                return;
            }
            var key = grain.GetPrimaryKeyString();
            signals.Note(key, $"before {context.InterfaceMethod.Name}");
            try
            {
                await context.Invoke();
                if (context.Result is 42)
                    context.Result = 43;
            }
            catch (KeyNotFoundException)
            {
                throw new RefusedException("The filter says so.", 7);
            }
            finally
            {
                signals.Note(key, "after");
            }
        }
    }
}

/// <summary>Call filters.</summary>
public sealed class FilterTests(FilteredCluster cluster) : IClassFixture<FilteredCluster>
{
    [Fact]
    public async Task Filters_AroundACall_RunInTheirOrder()
    {
        const string key = nameof(Filters_AroundACall_RunInTheirOrder);

        await cluster.Client.GetGrain<ICallGrain>(key).Nothing();

        Assert.Equal(
            ["client sends Nothing", "before Nothing", "own filter", "after"], cluster.Signals.Notes(key));
    }

    [Fact]
    public async Task OutgoingFilter_OfTheSilo_SeesCallsOfGrains()
    {
        const string key = nameof(OutgoingFilter_OfTheSilo_SeesCallsOfGrains);

        await cluster.Client.GetGrain<ICallGrain>(key + "-caller").AddThere(key, 1, 1);

        Assert.Equal(["silo sends Add", "before Add", "after"], cluster.Signals.Notes(key));
    }

    [Fact]
    public async Task IncomingFilter_ThatChangesTheResult_IsObeyed()
    {
        var grain = cluster.Client.GetGrain<ICallGrain>(nameof(IncomingFilter_ThatChangesTheResult_IsObeyed));

        Assert.Equal(43, await grain.Add(40, 2));
        Assert.Equal(41, await grain.Add(40, 1));
    }

    [Fact]
    public async Task IncomingFilter_ThatThrows_IsHeardByTheCaller()
    {
        var grain = cluster.Client.GetGrain<ICallGrain>(nameof(IncomingFilter_ThatThrows_IsHeardByTheCaller));

        var refused = await Assert.ThrowsAsync<RefusedException>(() => grain.ThrowLater("missing"));

        Assert.Equal(7, refused.Code);
    }
}
