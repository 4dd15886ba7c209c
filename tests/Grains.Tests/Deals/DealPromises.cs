using RedNote.Deals;

namespace RedNote.Grains.Tests.Deals;

/// <summary>
/// What is promised of a deal, checked on its events alone, by counting: nothing here knows how the deal does it.
/// </summary>
internal sealed class DealPromises(int stock, int perBuyer)
{
    private readonly Dictionary<(UserId, string), (OrderId Order, int Quantity)> _keys = [];
    private readonly Dictionary<int, (UserId Buyer, int Quantity, OrderStatus Status)> _orders = [];
    private readonly List<int> _line = [];
    private int _seen;

    /// <summary>A key is bound to one order for ever.</summary>
    public void Note((BuyOrder Order, BuyAnswer Answer)? bought)
    {
        if (bought is not ({ } order, { } answer))
        {
            return;
        }

        var key = (order.Buyer, order.Key);
        if (_keys.TryGetValue(key, out var bound))
        {
            Assert.Equal(
                order.Quantity == bound.Quantity ? bound.Order : null,
                answer.Status is BuyStatus.Conflict ? null : answer.OrderId);
        }
        else if (answer.OrderId is { } id)
        {
            _keys[key] = (id, order.Quantity);
        }
    }

    /// <summary>Reads the events since the last time, and holds the deal against them.</summary>
    public void Check(TestDeal deal, long now)
    {
        for (; _seen < deal.Log.Count; _seen++)
        {
            Take(deal.Log[_seen]);
            var left = stock - Pieces(OrderStatus.Reserved) - Pieces(OrderStatus.Paying) - Pieces(OrderStatus.Paid);
            Assert.True(left >= 0, "sold more than there is");
            Assert.All(
                _orders.Values.Where(Counts).GroupBy(order => order.Buyer),
                own => Assert.True(own.Sum(order => order.Quantity) <= perBuyer, "a buyer is over the limit"));
        }

        var card = deal.Rules.Card(now);
        Assert.Equal(stock, card.Left + card.Reserved + card.Sold);
        Assert.Equal(Pieces(OrderStatus.Paid), card.Sold);
        Assert.Equal(Pieces(OrderStatus.Reserved) + Pieces(OrderStatus.Paying), card.Reserved);
        Assert.Equal(_line.Count, card.Waiting);
        for (var place = 0; place < _line.Count; place++)
        {
            Assert.Equal(place + 1, deal.Rules.Show(_line[place]).Position);
        }

        // Nobody waits who could be served, or has no hope.
        if (_line.Count > 0)
        {
            Assert.False(deal.Book.HasEnded, "somebody waits for a deal that has ended");
            Assert.True(_orders[_line[0]].Quantity > card.Left, "the head of the line was passed over");
            Assert.True(_orders[_line[0]].Quantity <= stock - card.Sold, "the head of the line blocks it");
        }
    }

    private void Take(DealEvent raised)
    {
        switch (raised)
        {
            case OrdersPlaced placed:
                foreach (var order in placed.Orders)
                {
                    Assert.Equal(_orders.Count + 1, order.Number);
                    var status = order.Waits ? OrderStatus.Waiting : OrderStatus.Reserved;
                    _orders[order.Number] = (order.Buyer, order.Quantity, status);
                    if (order.Waits)
                    {
                        _line.Add(order.Number);
                    }
                    else
                    {
                        Assert.Empty(_line);
                    }
                }

                break;
            case OrdersServed served:
                foreach (var number in served.Numbers)
                {
                    Assert.Equal(_line[0], number);
                    _line.RemoveAt(0);
                    Set(number, OrderStatus.Waiting, OrderStatus.Reserved);
                }

                break;
            case OrderCancelled cancelled:
                Leave(cancelled.Number, OrderStatus.Cancelled);
                break;
            case OrdersExpired expired:
                Assert.All(expired.Numbers, number => Leave(number, OrderStatus.Expired));
                break;
            case PaymentStarted started:
                Set(started.Number, OrderStatus.Reserved, OrderStatus.Paying);
                break;
            case PaymentDeclined declined:
                Set(declined.Number, OrderStatus.Paying, OrderStatus.Reserved);
                break;
            case PaymentSucceeded paid:
                Assert.True(_orders[paid.Number].Status is OrderStatus.Paying or OrderStatus.Reserved);
                Set(paid.Number, _orders[paid.Number].Status, OrderStatus.Paid);
                break;
            case RefundOwed owed when !Counts(_orders[owed.Number]):
                Set(owed.Number, _orders[owed.Number].Status, OrderStatus.Refunded);
                break;
        }
    }

    private void Leave(int number, OrderStatus status)
    {
        Assert.True(_orders[number].Status is OrderStatus.Waiting or OrderStatus.Reserved);
        Set(number, _orders[number].Status, status);
        _line.Remove(number);
    }

    private void Set(int number, OrderStatus from, OrderStatus to)
    {
        Assert.Equal(from, _orders[number].Status);
        _orders[number] = _orders[number] with { Status = to };
    }

    private int Pieces(OrderStatus status)
        => _orders.Values.Where(order => order.Status == status).Sum(order => order.Quantity);

    private static bool Counts((UserId Buyer, int Quantity, OrderStatus Status) order)
        => order.Status is OrderStatus.Waiting or OrderStatus.Reserved or OrderStatus.Paying or OrderStatus.Paid;
}
