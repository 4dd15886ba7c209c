namespace RedNote.Deals;

/// <summary>Paying: who pays holds the pieces until it is known what came of it.</summary>
internal sealed partial class DealRules
{
    /// <summary>Begins to pay an order; the same key is the same attempt. The order is at most one payment at a time.
    /// </summary>
    public PayStatus Pay(UserId buyer, int number, string key, long now, List<DealEvent> events)
    {
        if (!Exists || !Orders.Has(number) || Orders[number].Buyer != buyer)
        {
            return PayStatus.NotFound;
        }

        if (!TextRules.IsKey(key))
        {
            return PayStatus.Invalid;
        }

        var attempts = book.PaymentsOf(number);
        foreach (var attempt in attempts)
        {
            if (attempt.Key == key)
            {
                return attempt.State switch
                {
                    PaymentState.Declined => PayStatus.Declined,
                    PaymentState.RefundOwed or PaymentState.Refunded => PayStatus.OrderExpired,
                    _ => PayStatus.Done,
                };
            }
        }

        ref readonly var order = ref Orders[number];
        if (order.Status == OrderStatus.Expired || (order.Status == OrderStatus.Reserved && order.PayBefore <= now))
        {
            return PayStatus.OrderExpired;
        }

        if (order.Status != OrderStatus.Reserved)
        {
            return PayStatus.WrongState;
        }

        if (attempts.Count >= options.Attempts)
        {
            return PayStatus.RateLimited;
        }

        events.Add(new PaymentStarted(now, number, attempts.Count + 1, key));
        return PayStatus.Done;
    }

    /// <summary>
    /// Takes note of what a provider says, however late and however often: what is known already changes nothing. A
    /// success that nobody counts on any more buys the pieces if the order still has them, and is paid back if not.
    /// </summary>
    public void Settle(int number, int attempt, PaymentResult result, long now, List<DealEvent> events)
    {
        if (!Exists || !Orders.Has(number) || attempt < 1 || attempt > book.PaymentsOf(number).Count)
        {
            return;
        }

        var state = book.PaymentsOf(number)[attempt - 1].State;
        if (result.Outcome == PaymentOutcome.Succeeded)
        {
            if (state == PaymentState.Started
                || (state == PaymentState.Declined && Orders[number].Status == OrderStatus.Reserved))
            {
                events.Add(new PaymentSucceeded(now, number, attempt));
            }
            else if (state == PaymentState.Declined)
            {
                events.Add(new RefundOwed(now, number, attempt, IsEnd: !Orders[number].Counts));
            }
        }
        else if (result.Outcome == PaymentOutcome.Declined && state == PaymentState.Started)
        {
            events.Add(new PaymentDeclined(now, number, attempt, result.Reason ?? "declined"));
        }
    }

    /// <summary>The provider has paid back.</summary>
    public void Refunded(int number, int attempt, long now, List<DealEvent> events)
    {
        if (Exists && Orders.Has(number) && attempt >= 1 && attempt <= book.PaymentsOf(number).Count
            && book.PaymentsOf(number)[attempt - 1].State == PaymentState.RefundOwed)
        {
            events.Add(new RefundDone(now, number, attempt));
        }
    }
}
