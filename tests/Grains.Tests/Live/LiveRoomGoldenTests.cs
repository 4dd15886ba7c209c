using RedNote.Deals;
using RedNote.Grains.Tests.Journal;
using RedNote.Live;
using RedNote.Polls;

namespace RedNote.Grains.Tests.Live;

public sealed class LiveRoomGoldenTests()
    : GoldenEventTests<LiveRoomEvent>("room", LiveRoomJson.Journal.LiveRoomEvent)
{
    private const long At = 1_763_700_060_000;
    private static readonly UserId User = new(3_302_915_117_002_752);
    private static readonly DrawId Draw = new(3_302_915_117_012_345);
    private static readonly PollId Poll = new(3_302_915_117_002_901);
    private static readonly PkId Pk = new(3_302_915_117_002_902);
    private static readonly QuestionId Question = new(17);

    private static readonly DealId Deal = new(7);

    private static readonly DealTerms Terms = new(
        new RoomId(3_302_915_117_000_001), User, "口红一支", new Money(1_990, "CNY"), new Money(5_900, "CNY"), 100, 2,
        At + 60_000, 600, 300, new DrawCondition(DrawConditionKind.Password, "我要口红", null));

    private static readonly Deal Card = new(
        Deal, Terms.RoomId, Terms.Title, Terms.Price, Terms.ListPrice, 100, 57, 30, 13, 4, 2, At + 60_000, At + 660_000,
        300, Terms.Condition, DealState.Open);

    protected override IEnumerable<LiveRoomEvent> Samples =>
    [
        new RoomCreated(At, "0f3c9a", User, "美美", "新品首发 & friends", "/covers/7001.jpg", At + 60_000),
        new ShowStarted(At),
        new ShowEnded(At, 5_400_000),
        new RulesChanged(At, 30, true, ["代购", "scam"], HoldMode.Words, true, User),
        new ViewerMuted(At, User, new UserId(7), At + 600_000),
        new ViewerUnmuted(At, User, new UserId(7)),
        new EpochBegan(At, 12),
        new DanmakuSent(
            At, 5_432, User, "小红", "这个颜色好美 <3", DanmakuMode.Top, "#ff2442", 81_250, "d-17_a", 2_857_740_885,
            12),
        new LikesCounted(At, 57, 81_300, [new LikeKey(User, "l-18", 1_404_391_129, 50)]),
        new BatchApplied(At, "fe-1.8c2b4e", 918, 5_431),
        new DanmakuSampled(At, [new SeqRun(5_432, 5_440), new SeqRun(5_442, 5_442)]),
        new PeakReached(At, 1_203),
        new DrawOpened(
            At, Draw, 81_400, "口红一支", 3, new DrawCondition(DrawConditionKind.Password, "我要口红", null), At + 60_000,
            new DrawSeed("9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"), "draw-1", 2_857_740_885),
        new DrawPhraseSaid(At, Draw, [User]),
        new DrawEntered(At, Draw, [User, new UserId(17)]),
        new DrawClosed(At, Draw, 2),
        new DrawListed(At, Draw, 2_048, [new UserId(17), User]),
        new DrawDecided(
            At,
            141_400,
            new Draw(
                Draw, "口红一支", 3, new DrawCondition(DrawConditionKind.Watched, null, 60), At - 60_000, At, true, 2,
                "ba77b8a81f22b7a40dbd1ba8b6d5a0b1ff4d1b3ab5ae1f31e31b9ee5cc5e7a1f",
                "5c1a3b7f1d6f4f6cf8b8a4a5ea0e8d2a6e3fd2bdf2a3d9a0a8be5c6a7d1e2f30",
                "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
                [new UserId(17), User])),
        new AudienceChanged(At, [User], [new UserId(17)], At - 9_000),
        new AudienceCounted(At, [new FanPoints(User, 25)]),
        new MilestoneReached(At, 10_000, 81_500),
        new PollBegan(
            At, Poll, User, "下一件看哪个?", ["羽绒服", "毛衣"], true, true, At + 60_000, 81_400, "p-1", 3_051_977_204),
        new BallotsCast(At, Poll, [new BallotGroup([0, 1], [User, new UserId(7)]), new BallotGroup([1], [new(8)])]),
        new PollEnded(At, Poll, [2, 3], 3, 141_400, User),
        new PkBegan(At, Pk, User, "红队", "蓝队", At + 60_000, 81_500, "pk-1", 977_204_305),
        new CheersCounted(At, Pk, 57, 8, [new LikeKey(User, "c-18", 1_404_391_129, 50)]),
        new PkEnded(At, Pk, 57, 8, 141_500, User),
        new QuestionReceived(At, Question, User, "小红", "有 S 码吗?", 81_600, "q-1", 2_857_740_885),
        new QuestionsBacked(At, [new QuestionUpvotes(Question, [User, new UserId(7)])]),
        new QuestionSettled(At, Question, User, "有的", 81_700),
        new QuestionRemoved(At, Question, User, new UserId(7)),
        new DealAdded(At, Deal, Terms, "deal-1", 2_857_740_885),
        new DealDropped(At, Card),
        new DealPhraseSaid(At, Deal, [User, new UserId(17)]),
        new DealReported(
            At, Deal, 918, DealState.Open, 57, 30, 13, 4, At - 60_000, At + 60_000, 41, 59_700, IsCounted: true),
        new DealSaleOpened(At, 81_750, Card),
        new DealSaleClosed(At, 141_750, Card),
        new DealEndOwed(At, Deal),
        new PinSet(At, User, "今晚八点抽奖", Poll, Question, 81_800, Deal),
        new PinTaken(At, 81_900, User),
        new DanmakuMerged(At, 5_432, 3, [new MergedSender(User, "d-18", 12_345), new MergedSender(new UserId(8))]),
        new DanmakuHeld(
            At, 12, User, "小红", "加我 vx", DanmakuMode.Top, "#ff2442", HoldReason.Suspicious, "d-19", 2_857_740_885),
        new HeldApproved(At, 12, User, new UserId(7), 5_433),
        new HeldRefused(At, 13, User, new UserId(7), "加我 vx"),
        new DanmakuRecalled(At, 5_432, User, new UserId(7)),
        new ModeratorAdded(At, User, new UserId(1)),
        new ModeratorRemoved(At, User, new UserId(1)),
    ];
}
