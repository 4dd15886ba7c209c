using System.Globalization;
using RedNote.Deals;
using RedNote.Embedded.Simulation;

namespace RedNote.Simulation.Deals;

/// <summary>
/// The world's provider: outlives every silo, and remembers each payment. Answers get lost before and after the money
/// was taken, some come later, some twice, some first say no and then take it all the same.
/// </summary>
internal sealed class SimulatedPayments(SimulatedWorld world, SimulatedClient client, SimulationRandom random)
{
    private readonly Dictionary<string, Payment> _payments = new(StringComparer.Ordinal);

    /// <summary>Payments whose money was taken and not paid back.</summary>
    public IEnumerable<(string Id, Payment Payment)> Kept
        => _payments.Where(one => one.Value is { IsTaken: true, IsBack: false }).Select(one => (one.Key, one.Value));

    public Payment? Find(string id) => _payments.GetValueOrDefault(id);

    public sealed class Payment
    {
        public required Money Amount { get; init; }

        public PaymentOutcome Says { get; set; }

        public bool IsTaken { get; set; }

        public bool IsBack { get; set; }
    }

    public async Task<PaymentResult> Charge(SimulationNode node, PaymentRequest request)
    {
        await Task.Delay(random.Delay(TimeSpan.FromMilliseconds(5), TimeSpan.FromMilliseconds(800)), node.Time);
        if (random.Chance(0.1)) throw new TimeoutException("The request was lost.");
        if (!_payments.TryGetValue(request.PaymentId, out var payment))
        {
            _payments[request.PaymentId] = payment = Begin(request);
            world.Cluster.Note($"provider: {request.PaymentId} {payment.Says}");
        }

        world.Require(
            payment.Amount == request.Amount, $"{request.PaymentId} is charged {request.Amount} and {payment.Amount}.");
        if (random.Chance(0.1)) throw new TimeoutException("The answer was lost.");
        return new PaymentResult(payment.Says, "no");
    }

    public async Task<PaymentResult> Query(SimulationNode node, string id)
    {
        await Task.Delay(random.Delay(TimeSpan.FromMilliseconds(5), TimeSpan.FromMilliseconds(300)), node.Time);
        if (random.Chance(0.1)) throw new TimeoutException("The provider does not answer.");
        return new PaymentResult(_payments.GetValueOrDefault(id)?.Says ?? PaymentOutcome.Unknown, "no");
    }

    public async Task Refund(SimulationNode node, string id, Money amount)
    {
        await Task.Delay(random.Delay(TimeSpan.FromMilliseconds(5), TimeSpan.FromMilliseconds(300)), node.Time);
        if (random.Chance(0.2)) throw new TimeoutException("The provider does not answer.");
        var payment = _payments.GetValueOrDefault(id);
        world.Require(
            payment is { IsTaken: true } && payment.Amount == amount,
            $"{id} is paid back {amount}, and it is {payment?.Says} of {payment?.Amount}.");
        payment!.IsBack = true;
    }

    /// <summary>Half of them succeed, some are declined, and some are decided later: after a no, or after a wait.
    /// </summary>
    private Payment Begin(PaymentRequest request)
    {
        var kind = random.Next(10);
        var payment = new Payment
        {
            Amount = request.Amount,
            Says = kind < 5 ? PaymentOutcome.Succeeded : kind < 8 ? PaymentOutcome.Declined : PaymentOutcome.Pending,
            IsTaken = kind < 5,
        };
        if (kind >= 7)
        {
            _ = client.Node.Start(() => Later(
                request.PaymentId, payment, kind == 9 ? PaymentOutcome.Declined : PaymentOutcome.Succeeded));
        }

        return payment;
    }

    private async Task Later(string id, Payment payment, PaymentOutcome outcome)
    {
        await Task.Delay(random.Delay(TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(20)), client.Node.Time);
        payment.Says = outcome;
        payment.IsTaken = outcome == PaymentOutcome.Succeeded;
        world.Cluster.Note($"provider: {id} {outcome} in the end");
        var parts = id.Split('-');
        var order = new OrderId(long.Parse(parts[0], CultureInfo.InvariantCulture));
        var attempt = int.Parse(parts[1], CultureInfo.InvariantCulture);
        for (var told = 0; told < 2;)
        {
            try
            {
                await client.Grains.Deal(order.Deal).Settle(order, attempt, new PaymentResult(outcome, "no"));
                told++;
                world.Cluster.Note($"provider: the deal knows of {id}");
            }
            catch (Exception error) when (Calls.IsExpected(error))
            {
                world.Cluster.Note($"provider: the deal of {id}: {error.GetType().Name}");
                await Task.Delay(TimeSpan.FromSeconds(1), client.Node.Time);
            }
        }
    }
}

/// <summary>The provider as one silo sees it.</summary>
internal sealed class SiloPayments(SimulatedPayments provider, SimulationNode node) : IPaymentProvider
{
    public Task<PaymentResult> Charge(PaymentRequest payment, CancellationToken cancellationToken)
        => provider.Charge(node, payment);

    public Task<PaymentResult> Query(string paymentId, CancellationToken cancellationToken)
        => provider.Query(node, paymentId);

    public Task Refund(string paymentId, Money amount, CancellationToken cancellationToken)
        => provider.Refund(node, paymentId, amount);
}
