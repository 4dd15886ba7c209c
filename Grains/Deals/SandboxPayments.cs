using System.Collections.Concurrent;
using System.Globalization;

namespace RedNote.Deals;

/// <summary>
/// A provider that moves no money, for trying things out: what the buyer's key begins with says how the payment goes.
/// It remembers nothing over a restart and does not need to: the same payment goes the same way again.
/// </summary>
/// <remarks>
/// <c>decline</c>: declined. <c>timeout</c>: the money is taken and no answer comes; who asks after it is told.
/// <c>twice</c>: the answer comes later, and twice. <c>late</c>: declined, and after some seconds the money is taken
/// all the same. <c>slow</c>: the answer comes after some seconds. Anything else succeeds at once.
/// </remarks>
public sealed class SandboxPayments(IGrainFactory grains, TimeProvider time) : IPaymentProvider
{
    /// <summary>When what comes later comes.</summary>
    public static readonly TimeSpan Later = TimeSpan.FromSeconds(2);

    /// <summary>Payments that are remembered; a bound on memory.</summary>
    private const int MaxRemembered = 100_000;

    private static readonly PaymentResult Succeeded = new(PaymentOutcome.Succeeded);
    private static readonly PaymentResult Declined = new(PaymentOutcome.Declined, "insufficient_funds");
    private static readonly PaymentResult Pending = new(PaymentOutcome.Pending);

    private readonly ConcurrentDictionary<string, PaymentResult> _known = [];

    /// <summary>Payments that were paid back, by id; a refund that is asked for twice is one.</summary>
    private readonly ConcurrentDictionary<string, Money> _refunds = [];

    /// <summary>Whether a payment was paid back.</summary>
    public bool IsRefunded(string paymentId) => _refunds.ContainsKey(paymentId);

    public Task<PaymentResult> Charge(PaymentRequest payment, CancellationToken cancellationToken)
    {
        if (_known.TryGetValue(payment.PaymentId, out var known))
        {
            return Task.FromResult(known);
        }

        if (_known.Count >= MaxRemembered)
        {
            _known.Clear();
        }

        var plan = payment.Key.Split('-', 2)[0];
        var result = plan switch
        {
            "decline" or "late" => Declined,
            "twice" or "slow" => Pending,
            _ => Succeeded,
        };
        _known[payment.PaymentId] = result;
        if (plan is "late" or "twice" or "slow")
        {
            _ = CallBack(payment.PaymentId, plan == "twice" ? 2 : 1);
        }

        return plan == "timeout"
            ? Task.FromException<PaymentResult>(new TimeoutException("The sandbox does not answer."))
            : Task.FromResult(result);
    }

    public Task<PaymentResult> Query(string paymentId, CancellationToken cancellationToken)
        => Task.FromResult(_known.GetValueOrDefault(paymentId) ?? new PaymentResult(PaymentOutcome.Unknown));

    public Task Refund(string paymentId, Money amount, CancellationToken cancellationToken)
    {
        _refunds[paymentId] = amount;
        return Task.CompletedTask;
    }

    private async Task CallBack(string paymentId, int times)
    {
        await Task.Delay(Later, time);
        _known[paymentId] = Succeeded;
        var parts = paymentId.Split('-');
        var order = new OrderId(long.Parse(parts[0], CultureInfo.InvariantCulture));
        for (var i = 0; i < times; i++)
        {
            try
            {
                await grains.Deal(order.Deal).Settle(
                    order, int.Parse(parts[1], CultureInfo.InvariantCulture), Succeeded);
            }
            catch (Exception)
            {
                // A provider's callback may be lost; the deal asks after the payment.
            }
        }
    }
}
