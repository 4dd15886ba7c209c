using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace RedNote.Deals;

/// <summary>
/// All orders of a deal, and the pieces they hold: a million orders take 60 to 100 MB. Whatever is done to it,
/// <c>Left + Reserved + Paid = stock</c>, and no number is below zero.
/// </summary>
internal sealed class OrderBook
{
    private readonly List<OrderEntry> _orders = [];
    private readonly Dictionary<UserId, int> _lastOf = [];
    private readonly DueList _due = new();
    private readonly WaitingLine _line = new();

    public OrderBook(int stock) => Left = stock;

    /// <param name="stock">Pieces.</param>
    /// <param name="written">What <see cref="Write"/> has written; throws <see cref="FormatException"/> for anything
    /// else.</param>
    public OrderBook(int stock, ReadOnlySpan<byte> written)
        : this(stock)
    {
        while (!written.IsEmpty)
        {
            Restore(OrderEntry.Read(ref written));
        }

        _due.Restore(CollectionsMarshal.AsSpan(_orders));
    }

    /// <summary>Pieces that nobody holds.</summary>
    public int Left { get; private set; }

    /// <summary>Pieces of orders that are reserved or being paid.</summary>
    public int Reserved { get; private set; }

    /// <summary>Pieces that are paid.</summary>
    public int Paid { get; private set; }

    /// <summary>Orders that are paid.</summary>
    public int PaidOrders { get; private set; }

    /// <summary>Orders that are reserved or being paid.</summary>
    public int ReservedOrders { get; private set; }

    /// <summary>Orders that ever got pieces, whatever has become of them.</summary>
    public int Served { get; private set; }

    /// <summary>The last number given away; 0: none.</summary>
    public int Count => _orders.Count;

    /// <summary>Orders that wait.</summary>
    public int Waiting => _line.Count;

    /// <summary>Up to when every pending order was to be paid at most; never goes back.</summary>
    public long LastPayBefore { get; private set; }

    public bool Has(int number) => number >= 1 && number <= _orders.Count;

    public ref readonly OrderEntry this[int number] => ref CollectionsMarshal.AsSpan(_orders)[number - 1];

    /// <summary>The place of an order that waits, from 1.</summary>
    public int PositionOf(int number) => _line.PositionOf(number);

    /// <summary>What a buyer is told of an order besides its status: until when it has to be paid, or its place in the
    /// line; each null where it is neither reserved or being paid, nor waiting.</summary>
    public (long? PayBefore, int? Position) Pending(int number) => this[number].Status switch
    {
        OrderStatus.Reserved or OrderStatus.Paying => (this[number].PayBefore, null),
        OrderStatus.Waiting => (null, PositionOf(number)),
        _ => (null, null),
    };

    /// <summary>The first that waits behind that number; 0: nobody does.</summary>
    public int WaitingAfter(int number) => _line.After(number);

    /// <summary>The buyer's newest order; 0: there is none.</summary>
    public int LastOf(UserId buyer) => _lastOf.GetValueOrDefault(buyer);

    /// <summary>Everybody who has an order, in no order.</summary>
    public IReadOnlyCollection<UserId> Buyers => _lastOf.Keys;

    /// <summary>When the next reserved order is due; null: none is reserved.</summary>
    public long? NextDue() => _due.Next(CollectionsMarshal.AsSpan(_orders));

    /// <summary>Reserved orders that are due by then, at most so many.</summary>
    public List<int> Due(long now, int most) => _due.Until(now, most, CollectionsMarshal.AsSpan(_orders));

    public void Add(PlacedOrder placed, long at, long payBefore)
    {
        if (placed.Number != _orders.Count + 1)
        {
            throw new InvalidOperationException($"Order {placed.Number} does not follow {_orders.Count}.");
        }

        _orders.Add(new OrderEntry
        {
            Buyer = placed.Buyer,
            Quantity = placed.Quantity,
            Key = KeyHash(placed.Key),
            CreatedAt = at,
            Status = OrderStatus.Waiting,
            Previous = LastOf(placed.Buyer),
        });
        _lastOf[placed.Buyer] = placed.Number;
        if (placed.Waits)
        {
            _line.Add(placed.Number);
        }
        else
        {
            Take(placed.Number, payBefore);
        }
    }

    /// <summary>Gives one that waits its pieces.</summary>
    public void Serve(int number, long payBefore)
    {
        _line.Remove(number);
        Take(number, payBefore);
    }

    /// <summary>Changes an order's status, and moves its pieces accordingly.</summary>
    public void Set(int number, OrderStatus status)
    {
        ref var order = ref At(number);
        Move(order.Status, order.Quantity, -1);
        if (order.Status == OrderStatus.Waiting)
        {
            _line.Remove(number);
        }

        order.Status = status;
        Move(status, order.Quantity, 1);
        if (status == OrderStatus.Reserved)
        {
            _due.Return(number, ref order);
        }
    }

    /// <summary>A hash of a key, the same in every process: with it a key takes eight bytes. Keys are compared within
    /// one buyer's orders only, so that who finds two with one hash harms nobody else.</summary>
    public static long KeyHash(string key)
    {
        Span<byte> utf8 = stackalloc byte[TextRules.MaxKey];
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(utf8[..Encoding.ASCII.GetBytes(key, utf8)], digest);
        return BitConverter.ToInt64(digest);
    }

    /// <summary>All orders, in the order of their numbers.</summary>
    public byte[] Write()
    {
        var written = new byte[Math.Max(64, _orders.Count * 40)];
        var length = 0;
        foreach (ref readonly var order in CollectionsMarshal.AsSpan(_orders))
        {
            if (written.Length - length < OrderEntry.MaxBytes)
            {
                Array.Resize(ref written, written.Length + (written.Length / 4) + OrderEntry.MaxBytes);
            }

            length = order.Write(written, length);
        }

        Array.Resize(ref written, length);
        return written;
    }

    private void Restore(OrderEntry order)
    {
        order.Previous = LastOf(order.Buyer);
        _orders.Add(order);
        _lastOf[order.Buyer] = _orders.Count;
        LastPayBefore = Math.Max(LastPayBefore, order.PayBefore);
        Served += order.PayBefore > 0 ? 1 : 0;
        Move(order.Status, order.Quantity, 1);
        if (order.Status == OrderStatus.Waiting)
        {
            _line.Add(_orders.Count);
        }
    }

    private void Take(int number, long payBefore)
    {
        ref var order = ref At(number);
        order.PayBefore = LastPayBefore = Math.Max(LastPayBefore, payBefore);
        order.Status = OrderStatus.Reserved;
        Served++;
        Move(OrderStatus.Reserved, order.Quantity, 1);
        _due.Add(number);
    }

    private void Move(OrderStatus status, int quantity, int sign)
    {
        switch (status)
        {
            case OrderStatus.Reserved or OrderStatus.Paying:
                Reserved += sign * quantity;
                Left -= sign * quantity;
                ReservedOrders += sign;
                break;
            case OrderStatus.Paid:
                Paid += sign * quantity;
                PaidOrders += sign;
                Left -= sign * quantity;
                break;
        }
    }

    private ref OrderEntry At(int number) => ref CollectionsMarshal.AsSpan(_orders)[number - 1];
}
