using System.Collections.Immutable;

namespace RedNote.Deals;

/// <summary>
/// What the orders of a batch that were decided so far will change: they are placed all at once when the whole batch is
/// decided, and a later one has to reckon with the earlier ones.
/// </summary>
internal sealed class BuyDraft(OrderBook book, long now)
{
    private readonly ImmutableArray<PlacedOrder>.Builder _placed = ImmutableArray.CreateBuilder<PlacedOrder>(1);

    /// <summary>Unix ms.</summary>
    public long Now => now;

    /// <summary>Pieces that nobody holds.</summary>
    public int Left { get; private set; } = book.Left;

    /// <summary>Orders that wait.</summary>
    public int Waiting { get; private set; } = book.Waiting;

    /// <summary>The number of the next order.</summary>
    public int NextNumber => book.Count + _placed.Count + 1;

    /// <summary>Orders of the batch so far.</summary>
    public IReadOnlyList<PlacedOrder> Placed => _placed;

    /// <summary>Places an order; answers its number.</summary>
    public int Place(BuyOrder order, bool waits)
    {
        var number = NextNumber;
        _placed.Add(new PlacedOrder(number, order.Buyer, order.Quantity, order.Key, waits));
        if (waits)
        {
            Waiting++;
        }
        else
        {
            Left -= order.Quantity;
        }

        return number;
    }

    /// <summary>The buyer's order in this batch with that key; null: there is none.</summary>
    public PlacedOrder? Find(UserId buyer, string key)
    {
        foreach (var placed in _placed)
        {
            if (placed.Buyer == buyer && placed.Key == key)
            {
                return placed;
            }
        }

        return null;
    }

    /// <summary>Pieces of the buyer's that count in the limit, and whether one of the orders waits.</summary>
    public (int Pieces, bool Waits) Held(UserId buyer)
    {
        var (pieces, waits) = (0, false);
        for (var number = book.LastOf(buyer); number > 0; number = book[number].Previous)
        {
            ref readonly var order = ref book[number];
            pieces += order.Counts ? order.Quantity : 0;
            waits |= order.Status == OrderStatus.Waiting;
        }

        foreach (var placed in _placed)
        {
            if (placed.Buyer == buyer)
            {
                pieces += placed.Quantity;
                waits |= placed.Waits;
            }
        }

        return (pieces, waits);
    }

    public void AddTo(List<DealEvent> events)
    {
        if (_placed.Count > 0)
        {
            events.Add(new OrdersPlaced(now, _placed.ToImmutable()));
        }
    }
}
