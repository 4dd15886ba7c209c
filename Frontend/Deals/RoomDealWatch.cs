using System.Collections.Immutable;
using RedNote.Deals;

namespace RedNote.Frontend.Deals;

/// <summary>
/// The deals of one room in which anything can happen to orders. While people here look at the room, their news are
/// listened to: buyers among them may have ordered on another front end.
/// </summary>
/// <param name="watch">Listens to a deal for another while; called again and again.</param>
internal sealed class RoomDealWatch(Action<DealId> watch)
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
    public void Take(ImmutableArray<Deal> deals)
    {
        lock (_gate)
        {
            _lively.Clear();
        }

        foreach (var deal in deals)
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
            watch(deal);
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
            watch(ticker.DealId);
        }
    }
}
