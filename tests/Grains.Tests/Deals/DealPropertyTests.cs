using FsCheck;
using FsCheck.Fluent;
using RedNote.Deals;

namespace RedNote.Grains.Tests.Deals;

/// <summary>Whatever is done to a deal in whatever order, what was promised of deals holds after each step.</summary>
public sealed class DealPropertyTests
{
    private const int Steps = 250;

    [Fact]
    public void AnyCommands_KeepThePromisesAtEveryMoment()
        => Check.One(Config.QuickThrowOnFailure.WithMaxTest(150), Prop.ForAll(
            Arb.From(Gen.Choose(0, int.MaxValue)), seed => Play(new Random(seed))));

    private static void Play(Random random)
    {
        var stock = random.Next(1, 12);
        var perBuyer = random.Next(1, 4);
        var options = new DealOptions { WaitingPerPiece = random.Next(0, 4), OrdersPerEvent = 16 };
        var deal = TestDeal.Open(stock, perBuyer, seconds: 400, payWithin: random.Next(1, 30), options);
        var promises = new DealPromises(stock, perBuyer);
        var now = TestDeal.Start;
        for (var step = 0; step < Steps; step++)
        {
            now += random.Next(0, 3_000);
            promises.Note(Step(deal, random, now));
            promises.Check(deal, now);
            if (random.Next(40) == 0)
            {
                deal = random.Next(2) == 0 ? deal.Restored() : deal.Replayed();
                promises.Check(deal, now);
            }
        }

        Assert.Equal(deal.Stored(), deal.Replayed().Stored());
        Assert.Equal(deal.Stored(), deal.Restored().Stored());
    }

    private static (BuyOrder, BuyAnswer)? Step(TestDeal deal, Random random, long now)
    {
        var number = random.Next(1, deal.Book.Orders.Count + 2);
        var buyer = deal.Book.Orders.Has(number) && random.Next(8) > 0 ? deal.Book.Orders[number].Buyer.Value : 3;
        switch (random.Next(12))
        {
            case 0:
                deal.Cancel(buyer, number, now);
                return null;
            case 1 or 2:
                deal.Pay(buyer, number, "p" + random.Next(4), now);
                return null;
            case 3 or 4 or 5:
                var outcome = random.Next(10) < 6 ? PaymentOutcome.Succeeded : PaymentOutcome.Declined;
                deal.Settle(number, random.Next(1, 3), outcome, now);
                return null;
            case 6:
                deal.Advance(now);
                return null;
            case 7 when random.Next(30) == 0:
                deal.End(TestDeal.Host, now);
                return null;
            default:
                var order = new BuyOrder(
                    new UserId(random.Next(2, 25)), random.Next(1, 4), "k" + random.Next(3), random.Next(20) > 0);
                return (order, deal.Buy(now, order)[0]);
        }
    }
}
