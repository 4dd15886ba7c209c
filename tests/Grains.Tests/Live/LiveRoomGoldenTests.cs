using RedNote.Grains.Tests.Journal;
using RedNote.Live;

namespace RedNote.Grains.Tests.Live;

public sealed class LiveRoomGoldenTests()
    : GoldenEventTests<LiveRoomEvent>("room", LiveRoomJson.Journal.LiveRoomEvent)
{
    private const long At = 1_763_700_060_000;
    private static readonly UserId User = new(3_302_915_117_002_752);

    protected override IEnumerable<LiveRoomEvent> Samples =>
    [
        new RoomCreated(At, "0f3c9a", User, "美美", "新品首发 & friends", "/covers/7001.jpg", At + 60_000),
        new ShowStarted(At),
        new ShowEnded(At, 5_400_000),
        new RulesChanged(At, 30, true, ["代购", "scam"]),
        new ViewerMuted(At, User),
        new ViewerUnmuted(At, User),
        new EpochBegan(At, 12),
        new DanmakuSent(
            At, 5_432, User, "小红", "这个颜色好美 <3", DanmakuMode.Top, "#ff2442", 81_250, "d-17_a", 2_857_740_885),
        new LikesCounted(At, 57, 81_300, [new LikeKey(User, "l-18", 1_404_391_129, 50)]),
        new BatchApplied(At, "fe-1.8c2b4e", 918),
        new PeakReached(At, 1_203),
    ];
}
