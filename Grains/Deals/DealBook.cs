using System.Text.Json.Serialization;
using RedNote.Journal;

namespace RedNote.Deals;

/// <summary>What the events of a deal amount to.</summary>
internal sealed class DealBook : IEventState<DealEvent>
{
    private readonly Dictionary<int, List<PaymentEntry>> _payments = [];
    private readonly HashSet<(int Number, int Attempt)> _unsettled = [];

    public DealBook(DealOptions options) => Series = new DealSeries(options.BoardSeconds, []);

    public DealBook(DealOptions options, StoredDeal stored)
    {
        (DealId, Terms) = (stored.DealId ?? default, stored.Terms);
        Orders = new OrderBook(stored.Terms?.Stock ?? 0, stored.Orders);
        (HasBegun, HasEnded) = (stored.HasBegun, stored.HasEnded);
        (StartsAt, EndsAt) = (stored.StartsAt, stored.EndsAt);
        Series = new DealSeries(options.BoardSeconds, stored.Series);
        foreach (var payment in stored.Payments)
        {
            Keep(payment);
        }
    }

    public DealId DealId { get; private set; }

    /// <summary>What is offered; null while the deal does not exist.</summary>
    public DealTerms? Terms { get; private set; }

    public OrderBook Orders { get; private set; } = new(0);

    public bool HasBegun { get; private set; }

    public bool HasEnded { get; private set; }

    /// <summary>From when on it can be bought; once it was, since when; null: from when its host begins it.</summary>
    public long? StartsAt { get; private set; }

    /// <summary>From when on it cannot be bought; once that is so, since when; null likewise.</summary>
    public long? EndsAt { get; private set; }

    /// <summary>What happened in the last minutes, second by second.</summary>
    public DealSeries Series { get; }

    /// <summary>Payments whose outcome is not known, and those that have to be paid back.</summary>
    public IEnumerable<PaymentEntry> Unsettled
        => _unsettled.Select(one => _payments[one.Number][one.Attempt - 1]);

    /// <summary>The attempts to pay an order, in order.</summary>
    public IReadOnlyList<PaymentEntry> PaymentsOf(int number)
        => _payments.TryGetValue(number, out var attempts) ? attempts : [];

    public void Apply(DealEvent raised)
    {
        switch (raised)
        {
            case DealPrepared prepared:
                (DealId, Terms) = (prepared.DealId, prepared.Terms);
                Orders = new OrderBook(Terms.Stock);
                StartsAt = Terms.StartsAt;
                EndsAt = StartsAt + (Terms.Seconds * 1_000L);
                break;
            case DealBegan began:
                HasBegun = true;
                StartsAt = Math.Min(StartsAt ?? began.At, began.At);
                EndsAt = StartsAt + (Terms!.Seconds * 1_000L);
                break;
            case DealEnded ended:
                HasEnded = true;
                EndsAt = Math.Min(EndsAt ?? ended.At, ended.At);
                break;
            case OrdersPlaced placed:
                Apply(placed);
                break;
            case OrdersServed served:
                foreach (var number in served.Numbers)
                {
                    Orders.Serve(number, PayBefore(served.At));
                    Series.Ordered(served.At, Orders[number].Quantity);
                }

                break;
            case OrderCancelled cancelled:
                Return(cancelled.At, cancelled.Number, OrderStatus.Cancelled);
                break;
            case OrdersExpired expired:
                foreach (var number in expired.Numbers)
                {
                    Return(expired.At, number, OrderStatus.Expired);
                }

                break;
            default:
                ApplyPayment(raised);
                break;
        }
    }

    /// <summary>Until when an order has to be paid that gets its pieces then.</summary>
    public long PayBefore(long at) => at + (Terms!.PayWithinSeconds * 1_000L);

    private void Apply(OrdersPlaced placed)
    {
        foreach (var order in placed.Orders)
        {
            Orders.Add(order, placed.At, PayBefore(placed.At));
            if (!order.Waits)
            {
                Series.Ordered(placed.At, order.Quantity);
            }
        }
    }

    private void ApplyPayment(DealEvent raised)
    {
        switch (raised)
        {
            case PaymentStarted started:
                Start(started);
                break;
            case PaymentSucceeded paid:
                Settle(paid.Number, paid.Attempt, PaymentState.Succeeded);
                Orders.Set(paid.Number, OrderStatus.Paid);
                Series.Paid(paid.At, Orders[paid.Number].Quantity);
                break;
            case PaymentDeclined declined:
                Settle(declined.Number, declined.Attempt, PaymentState.Declined, declined.Reason);
                Orders.Set(declined.Number, OrderStatus.Reserved);
                break;
            case RefundOwed owed:
                Settle(owed.Number, owed.Attempt, PaymentState.RefundOwed);
                if (owed.IsEnd)
                {
                    Orders.Set(owed.Number, OrderStatus.Refunded);
                }

                break;
            case RefundDone done:
                Settle(done.Number, done.Attempt, PaymentState.Refunded);
                break;
            default:
                // Passing an event over would make the state differ from the log without a word.
                throw new NotSupportedException($"A deal does not know {raised.GetType().Name}.");
        }
    }

    /// <summary>All of it, for a snapshot; later events do not change what was returned.</summary>
    public StoredDeal ToStored() => new()
    {
        DealId = Terms is null ? null : DealId,
        Terms = Terms,
        HasBegun = HasBegun,
        HasEnded = HasEnded,
        StartsAt = StartsAt,
        EndsAt = EndsAt,
        Orders = Orders.Write(),
        Payments = [.. _payments.OrderBy(order => order.Key).SelectMany(order => order.Value)],
        Series = [.. Series.All],
    };

    private void Start(PaymentStarted started)
    {
        Keep(new PaymentEntry(started.Number, started.Attempt, started.Key, started.At));
        Orders.Set(started.Number, OrderStatus.Paying);
    }

    /// <summary>Notes an attempt, or what has become of it.</summary>
    private void Keep(PaymentEntry payment)
    {
        if (!_payments.TryGetValue(payment.Number, out var attempts))
        {
            _payments[payment.Number] = attempts = [];
        }

        if (payment.Attempt > attempts.Count)
        {
            attempts.Add(payment);
        }
        else
        {
            attempts[payment.Attempt - 1] = payment;
        }

        if (payment.IsUnsettled)
        {
            _unsettled.Add((payment.Number, payment.Attempt));
        }
        else
        {
            _unsettled.Remove((payment.Number, payment.Attempt));
        }
    }

    private void Settle(int number, int attempt, PaymentState state, string? reason = null)
        => Keep(_payments[number][attempt - 1] with { State = state, Reason = reason });

    private void Return(long at, int number, OrderStatus status)
    {
        if (Orders[number].Status == OrderStatus.Reserved)
        {
            Series.Returned(at, Orders[number].Quantity);
        }

        Orders.Set(number, status);
    }
}

/// <summary>What became of an attempt to pay.</summary>
internal enum PaymentState
{
    Started,
    Succeeded,
    Declined,
    RefundOwed,
    Refunded,
}

/// <summary>An attempt to pay an order.</summary>
/// <param name="Number">The order.</param>
/// <param name="Attempt">Which attempt, from 1.</param>
/// <param name="Key">The buyer's key.</param>
/// <param name="At">When it began, Unix ms.</param>
/// <param name="State">What became of it.</param>
/// <param name="Reason">Declined: what the provider said.</param>
internal sealed record PaymentEntry(
    int Number, int Attempt, string Key, long At, PaymentState State = PaymentState.Started, string? Reason = null)
{
    /// <summary>Whether its outcome is not known, or it has to be paid back.</summary>
    [JsonIgnore]
    public bool IsUnsettled => State is PaymentState.Started or PaymentState.RefundOwed;
}
