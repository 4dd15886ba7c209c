using Microsoft.Extensions.Logging;

namespace RedNote.Deals;

/// <summary>
/// Payments: asked of the provider once they are durable, and asked after until their outcome is. What was under way
/// when an activation ended, the next one asks after first.
/// </summary>
internal sealed partial class DealGrain
{
    /// <summary>How long a buyer waits for the outcome; after that the answer is that it is under way.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(1);

    /// <summary>What this activation does about payments, by order and attempt.</summary>
    private readonly Dictionary<(int Number, int Attempt), Task> _driven = [];
    private readonly CancellationTokenSource _stopping = new();

    public async Task<PayOutcome> Pay(UserId buyer, OrderId order, string key)
    {
        try
        {
            var status = PayStatus.NotFound;
            var durable = order.Deal == Self
                ? DoForCertain((now, events) => status = _rules.Pay(buyer, order.Number, key, now, events))
                : log.WhenConfirmed();
            await durable;
            if (status == PayStatus.Done)
            {
                await WhenDriven(order.Number);
            }

            // What has become of it may not be durable yet.
            var outcome = Paid(status, buyer, order, key);
            await log.WhenConfirmed();
            return outcome;
        }
        catch (TryAgainException)
        {
            return new PayOutcome(PayStatus.TryAgain, null);
        }
    }

    public async Task Settle(OrderId order, int attempt, PaymentResult result)
    {
        if (order.Deal == Self)
        {
            await DoForCertain((now, events) => _rules.Settle(order.Number, attempt, result, now, events));
            foreach (var payment in log.State.PaymentsOf(order.Number).ToList())
            {
                _ = Start(payment);
            }
        }
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        _stopping.Cancel();
        return Task.CompletedTask;
    }

    public void Dispose() => _stopping.Dispose();

    /// <summary>Asks the provider about everything whose outcome is not known, and about what has to be paid back.
    /// </summary>
    private void DriveAll()
    {
        foreach (var payment in log.State.Unsettled.ToList())
        {
            Start(payment);
        }
    }

    private Task Start(PaymentEntry payment)
    {
        var which = (payment.Number, payment.Attempt);
        if (!payment.IsUnsettled || _stopping.IsCancellationRequested)
        {
            return Task.CompletedTask;
        }

        if (!_driven.TryGetValue(which, out var driven))
        {
            driven = Drive(payment);
            if (!driven.IsCompleted)
            {
                _driven[which] = driven;
            }
        }

        return driven;
    }

    /// <summary>Waits a little for the order's payments.</summary>
    private async Task WhenDriven(int number)
    {
        var driven = Task.WhenAll(log.State.PaymentsOf(number).ToList().Select(Start));
        try
        {
            await driven.WaitAsync(Patience, time);
        }
        catch (TimeoutException)
        {
            // It is under way; the buyer is told when it is over.
        }
    }

    private PayOutcome Paid(PayStatus status, UserId buyer, OrderId order, string key)
    {
        var attempt = status is PayStatus.Done or PayStatus.Declined
            ? log.State.PaymentsOf(order.Number).LastOrDefault(attempt => attempt.Key == key)
            : null;
        status = attempt?.State == PaymentState.Declined ? PayStatus.Declined : status;
        return new PayOutcome(
            status, attempt is null ? null : Shown(buyer, order),
            status == PayStatus.Declined ? attempt?.Reason : null);
    }

    /// <summary>Goes on until the outcome is known and durable, or the activation ends.</summary>
    private async Task Drive(PaymentEntry payment)
    {
        try
        {
            for (var pause = FirstPause; ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
            {
                try
                {
                    if (await IsSettled(payment))
                    {
                        // Meanwhile the provider may have said something else, so that it has to be paid back.
                        payment = log.State.PaymentsOf(payment.Number)[payment.Attempt - 1];
                        if (!payment.IsUnsettled)
                        {
                            return;
                        }
                    }
                }
                catch (Exception error) when (!_stopping.IsCancellationRequested)
                {
                    LogNotSettled(logger, Self, payment.Number, payment.Attempt, error);
                }

                await Task.Delay(pause, time, _stopping.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // The next activation goes on.
        }
        finally
        {
            _driven.Remove((payment.Number, payment.Attempt));
        }
    }

    /// <summary>Asks once. A payment of which it is not certain that the provider has heard is asked after before it is
    /// asked for again; with its id that is one payment in any case.</summary>
    private async Task<bool> IsSettled(PaymentEntry payment)
    {
        var order = OrderId.Of(Self, payment.Number);
        var id = PaymentRequest.IdOf(order, payment.Attempt);
        var shown = _rules.Show(payment.Number);
        if (payment.State == PaymentState.RefundOwed)
        {
            await payments.Refund(id, shown.Total, _stopping.Token);
            await Do((now, events) => _rules.Refunded(payment.Number, payment.Attempt, now, events));
            return true;
        }

        var result = await payments.Query(id, _stopping.Token);
        if (result.Outcome == PaymentOutcome.Unknown)
        {
            result = await payments.Charge(
                new PaymentRequest(id, log.State.Orders[payment.Number].Buyer, shown.Total, payment.Key),
                _stopping.Token);
        }

        await Do((now, events) => _rules.Settle(payment.Number, payment.Attempt, result, now, events));
        return result.Outcome is PaymentOutcome.Succeeded or PaymentOutcome.Declined
            || log.State.PaymentsOf(payment.Number)[payment.Attempt - 1].State != PaymentState.Started;
    }

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "Deal {Deal}: payment {Attempt} of order {Number} is not settled yet; the provider is asked again")]
    private static partial void LogNotSettled(ILogger logger, DealId deal, int number, int attempt, Exception error);
}
