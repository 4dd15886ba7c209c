using System.Collections.Immutable;
using RedNote.Deals;

namespace RedNote.Live;

/// <summary>The deals of a room in the order in which they were made, and what all of them brought; bounded, see the
/// options.</summary>
public sealed class DealShelf
{
    /// <summary>How long a key is kept, and with it the deal it made.</summary>
    public const long KeyMs = 7 * 24 * 3_600_000L;

    private readonly LiveRoomOptions _options;
    private readonly List<RoomDeal> _deals;

    /// <summary>Those whose phrase may be said: mostly none, so that a danmaku costs nothing.</summary>
    private readonly List<RoomDeal> _listening;

    public DealShelf(LiveRoomOptions options, StoredRoomDeals stored)
    {
        _options = options;
        _deals = [.. stored.Deals.Select(deal => new RoomDeal(deal))];
        _listening = [.. _deals.Where(MayListen)];
        Orders = stored.Orders;
        Sales = stored.Sales ?? Money.Zero;
        Currency = stored.Sales?.Currency;
    }

    /// <summary>In the order in which they were made.</summary>
    public IReadOnlyList<RoomDeal> All => _deals;

    /// <summary>Those that have a phrase and are not over.</summary>
    public IReadOnlyList<RoomDeal> Listening => _listening;

    /// <summary>Orders that hold pieces or are paid, of all deals there ever were.</summary>
    public long Orders { get; private set; }

    /// <summary>Money that was paid for all of them.</summary>
    public Money Sales { get; private set; }

    /// <summary>That of all deals of the room; null: there was none.</summary>
    public string? Currency { get; private set; }

    public RoomDeal? Find(DealId id) => _deals.FindLast(deal => deal.Id == id);

    public RoomDeal? FindKey(string key, long now)
        => _deals.FindLast(deal => deal.Key == key && deal.AddedAt > now - KeyMs);

    /// <summary>Whether another deal would find a place at that time.</summary>
    public bool HasPlace(long now)
        => _deals.Count(deal => !deal.IsClosed) < _options.Deals
            && (_deals.Count < _options.KeptDeals || _deals.Exists(deal => MayGo(deal, now)));

    /// <summary>Those that are not over, and the last that are.</summary>
    /// <param name="isHost">Whether those are wanted too that are not shown yet.</param>
    public ImmutableArray<Deal> Cards(bool isHost)
    {
        var closed = _deals.Count(deal => deal.IsClosed && (isHost || deal.IsShown));
        return
        [
            .. _deals.Where(deal => isHost || deal.IsShown)
                .Where(deal => !deal.IsClosed || closed-- <= _options.SnapshotDeals)
                .Select(deal => deal.Card),
        ];
    }

    public void Apply(RoomDealEvent raised)
    {
        switch (raised)
        {
            case DealAdded added:
                Add(added);
                break;
            case DealDropped dropped:
                _deals.RemoveAll(deal => deal.Id == dropped.Deal.DealId);
                _listening.RemoveAll(deal => deal.Id == dropped.Deal.DealId);
                break;
            case DealPhraseSaid said:
                Find(said.DealId)!.Apply(said);
                break;
            case DealReported reported:
                Take(reported);
                break;
            case DealSaleOpened opened:
                Find(opened.Deal.DealId)!.Open();
                break;
            case DealSaleClosed closed:
                Find(closed.Deal.DealId)!.Close(closed.At);
                _listening.RemoveAll(deal => deal.Id == closed.Deal.DealId);
                break;
            case DealEndOwed:
                break;
            default:
                throw new NotSupportedException($"A room's deals do not know {raised.GetType().Name}.");
        }
    }

    public StoredRoomDeals ToStored() => new()
    {
        Deals = [.. _deals.Select(deal => deal.ToStored())],
        Orders = Orders,
        Sales = Currency is null ? null : Sales,
    };

    private void Add(DealAdded added)
    {
        if (_deals.Count >= _options.KeptDeals
            && _deals.FindIndex(deal => MayGo(deal, added.At)) is >= 0 and var oldest)
        {
            // What it brought stays in the sums.
            _deals.RemoveAt(oldest);
        }

        var deal = new RoomDeal(added);
        _deals.Add(deal);
        if (MayListen(deal))
        {
            _listening.Add(deal);
        }

        if (Currency is null)
        {
            Currency = added.Terms.Price.Currency;
            Sales = new Money(0, Currency);
        }
    }

    private void Take(DealReported reported)
    {
        var deal = Find(reported.DealId)!;
        if (reported.IsCounted)
        {
            Orders += reported.Orders - deal.Orders;
            Sales = Sales with { Amount = Sales.Amount + reported.Sales - deal.Sales };
        }

        deal.Apply(reported);
    }

    private static bool MayListen(RoomDeal deal) => !deal.IsClosed && deal.Terms.Condition.Phrase is not null;

    private static bool MayGo(RoomDeal deal, long now) => deal.ClosedAt <= now - KeyMs;
}

/// <summary>The form in which snapshots hold a <see cref="DealShelf"/>.</summary>
public sealed record StoredRoomDeals
{
    public ImmutableArray<StoredRoomDeal> Deals { get; init; } = [];

    public long Orders { get; init; }

    /// <summary>Null: there was no deal yet.</summary>
    public Money? Sales { get; init; }
}
