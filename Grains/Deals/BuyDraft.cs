using System.Collections.Immutable;

namespace RedNote.Deals;

/// <summary>
/// What the orders of a batch that were decided so far will change: they are placed all at once when the whole batch is
/// decided, and a later one has to reckon with the earlier ones.
/// </summary>
internal sealed class BuyDraft(OrderBook book, long now)
{
    private readonly ImmutableArray<PlacedOrder>.Builder _placed = ImmutableArray.CreateBuilder<PlacedOrder>(1);

    /// <summary>For each order of the batch the buyer's one before it in the batch, and its place in the line; 0:
    /// none.</summary>
    private readonly List<(int Previous, int Position)> _more = [];
    private readonly Dictionary<UserId, int> _lastOf = [];

    /// <summary>Unix ms.</summary>
    public long Now => now;

    /// <summary>Pieces that nobody holds.</summary>
    public int Left { get; private set; } = book.Left;

    /// <summary>Orders that wait.</summary>
    public int Waiting { get; private set; } = book.Waiting;

    /// <summary>The number of the next order.</summary>
    public int NextNumber => book.Count + _placed.Count + 1;

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

        _more.Add((_lastOf.GetValueOrDefault(order.Buyer), waits ? Waiting : 0));
        _lastOf[order.Buyer] = number;
        return number;
    }

    /// <summary>An order of this batch.</summary>
    public PlacedOrder this[int number] => _placed[Index(number)];

    /// <summary>The place in the line that an order of this batch took; nobody leaves it meanwhile.</summary>
    public int PositionOf(int number) => _more[Index(number)].Position;

    /// <summary>The number of the buyer's order in this batch with that key; 0: there is none.</summary>
    public int Find(UserId buyer, string key)
    {
        var number = _lastOf.GetValueOrDefault(buyer);
        while (number > 0 && this[number].Key != key)
        {
            number = _more[Index(number)].Previous;
        }

        return number;
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

        for (var number = _lastOf.GetValueOrDefault(buyer); number > 0; number = _more[Index(number)].Previous)
        {
            pieces += this[number].Quantity;
            waits |= this[number].Waits;
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

    private int Index(int number) => number - book.Count - 1;
}
