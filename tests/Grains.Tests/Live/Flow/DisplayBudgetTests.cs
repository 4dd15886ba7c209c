using FsCheck;
using FsCheck.Fluent;
using RedNote.Live;

namespace RedNote.Grains.Tests.Live;

public sealed class DisplayBudgetTests
{
    private const long Now = 1_800_000_000_000;
    private static readonly UserId Host = new(1);

    [Fact]
    public void Choose_AnyCrowd_LeavesNobodyOutForSomebodyWhoSentMore()
    {
        // Senders 2 to 9, each with up to fifty messages in one frame, in any order; a budget from 1 to 30.
        var story = from budget in Gen.Choose(1, 30)
                    from messages in Gen.Choose(2, 9).ListOf(200)
                    select (budget, Senders: messages.ToList());
        Prop.ForAll(story.ToArbitrary(), given =>
        {
            var waiting = Waiting(given.Senders);
            var shown = Choose(new DisplayBudget(Bounds(given.budget)), waiting, Now);
            Assert.Equal(Math.Min(given.budget, waiting.Length), shown.Count(isShown => isShown));
            var sent = waiting.CountBy(danmaku => danmaku.UserId).ToDictionary();
            var got = waiting.Where((_, i) => shown[i]).CountBy(danmaku => danmaku.UserId).ToDictionary();
            foreach (var (loser, mine) in sent.Where(pair => !got.ContainsKey(pair.Key)))
            {
                Assert.DoesNotContain(got, winner => winner.Value > 1 || sent[winner.Key] > mine);
            }
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Choose_FloodFromOneOverManyFrames_CostsThoseWhoSpeakOnceNothing()
    {
        var budget = new DisplayBudget(Bounds(20));
        var speaker = 100;
        var now = Now;
        for (var frame = 0; frame < 400; frame++, now += 50)
        {
            // The flooder has a hundred in every frame, and now and then somebody says one thing.
            var senders = Enumerable.Repeat(7, 100).ToList();
            if (frame % 4 == 0)
            {
                senders.Insert(frame % 100, speaker++);
            }

            var waiting = Waiting(senders);
            var shown = Choose(budget, waiting, now);
            var one = Array.FindIndex(waiting, danmaku => danmaku.UserId.Value >= 100);
            Assert.True(one < 0 || shown[one], $"in frame {frame} who spoke once was left out");
        }
    }

    [Fact]
    public void Choose_EverybodySendsAllTheTime_ShowsAllOfThemAlike()
    {
        var budget = new DisplayBudget(Bounds(30));
        var got = new Dictionary<long, int>();
        for (var frame = 0; frame < 100; frame++)
        {
            var waiting = Waiting([.. Enumerable.Range(0, 500).Select(i => 2 + (i % 100))]);
            var shown = Choose(budget, waiting, Now + (frame * 50));
            foreach (var danmaku in waiting.Where((_, i) => shown[i]))
            {
                got[danmaku.UserId.Value] = got.GetValueOrDefault(danmaku.UserId.Value) + 1;
            }
        }

        Assert.Equal(100, got.Count);
        Assert.InRange(got.Values.Max() - got.Values.Min(), 0, 1);
    }

    [Fact]
    public void Choose_QuietRoom_ShowsEverythingAtOnce()
    {
        var budget = new DisplayBudget(Bounds(30));
        Assert.DoesNotContain(false, Choose(budget, Waiting(Enumerable.Repeat(2, 30)), Now));
        Assert.Equal(15, Choose(budget, Waiting(Enumerable.Repeat(2, 30)), Now + 500).Count(shown => shown));
        Assert.DoesNotContain(false, Choose(budget, Waiting(Enumerable.Repeat(2, 30)), Now + 60_000));
    }

    [Fact]
    public void Choose_AnySecondOfAFlood_StaysWithinTheBudget()
    {
        var budget = new DisplayBudget(Bounds(30));
        Choose(budget, Waiting(Enumerable.Range(2, 500)), Now);
        var shown = 0;
        for (var frame = 1; frame <= 20; frame++)
        {
            shown += Choose(budget, Waiting(Enumerable.Range(2, 500)), Now + (frame * 50)).Count(isShown => isShown);
        }

        Assert.InRange(shown, 29, 30);
    }

    [Fact]
    public void Choose_HostAmongThousands_IsAlwaysShownAndPaidForByOthers()
    {
        var budget = new DisplayBudget(Bounds(10));
        var waiting = Waiting([.. Enumerable.Repeat(1, 15), .. Enumerable.Range(2, 1_000)]);
        var shown = Choose(budget, waiting, Now);
        Assert.Equal(15, shown.Count(isShown => isShown));
        Assert.All(Enumerable.Range(0, 15), i => Assert.True(shown[i]));
        Assert.DoesNotContain(true, Choose(budget, Waiting(Enumerable.Range(2, 50)), Now + 500));
        Assert.Contains(true, Choose(budget, Waiting(Enumerable.Range(2, 50)), Now + 1_500));
    }

    [Fact]
    public void Choose_ClockGoesBack_GivesNothingAndTakesNothing()
    {
        var budget = new DisplayBudget(Bounds(10));
        Choose(budget, Waiting(Enumerable.Range(2, 50)), Now);
        Assert.DoesNotContain(true, Choose(budget, Waiting(Enumerable.Range(2, 50)), Now - 60_000));
        Assert.Equal(
            5, Choose(budget, Waiting(Enumerable.Range(2, 50)), Now - 59_500).Count(isShown => isShown));
    }

    [Fact]
    public void Tick_AudienceLoadOrSlowPublishing_StretchItWithinItsBounds()
    {
        var bounds = new LiveRoomOptions();
        Assert.Equal(50, RoomPace.Tick(bounds, 5_000, 4_000, TimeSpan.Zero).TotalMilliseconds);
        Assert.Equal(100, RoomPace.Tick(bounds, 10_000, 0, TimeSpan.Zero).TotalMilliseconds);
        Assert.Equal(125, RoomPace.Tick(bounds, 0, 10_000, TimeSpan.Zero).TotalMilliseconds);
        Assert.Equal(160, RoomPace.Tick(bounds, 0, 0, TimeSpan.FromMilliseconds(80)).TotalMilliseconds);
        Assert.Equal(100, RoomPace.Tick(bounds, 0, bounds.PendingDanmaku * 5, TimeSpan.Zero).TotalMilliseconds);
        Assert.Equal(500, RoomPace.Tick(bounds, 1_000_000, 1e9, TimeSpan.FromHours(1)).TotalMilliseconds);
    }

    private static LiveRoomOptions Bounds(int budget) => new() { DisplayBudgetPerSecond = budget };

    private static Danmaku[] Waiting(IEnumerable<int> senders) =>
    [
        .. senders.Select((sender, i) => new Danmaku(
            i + 1, new UserId(sender), "Name", "text", DanmakuMode.Scroll, "#ffffff", Now, 0)),
    ];

    private static bool[] Choose(DisplayBudget budget, Danmaku[] waiting, long now)
    {
        var shown = new bool[waiting.Length];
        budget.Choose(waiting, user => user == Host, now, shown);
        return shown;
    }
}
