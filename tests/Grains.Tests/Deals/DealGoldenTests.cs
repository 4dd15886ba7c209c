using RedNote.Deals;
using RedNote.Grains.Tests.Journal;
using RedNote.Live;

namespace RedNote.Grains.Tests.Deals;

public sealed class DealGoldenTests() : GoldenEventTests<DealEvent>("deal", DealJson.Journal.DealEvent)
{
    private const long At = 1_763_700_000_000;

    protected override IEnumerable<DealEvent> Samples =>
    [
        new DealPrepared(
            At, new DealId(77),
            new DealTerms(
                new RoomId(7001), new UserId(42), "丝绒口红 & more", new Money(1_990, "CNY"), new Money(3_900, "CNY"),
                1_000, 2, At + 60_000, 600, 300, new DrawCondition(DrawConditionKind.Password, "冲", null))),
        new DealBegan(At),
        new OrdersPlaced(
            At,
            [
                new PlacedOrder(1, new UserId(9_001), 2, "buy-1", Waits: false),
                new PlacedOrder(2, new UserId(9_002), 1, "k", Waits: true),
            ]),
        new OrdersServed(At, [2, 5]),
        new OrderCancelled(At, 1),
        new OrdersExpired(At, [3, 4]),
        new PaymentStarted(At, 2, 1, "pay-1"),
        new PaymentSucceeded(At, 2, 1),
        new PaymentDeclined(At, 2, 1, "no money"),
        new RefundOwed(At, 2, 1, IsEnd: true),
        new RefundDone(At, 2, 1),
        new DealEnded(At, ByHost: true),
    ];
}
