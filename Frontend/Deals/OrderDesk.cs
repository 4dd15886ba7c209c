using System.Collections.Immutable;
using RedNote.Deals;
using RedNote.Frontend.Live;
using RedNote.Frontend.Users;

namespace RedNote.Frontend.Deals;

/// <summary>
/// Tells the buyers of one deal who are connected here what becomes of their orders. It listens to the deal's news;
/// those may be lost, or not come any more at all, which shows when the deal goes on and nothing is heard: then it
/// subscribes again, and asks after the orders it knows of.
/// </summary>
internal sealed partial class OrderDesk(
    DealId deal,
    IDealGrain grain,
    IDealStreams streams,
    UserPresences presences,
    DealPortOptions options,
    TimeProvider time,
    ILogger logger)
{
    private readonly Lock _gate = new();

    /// <summary>Orders of buyers who are here, as they were told last; null: not told yet.</summary>
    private readonly Dictionary<OrderId, OpenOrder> _open = [];

    private readonly ChannelSubscription<DealNews> _subscription =
        new($"deal {deal}", onNews => streams.Subscribe(deal, onNews), logger);

    private long _received;

    /// <summary>The highest number of an order that was heard of.</summary>
    private int _newest;
    private bool _listening;
    private bool _hasFailed;
    private bool _checking;
    private long _checkedAt;
    private Counts? _counts;
    private long _receivedThen;
    private bool _isSuspect;

    /// <summary>Orders that buyers here may yet be told of.</summary>
    public int Open
    {
        get
        {
            lock (_gate)
            {
                return _open.Count;
            }
        }
    }

    /// <summary>Begins to listen, if it does not yet; completes when nothing that happens from then on is missed, or
    /// when that takes too long: nobody's order waits for news of it. A failure is logged, and the next who asks tries
    /// again.</summary>
    public async ValueTask Listen()
    {
        lock (_gate)
        {
            if (!_listening)
            {
                (_listening, _checkedAt) = (true, time.GetTimestamp());
            }
        }

        try
        {
            await _subscription.Ensure(OnNews).WaitAsync(options.ListenPatience, time);
            _hasFailed = false;
        }
        catch (Exception failure)
        {
            // In a rush thousands find out the same.
            if (!Interlocked.Exchange(ref _hasFailed, true))
            {
                LogNotHeard(logger, failure, deal);
            }
        }
    }

    /// <summary>A buyer who may be connected here asked for this order.</summary>
    public void Note(UserId buyer, OrderId order, OrderStatus status) => Note(buyer, order, status, placedAt: null);

    /// <summary>A buyer here was answered that there is this order; as a rule it is new, so that there are news of it.
    /// </summary>
    public void NotePlaced(UserId buyer, OrderId order, OrderStatus status)
        => Note(buyer, order, status, time.GetTimestamp());

    /// <summary>Looks, now and then, whether news still come. One at a time; called again and again.</summary>
    public async Task Check()
    {
        lock (_gate)
        {
            if (!_listening || _checking || time.GetElapsedTime(_checkedAt) < options.CheckEvery)
            {
                return;
            }

            (_checking, _checkedAt) = (true, time.GetTimestamp());
        }

        try
        {
            var card = await grain.Get();
            if (card is not null && IsDeaf(new Counts(card.Left, card.Sold, card.Reserved, card.Waiting)))
            {
                LogMaybeDeaf(logger, deal);
                await _subscription.Renew(OnNews);
                await AskAfterOrders();
            }
        }
        catch (Exception failure)
        {
            LogNotChecked(logger, failure, deal);
        }
        finally
        {
            lock (_gate)
            {
                _checking = false;
            }
        }
    }

    /// <summary>Ends the subscription.</summary>
    public Task Close() => _subscription.End();

    private void Note(UserId buyer, OrderId order, OrderStatus status, long? placedAt)
    {
        if (OrderNotice.CanChange(status) && presences.Find(buyer) is not null)
        {
            lock (_gate)
            {
                // Of an order that was told of while its buyer was away, there will be no more news of its making.
                var isNew = order.Number > _newest;
                Remember(order, new OpenOrder(buyer, null, _received, isNew ? placedAt : null), keep: true);
            }
        }
    }

    /// <summary>Whether nothing is heard though an order was placed here, or the deal has changed since the look before
    /// the last one.</summary>
    private bool IsDeaf(Counts counts)
    {
        lock (_gate)
        {
            var isMissing = false;
            foreach (var (order, entry) in _open)
            {
                if (counts.IsQuiet || presences.Find(entry.Buyer) is null)
                {
                    _open.Remove(order);
                }
                else
                {
                    isMissing |= entry is { Told: null, PlacedAt: { } at } && entry.Received == _received
                        && time.GetElapsedTime(at) >= options.CheckEvery;
                }
            }

            var isSilent = _counts is not null && _received == _receivedThen;
            if (isMissing || (isSilent && _isSuspect))
            {
                (_counts, _isSuspect) = (counts, false);
                return true;
            }

            // What has just changed may be on its way here: it has until the next look.
            _isSuspect = isSilent && _counts != counts;
            (_counts, _receivedThen) = (counts, _received);
            return false;
        }
    }

    private void OnNews(DealNews news)
    {
        lock (_gate)
        {
            _received++;
            foreach (var change in news.Changes)
            {
                _newest = Math.Max(_newest, change.OrderId.Number);
                Tell(change.Buyer, new OrderNotice(
                    change.OrderId, deal, change.Status, change.Position, change.PayBefore));
            }

            foreach (var place in news.Line)
            {
                // Most places in a long line do not change from one second to the next.
                if (_open.GetValueOrDefault(place.OrderId)?.Told is not { Status: OrderStatus.Waiting } told
                    || told.Position != place.Position)
                {
                    Tell(place.Buyer, new OrderNotice(
                        place.OrderId, deal, OrderStatus.Waiting, place.Position, PayBefore: null));
                }
            }
        }
    }

    /// <summary>Tells a buyer who is here. The lock is held, so that what is newer is told later.</summary>
    private void Tell(UserId buyer, OrderNotice notice)
    {
        var presence = presences.Find(buyer);
        if (presence is null || !notice.IsOpen)
        {
            _open.Remove(notice.OrderId);
        }
        else
        {
            Remember(notice.OrderId, new OpenOrder(buyer, notice, _received, null), keep: false);
        }

        presence?.TellOrder(notice);
    }

    private void Remember(OrderId order, OpenOrder entry, bool keep)
    {
        if (_open.ContainsKey(order) ? !keep : _open.Count < options.OpenOrders)
        {
            _open[order] = entry;
        }
    }

    /// <summary>Tells what was not heard of the orders that are known here.</summary>
    private async Task AskAfterOrders()
    {
        List<IGrouping<UserId, OrderId>> known;
        long received;
        lock (_gate)
        {
            known = [.. _open.GroupBy(pair => pair.Value.Buyer, pair => pair.Key)];
            received = _received;
        }

        foreach (var orders in known)
        {
            foreach (var some in orders.Chunk(OrderPage.MaxLimit))
            {
                Compare(orders.Key, await grain.Orders(orders.Key, [.. some]), received);
            }
        }
    }

    private void Compare(UserId buyer, ImmutableArray<Order> orders, long received)
    {
        lock (_gate)
        {
            foreach (var order in orders)
            {
                var notice = new OrderNotice(
                    order.OrderId, deal, order.Status, order.Position, order.PayBefore);

                // What was heard meanwhile may be newer than this.
                if (_open.TryGetValue(order.OrderId, out var entry) && entry.Received <= received
                    && entry.Told != notice)
                {
                    Tell(buyer, notice);
                }
            }
        }
    }

    [LoggerMessage(LogLevel.Information, "News of deal {Deal} seem to have been lost; subscribing again.")]
    private static partial void LogMaybeDeaf(ILogger logger, DealId deal);

    [LoggerMessage(LogLevel.Warning, "Buyers of deal {Deal} are not told of their orders.")]
    private static partial void LogNotHeard(ILogger logger, Exception failure, DealId deal);

    [LoggerMessage(LogLevel.Warning, "Whether news of deal {Deal} were lost could not be found out.")]
    private static partial void LogNotChecked(ILogger logger, Exception failure, DealId deal);

    /// <param name="Buyer">Whose it is.</param>
    /// <param name="Told">What the buyer was told last.</param>
    /// <param name="Received">News that had come by then.</param>
    /// <param name="PlacedAt">When it was placed here; null: it was not, as far as is known, or was told of.</param>
    private sealed record OpenOrder(UserId Buyer, OrderNotice? Told, long Received, long? PlacedAt);

    /// <summary>What of a deal changes with its orders.</summary>
    private sealed record Counts(int Left, int Sold, int Reserved, int Waiting)
    {
        /// <summary>No order is open.</summary>
        public bool IsQuiet => Reserved == 0 && Waiting == 0;
    }
}
