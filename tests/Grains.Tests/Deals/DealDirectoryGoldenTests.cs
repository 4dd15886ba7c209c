using RedNote.Deals;
using RedNote.Grains.Tests.Journal;
using RedNote.Live;

namespace RedNote.Grains.Tests.Deals;

public sealed class DealDirectoryGoldenTests()
    : GoldenEventTests<DealDirectoryEvent>("deal_directory", DealDirectoryJson.Journal.DealDirectoryEvent)
{
    private const long At = 1_763_700_000_000;

    protected override IEnumerable<DealDirectoryEvent> Samples =>
    [
        new DealNumberTaken(new DealId(77)),
        new DealListed(
            new Deal(
                new DealId(77), new RoomId(7001), "丝绒口红 & more", new Money(1_990, "CNY"), new Money(3_900, "CNY"),
                1_000, 400, 250, 350, 12, 2, At, At + 600_000, 300,
                new DrawCondition(DrawConditionKind.Watched, null, 60), DealState.Open),
            19),
        new DealsUnlisted([new DealId(77), new DealId(78)]),
    ];
}
