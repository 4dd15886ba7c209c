using RedNote.Grains.Tests.Journal;
using RedNote.Live;

namespace RedNote.Grains.Tests.Live;

public sealed class DirectoryGoldenTests()
    : GoldenEventTests<DirectoryEvent>("directory", DirectoryJson.Instance.DirectoryEvent)
{
    protected override IEnumerable<DirectoryEvent> Samples =>
    [
        new RoomListed(
            new Room(
                new RoomId(7001), "新品首发 & friends", RoomState.Live, new UserId(42), "美",
                new RoomCounters(0, 1_203, 88_000, 5_432, 3, 12, new Money(129_900, "CNY")),
                "/covers/7001.jpg", 1_763_700_000_000, 1_763_700_060_000, 1_763_703_600_000),
            19),
    ];
}
