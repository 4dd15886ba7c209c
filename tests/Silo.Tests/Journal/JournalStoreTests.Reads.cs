using RedNote.Journal;

namespace RedNote.Silo.Tests.Journal;

public abstract partial class JournalStoreTests
{
    [Fact]
    public async Task Read_OfAnyRange_AnswersTheRowsThatHoldIt()
    {
        // Rows of versions 1-3, 4, 5-9, 10, beside a log with other ones.
        await AppendAllAsync(
            Events(Room, 1, "1", "2", "3"),
            Events(Room, 4, "4"),
            Events(Room, 5, "5", "6", "7", "8", "9"),
            Events(Room, 10, "10"),
            Events(new LogId("room", "70"), 1, "a", "b"));
        (long First, long Last)[] rows = [(1, 3), (4, 4), (5, 9), (10, 10)];
        for (var from = 1L; from <= 12; from++)
        {
            for (var to = from - 1; to <= 12; to++)
            {
                foreach (var newestFirst in new[] { false, true })
                {
                    var expected = rows.Where(row => row.Last >= from && row.First <= to).Select(row => row.First);
                    var range = new VersionRange(from, to, newestFirst);
                    await ExpectRowsAsync(range, [.. newestFirst ? expected.Reverse() : expected]);
                }
            }
        }

        await ExpectRowsAsync(new VersionRange(6), [5, 10]);
        await ExpectRowsAsync(new VersionRange(1, NewestFirst: true), [10, 5, 4, 1]);
    }

    private async Task ExpectRowsAsync(VersionRange range, List<long> expected)
    {
        for (var maxRows = 1; maxRows <= 5; maxRows++)
        {
            var rows = await Store.ReadAsync(Room, range, maxRows, Cancelled);
            Assert.Equal(expected.Take(maxRows), rows.Select(row => row.FirstVersion));
        }
    }

    [Fact]
    public async Task Read_OfUnknownLog_AnswersNothing()
    {
        await AppendAllAsync(Events(Room, 1, "a"));
        Assert.Empty(await Store.ReadAsync(new LogId("room", "8"), new VersionRange(1), 10, Cancelled));
        Assert.Empty(await Store.ReadAsync(new LogId("user", "7"), new VersionRange(1), 10, Cancelled));
        Assert.Equal(0, await Store.ReadHeadAsync(new LogId("user", "7"), Cancelled));
    }

    [Fact]
    public async Task Read_BesideAppends_SeesAGaplessLogThatOnlyGrows()
    {
        var appends = Task.Run(
            async () =>
            {
                for (var i = 0; i < 200; i++)
                {
                    Assert.Equal(AppendOutcome.Stored, await AppendAsync(Events(Room, (2 * i) + 1, "a", "b")));
                }
            },
            Cancelled);
        var head = 0L;
        while (!appends.IsCompleted || head < 400)
        {
            var known = await Store.ReadHeadAsync(Room, Cancelled);
            var rows = await Store.ReadAsync(Room, new VersionRange(1), 1_000, Cancelled);
            var next = 1L;
            foreach (var row in rows)
            {
                Assert.Equal(next, row.FirstVersion);
                next = row.LastVersion + 1;
            }

            Assert.InRange(next - 1, Math.Max(head, known), 400);
            head = next - 1;
            if (appends.IsFaulted)
            {
                break;
            }
        }

        await appends;
    }

    [Fact]
    public async Task List_InPages_AnswersEveryLogOnceInOrdinalOrder()
    {
        string[] kinds = ["account", "room", "roomy"];
        string[] keys = ["10", "2", "9a", "A", "Z", "a", "é", "弹幕"];
        LogId[] logs = [.. from kind in kinds from key in keys select new LogId(kind, key)];
        await Store.AppendAsync([.. logs.Reverse().Select(log => Events(log, 1, "a"))], Cancelled);
        await Store.AppendAsync([.. logs.Select(log => Events(log, 2, "b"))], Cancelled);
        var listed = new List<LogId>();
        while (await Store.ListAsync(listed.Count == 0 ? null : listed[^1], 5, Cancelled) is { Count: > 0 } page)
        {
            Assert.InRange(page.Count, 1, 5);
            listed.AddRange(page);
        }

        Assert.Equal(logs, listed);
        Assert.Equal(logs[8..], await Store.ListAsync(new LogId("account", "弹幕弹幕"), 100, Cancelled));
    }

    [Fact]
    public async Task Trim_UpToAVersion_LeavesRowsThatHoldLaterOnes()
    {
        await AppendAllAsync(
            Events(Room, 1, "1", "2", "3"), Events(Room, 4, "4"), Events(Room, 5, "5", "6"), Events(Room, 7, "7"),
            Events(new LogId("room", "8"), 1, "1"), Events(new LogId("room", "8"), 2, "2"));

        Assert.Equal(0, await Store.TrimAsync(Room, 2, long.MaxValue, Cancelled));
        Assert.Equal(2, await Store.TrimAsync(Room, 5, long.MaxValue, Cancelled));
        await ExpectRowsAsync(new VersionRange(1), [5, 7]);
        Assert.Equal(2, (await PayloadsAsync(new LogId("room", "8"))).Count);
    }

    [Fact]
    public async Task Trim_PastTheHead_KeepsTheNewestRow()
    {
        await AppendAllAsync(Events(Room, 1, "1"), Events(Room, 2, "2"), Events(Room, 3, "3", "4"));

        Assert.Equal(2, await Store.TrimAsync(Room, 1_000, long.MaxValue, Cancelled));
        Assert.Equal(0, await Store.TrimAsync(Room, 1_000, long.MaxValue, Cancelled));

        Assert.Equal(4, await Store.ReadHeadAsync(Room, Cancelled));
        Assert.Equal(AppendOutcome.Conflict, await AppendAsync(Events(Room, 1, "stale")));
        await AppendAllAsync(Events(Room, 5, "5"));
    }

    [Fact]
    public async Task Trim_BeforeATime_KeepsWhatWasStoredSince()
    {
        await AppendAllAsync(
            Events(Room, 1, "1") with { At = 100 }, Events(Room, 2, "2") with { At = 200 },
            Events(Room, 3, "3") with { At = 300 }, Events(Room, 4, "4") with { At = 400 });

        Assert.Equal(1, await Store.TrimAsync(Room, 4, 200, Cancelled));
        await ExpectRowsAsync(new VersionRange(1), [2, 3, 4]);
    }

    [Fact]
    public async Task Trim_WhenTheClockWentBack_LeavesNoHole()
    {
        await AppendAllAsync(
            Events(Room, 1, "1") with { At = 100 }, Events(Room, 2, "2") with { At = 900 },
            Events(Room, 3, "3") with { At = 300 }, Events(Room, 4, "4") with { At = 400 });

        Assert.Equal(1, await Store.TrimAsync(Room, 4, 500, Cancelled));
        await ExpectRowsAsync(new VersionRange(1), [2, 3, 4]);
    }

    [Fact]
    public async Task Trim_OfManyRows_DeletesThemAll()
    {
        for (var first = 1; first <= 1_100; first++)
        {
            await AppendAllAsync(Events(Room, first, "a"));
        }

        Assert.Equal(1_099, await Store.TrimAsync(Room, 1_100, long.MaxValue, Cancelled));
        await ExpectRowsAsync(new VersionRange(1), [1_100]);
    }
}
