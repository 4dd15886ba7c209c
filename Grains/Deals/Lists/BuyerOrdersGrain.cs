using System.Collections.Immutable;
using Orleans.Concurrency;
using RedNote.Journal;

namespace RedNote.Deals;

/// <summary>See <see cref="IBuyerOrdersGrain"/>. What has ended is read from tables; only deals with an order that has
/// not are asked.</summary>
[StatelessWorker, Reentrant]
internal sealed class BuyerOrdersGrain(IJournalStore store) : Grain, IBuyerOrdersGrain
{
    /// <summary>Rows read more than asked for: orders of the cursor's millisecond that come before it.</summary>
    private const int SameTime = 64;

    public async Task<OrderPage> Page(UserId buyer, OrderId? after, int limit)
    {
        try
        {
            limit = Math.Clamp(limit, 1, OrderPage.MaxLimit);
            var listed = await List(buyer, after, limit + 1);
            var terms = new Dictionary<DealId, Task<DealTerms?>>();
            var items = await Task.WhenAll(listed.Take(limit).Select(order => Ended(order, terms)));
            var open = listed.Take(limit).Where((_, i) => items[i] is null).GroupBy(order => order.OrderId.Deal);
            var present = (await Task.WhenAll(open.Select(deal => Ask(buyer, deal)))).SelectMany(orders => orders)
                .ToDictionary(order => order.OrderId);
            var page = listed.Take(limit).Select((order, i) => items[i] ?? present.GetValueOrDefault(order.OrderId));
            return new OrderPage(
                [.. page.OfType<Order>()], listed.Count > limit ? listed[limit - 1].OrderId : null);
        }
        catch (JournalUnavailableException)
        {
            throw new TryAgainException("The journal cannot be read.");
        }
    }

    private async Task<List<ListedOrder>> List(UserId buyer, OrderId? after, int limit)
    {
        var cursor = after is { } last && await Find(last) is { } found && found.Buyer == buyer ? found : null;
        if (after is not null && cursor is null)
        {
            return [];
        }

        var rows = await store.QueryAsync(
            DealOrders.AskOf(buyer, cursor?.At ?? long.MaxValue, limit + (cursor is null ? 0 : SameTime)),
            CancellationToken.None);
        var orders = rows.Select(DealOrders.Read);
        return
        [
            .. (cursor is null ? orders : orders.SkipWhile(order => order.OrderId != cursor.OrderId).Skip(1))
                .Take(limit),
        ];
    }

    private async Task<ListedOrder?> Find(OrderId order)
        => await store.QueryAsync(DealOrders.AskFor(order), CancellationToken.None) is [var row]
            ? DealOrders.Read(row)
            : null;

    /// <summary>The order, if nothing can happen to it any more; otherwise null.</summary>
    /// <param name="order">The order as it is listed.</param>
    /// <param name="known">Terms of deals that were asked for already: many orders may be of one deal.</param>
    private async Task<Order?> Ended(ListedOrder order, Dictionary<DealId, Task<DealTerms?>> known)
    {
        var end = DealOrderEnds.Read(
            await store.QueryAsync(DealOrderEnds.AskFor(order.OrderId), CancellationToken.None));
        if (end is not { } status)
        {
            return null;
        }

        var deal = order.OrderId.Deal;
        if (!known.TryGetValue(deal, out var asked))
        {
            known[deal] = asked = Terms(deal);
        }

        return (await asked)?.Order(order.OrderId, order.Quantity, status, order.At);
    }

    private async Task<DealTerms?> Terms(DealId deal)
        => DealTermsRows.Read(await store.QueryAsync(DealTermsRows.AskFor(deal), CancellationToken.None));

    private Task<ImmutableArray<Order>> Ask(UserId buyer, IGrouping<DealId, ListedOrder> orders)
        => GrainFactory.Deal(orders.Key).Orders(buyer, [.. orders.Select(order => order.OrderId)]);
}
