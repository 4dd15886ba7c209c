using System.Collections.Immutable;
using RedNote.Deals;

namespace RedNote.Frontend.Deals;

/// <summary>Listens to the news of deals.</summary>
internal interface IDealWatch
{
    /// <summary>People here look at that deal: its buyers among them are told of their orders for another while.
    /// </summary>
    void Watch(DealId deal);
}

/// <summary>
/// The deals of one room in which anything can happen to orders. While people here look at the room, their news are
/// listened to: buyers among them may have ordered on another front end.
/// </summary>
internal sealed class RoomDealWatch(IDealWatch deals)
{
    /// <summary>Deals of a room that are watched; a bound on what a room can cost.</summary>
    private const int MaxDeals = 64;

    private readonly Lock _gate = new();
    private readonly HashSet<DealId> _lively = [];

    /// <summary>Deals that are watched.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _lively.Count;
            }
        }
    }

    /// <summary>What a snapshot says.</summary>
    public void Take(ImmutableArray<Deal> cards)
    {
        lock (_gate)
        {
            _lively.Clear();
        }

        foreach (var deal in cards)
        {
            Take(deal.Ticker);
        }
    }

    /// <summary>What a frame says.</summary>
    public void Take(ImmutableArray<DealTicker>? tickers)
    {
        foreach (var ticker in tickers ?? [])
        {
            Take(ticker);
        }
    }

    /// <summary>Goes on listening.</summary>
    public void Renew()
    {
        DealId[] lively;
        lock (_gate)
        {
            if (_lively.Count == 0)
            {
                return;
            }

            lively = [.. _lively];
        }

        foreach (var deal in lively)
        {
            deals.Watch(deal);
        }
    }

    private void Take(DealTicker ticker)
    {
        var isNew = false;
        lock (_gate)
        {
            if (ticker.State != DealState.Open && ticker.Reserved == 0 && ticker.Waiting == 0)
            {
                _lively.Remove(ticker.DealId);
            }
            else if (_lively.Count < MaxDeals)
            {
                isNew = _lively.Add(ticker.DealId);
            }
        }

        if (isNew)
        {
            deals.Watch(ticker.DealId);
        }
    }
}
