using System.Globalization;

namespace RedNote.Deals;

/// <summary>
/// Who moves money. A payment has an id of ours, and asking twice with one id is asking once: what became of it can
/// always be found out, whatever breaks in between. Throws <see cref="TimeoutException"/> when the provider does not
/// answer; whether it has taken the money is not known then.
/// </summary>
public interface IPaymentProvider
{
    /// <summary>Asks for money. Completes with what became of it, or with <see cref="PaymentOutcome.Pending"/> when the
    /// provider will say later.</summary>
    Task<PaymentResult> Charge(PaymentRequest payment, CancellationToken cancellationToken);

    /// <summary>What became of a payment; <see cref="PaymentOutcome.Unknown"/> when the provider has never heard of it.
    /// </summary>
    Task<PaymentResult> Query(string paymentId, CancellationToken cancellationToken);

    /// <summary>Pays back what was taken; done already is done.</summary>
    Task Refund(string paymentId, Money amount, CancellationToken cancellationToken);
}

/// <summary>Money to be moved.</summary>
/// <param name="PaymentId">Names it for ever: order and attempt.</param>
/// <param name="Buyer">Who pays.</param>
/// <param name="Amount">How much.</param>
/// <param name="Key">The buyer's key.</param>
public sealed record PaymentRequest(string PaymentId, UserId Buyer, Money Amount, string Key)
{
    /// <summary>The id of an attempt to pay an order.</summary>
    public static string IdOf(OrderId order, int attempt)
        => string.Create(CultureInfo.InvariantCulture, $"{order}-{attempt}");
}

/// <summary>What became of a payment.</summary>
public enum PaymentOutcome
{
    Succeeded,
    Declined,

    /// <summary>It is under way.</summary>
    Pending,

    /// <summary>The provider has never heard of it.</summary>
    Unknown,
}

/// <summary>What a provider says of a payment.</summary>
/// <param name="Outcome">What became of it.</param>
/// <param name="Reason">Declined: why, for the buyer.</param>
[GenerateSerializer, Immutable, Alias("deals.payment-result")]
public sealed record PaymentResult(PaymentOutcome Outcome, string? Reason = null);
