using System.Text;
using System.Text.Json;
using RedNote.Live;

namespace RedNote.Grains.Tests.Live;

public sealed class RoomFramesTests
{
    private const long Now = 1_800_000_000_000;

    /// <summary>As clients get it: what is not ASCII is not escaped.</summary>
    private static readonly JsonSerializerOptions Wire = new(JsonSerializerDefaults.Web)
    {
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    [Fact]
    public void Seal_NumbersFramesFromOneInTheirEpoch()
    {
        var frames = new RoomFrames(new LiveRoomOptions(), epoch: 4, []);
        Assert.Equal(
            [(4L, 1L), (4, 2), (4, 3)],
            Enumerable.Range(0, 3).Select(_ => frames.Seal(RoomCounters.Zero, Now)).Select(f => (f.Epoch, f.Seq)));
    }

    [Fact]
    public void HasNews_OnlyChangedCountersAfterASnapshot_AreNews()
    {
        var frames = new RoomFrames(new LiveRoomOptions(), 1, []);
        Assert.False(frames.HasNews(RoomCounters.Zero));
        frames.KnowCounters(RoomCounters.Zero);
        Assert.False(frames.HasNews(RoomCounters.Zero));
        Assert.True(frames.HasNews(RoomCounters.Zero with { Likes = 1 }));
        Assert.NotNull(frames.Seal(RoomCounters.Zero with { Likes = 1 }, Now).Counters);
        Assert.Null(frames.Seal(RoomCounters.Zero with { Likes = 1 }, Now).Counters);
    }

    [Fact]
    public void Seal_MoreThanFits_KeepsTheRestForTheNextFrameInOrder()
    {
        var options = new LiveRoomOptions { FrameBytes = 4_096, FrameEvents = 2, DisplayBudgetPerSecond = 0 };
        var frames = new RoomFrames(options, 1, []);
        for (var i = 1; i <= 100; i++)
        {
            frames.Add(Danmaku(i, new string('字', 200)));
        }

        for (var i = 0; i < 5; i++)
        {
            frames.Announce(new RoomStarted { At = i });
        }

        var sealedFrames = new List<RoomFrame>();
        while (frames.HasNews(RoomCounters.Zero))
        {
            sealedFrames.Add(frames.Seal(RoomCounters.Zero, Now));
        }

        Assert.Equal(
            Enumerable.Range(1, 100).Select(i => (long)i),
            sealedFrames.SelectMany(frame => frame.Danmaku ?? []).Select(danmaku => danmaku.Seq));
        Assert.Equal([0L, 1, 2, 3, 4], sealedFrames.SelectMany(frame => frame.Events ?? []).Select(e => e.At));
        var sizes = sealedFrames.Select(frame => JsonSerializer.SerializeToUtf8Bytes(frame.Danmaku).Length);
        Assert.All(sizes, size => Assert.InRange(size, 1, 8_191));
    }

    [Theory]
    [InlineData("plain text \"quoted\" \\ slash")]
    [InlineData("中文弹幕")]
    [InlineData("🌹🌹🌹")]
    public void WireBytes_AnyText_IsNoLessThanTheRealSize(string text)
    {
        var danmaku = new Danmaku(
            long.MaxValue, new UserId(long.MaxValue), text, text, DanmakuMode.Reverse, "#ffffff", Now, Now);
        var options = new JsonSerializerOptions(JsonSerializerDefaults.Web)
        {
            Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        };
        var real = Encoding.UTF8.GetByteCount(JsonSerializer.Serialize(danmaku, options));
        Assert.InRange(RoomFrames.WireBytes(danmaku), real, real + 224);
    }

    [Fact]
    public void Seal_ManyLongEvents_KeepsAFrameUnder50KiBOfThemAndLosesNone()
    {
        var frames = new RoomFrames(new LiveRoomOptions { FrameEvents = 1_000 }, 1, []);
        for (var i = 1; i <= 300; i++)
        {
            var question = new Question(
                new QuestionId(i), new UserId(long.MaxValue), Long(24), Long(200), 0, Now, QuestionState.Answered,
                Long(200), Now, true);
            frames.Announce(new QuestionAnswered(question) { At = i });
        }

        var all = new List<RoomFrame>();
        while (frames.HasNews(RoomCounters.Zero))
        {
            all.Add(frames.Seal(RoomCounters.Zero, Now));
        }

        Assert.InRange(all.Count, 5, 30);
        Assert.Equal(
            Enumerable.Range(1, 300).Select(n => (long)n), all.SelectMany(f => f.Events!.Value).Select(e => e.At));
        Assert.All(all, frame => Assert.InRange(
            JsonSerializer.SerializeToUtf8Bytes(frame.Events, Wire).Length, 1, 50 * 1024));

        // What takes most: halves of surrogate pairs are refused, ideographs take three bytes each.
        static string Long(int length) => new('好', length);
    }

    [Fact]
    public void TryAfter_WithinTheRing_GivesEveryFrameAfter()
    {
        var frames = new RoomFrames(new LiveRoomOptions { RingFrames = 3 }, 1, []);
        for (var i = 0; i < 5; i++)
        {
            frames.Seal(RoomCounters.Zero, Now);
        }

        Assert.True(frames.TryAfter(2, out var missed));
        Assert.Equal([3L, 4, 5], missed.Select(frame => frame.Seq));
        Assert.True(frames.TryAfter(5, out var none));
        Assert.Empty(none);
        Assert.False(frames.TryAfter(1, out _));
        Assert.False(frames.TryAfter(6, out _));
        Assert.False(frames.TryAfter(-1, out _));
    }

    [Fact]
    public void Ring_ManyDanmaku_LetsOlderFramesGo()
    {
        var frames = new RoomFrames(new LiveRoomOptions { RingDanmaku = 10 }, 1, []);
        for (var i = 1; i <= 12; i++)
        {
            frames.Add(Danmaku(i, "x"));
            frames.Seal(RoomCounters.Zero, Now);
        }

        Assert.False(frames.TryAfter(1, out _));
        Assert.True(frames.TryAfter(2, out var missed));
        Assert.Equal(10, missed.Length);
    }

    [Fact]
    public void RecentAfter_SealedOnly_LeavesOutWhatWaits()
    {
        var frames = new RoomFrames(new LiveRoomOptions(), 1, []);
        frames.Add(Danmaku(1, "shown"));
        frames.Seal(RoomCounters.Zero, Now);
        frames.Add(Danmaku(2, "waits"));
        Assert.Equal([1L], frames.RecentAfter(0, 50).Select(danmaku => danmaku.Seq));
        Assert.Equal(1, frames.Waiting);
    }

    private static Danmaku Danmaku(long seq, string text)
        => new(seq, new UserId(2), "Mei", text, DanmakuMode.Scroll, "#ffffff", Now, 0);
}
