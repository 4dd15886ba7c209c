using RedNote.Journal;
using RedNote.Live;

namespace RedNote.Grains.Tests.Live;

public sealed class RoomDirectoryGrainTests(GrainCluster cluster) : IClassFixture<GrainCluster>
{
    private static long _lastRoom = 90_000;

    private IRoomDirectoryGrain Directory => cluster.Grains.RoomDirectory();

    [Fact]
    public async Task Put_OlderOrSameVersion_ChangesNothing()
    {
        var id = Interlocked.Increment(ref _lastRoom);
        await Directory.Put(Card(id, RoomState.Ended), 5);
        var before = await Stored();
        await Directory.Put(Card(id, RoomState.Live), 4);
        await Directory.Put(Card(id, RoomState.Live), 5);
        Assert.Equal(before, await Stored());
        Assert.True(await Lists(id, RoomState.Ended));
        Assert.False(await Lists(id, RoomState.Live));
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task Put_WriteFails_ThrowsAndARepetitionListsItOnce(bool afterTakingEffect)
    {
        var (kept, id) = (Interlocked.Increment(ref _lastRoom), Interlocked.Increment(ref _lastRoom));
        await Directory.Put(Card(kept, RoomState.Live), 1);
        var before = await Stored();
        cluster.Journal.FailNext(new LogId(DirectoryServices.Log, "0"), afterTakingEffect);
        await Assert.ThrowsAsync<TryAgainException>(() => Directory.Put(Card(id, RoomState.Live), 1));
        var tries = 0;
        while (true)
        {
            try
            {
                await Directory.Put(Card(id, RoomState.Live), 1);
                break;
            }
            catch (TryAgainException)
            {
                Assert.True(++tries < 100_000, "the directory did not rebuild");
            }
        }

        Assert.True(await Lists(id, RoomState.Live));
        Assert.True(await Lists(kept, RoomState.Live));
        Assert.Equal(before + 1, await Stored());
    }

    [Fact]
    public async Task Refresh_ListedRoom_ShowsCountersWithoutWriting()
    {
        var id = Interlocked.Increment(ref _lastRoom);
        await Directory.Put(Card(id, RoomState.Live), 1);
        var before = await Stored();
        await Directory.Refresh(new RoomId(id), RoomCounters.Zero with { Viewers = 900, Likes = 7 });
        var first = (await Directory.List(RoomState.Live, 1))[0];
        Assert.Equal((id, 900, 7), (first.RoomId.Value, first.Counters.Viewers, first.Counters.Likes));
        Assert.Equal(before, await Stored());
        await Directory.Refresh(new RoomId(id + 50_000), RoomCounters.Zero with { Viewers = 10_000 });
        Assert.Equal(id, (await Directory.List(RoomState.Live, 1))[0].RoomId.Value);
        await Directory.Put(Card(id, RoomState.Ended), 2);
    }

    [Fact]
    public async Task Put_Viewers_AreShownButNotStored()
    {
        var id = Interlocked.Increment(ref _lastRoom);
        var card = Card(id, RoomState.Scheduled);
        card = card with { Counters = RoomCounters.Zero with { Viewers = 4_321, PeakViewers = 5_000 } };
        await Directory.Put(card, 1);
        var listed = (await Directory.List(RoomState.Scheduled, 100)).Single(room => room.RoomId.Value == id);
        Assert.Equal((4_321, 5_000), (listed.Counters.Viewers, listed.Counters.PeakViewers));
        var rows = await cluster.Journal.ReadAsync(
            new LogId(DirectoryServices.Log, "0"), new VersionRange(1), 10_000, CancellationToken.None);
        var last = System.Text.Encoding.UTF8.GetString(rows[^1].Payload.Span);
        Assert.Contains("\"viewers\":0,\"peakViewers\":5000", last, StringComparison.Ordinal);
    }

    private Task<long> Stored()
        => cluster.Journal.ReadHeadAsync(new LogId(DirectoryServices.Log, "0"), CancellationToken.None);

    private async Task<bool> Lists(long id, RoomState state)
        => (await Directory.List(state, 100)).Any(room => room.RoomId.Value == id);

    private static Room Card(long id, RoomState state) => new(
        new RoomId(id), "Show", state, new UserId(1), "Host", RoomCounters.Zero, null, null, null, null);
}
