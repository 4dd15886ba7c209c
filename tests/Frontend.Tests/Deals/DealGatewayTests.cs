using System.Collections.Immutable;
using RedNote.Deals;
using RedNote.Frontend.Tests.Fakes;

namespace RedNote.Frontend.Tests.Deals;

/// <summary>How the orders of one front end reach a deal.</summary>
public sealed class DealGatewayTests
{
    private readonly DealParts _parts = new();

    private FakeDeal Deal => _parts.Grain;

    [Fact]
    public async Task Submit_Idle_IsSentAtOnce()
    {
        var answer = _parts.Gateway().Submit(Order(1));
        Assert.Single(Assert.Single(Deal.Batches).Orders);
        Assert.Equal(BuyStatus.Accepted, (await answer)!.Status);
    }

    [Fact]
    public async Task Submit_WhileOneIsUnderWay_MakesBatchesInOrder()
    {
        var gateway = _parts.Gateway();
        var first = Hold();
        var answers = Enumerable.Range(1, 1_200).Select(i => gateway.Submit(Order(i)).AsTask()).ToList();
        Assert.Single(Deal.Batches);

        first.SetResult();
        var given = await Task.WhenAll(answers);

        Assert.Equal([1, 512, 512, 175], Deal.Batches.Select(batch => batch.Orders.Length));
        Assert.Equal(
            Enumerable.Range(1, 1_200), Deal.Batches.SelectMany(batch => batch.Orders).Select(o => (int)o.Buyer.Value));
        Assert.Equal(Enumerable.Range(1, 1_200), given.Select(answer => answer!.OrderId!.Value.Number));
    }

    [Fact]
    public async Task Submit_QueueFull_IsRateLimitedAndTheRestUnharmed()
    {
        _parts.Options.Queue = 2;
        var gateway = _parts.Gateway();
        var first = Hold();
        var taken = Enumerable.Range(1, 3).Select(i => gateway.Submit(Order(i)).AsTask()).ToList();

        var refused = await gateway.Submit(Order(4));

        Assert.Equal((BuyStatus.RateLimited, 500), (refused!.Status, refused.RetryAfterMs));
        first.SetResult();
        Assert.All(await Task.WhenAll(taken), answer => Assert.Equal(BuyStatus.Accepted, answer!.Status));
        Assert.Equal(3, Deal.Batches.Sum(batch => batch.Orders.Length));
    }

    [Fact]
    public async Task Submit_AnswerLost_SendsTheSameBatchAgain()
    {
        var gateway = _parts.Gateway();
        var tries = 0;
        Deal.OnBuy = batch => ++tries == 1
            ? Task.FromException<ImmutableArray<BuyAnswer>>(new TimeoutException())
            : Task.FromResult(FakeDeal.Answers(batch, BuyStatus.Accepted));

        var answer = gateway.Submit(Order(1)).AsTask();
        _parts.Time.Advance(_parts.Options.Pause);

        Assert.Equal(BuyStatus.Accepted, (await answer)!.Status);
        Assert.Equal(2, Deal.Batches.Count);
        Assert.Equal(Deal.Batches[0].Orders, Deal.Batches[1].Orders);
    }

    [Fact]
    public async Task Submit_NoAnswerAtAll_IsUnknownAndTheNextGoesOn()
    {
        var gateway = _parts.Gateway();
        Deal.OnBuy = _ => new TaskCompletionSource<ImmutableArray<BuyAnswer>>().Task;
        var answer = gateway.Submit(Order(1)).AsTask();
        while (!answer.IsCompleted)
        {
            _parts.Time.Advance(TimeSpan.FromMilliseconds(100));
            await Task.Yield();
        }

        Assert.Null(await answer);
        Assert.Equal(_parts.Options.Attempts, Deal.Batches.Count);
        Deal.OnBuy = batch => Task.FromResult(FakeDeal.Answers(batch, BuyStatus.Accepted));
        Assert.Equal(BuyStatus.Accepted, (await gateway.Submit(Order(2)))!.Status);
    }

    [Fact]
    public async Task Submit_AnswersOfAnotherNumber_AreUnknown()
    {
        Deal.OnBuy = _ => Task.FromResult(ImmutableArray<BuyAnswer>.Empty);
        Assert.Null(await _parts.Gateway().Submit(Order(1)));
    }

    [Fact]
    public async Task Close_WithOrdersUnderWay_AnswersThemAndTakesNoMore()
    {
        var gateway = _parts.Gateway();
        var first = Hold();
        var under = gateway.Submit(Order(1)).AsTask();
        var waiting = gateway.Submit(Order(2)).AsTask();

        var closing = gateway.Close();
        Assert.Null(await gateway.Submit(Order(3)));
        Assert.False(closing.IsCompleted);
        first.SetResult();
        await closing;

        Assert.Equal(BuyStatus.Accepted, (await under)!.Status);
        Assert.Equal(BuyStatus.Accepted, (await waiting)!.Status);
        Assert.Equal(2, Deal.Batches.Sum(batch => batch.Orders.Length));
    }

    private static BuyOrder Order(int buyer) => new(new UserId(buyer), 1, "k", true);

    /// <summary>Keeps the deal from answering the next batch; later ones are accepted at once.</summary>
    private TaskCompletionSource Hold()
    {
        var held = new TaskCompletionSource();
        Deal.OnBuy = async batch =>
        {
            Deal.OnBuy = later => Task.FromResult(FakeDeal.Answers(later, BuyStatus.Accepted));
            await held.Task;
            return FakeDeal.Answers(batch, BuyStatus.Accepted);
        };
        return held;
    }
}
