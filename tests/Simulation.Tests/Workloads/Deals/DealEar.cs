using Orleans.Streams;
using RedNote.Deals;
using RedNote.Embedded.Simulation;

namespace RedNote.Simulation.Deals;

/// <summary>
/// Hears what a deal tells its buyers, at the moment when it leaves the deal: each word of it is in the log by then.
/// </summary>
internal sealed class DealEar(SimulatedWorld world, SimulatedClient client, DealView deal) : IAsyncObserver<DealNews>
{
    private static readonly TimeSpan Often = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly StoredDealLog _log = new(world, deal);
    private SimulatedSilo? _heard;

    /// <summary>Changes and places that were heard.</summary>
    public int Words { get; private set; }

    /// <summary>Listens until that time; a silo that has died says nothing any more, so that the next one is listened
    /// to.</summary>
    public async Task Listen(long until)
    {
        while (world.Cluster.Loop.Now < until)
        {
            if (world.Cluster.Silo is { } silo && !ReferenceEquals(silo, _heard))
            {
                // A silo that dies meanwhile would never answer.
                var asked = client.Node.Run(TrySubscribe);
                await Task.WhenAny(asked, Task.Delay(Patience, client.Node.Time));
                _heard = asked.IsCompleted && await asked ? silo : null;
            }

            await Task.Delay(Often, client.Node.Time);
        }
    }

    private async Task<bool> TrySubscribe()
    {
        try
        {
            await client.Cluster.GetStreamProvider(StreamNames.Provider)
                .GetStream<DealNews>(StreamNames.Deal(deal.Id)).SubscribeAsync(this);
            return true;
        }
        catch (Exception error)
        {
            world.Cluster.Note($"the ear of deal {deal.Id}: {error.GetType().Name}");
            return false;
        }
    }

    public Task OnNextAsync(DealNews item, StreamSequenceToken? token = null)
    {
        _log.Refresh();
        foreach (var change in item.Changes)
        {
            Words++;
            world.Require(
                _log.Orders.TryGetValue(change.OrderId.Number, out var order)
                    && order.Buyer == change.Buyer.Value && order.Had.Contains(change.Status),
                $"Deal {deal.Id} tells {change}, which is not stored.");
            world.Require(
                change.Position is > 0 == (change.Status == OrderStatus.Waiting), $"Deal {deal.Id} tells {change}.");
        }

        foreach (var place in item.Line)
        {
            Words++;
            world.Require(
                place.Position > 0 && _log.Orders.TryGetValue(place.OrderId.Number, out var order)
                    && order.Buyer == place.Buyer.Value,
                $"Deal {deal.Id} tells {place}, which is not stored.");
        }

        return Task.CompletedTask;
    }

    public Task OnErrorAsync(Exception ex) => Task.CompletedTask;
}
