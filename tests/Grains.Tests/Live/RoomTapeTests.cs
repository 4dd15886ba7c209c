using System.Collections.Immutable;
using RedNote.Live;

namespace RedNote.Grains.Tests.Live;

/// <summary>What can be replayed of a room, and how one pages through it.</summary>
public sealed class RoomTapeTests(GrainCluster cluster) : IClassFixture<GrainCluster>
{
    private static readonly UserId Host = new(1);
    private long _number;

    [Fact]
    public async Task Tape_AWholeShow_HoldsItInOrder()
    {
        var (_, room) = await cluster.StartRoom();
        await Submit(room, Danmaku("a"), new LikeRoom(3) { User = new UserId(5) }, Danmaku("b"));
        await Submit(room, new LikeRoom(4) { User = new UserId(5) });
        await room.End(Host);

        var page = (await room.Tape(new TapeQuery(default, null, 100)))!;

        Assert.Null(page.Next);
        Assert.Equal(
            ["started", "1:a", "2:b", "3 likes", "4 likes", "ended"],
            page.Items.Select(item => item switch
            {
                TapeStarted => "started",
                TapeDanmaku danmaku => $"{danmaku.Seq}:{danmaku.Text}",
                TapeLikes likes => $"{likes.Count} likes",
                TapeEnded => "ended",
                _ => "?",
            }));
        Assert.Equal(page.Items.Select(item => item.At).Order(), page.Items.Select(item => item.At));
        var first = Assert.IsType<TapeDanmaku>(page.Items[1]);
        Assert.Equal(("Mei", DanmakuMode.Bottom, "#00ff00"), (first.Name, first.Mode, first.Color));
        Assert.Equal((await room.Get())!.StartedAt + first.At, first.SentAt);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(500)]
    public async Task Tape_PageByPage_MissesAndRepeatsNothingThoughAMillisecondIsFull(int limit)
    {
        var (_, room) = await cluster.StartRoom();
        for (var i = 0; i < 3; i++)
        {
            await Submit(room, [.. Enumerable.Range(0, 20).Select(n => Danmaku($"{i}-{n}"))]);
        }

        var items = await Pages(room, new TapeQuery(default, null, limit));

        Assert.Equal(
            Enumerable.Range(1, 60).Select(seq => (long)seq), items.OfType<TapeDanmaku>().Select(item => item.Seq));
        Assert.Equal(61, items.Count);
        Assert.True(items.GroupBy(item => item.At).Max(same => same.Count()) >= 20);
    }

    [Fact]
    public async Task Tape_RangesThatJoin_HoldEveryItemOnce()
    {
        var (_, room) = await cluster.StartRoom();
        await Submit(room, [.. Enumerable.Range(0, 5).Select(n => Danmaku($"{n}"))]);
        await Submit(room, [.. Enumerable.Range(0, 5).Select(n => Danmaku($"{n}"))]);
        var all = await Pages(room, new TapeQuery(default, null, 500));
        var cut = all[^1].At;

        var before = await Pages(room, new TapeQuery(default, cut, 2));
        var from = await Pages(room, new TapeQuery(new TapePosition(cut, 0), null, 2));

        Assert.All(before, item => Assert.True(item.At < cut));
        Assert.All(from, item => Assert.True(item.At >= cut));
        Assert.Equal(all, before.Concat(from));
    }

    [Fact]
    public async Task Tape_NoSuchRoom_IsNull()
        => Assert.Null(await cluster.Grains.LiveRoom(new RoomId(799_999)).Tape(new TapeQuery(default, null, 10)));

    [Fact]
    public async Task Tape_LimitOutOfRange_IsBroughtIntoIt()
    {
        var (_, room) = await cluster.StartRoom();
        await Submit(room, Danmaku("a"));
        Assert.Single((await room.Tape(new TapeQuery(default, null, -5)))!.Items);
        Assert.Equal(2, (await room.Tape(new TapeQuery(default, null, int.MaxValue)))!.Items.Length);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(40)]
    [InlineData(500)]
    public async Task Tape_FromSomewhereInALongShow_BeginsThere(int perBatch)
    {
        var (_, room) = await cluster.StartRoom();
        for (var i = 0; i < 2_000 / perBatch; i++)
        {
            await Submit(room, [.. Enumerable.Range(0, perBatch).Select(n => Danmaku($"{i}-{n}"))]);
        }

        var all = await Pages(room, new TapeQuery(default, null, 500));
        Assert.Equal(2_001, all.Count);
        foreach (var at in all.Select(item => item.At).Distinct().Append(all[^1].At + 1))
        {
            var page = (await room.Tape(new TapeQuery(new TapePosition(at, 0), null, 3)))!;
            Assert.Equal(all.Where(item => item.At >= at).Take(3), page.Items);
        }
    }

    [Fact]
    public async Task Tape_OfALongShow_IsRecalledFromEverywhere()
    {
        var (_, room) = await cluster.StartRoom();
        for (var i = 0; i < 5; i++)
        {
            await Submit(room, [.. Enumerable.Range(0, 300).Select(n => Danmaku($"{i}-{n}"))]);
        }

        long[] gone = [1, 700, 701, 1_499, 1_500];
        foreach (var seq in gone)
        {
            Assert.Equal(CommandStatus.Done, await room.Recall(Host, seq));
            Assert.Equal(CommandStatus.Done, await room.Recall(Host, seq));
        }

        Assert.Equal(CommandStatus.NotFound, await room.Recall(Host, 1_501));
        var left = await Pages(room, new TapeQuery(default, null, 500));
        Assert.Equal(
            Enumerable.Range(1, 1_500).Select(seq => (long)seq).Except(gone),
            left.OfType<TapeDanmaku>().Select(item => item.Seq));
    }

    [Fact]
    public void Item_Danmaku_IsWhatWasSaidUnlessItWasBlanked()
    {
        var sent = new DanmakuSent(
            1_000, 7, new UserId(5), "Mei", "hi", DanmakuMode.Scroll, "#ffffff", 250, "k", 1);
        var item = new TapeDanmaku(7, new UserId(5), "Mei", "hi", DanmakuMode.Scroll, "#ffffff", 1_000) { At = 250 };
        Assert.Equal(item, RoomTape.Item(sent));
        Assert.Null(RoomTape.Item(sent with { Text = "" }));
    }

    [Fact]
    public void Item_OfWhatIsNotReplayed_IsNone()
        => Assert.All(
            new LiveRoomEvent[] { new EpochBegan(1, 1), new BatchApplied(1, "g", 1), new ViewerMuted(1, Host) },
            raised => Assert.Null(RoomTape.Item(raised)));

    [Theory]
    [InlineData("0", 0, 0)]
    [InlineData("12500", 12_500, 0)]
    [InlineData("12500.873", 12_500, 873)]
    public void Position_Written_IsReadBack(string text, long at, long after)
    {
        Assert.True(TapePosition.TryParse(text, out var position));
        Assert.Equal(new TapePosition(at, after), position);
        Assert.Equal(text, position.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("-1")]
    [InlineData("+1")]
    [InlineData(" 1")]
    [InlineData("1.")]
    [InlineData(".5")]
    [InlineData("1.2.3")]
    [InlineData("1e3")]
    [InlineData("99999999999999999999")]
    public void Position_Malformed_IsRefused(string text) => Assert.False(TapePosition.TryParse(text, out _));

    private static async Task<List<TapeItem>> Pages(ILiveRoomGrain room, TapeQuery query)
    {
        List<TapeItem> items = [];
        for (TapePosition? from = query.From; from is not null;)
        {
            var page = (await room.Tape(query with { From = from.Value }))!;
            Assert.True(page.Items.Length <= query.Limit);
            Assert.True(page.Items.Length == query.Limit || page.Next is null);
            items.AddRange(page.Items);
            from = page.Next;
        }

        return items;
    }

    private async Task Submit(ILiveRoomGrain room, params ImmutableArray<RoomCommand> commands)
        => await room.Submit(new RoomBatch("g", ++_number, 1, commands));

    private static SendDanmaku Danmaku(string text)
        => new("Mei", text, DanmakuMode.Bottom, "#00ff00") { User = new UserId(5) };
}
