using RedNote.Live;

namespace RedNote.Grains.Tests.Live;

/// <summary>The bounded books a room keeps: gateways, keys, slow mode.</summary>
public sealed class BookTests
{
    private static readonly LiveRoomOptions Options = new();

    [Fact]
    public void Gateways_LeaseRunsOut_TheirViewersNoLongerCount()
    {
        var book = new GatewayBook(Options);
        Assert.True(book.Report("a", 5, now: 0));
        Assert.True(book.Report("b", 7, now: 5_000));
        Assert.True(book.Report("a", 6, now: 6_000));
        Assert.Equal(13, book.Viewers);
        book.Expire(15_000);
        Assert.Equal(6, book.Viewers);
        book.Expire(100_000);
        Assert.Equal(0, book.Viewers);
        Assert.True(book.IsEmpty);
    }

    [Fact]
    public void Gateways_BadReport_IsRefused()
    {
        var book = new GatewayBook(new LiveRoomOptions { Gateways = 1 });
        Assert.False(book.Report("", 1, 0));
        Assert.False(book.Report(new string('g', 65), 1, 0));
        Assert.False(book.Report("a", -1, 0));
        Assert.False(book.Report("a", int.MaxValue, 0));
        Assert.True(book.Report("a", 1, 0));
        Assert.False(book.Report("b", 1, 0));
        Assert.Equal(1, book.Viewers);
    }

    [Fact]
    public void Gateways_BatchSentAgain_GetsTheKeptAnswer()
    {
        var book = new GatewayBook(Options);
        book.Report("a", 1, 0);
        Assert.Null(book.FindApplied("a", 1));
        var answer = Task.FromResult(new BatchAnswer([]));
        book.Keep("a", 1, answer);
        Assert.Same(answer, book.FindApplied("a", 1)!.Answer);
        Assert.Null(book.FindApplied("a", 2));
        book.Keep("a", 2, answer);
        Assert.Null(book.FindApplied("a", 1)!.Answer);
    }

    [Fact]
    public void Gateways_ReadBack_KnowWhichBatchesWereApplied()
    {
        var again = GatewayBook.From(Options, [new GatewayMark("a", 8, At: 0)]);
        Assert.NotNull(again.FindApplied("a", 8));
        Assert.Null(again.FindApplied("a", 9));
    }

    [Fact]
    public void Keys_BeyondTheBounds_TheOldestGo()
    {
        var options = new LiveRoomOptions { KeysPerUser = 2, Keys = 64 };
        var ledger = new KeyLedger(options);
        for (var i = 0; i < 3; i++)
        {
            ledger.Bind(new KeyEntry(new UserId(1), $"k{i}", 0, i, At: 1_000));
        }

        Assert.Null(ledger.Find(new UserId(1), "k0", 1_000));
        Assert.Equal(2, ledger.Find(new UserId(1), "k2", 1_000)!.Result);
        for (var user = 2; user < 200; user++)
        {
            ledger.Bind(new KeyEntry(new UserId(user), "k", 0, user, At: 1_000));
        }

        Assert.InRange(ledger.Count, 1, 64);
        Assert.Null(ledger.Find(new UserId(1), "k2", 1_000));
        Assert.NotNull(ledger.Find(new UserId(199), "k", 1_000));
    }

    [Fact]
    public void Keys_OlderThanTheirTime_AreFree()
    {
        var ledger = new KeyLedger(Options);
        ledger.Bind(new KeyEntry(new UserId(1), "k", 0, 1, At: 0));
        Assert.NotNull(ledger.Find(new UserId(1), "k", now: 599_999));
        Assert.Null(ledger.Find(new UserId(1), "k", now: 600_000));
        ledger.Bind(new KeyEntry(new UserId(2), "k", 0, 1, At: 700_000));
        Assert.Equal(1, ledger.Count);
    }

    [Fact]
    public void Marks_WhateverTheClockSays_AreKept()
    {
        var marks = new GatewayMarks(new LiveRoomOptions(), []);
        marks.Applied("a", 1, at: 0);
        marks.Applied("b", 1, at: 1);
        marks.Applied("a", 2, at: 2);
        Assert.Equal(["b", "a"], marks.ToArray().Select(mark => mark.Gateway));
        marks.Applied("c", 1, at: 1_000_000_000);
        Assert.Equal([new("b", 1, 1), new("a", 2, 2), new("c", 1, 1_000_000_000)], marks.ToArray());
    }

    [Fact]
    public void Book_FullOfThoseTheLogTellsOf_LetsTheOldestUnheardGo()
    {
        var options = new LiveRoomOptions { Gateways = 3 };
        var book = GatewayBook.From(options, [new("a", 5, 0), new("b", 6, 0), new("c", 7, 0)]);
        Assert.True(book.Report("a", 1, now: 0));
        Assert.True(book.Report("d", 1, now: 0));
        Assert.NotNull(book.FindApplied("a", 5));
        Assert.True(book.IsGivenUp("b", 6));
        Assert.True(book.Report("c", 1, now: 0));
        Assert.NotNull(book.FindApplied("c", 7));
        Assert.False(book.Report("e", 1, now: 0));
    }

    [Fact]
    public void Marks_TooMany_TheOldestGoes()
    {
        var marks = new GatewayMarks(new LiveRoomOptions { Gateways = 2 }, [new("a", 5, 0), new("b", 6, 0)]);
        marks.Applied("c", 1, at: 0);
        Assert.Equal(["b", "c"], marks.ToArray().Select(mark => mark.Gateway));
    }

    [Fact]
    public void SlowMode_FullBook_ForgetsTheOldestFirst()
    {
        var slow = new SlowMode(new LiveRoomOptions { SlowModeSenders = 2 });
        slow.Sent(new UserId(1), at: 0);
        slow.Sent(new UserId(2), at: 9_000);
        slow.Sent(new UserId(3), at: 9_500);
        Assert.Equal(0, slow.WaitMs(new UserId(1), 10, 9_500));
        Assert.Equal(9_500, slow.WaitMs(new UserId(2), 10, 9_500));
        Assert.Equal(10_000, slow.WaitMs(new UserId(3), 10, 9_500));
        Assert.Equal(0, slow.WaitMs(new UserId(3), 0, 9_500));
    }

    [Fact]
    public void SlowMode_SameSenderAgain_IsKnownByTheLastTime()
    {
        var slow = new SlowMode(new LiveRoomOptions { SlowModeSenders = 2 });
        slow.Sent(new UserId(1), at: 0);
        slow.Sent(new UserId(1), at: 5_000);
        slow.Sent(new UserId(2), at: 6_000);
        Assert.Equal(9_000, slow.WaitMs(new UserId(1), 10, 6_000));
    }
}
