using RedNote.Deals;
using RedNote.Frontend.Tests.Fakes;
using RedNote.Live;

namespace RedNote.Frontend.Tests.Deals;

/// <summary>Who looks at a room listens to its deals as long as anything can happen in them.</summary>
public sealed class RoomDealWatchTests
{
    private readonly LiveParts _parts = new();

    private static Deal Card => new FakeDeal().Card!;

    [Fact]
    public async Task Join_OpenDealsOfTheSnapshot_AreWatchedWhileThereAreViewers()
    {
        _parts.Grain.OnJoin = _ => Task.FromResult<RoomSnapshot?>(Sample.Snapshot(0) with
        {
            Deals =
            [
                Card, Card with { DealId = new DealId(4), State = DealState.Scheduled },
                Card with { DealId = new DealId(5), State = DealState.Ended },
                Card with { DealId = new DealId(6), State = DealState.Ended, Reserved = 1 },
            ],
        });
        var port = _parts.Port();
        var viewer = _parts.Viewer(new FakeWriter());
        await port.Channel.Join(viewer, null);
        Assert.Equal([FakeDeal.Id, new DealId(6)], _parts.Watched);
        _parts.Watched.Clear();

        await port.Patrol();
        Assert.Equal([FakeDeal.Id, new DealId(6)], _parts.Watched.OrderBy(deal => deal.Value));
        _parts.Watched.Clear();
        port.Channel.Detach(viewer);
        await port.Patrol();
        Assert.Empty(_parts.Watched);
    }

    [Fact]
    public async Task Frame_ADealOpensAndIsOver_IsWatchedUntilNoOrderIsOpen()
    {
        await _parts.Joined(0);
        var ticker = Card.Ticker;
        Publish(1, ticker with { State = DealState.Scheduled });
        Assert.Empty(_parts.Watched);
        Publish(2, ticker);
        Publish(3, ticker with { Left = 9, Reserved = 1 });
        Assert.Equal([FakeDeal.Id], _parts.Watched);
        Publish(4, ticker with { Reserved = 1, State = DealState.Ended });
        Assert.Equal(1, _parts.Deals.Count);
        Publish(5, ticker with { Sold = 1, State = DealState.Ended });
        Assert.Equal(0, _parts.Deals.Count);
    }

    private void Publish(long seq, DealTicker ticker)
        => _parts.Streams.Publish(Sample.Frame(seq) with { Deals = [ticker] });
}
