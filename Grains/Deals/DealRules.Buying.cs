using System.Collections.Immutable;

namespace RedNote.Deals;

/// <summary>Who gets pieces, and who waits.</summary>
internal sealed partial class DealRules
{
    /// <summary>Decides a batch, in order.</summary>
    public ImmutableArray<BuyAnswer> Buy(ImmutableArray<BuyOrder> orders, long now, List<DealEvent> events)
    {
        var answers = ImmutableArray.CreateBuilder<BuyAnswer>(orders.Length);
        var draft = new BuyDraft(Orders, now);
        foreach (var order in orders)
        {
            answers.Add(Buy(order, draft));
        }

        draft.AddTo(events);
        return answers.MoveToImmutable();
    }

    /// <summary>Takes an order back that is waiting or not paid; doing it again is doing it once.</summary>
    public CommandStatus Cancel(UserId buyer, int number, long now, List<DealEvent> events)
    {
        if (!Exists || !Orders.Has(number) || Orders[number].Buyer != buyer)
        {
            return CommandStatus.NotFound;
        }

        switch (Orders[number].Status)
        {
            case OrderStatus.Cancelled:
                return CommandStatus.Done;
            case OrderStatus.Waiting or OrderStatus.Reserved:
                events.Add(new OrderCancelled(now, number));
                return CommandStatus.Done;
            default:
                return CommandStatus.WrongState;
        }
    }

    private BuyAnswer Buy(BuyOrder order, BuyDraft draft)
    {
        if (!Exists)
        {
            return new BuyAnswer(BuyStatus.NotFound);
        }

        if (order.Quantity is < 1 or > BuyOrder.MaxQuantity || order.Buyer.Value <= 0 || !TextRules.IsKey(order.Key))
        {
            return new BuyAnswer(BuyStatus.Invalid);
        }

        return Repeat(order, draft) ?? Refuse(order, draft) ?? Place(order, draft);
    }

    /// <summary>What the key stands for already.</summary>
    private BuyAnswer? Repeat(BuyOrder order, BuyDraft draft)
    {
        if (draft.Find(order.Buyer, order.Key) is > 0 and var placed)
        {
            return draft[placed].Quantity == order.Quantity
                ? Placed(placed, draft)
                : new BuyAnswer(BuyStatus.Conflict);
        }

        var number = Find(order.Buyer, order.Key);
        return number == 0 ? null
            : Orders[number].Quantity != order.Quantity ? new BuyAnswer(BuyStatus.Conflict)
            : Present(number);
    }

    private int Find(UserId buyer, string key)
    {
        var number = Orders.LastOf(buyer);
        var hash = number == 0 ? 0 : OrderBook.KeyHash(key);
        while (number > 0 && Orders[number].Key != hash)
        {
            number = Orders[number].Previous;
        }

        return number;
    }

    private BuyAnswer? Refuse(BuyOrder order, BuyDraft draft)
    {
        var state = StateAt(draft.Now);
        if (state != DealState.Open)
        {
            return state switch
            {
                DealState.Scheduled => new BuyAnswer(
                    BuyStatus.NotStarted,
                    RetryAfterMs: book.StartsAt is { } startsAt ? Math.Max(1, startsAt - draft.Now) : null),
                DealState.SoldOut => new BuyAnswer(BuyStatus.SoldOut),
                _ => new BuyAnswer(BuyStatus.Ended),
            };
        }

        if (!order.IsEligible)
        {
            return new BuyAnswer(BuyStatus.NotEligible);
        }

        var (pieces, waits) = draft.Held(order.Buyer);
        return waits || pieces + order.Quantity > book.Terms!.PerBuyer ? new BuyAnswer(BuyStatus.LimitReached) : null;
    }

    private BuyAnswer Place(BuyOrder order, BuyDraft draft)
    {
        if (draft.NextNumber > OrderId.MaxNumber)
        {
            return new BuyAnswer(BuyStatus.RateLimited, RetryAfterMs: 60_000);
        }

        if (draft.Waiting == 0 && order.Quantity <= draft.Left)
        {
            return Placed(draft.Place(order, waits: false), draft);
        }

        var line = Math.Min((long)book.Terms!.Stock * options.WaitingPerPiece, options.Waiting);
        if (order.Quantity > MostPossible || draft.Waiting >= line)
        {
            return new BuyAnswer(BuyStatus.SoldOut);
        }

        return Placed(draft.Place(order, waits: true), draft);
    }

    /// <summary>Pieces that are there or may come back.</summary>
    private int MostPossible => book.Terms!.Stock - Orders.Paid;

    private BuyAnswer Placed(int number, BuyDraft draft)
    {
        var id = OrderId.Of(book.DealId, number);
        return draft[number].Waits
            ? new BuyAnswer(BuyStatus.Waiting, id, Position: draft.PositionOf(number), Order: OrderStatus.Waiting)
            : new BuyAnswer(
                BuyStatus.Accepted, id, Math.Max(Orders.LastPayBefore, book.PayBefore(draft.Now)),
                Order: OrderStatus.Reserved);
    }

    /// <summary>The answer to a repeated key: how the order is by now.</summary>
    private BuyAnswer Present(int number)
    {
        var order = Show(number);
        return order.Status == OrderStatus.Waiting
            ? new BuyAnswer(BuyStatus.Waiting, order.OrderId, Position: order.Position, Order: order.Status)
            : new BuyAnswer(BuyStatus.Accepted, order.OrderId, order.PayBefore, Order: order.Status);
    }
}
