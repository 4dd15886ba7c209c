using System.Collections.Immutable;
using RedNote.Live;

namespace RedNote.Grains.Tests.Live;

/// <summary>A room that nobody is in lets go of space, and of nothing that anybody could miss.</summary>
public sealed class RestTests
{
    private const long Now = 1_800_000_000_000;
    private static readonly UserId Host = new(1);
    private static readonly UserId Ann = new(11);
    private static readonly UserId Bob = new(12);

    [Fact]
    public void Rest_AtAnyTime_ChangesNoAnswerAndNoFrame()
    {
        for (var seed = 1; seed <= 100; seed++)
        {
            var random = new Random(seed);
            var awake = Live(new LiveRoomOptions { DisplayBudgetPerSecond = 0 });
            var rested = Live(new LiveRoomOptions { DisplayBudgetPerSecond = 0 });
            var now = Now;
            for (var step = 0; step < 60; step++)
            {
                // From the same moment to longer than everything is remembered that is not in the log.
                now += random.Next(4) switch { 0 => 0, 1 => 900, 2 => 6_000, _ => 700_000 };
                if (random.Next(2) == 0)
                {
                    rested.Rules.Rest(now);
                }

                var commands = Commands(random);
                Assert.True(
                    awake.Submit(commands, now).SequenceEqual(rested.Submit(commands, now)), $"seed {seed}, {step}");
                if (random.Next(2) == 0)
                {
                    AssertSame(awake.Seal(now), rested.Seal(now));
                }
            }

            Assert.Equal(awake.State.Recent.AsEnumerable(), rested.State.Recent);
            Assert.Equal(
                awake.Rules.Frames.RecentAfter(0, 500).AsEnumerable(), rested.Rules.Frames.RecentAfter(0, 500));
        }
    }

    [Fact]
    public void Rest_SoonAfterACrowd_RefillsNoDisplayBudget()
    {
        var room = Live(new LiveRoomOptions { DisplayBudgetPerSecond = 10 });
        Assert.Equal(10, Shown(room, Now));
        room.Rules.Rest(Now + 1);
        Assert.Equal(1, Shown(room, Now + 100));
        room.Rules.Rest(Now + 60_000);
        Assert.Equal(10, Shown(room, Now + 60_000));
    }

    [Fact]
    public void Rest_LongAfter_KeepsKeysAndSlowMode()
    {
        var room = Live(new LiveRoomOptions());
        var keyed = new SendDanmaku("Ann", "hi", DanmakuMode.Scroll, "#ffffff") { User = Ann, Key = "k1" };
        Assert.Equal(Verdict.Accept(1), Assert.Single(room.Submit([keyed], Now)));
        room.ChangeSettings(Host, new RoomSettingsChange(300, null, null), Now);
        room.Seal(Now);

        room.Rules.Rest(Now + 75_000);

        Assert.Equal(Verdict.Accept(1), Assert.Single(room.Submit([keyed], Now + 75_000)));
        Assert.Equal(
            Verdict.Reject(RejectReason.SlowMode, 225_000),
            Assert.Single(room.Submit([Say(Ann, "again")], Now + 75_000)));
    }

    private static TestRoom Live(LiveRoomOptions options)
    {
        var room = new TestRoom(options);
        room.Create(new CreateRoom(Host, "Host", "Tea", null, null, "t"), Now);
        room.Start(Host, Now);
        return room;
    }

    private static ImmutableArray<RoomCommand> Commands(Random random)
        => [.. Enumerable.Range(0, random.Next(1, 30)).Select(RoomCommand (i) => Say(
            new UserId(10 + random.Next(5)), $"text {random.Next(12)}") with
        {
            Key = random.Next(3) == 0 ? $"k{random.Next(40)}" : null,
        })];

    private static SendDanmaku Say(UserId user, string text)
        => new("Somebody", text, DanmakuMode.Scroll, "#ffffff") { User = user };

    private static int Shown(TestRoom room, long now)
    {
        room.Submit([.. Enumerable.Range(0, 50).Select(RoomCommand (i) => Say(Bob, $"{now} {i}"))], now);
        return room.Seal(now).Danmaku!.Value.Length;
    }

    private static void AssertSame(RoomFrame one, RoomFrame other)
    {
        Assert.Equal(one with { Danmaku = null, Events = null }, other with { Danmaku = null, Events = null });
        Assert.Equal(one.Events?.AsEnumerable(), other.Events?.AsEnumerable());
        Assert.Equal(one.Danmaku?.AsEnumerable(), other.Danmaku?.AsEnumerable());
    }
}
