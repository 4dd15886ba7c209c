using RedNote.Deals;
using RedNote.Embedded.Simulation;

namespace RedNote.Simulation.Deals;

/// <summary>
/// One buyer with a client of their own, who does one thing after the other and repeats it until it is answered, and
/// remembers what was answered: that has to be so for ever.
/// </summary>
internal sealed class Buyer(
    SimulatedWorld world, UserId id, SimulatedClient client, SimulationRandom random, List<DealView> deals)
{
    private const int Keys = 4;

    public UserId Id => id;

    public SimulatedClient Client => client;

    /// <summary>The order that each key was answered with, and for how many pieces.</summary>
    public Dictionary<(DealId Deal, string Key), (OrderId Order, int Quantity)> Orders { get; } = [];

    /// <summary>Orders that were said to be paid, cancelled, or to have come to another end.</summary>
    public Dictionary<OrderId, OrderStatus> Ends { get; } = [];

    public async Task Live(int commands)
    {
        for (var i = 0; i < commands; i++)
        {
            if (random.Chance(0.6))
                await Task.Delay(random.Delay(TimeSpan.Zero, TimeSpan.FromSeconds(4)), client.Node.Time);
            var kind = random.Next(100);
            var deal = random.Pick(deals);
            var number = random.Next(1_000);
            if (!world.Take($"{client.Node.Name} does {kind} on {deal.Id}, {number}")) continue;
            await (kind switch
            {
                < 45 => Buy(deal, number),
                < 70 => Pay(number),
                < 80 => Cancel(number),
                < 90 => Look(number),
                _ => LookAt(deal),
            });
        }
    }

    private async Task Buy(DealView deal, int number)
    {
        var key = $"k{number % Keys}";
        var quantity = Orders.TryGetValue((deal.Id, key), out var bound) && number % 7 > 0
            ? bound.Quantity
            : number % 31 == 0 ? 0 : 1 + (number % 3);
        var answer = await DealsWorkload.Ask(
            world, client, $"{id} buys {quantity} of {deal.Id} as {key}",
            grains => grains.Deal(deal.Id).Buy(new BuyOrder(id, quantity, key, number % 19 > 0)));
        if (bound.Order != default)
        {
            // Kept for ever: whatever has happened since, the key stands for its order. An activation that was
            // overtaken may not know it yet, and refuses.
            if (world.Cluster.WasShared && answer.OrderId is null) return;
            world.Require(
                quantity == bound.Quantity
                    ? answer.OrderId == bound.Order && answer.Status is (BuyStatus.Accepted or BuyStatus.Waiting)
                    : answer.Status == (quantity == 0 ? BuyStatus.Invalid : BuyStatus.Conflict),
                $"{id} was answered {answer} for {key} of {deal.Id}, which is {bound}.");
            if (answer.Order is { } status) Note(bound.Order, status);
            return;
        }

        world.Require(
            quantity > 0 || answer.Status == BuyStatus.Invalid, $"{id} may buy {quantity}: {answer}.");
        if (answer.OrderId is { } order)
        {
            world.Require(order.Deal == deal.Id, $"{id} got {order} in {deal.Id}.");
            world.Require(
                Orders.Values.All(other => other.Order != order), $"{id} got {order} for {key}, which is another's.");
            Orders[(deal.Id, key)] = (order, quantity);
        }
    }

    private async Task Pay(int number)
    {
        if (Some(number) is not { } order) return;
        var key = $"pay{number % 5}";
        var outcome = await DealsWorkload.Ask(
            world, client, $"{id} pays {order} as {key}", grains => grains.Deal(order.Deal).Pay(id, order, key));
        world.Require(
            outcome.Status != PayStatus.NotFound || world.Cluster.WasShared, $"{order} of {id} is not found.");
        if (outcome.Order is { } shown) Note(order, shown.Status);
    }

    private async Task Cancel(int number)
    {
        if (Some(number) is not { } order) return;
        var outcome = await DealsWorkload.Ask(
            world, client, $"{id} cancels {order}", grains => grains.Deal(order.Deal).Cancel(id, order));
        world.Require(
            outcome.Status != CommandStatus.NotFound || world.Cluster.WasShared, $"{order} of {id} is not found.");
        if (outcome.Order is { } shown) Note(order, shown.Status);
    }

    private async Task Look(int number)
    {
        if (Some(number) is not { } order) return;
        var shown = await DealsWorkload.Ask(
            world, client, $"{id} looks at {order}", grains => grains.Deal(order.Deal).Order(id, order));
        world.Require(shown is not null || world.Cluster.WasShared, $"{order} of {id} is not found.");
        if (shown is not null) Note(order, shown.Status);
    }

    private async Task LookAt(DealView deal)
    {
        var card = await DealsWorkload.Ask(
            world, client, $"{id} looks at deal {deal.Id}", grains => grains.Deal(deal.Id).Get());
        if (card is null)
        {
            world.Require(world.Cluster.WasShared, $"Deal {deal.Id} is not found.");
            return;
        }

        world.Require(
            card.Left >= 0 && card.Reserved >= 0 && card.Sold >= 0
                && card.Left + card.Reserved + card.Sold == deal.Terms.Stock,
            $"Deal {deal.Id} does not add up: {card}.");
    }

    /// <summary>What has come to an end stays so; only a late payment makes a refund of it.</summary>
    private void Note(OrderId order, OrderStatus status)
    {
        if (Ends.TryGetValue(order, out var end))
        {
            world.Require(
                status == end || world.Cluster.WasShared
                    || (status == OrderStatus.Refunded && end is (OrderStatus.Cancelled or OrderStatus.Expired)),
                $"{order} of {id} was {end} and is {status}.");
            if (world.Cluster.WasShared) return;
        }

        if (status is OrderStatus.Paid or OrderStatus.Cancelled or OrderStatus.Expired or OrderStatus.Refunded)
            Ends[order] = status;
    }

    private OrderId? Some(int number)
        => Orders.Count == 0 ? null : Orders.Values.ElementAt(number % Orders.Count).Order;
}
