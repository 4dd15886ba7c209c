using System.Text.Json;
using RedNote.Deals;

namespace RedNote.Simulation.Deals;

/// <summary>
/// A deal's log, read as JSON and held against what is promised of deals, event by event. Knows nothing of how the deal
/// decides.
/// </summary>
internal sealed class StoredDealLog(SimulatedWorld world, DealView deal)
    : StoredLog(world, "deal", deal.Id.Value)
{
    private readonly List<int> _line = [];
    private long _lastPayBefore;

    /// <summary>All orders, by number.</summary>
    public SortedDictionary<int, StoredOrder> Orders { get; } = [];

    public bool HasEnded { get; private set; }

    /// <summary>Whether nothing can happen any more, but for what a provider says of payments that were given up.
    /// </summary>
    public bool IsOver => HasEnded && Orders.Values.All(
        order => order.Status is not (OrderStatus.Waiting or OrderStatus.Reserved or OrderStatus.Paying));

    public int Pieces(params OrderStatus[] statuses)
        => Orders.Values.Where(order => statuses.Contains(order.Status)).Sum(order => order.Quantity);

    protected override void Take(long version, string kind, JsonElement stored)
    {
        Take(kind, Number(stored, "at"), stored);
        CheckSums();
    }

    private void CheckSums()
    {
        var held = Pieces(OrderStatus.Reserved, OrderStatus.Paying, OrderStatus.Paid);
        Require(held <= deal.Terms.Stock, $"has sold {held} of {deal.Terms.Stock}");
        foreach (var buyer in Orders.Values.Where(order => order.Counts).GroupBy(order => order.Buyer))
        {
            Require(
                buyer.Sum(order => order.Quantity) <= deal.Terms.PerBuyer, $"lets {buyer.Key} go over the limit");
            Require(
                buyer.Count(order => order.Status == OrderStatus.Waiting) <= 1, $"gives {buyer.Key} two places");
        }
    }

    private void Take(string kind, long at, JsonElement raised)
    {
        switch (kind)
        {
            case "deal.prepared" or "deal.began":
                break;
            case "deal.ended":
                HasEnded = true;
                break;
            case "deal.ordered":
                foreach (var placed in raised.GetProperty("orders").EnumerateArray()) Place(at, placed);
                break;
            case "deal.served":
                foreach (var number in Numbers(raised)) Serve(at, number);
                break;
            case "deal.cancelled":
                Leave(raised.GetProperty("number").GetInt32(), OrderStatus.Cancelled);
                break;
            case "deal.expired":
                foreach (var number in Numbers(raised)) Expire(at, number);
                break;
            default:
                TakePayment(kind, at, Orders[raised.GetProperty("number").GetInt32()], raised);
                break;
        }
    }

    private void Place(long at, JsonElement placed)
    {
        Require(!HasEnded, "sells after its end");
        var order = new StoredOrder(
            placed.GetProperty("n").GetInt32(), Id(placed, "u"),
            placed.GetProperty("q").GetInt32(), placed.GetProperty("k").GetString()!);
        Require(order.Number == Orders.Count + 1, $"goes on with {order.Number} after {Orders.Count}");
        Require(
            Orders.Values.All(other => (other.Buyer, other.Key) != (order.Buyer, order.Key)),
            $"has two orders of {order.Buyer} for {order.Key}");
        Orders[order.Number] = order;
        if (Flag(placed, "w"))
        {
            _line.Add(order.Number);
        }
        else
        {
            Require(_line.Count == 0, $"serves {order.Number} before {string.Join(',', _line)}");
            Reserve(at, order);
        }
    }

    private void Serve(long at, int number)
    {
        Require(_line.Count > 0 && _line[0] == number, $"serves {number}, and {string.Join(',', _line)} wait");
        _line.RemoveAt(0);
        Reserve(at, Orders[number]);
    }

    private void Reserve(long at, StoredOrder order)
    {
        order.Status = OrderStatus.Reserved;
        _lastPayBefore = Math.Max(_lastPayBefore, at + (deal.Terms.PayWithinSeconds * 1_000L));
        order.PayBefore = _lastPayBefore;
    }

    private void Expire(long at, int number)
    {
        var order = Orders[number];
        if (order.Status == OrderStatus.Reserved)
        {
            Require(at >= order.PayBefore, $"lets {number} expire at {at}, before {order.PayBefore}");
        }
        else
        {
            var hope = deal.Terms.Stock - Pieces(OrderStatus.Paid);
            Require(
                order.Status == OrderStatus.Waiting && (HasEnded || order.Quantity > hope),
                $"lets {number} expire, which is {order.Status}");
        }

        Leave(number, OrderStatus.Expired);
    }

    private void Leave(int number, OrderStatus status)
    {
        var order = Orders[number];
        Require(order.Status is OrderStatus.Waiting or OrderStatus.Reserved, $"makes {status} of {order.Status}");
        _line.Remove(number);
        order.Status = status;
    }

    private void TakePayment(string kind, long at, StoredOrder order, JsonElement raised)
    {
        var attempt = raised.GetProperty("attempt").GetInt32();
        switch (kind)
        {
            case "deal.payment_started":
                Require(order.Status == OrderStatus.Reserved && at < order.PayBefore, $"lets {order} be paid at {at}");
                Require(attempt == order.Attempts.Count + 1, $"counts {attempt} of {order}");
                Require(
                    !order.Attempts.Contains(raised.GetProperty("key").GetString()!), $"pays {order} twice for a key");
                order.Attempts.Add(raised.GetProperty("key").GetString()!);
                order.Status = OrderStatus.Paying;
                break;
            case "deal.paid":
                Require(order.Status is OrderStatus.Paying or OrderStatus.Reserved, $"is paid for {order}");
                order.Status = OrderStatus.Paid;
                order.PaidBy = attempt;
                break;
            case "deal.payment_declined":
                Require(order.Status == OrderStatus.Paying, $"declines {order}");
                order.Status = OrderStatus.Reserved;
                break;
            case "deal.refund_owed":
                order.Owed.Add(attempt);
                order.Status = order.Counts ? order.Status : OrderStatus.Refunded;
                break;
            case "deal.refunded":
                Require(order.Owed.Contains(attempt), $"pays {order} back, and owes nothing");
                order.Back.Add(attempt);
                break;
            default:
                World.Violate($"Deal {deal.Id} holds a {kind}.");
                break;
        }
    }

    private static List<int> Numbers(JsonElement raised)
        => raised.GetProperty("numbers").EnumerateArray().Select(number => number.GetInt32()).ToList();

    private void Require(bool holds, string otherwise) => World.Require(holds, $"Deal {deal.Id} {otherwise}.");
}

/// <summary>An order as the log tells it.</summary>
internal sealed record StoredOrder(int Number, long Buyer, int Quantity, string Key)
{
    private OrderStatus _status = OrderStatus.Waiting;

    public OrderStatus Status
    {
        get => _status;
        set
        {
            _status = value;
            Had.Add(value);
        }
    }

    /// <summary>Every status it ever had.</summary>
    public HashSet<OrderStatus> Had { get; } = [OrderStatus.Waiting];

    public long PayBefore { get; set; }

    /// <summary>Keys of the attempts to pay.</summary>
    public List<string> Attempts { get; } = [];

    public int PaidBy { get; set; }

    public HashSet<int> Owed { get; } = [];

    public HashSet<int> Back { get; } = [];

    public bool Counts
        => Status is OrderStatus.Waiting or OrderStatus.Reserved or OrderStatus.Paying or OrderStatus.Paid;
}
