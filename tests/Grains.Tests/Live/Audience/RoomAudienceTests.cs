using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using RedNote.Live;

namespace RedNote.Grains.Tests.Live;

/// <summary>Watch time, contribution and milestones in a room without a grain.</summary>
public sealed class RoomAudienceTests
{
    private const long Start = 1_800_000_000_000;
    private static readonly UserId Host = new(1);
    private static readonly UserId Ann = new(5);
    private TestRoom _room = Live();

    [Fact]
    public void Watch_SeveralFrontEndsAndStays_CountsTimePresentOnce()
    {
        _room.Presence("a", 1, Start, came: [5]);
        _room.Presence("b", 1, Start + 2_000, came: [5]);
        _room.Presence("a", 2, Start + 4_000, left: [5]);
        Assert.Equal(6, _room.Rules.FanOf(Ann, Start + 6_000).WatchSeconds);
        _room.Presence("b", 2, Start + 7_000, left: [5]);
        _room.Presence("a", 3, Start + 10_000, came: [5]);
        Assert.Equal(8, _room.Rules.FanOf(Ann, Start + 11_000).WatchSeconds);
        Assert.Equal(0, _room.Rules.FanOf(new UserId(6), Start + 11_000).WatchSeconds);
    }

    [Fact]
    public void Watch_ReportsRepeatedOrOld_ChangeNothing()
    {
        _room.Presence("a", 1, Start, came: [5]);
        _room.Presence("a", 2, Start + 1_000, came: [5]);
        _room.Presence("a", 4, Start + 2_000, left: [5]);
        _room.Presence("a", 3, Start + 3_000, came: [5]);
        Assert.Equal(2, _room.Rules.FanOf(Ann, Start + 9_000).WatchSeconds);
        Assert.Equal(2, _room.Log.OfType<AudienceChanged>().Count());
    }

    [Fact]
    public void Watch_BeforeAndAfterTheShow_DoesNotCount()
    {
        _room = new TestRoom();
        _room.Create(new CreateRoom(Host, "Host", "A show", null, null, "t"), Start);
        _room.Presence("a", 1, Start, came: [5]);
        Assert.Equal(0, _room.Rules.FanOf(Ann, Start + 60_000).WatchSeconds);
        _room.Start(Host, Start + 60_000);
        Assert.Equal(5, _room.Rules.FanOf(Ann, Start + 65_000).WatchSeconds);
        _room.End(Host, Start + 70_000);
        Assert.Equal(10, _room.Rules.FanOf(Ann, Start + 90_000).WatchSeconds);
        _room.Presence("a", 2, Start + 95_000, left: [5]);
        Assert.Equal(10, _room.Rules.FanOf(Ann, Start + 99_000).WatchSeconds);
    }

    [Fact]
    public void Watch_RoomWasAway_IsNotWatchedMeanwhile()
    {
        _room.Presence("a", 1, Start, came: [5]);
        _room.Presence("a", 2, Start + 15_000, came: [6]);
        Keep(Start + 20_000);
        Assert.Equal(25, _room.Rules.FanOf(Ann, Start + 25_000).WatchSeconds);
        var later = Start + 3_600_000;
        _room = _room.Restored(later);
        Assert.Equal(15, _room.Rules.FanOf(Ann, later).WatchSeconds);
        _room.Decide(later, events => _room.Rules.Complete(events, later));
        Assert.Equal(15, _room.Rules.FanOf(Ann, later).WatchSeconds);
    }

    [Fact]
    public void Watch_FrontEndDies_CountsUpToItsLastReport()
    {
        _room.Presence("a", 1, Start, came: [5, 6]);
        _room.Presence("a", 2, Start + 4_000, left: [6]);
        Keep(Start + 13_999);
        Assert.Equal(13, _room.Rules.FanOf(Ann, Start + 13_999).WatchSeconds);
        Keep(Start + 14_000);
        Assert.Equal(4, _room.Rules.FanOf(Ann, Start + 60_000).WatchSeconds);
        Assert.Equal(0, _room.State.Audience.Present);
    }

    [Theory]
    [InlineData(3_600_000)]
    [InlineData(-3_600_000)]
    public void Watch_TheClockIsSet_NobodyVanishesAndADeadFrontEndStillDoes(long by)
    {
        _room.Presence("a", 1, Start, came: [5], awakeMs: 0);
        Keep(Start + by, awakeMs: 2_000);
        Keep(Start + by + 5_000, awakeMs: 9_999);
        Assert.Equal(1, _room.State.Audience.Present);
        Keep(Start + by + 10_000, awakeMs: 10_000);
        Assert.Equal(0, _room.State.Audience.Present);
    }

    [Fact]
    public void Points_TheClockIsSetBack_GoIntoTheLogAllTheSame()
    {
        _room.Submit([Say(5)], Start);
        Keep(Start + 20_000);
        _room.Submit([Say(6)], Start - 3_600_000);
        Keep(Start - 3_590_000);
        Assert.Equal(10, _room.State.Audience.PointsOf(new UserId(6)));
    }

    [Fact]
    public void Watch_RoomCrashes_LosesAtMostTheTimeBetweenTwoCounts()
    {
        _room.Presence("a", 1, Start, came: [5]);
        for (var at = Start + 2_000; at <= Start + 58_000; at += 2_000)
        {
            _room.Presence("a", 1, at);
            Keep(at);
        }

        var crashed = _room.Restored(Start + 59_000);
        crashed.Decide(Start + 59_000, _ => { });
        Assert.InRange(crashed.Rules.FanOf(Ann, Start + 59_000).WatchSeconds, 48, 58);
        crashed.Presence("a", 2, Start + 61_000, came: [5]);
        Assert.Equal(
            crashed.Rules.FanOf(Ann, Start + 61_000).WatchSeconds + 4,
            crashed.Rules.FanOf(Ann, Start + 65_000).WatchSeconds);
        Assert.Single(_room.Log.OfType<AudienceChanged>());
    }

    [Fact]
    public void Watch_TheLogRefusedAReport_IsToldAgain()
    {
        var events = new List<LiveRoomEvent>();
        var presence = new GatewayPresence("a", 1) { Audience = new AudienceChange(1, [Ann, new UserId(6)], []) };
        _room.Rules.ReportAudience(presence, Start, Start, events);
        _room.Rules.Refused(events);
        _room.Presence("a", 2, Start + 500, left: [6]);
        Keep(Start + 1_000);
        Assert.Equal([Ann], _room.Log.OfType<AudienceChanged>().Last().Came);
        Assert.Equal(4, _room.Rules.FanOf(Ann, Start + 5_000).WatchSeconds);
        Assert.Equal(1, _room.State.Audience.Present);
    }

    [Fact]
    public void Points_OfEverybody_AreRankedAndTheHostIsNot()
    {
        _room.Submit([Say(5), Say(6), Say(6), Like(7, 15), Like(5, 5), Say(1)], Start);
        Assert.Equal(
            [(6L, 20L, 1), (5, 15, 2), (7, 15, 3)],
            _room.Rules.Fans(10, Start).Items.Select(fan => (fan.UserId.Value, fan.Points, fan.Rank!.Value)));
        Assert.Equal(2, _room.Rules.Fans(2, Start).Items.Length);
        Assert.Null(_room.Rules.FanOf(Host, Start).Rank);
        Keep(Start + 20_000);
        Assert.Equal(50, _room.Log.OfType<AudienceCounted>().SelectMany(one => one.Fans!.Value).Sum(fan => fan.Points));
        Assert.Equal(15, _room.Rules.FanOf(Ann, Start).Points);
        var restored = _room.Restored(Start + 30_000);
        Assert.Equal(_room.Rules.Fans(10, Start).Items, restored.Rules.Fans(10, Start).Items);
    }

    [Fact]
    public void Points_TheLogRefusedThem_AreKeptForTheNextCount()
    {
        _room.Submit([Say(5)], Start);
        var events = new List<LiveRoomEvent>();
        _room.Rules.KeepAudience(Start + 20_000, Start + 20_000, atOnce: false, events);
        _room.Rules.Refused(events);
        Assert.Equal(10, _room.Rules.FanOf(Ann, Start).Points);
        Keep(Start + 22_000);
        Assert.Equal(10, _room.State.Audience.PointsOf(Ann));
        Assert.Equal(10, _room.Rules.FanOf(Ann, Start).Points);
    }

    [Fact]
    public void Points_MoreUsersThanAreCounted_LeavesTheLaterOnesOut()
    {
        _room = Live(new LiveRoomOptions { AudienceUsers = 100 });
        _room.Submit([.. Enumerable.Range(10, 120).Select(i => Say(i))], Start);
        Keep(Start + 20_000);
        Assert.Equal(100, _room.State.Audience.Users);
    }

    [Fact]
    public void TopFans_AnyGrowth_IsTheSortedList()
        => Check.One(Config.QuickThrowOnFailure, Prop.ForAll(
            Arb.From(Gen.ListOf(Gen.Choose(1, 12).SelectMany(user => Gen.Choose(1, 5).Select(n => (user, points: n))))),
            steps =>
            {
                var top = new TopFans(5);
                var all = new Dictionary<UserId, long>();
                foreach (var (user, points) in steps)
                {
                    var id = new UserId(user);
                    all[id] = all.GetValueOrDefault(id) + points;
                    top.Changed(id, all[id]);
                    Assert.Equal(
                        all.OrderByDescending(fan => fan.Value).ThenBy(fan => fan.Key.Value).Take(5)
                            .Select(fan => (fan.Key, fan.Value)),
                        top.Ranked);
                }
            }));

    [Fact]
    public void FanTable_AnyUsers_KeepsSumsAndPacksThem()
        => Check.One(Config.QuickThrowOnFailure, Prop.ForAll(
            Arb.From(Gen.ListOf(Gen.Choose(1, 300).SelectMany(user => Gen.Choose(0, 1_000).Select(n => (user, n))))),
            steps =>
            {
                var table = new FanTable();
                var sums = new Dictionary<long, long>();
                foreach (var (user, n) in steps)
                {
                    sums[user] = sums.GetValueOrDefault(user) + n;
                    Assert.Equal(sums[user], table.Add(new UserId(user), n, n * 100L));
                }

                var read = FanTable.Read(table.Write());
                Assert.Equal(sums.Count, read.Count);
                Assert.All(sums, sum => Assert.Equal((sum.Value, sum.Value * 100), read[new UserId(sum.Key)]));
                Assert.Equal(table.Write(), read.Write());
                Assert.False(read.Contains(new UserId(1_000)));
            }));

    [Fact]
    public void FanTable_AMillionUsers_TakesAtMostEighteenBytesEach()
    {
        var table = new FanTable();
        for (var i = 0; i < 1_000_000; i++)
        {
            table.Add(new UserId(3_302_915_117_002_752 + i * 4_194_304L), 35, 600_000);
        }

        Assert.InRange(table.Bytes, 16_000_000, 18_000_000);
        Assert.InRange(table.Write().Length, 1_000_000, 10_000_000);
    }

    [Fact]
    public void Milestones_EachIsReachedOnce_AlsoByARestoredRoom()
    {
        Likes(999);
        Assert.Empty(Reached());
        Likes(1);
        Assert.Equal([1_000L], Reached());
        Likes(500);
        _room = _room.Restored(Start);
        Likes(98_500);
        Assert.Equal([1_000L, 10_000, 100_000], Reached());
        Likes(1_000);
        Assert.Equal(3, Reached().Count);
        var frame = _room.Rules.Frames.Seal(_room.Rules.Counters, Start);
        Assert.Equal([10_000L, 100_000], frame.Events!.Value.OfType<LikeMilestone>().Select(one => one.Likes));

        void Likes(int count) => _room.Submit([Like(5, Math.Min(count, 25_000)), .. Rest(count - 25_000)], Start);
        List<long> Reached() => [.. _room.Log.OfType<MilestoneReached>().Select(one => one.Likes)];
        static IEnumerable<RoomCommand> Rest(int count)
        {
            for (; count > 0; count -= 25_000)
            {
                yield return Like(5, Math.Min(count, 25_000));
            }
        }
    }

    [Fact]
    public void Snapshot_OfAnAudience_IsTheStateThatWas()
    {
        _room.Presence("a", 1, Start, came: [5, 6]);
        _room.Submit([Say(5), Like(6, 3_000)], Start);
        _room.Presence("a", 1, Start + 8_000);
        Keep(Start + 12_000);
        _room.Presence("a", 2, Start + 15_000, left: [5]);
        var json = JsonSerializer.Serialize(_room.State.ToStored(), LiveRoomJson.Journal.StoredLiveRoom);
        var state = new LiveRoomState(
            _room.Options, JsonSerializer.Deserialize(json, LiveRoomJson.Journal.StoredLiveRoom)!);
        Assert.Equal(json, JsonSerializer.Serialize(state.ToStored(), LiveRoomJson.Journal.StoredLiveRoom));
        Assert.Equal(
            (15_000L, 20_000L, 10L, 1_000L),
            (state.Audience.WatchedMs(Ann, Start + 20_000), state.Audience.WatchedMs(new UserId(6), Start + 20_000),
                state.Audience.PointsOf(Ann), state.Audience.Milestone));
        Assert.Equal(_room.State.Audience.Top.Ranked, state.Audience.Top.Ranked);
    }

    private static TestRoom Live(LiveRoomOptions? options = null)
    {
        var room = new TestRoom(options);
        room.Create(new CreateRoom(Host, "Host", "A show", null, null, "t"), Start);
        room.Start(Host, Start);
        return room;
    }

    private void Keep(long now, long? awakeMs = null) => _room.Decide(
        now, events => _room.Rules.KeepAudience(now, awakeMs ?? now, atOnce: false, events));

    private static SendDanmaku Say(long user)
        => new("Mei", $"I am {user}", DanmakuMode.Scroll, "#ffffff") { User = new UserId(user) };

    private static LikeRoom Like(long user, int count) => new(count) { User = new UserId(user) };
}
