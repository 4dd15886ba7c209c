using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Orleans.Streams;
using RedNote.Live;

namespace RedNote.Deals;

/// <summary>What buyers are told without asking: their orders when they change, and their places in the line.</summary>
internal sealed partial class DealGrain
{
    /// <summary>Orders that changed and nobody was told of; some of them twice.</summary>
    private readonly List<int> _changed = [];
    private IAsyncStream<DealNews> _stream = null!;
    private OrderNews? _placed;
    private int _toldLineTo;
    private bool _isTelling;
    private bool _isTellingLine;
    private bool _lineMoved;

    /// <summary>Takes note of what an event that was applied means for buyers.</summary>
    private void Note(DealEvent raised)
    {
        switch (raised)
        {
            case OrdersPlaced placed:
                foreach (var order in placed.Orders)
                {
                    _changed.Add(order.Number);
                }

                break;
            case OrdersServed served:
                _changed.AddRange(served.Numbers);
                _lineMoved = true;
                break;
            case OrdersExpired expired:
                _changed.AddRange(expired.Numbers);
                _lineMoved = true;
                break;
            case OrderCancelled cancelled:
                _changed.Add(cancelled.Number);
                _lineMoved = true;
                break;
            case PaymentStarted started:
                _changed.Add(started.Number);
                break;
            case PaymentSucceeded paid:
                _changed.Add(paid.Number);
                break;
            case PaymentDeclined declined:
                _changed.Add(declined.Number);
                break;
            case RefundOwed owed:
                _changed.Add(owed.Number);
                break;
        }
    }

    /// <summary>Takes note of orders that got pieces at once, for the room to announce.</summary>
    /// <param name="orders">What was asked.</param>
    /// <param name="answers">What was answered.</param>
    /// <param name="known">The last order's number before that.</param>
    private void Announce(ImmutableArray<BuyOrder> orders, ImmutableArray<BuyAnswer> answers, int known)
    {
        for (var i = 0; i < orders.Length; i++)
        {
            if (answers[i] is { Status: BuyStatus.Accepted, OrderId: { } id } && id.Number > known
                && orders[i] is { Name: { } name, Quantity: var quantity })
            {
                _placed = new OrderNews(
                    name, quantity, (_placed?.Orders ?? 0) + 1, (_placed?.Pieces ?? 0) + quantity);
            }
        }
    }

    /// <summary>Lets those be told who have not been; it is done one event of the stream after the other.</summary>
    private void Tell()
    {
        if (!_isTelling && _changed.Count > 0)
        {
            _isTelling = true;
            _ = TellAll();
        }

        if (!_isTellingLine && _lineMoved && log.State.Orders.Waiting > 0)
        {
            _isTellingLine = true;
            _ = TellLine();
        }
    }

    private async Task TellAll()
    {
        try
        {
            while (_changed.Count > 0)
            {
                var news = new DealNews(Self, TakeChanges(), []);
                await log.WhenConfirmed();
                await Publish(news);
            }
        }
        catch (TryAgainException)
        {
            // What was not stored is told to nobody.
        }
        finally
        {
            _isTelling = false;
        }
    }

    private ImmutableArray<OrderChange> TakeChanges()
    {
        var count = Math.Min(_changed.Count, options.Value.NewsOrders);
        var told = new HashSet<int>(count);
        var changes = ImmutableArray.CreateBuilder<OrderChange>(count);
        var orders = log.State.Orders;
        for (var i = 0; i < count; i++)
        {
            var number = _changed[i];
            if (!told.Add(number))
            {
                continue;
            }

            ref readonly var order = ref orders[number];
            var (payBefore, position) = orders.Pending(number);
            changes.Add(new OrderChange(
                order.Buyer, OrderId.Of(Self, number), order.Status, payBefore, position));
        }

        _changed.RemoveRange(0, count);
        return changes.DrainToImmutable();
    }

    /// <summary>Tells the places in the line as long as it moves, at most once a second.</summary>
    private async Task TellLine()
    {
        try
        {
            while (_lineMoved && !_stopping.IsCancellationRequested)
            {
                _lineMoved = false;
                var places = TakePlaces();
                await log.WhenConfirmed();
                for (var first = 0; first < places.Length; first += options.Value.NewsOrders)
                {
                    var part = places.Slice(first, Math.Min(options.Value.NewsOrders, places.Length - first));
                    await Publish(new DealNews(Self, [], part));
                }

                await Task.Delay(TimeSpan.FromMilliseconds(options.Value.LineMs), time, _stopping.Token);
            }
        }
        catch (Exception error) when (error is TryAgainException or OperationCanceledException)
        {
            // The next activation tells them when the line moves again.
        }
        finally
        {
            _isTellingLine = false;
        }
    }

    /// <summary>The places from the front on; in a line that is longer than what is told at once, from where the last
    /// time has ended.</summary>
    private ImmutableArray<LinePlace> TakePlaces()
    {
        var orders = log.State.Orders;
        var places = ImmutableArray.CreateBuilder<LinePlace>(Math.Min(orders.Waiting, options.Value.LinePlaces));
        var number = orders.WaitingAfter(_toldLineTo);
        number = number > 0 ? number : orders.WaitingAfter(0);
        var position = number > 0 ? orders.PositionOf(number) : 0;
        for (; number > 0 && places.Count < options.Value.LinePlaces; number = orders.WaitingAfter(number))
        {
            places.Add(new LinePlace(orders[number].Buyer, OrderId.Of(Self, number), position++));
            _toldLineTo = number;
        }

        // What is behind has to be told though nothing moves any more.
        _lineMoved |= number > 0;
        _toldLineTo = number > 0 ? _toldLineTo : 0;
        return places.DrainToImmutable();
    }

    private async Task Publish(DealNews news)
    {
        try
        {
            await _stream.OnNextAsync(news);
        }
        catch (Exception error)
        {
            // Who is not told can ask.
            LogNotTold(logger, Self, error);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Deal {Deal}: buyers were not told of their orders")]
    private static partial void LogNotTold(ILogger logger, DealId deal, Exception error);
}
