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
        var book = new GatewayBook(Options);
        book.Report("a", 1, 0);
        book.Keep("a", 8, Task.FromResult(new BatchAnswer([])));
        var again = GatewayBook.From(Options, book.ToMarks(), 0);
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
    public void Keys_ToStore_AreTheNewestInOrder()
    {
        var ledger = new KeyLedger(new LiveRoomOptions { StoredKeys = 2 });
        for (var i = 0; i < 5; i++)
        {
            ledger.Bind(new KeyEntry(new UserId(i + 1), "k", 0, i, At: i));
        }

        Assert.Equal([3L, 4], ledger.Newest().Select(entry => entry.Result));
    }

    [Fact]
    public void SlowMode_FullBook_ForgetsThoseWhoseWaitIsOverFirst()
    {
        var slow = new SlowMode(capacity: 2);
        slow.Sent(new UserId(1), seconds: 10, now: 0);
        slow.Sent(new UserId(2), seconds: 10, now: 9_000);
        slow.Sent(new UserId(3), seconds: 10, now: 11_000);
        Assert.Equal(0, slow.WaitMs(new UserId(1), 10, 11_000));
        Assert.Equal(8_000, slow.WaitMs(new UserId(2), 10, 11_000));
        Assert.Equal(10_000, slow.WaitMs(new UserId(3), 10, 11_000));
    }
}
