using RedNote.Deals;
using RedNote.Embedded.Simulation;

namespace RedNote.Simulation.Deals;

/// <summary>Compares logs, answers and the provider's books in the end with each other, and with what buyers were
/// told.</summary>
internal sealed class DealsCheck(
    SimulatedWorld world, List<DealView> deals, List<Buyer> buyers, SimulatedPayments payments, SimulatedClient client)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(20);

    private readonly List<(DealView Deal, StoredDealLog Stored)> _logs =
        [.. deals.Select(deal => (deal, new StoredDealLog(world, deal)))];

    public async Task Run()
    {
        await End();
        await Settle();
        await CheckAll();

        // Another silo, whose grains have only snapshots and logs to go by, answers the same.
        world.Cluster.Kill(world.Cluster.Silo!);
        await world.Cluster.Calm();
        await Settle();
        await CheckAll();
    }

    /// <summary>Deals come to their end, and everybody learns of it, though nobody asks them any more, whatever died
    /// meanwhile.</summary>
    private async Task End()
    {
        await world.Cluster.Calm();
        await Until(() => Task.FromResult(
            Logs().Find(log => !log.Stored.IsOver) is { Deal: { } deal }
                ? $"deal {deal.Id} does not end by itself."
                : null));
        await Until(async () =>
        {
            try
            {
                return await NotTold();
            }
            catch (Exception error) when (Calls.IsExpected(error))
            {
                return "somebody does not answer.";
            }
        });
    }

    /// <summary>Waits until there is nothing left to say.</summary>
    private async Task Until(Func<Task<string?>> whatIsMissing)
    {
        var end = world.Cluster.Loop.Now + Patience.Ticks;
        while (await whatIsMissing() is { } missing)
        {
            world.Require(world.Cluster.Loop.Now < end, $"Within {Patience} {missing}");
            await Task.Delay(TimeSpan.FromSeconds(10), client.Node.Time);
        }
    }

    /// <summary>Nothing is left to happen: what is due has happened, and every payment has its outcome.</summary>
    private Task Settle() => Until(Unsettled);

    private async Task<string?> Unsettled()
    {
        foreach (var deal in deals)
        {
            try
            {
                var card = await client.Grains.Deal(deal.Id).Get();
                if (card is not { State: DealState.Ended, Reserved: 0, Waiting: 0 })
                    return $"deal {deal.Id} is {card}.";
            }
            catch (Exception error) when (Calls.IsExpected(error))
            {
                return $"deal {deal.Id} does not answer.";
            }
        }

        try
        {
            if (await NotTold() is { } untold) return untold;
        }
        catch (Exception error) when (Calls.IsExpected(error))
        {
            return "somebody does not answer.";
        }

        var kept = payments.Kept.Select(one => one.Id).Order(StringComparer.Ordinal).ToList();
        var paid = Logs().SelectMany(log => log.Stored.Orders.Values.Where(order => order.Status == OrderStatus.Paid)
            .Select(order => PaymentRequest.IdOf(OrderId.Of(log.Deal.Id, order.Number), order.PaidBy)))
            .Order(StringComparer.Ordinal).ToList();
        return kept.SequenceEqual(paid)
            ? null
            : $"the provider keeps {string.Join(' ', kept)}, and {string.Join(' ', paid)} are paid.";
    }

    /// <summary>What follows from the deals elsewhere, and is not there yet; null: all is.</summary>
    private async Task<string?> NotTold()
    {
        var logs = Logs();
        var counters = (await client.Grains.LiveRoom(DealsWorkload.Room).Get())!.Counters;
        var orders = logs.Sum(log => log.Stored.Orders.Values.Count(order => order.Status == OrderStatus.Paid));
        var sales = logs.Sum(log => log.Stored.Pieces(OrderStatus.Paid) * log.Deal.Terms.Price.Amount);
        if ((counters.Orders, counters.Sales.Amount) != (orders, sales))
            return $"the room counts {counters}, not {orders} orders for {sales}.";

        foreach (var buyer in buyers)
        {
            var listed = await Listed(buyer.Id);
            var stored = logs.SelectMany(log => log.Stored.Orders.Values
                    .Where(order => order.Buyer == buyer.Id.Value)
                    .Select(order => (OrderId.Of(log.Deal.Id, order.Number).Value, order.Status)))
                .Order().ToList();
            if (!listed.Select(order => (order.OrderId.Value, order.Status)).Order().SequenceEqual(stored))
                return $"the list of {buyer.Id} is {string.Join(' ', listed)}, not {string.Join(' ', stored)}.";
        }

        var open = await client.Grains.DealDirectory().List(IDealDirectoryGrain.MaxLimit);
        return open.IsEmpty ? null : $"{open[0]} is listed as open.";
    }

    /// <summary>All orders of a buyer, page by page.</summary>
    private async Task<List<Order>> Listed(UserId buyer)
    {
        var all = new List<Order>();
        OrderId? after = null;
        do
        {
            var page = await client.Grains.BuyerOrders().Page(buyer, after, 3);
            all.AddRange(page.Items);
            after = page.Next;
        }
        while (after is not null);
        return all;
    }

    private async Task CheckAll()
    {
        foreach (var (deal, stored) in Logs())
        {
            var card = (await DealsWorkload.Ask(
                world, client, $"deal {deal.Id}", grains => grains.Deal(deal.Id).Get()))!;
            var sold = stored.Pieces(OrderStatus.Paid);
            world.Require(
                (card.Left, card.Sold) == (deal.Terms.Stock - sold, sold), $"{card} is not what its log says: {sold}.");
            foreach (var order in stored.Orders.Values) await CheckOrder(deal, order);
            foreach (var buyer in buyers) CheckBuyer(deal, stored, buyer);
        }
    }

    private async Task CheckOrder(DealView deal, StoredOrder order)
    {
        var id = OrderId.Of(deal.Id, order.Number);
        var shown = await DealsWorkload.Ask(
            world, client, $"{id}", grains => grains.Deal(deal.Id).Order(new UserId(order.Buyer), id));
        world.Require(
            shown is not null && shown.Status == order.Status && shown.Quantity == order.Quantity
                && shown.Total.Amount == order.Quantity * deal.Terms.Price.Amount,
            $"{id} is shown as {shown}, not {order} {order.Status}.");
        var answer = await DealsWorkload.Ask(
            world, client, $"{id} again", grains => grains.Deal(deal.Id).Buy(
                new BuyOrder(new UserId(order.Buyer), order.Quantity, order.Key, true)));
        world.Require(answer.OrderId == id && answer.Order == order.Status, $"The key of {id} is answered {answer}.");
    }

    /// <summary>Whatever was acknowledged is there.</summary>
    private void CheckBuyer(DealView deal, StoredDealLog stored, Buyer buyer)
    {
        foreach (var ((of, key), (order, quantity)) in buyer.Orders)
        {
            if (of != deal.Id) continue;
            world.Require(
                stored.Orders.TryGetValue(order.Number, out var kept)
                    && (kept.Buyer, kept.Key, kept.Quantity) == (buyer.Id.Value, key, quantity),
                $"{order} of {buyer.Id}, {quantity} as {key}, is not in the log.");
            if (buyer.Ends.TryGetValue(order, out var end))
            {
                world.Require(
                    kept!.Status == end || kept.Status == OrderStatus.Refunded,
                    $"{order} was said to be {end} and is {kept.Status}.");
            }
        }
    }

    /// <summary>All logs, as they are by now.</summary>
    private List<(DealView Deal, StoredDealLog Stored)> Logs()
    {
        _logs.ForEach(log => log.Stored.Refresh());
        return _logs;
    }
}
