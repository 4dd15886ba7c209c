using Microsoft.Extensions.DependencyInjection;
using RedNote.Deals;
using RedNote.Journal;

namespace RedNote.Grains.Tests.Deals;

/// <summary>Payments through the sandbox, in each of the ways in which they go.</summary>
public sealed class DealPaymentTests(GrainCluster cluster) : IClassFixture<GrainCluster>
{
    private static readonly UserId Buyer = new(10);
    private static long _numbers = 70_000;
    private readonly DealShop _shop = new(cluster, Interlocked.Add(ref _numbers, 1_000));

    [Theory]
    [InlineData("k", PayStatus.Done, OrderStatus.Paid)]
    [InlineData("decline-1", PayStatus.Declined, OrderStatus.Reserved)]
    [InlineData("timeout-1", PayStatus.Done, OrderStatus.Paid)]
    [InlineData("twice-1", PayStatus.Done, OrderStatus.Paid)]
    [InlineData("slow-1", PayStatus.Done, OrderStatus.Paid)]
    public async Task Pay_AnyWay_EndsAsTheProviderSays(string key, PayStatus status, OrderStatus becomes)
    {
        var (deal, order) = await Reserve();
        var outcome = await deal.Pay(Buyer, order, key);
        Assert.Equal(
            (status, status == PayStatus.Declined ? "insufficient_funds" : null), (outcome.Status, outcome.Reason));
        await Becomes(deal, order, becomes);
        Assert.Equal(status, (await deal.Pay(Buyer, order, key)).Status);
        var card = (await deal.Get())!;
        Assert.Equal(becomes == OrderStatus.Paid ? (0, 1, 0) : (0, 0, 1), (card.Left, card.Sold, card.Reserved));
    }

    [Fact]
    public async Task Pay_LateSuccessAfterTheOrderIsGone_IsPaidBack()
    {
        var (deal, order) = await Reserve();
        Assert.Equal(PayStatus.Declined, (await deal.Pay(Buyer, order, "late-1")).Status);
        Assert.Equal(CommandStatus.Done, (await deal.Cancel(Buyer, order)).Status);
        Assert.Equal(BuyStatus.Accepted, (await deal.Buy(new BuyOrder(new UserId(11), 1, "k", true))).Status);
        await Becomes(deal, order, OrderStatus.Refunded);
        await Eventually.Holds("it is paid back", () => Payments.IsRefunded(PaymentRequest.IdOf(order, 1)));
        Assert.Equal((0, 1), ((await deal.Get())!.Left, (await deal.Get())!.Reserved));
    }

    [Fact]
    public async Task Pay_TwoAtTheSameTime_IsOnePayment()
    {
        var (deal, order) = await Reserve();
        var outcomes = await Task.WhenAll(
            deal.Pay(Buyer, order, "slow-1"), deal.Pay(Buyer, order, "slow-1"), deal.Pay(Buyer, order, "other"));
        // Calls may overtake each other: whichever key comes first is the payment.
        var (slow, other) = (PayStatus.Done, PayStatus.WrongState);
        PayStatus[] expected = outcomes[0].Status == slow ? [slow, slow, other] : [other, other, slow];
        Assert.Equal(expected, outcomes.Select(one => one.Status));
        Assert.Equal(PayStatus.NotFound, (await deal.Pay(new UserId(11), order, "k")).Status);
        Assert.Equal(PayStatus.NotFound, (await deal.Pay(Buyer, OrderId.Of(new DealId(3), 1), "k")).Status);
        Assert.Equal(PayStatus.Invalid, (await deal.Pay(Buyer, order, "")).Status);
        await Becomes(deal, order, OrderStatus.Paid);
    }

    [Fact]
    public async Task Pay_ActivationLostMeanwhile_IsAskedAfterByTheNext()
    {
        var (deal, order) = await Reserve();
        var paying = deal.Pay(Buyer, order, "slow-1");
        await Becomes(deal, order, OrderStatus.Paying);
        cluster.Journal.FailNext(new LogId("deal", order.Deal.ToString()), afterTakingEffect: false);
        await Assert.ThrowsAsync<TryAgainException>(() => deal.Buy(new BuyOrder(new UserId(11), 1, "k", true)));
        await Becomes(deal, order, OrderStatus.Paid);
        await Task.WhenAny(paying);
    }

    private SandboxPayments Payments => (SandboxPayments)cluster.Services.GetRequiredService<IPaymentProvider>();

    private async Task<(IDealGrain Deal, OrderId Order)> Reserve()
    {
        var deal = await _shop.Open(stock: 1);
        return (deal, (await deal.Buy(new BuyOrder(Buyer, 1, "k", true))).OrderId!.Value);
    }

    private static Task Becomes(IDealGrain deal, OrderId order, OrderStatus status)
        => Eventually.Holds($"the order is {status}", async () =>
        {
            try
            {
                return (await deal.Order(Buyer, order))!.Status == status;
            }
            catch (TryAgainException)
            {
                return false;
            }
        });
}
