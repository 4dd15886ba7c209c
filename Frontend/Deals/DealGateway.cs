using RedNote.Deals;
using RedNote.Frontend.Live;

namespace RedNote.Frontend.Deals;

/// <summary>
/// One deal's way in on this front end. A batch that was not answered is sent again as it was: each order has its key,
/// so that it is placed once.
/// </summary>
internal sealed class DealGateway(
    DealId deal, IDealGrain grain, DealPortOptions options, TimeProvider time, ILogger logger)
{
    private readonly BatchGateway<BuyOrder, BuyAnswer?> _gateway = new(
        $"Deal {deal}",
        new GatewayBounds(
            options.Queue, BuyBatch.MaxOrders, options.Attempts, options.AnswerTimeout, options.Pause),
        unknown: null,
        async (orders, _) => (await grain.Buy(new BuyBatch(orders))).CastArray<BuyAnswer?>(),
        time,
        logger);

    public bool IsIdle => _gateway.IsIdle;

    /// <summary>
    /// Answers what the deal decided; never fails. <c>rate_limited</c> when too much waits already, null when the
    /// outcome is unknown or the host is stopping.
    /// </summary>
    public ValueTask<BuyAnswer?> Submit(BuyOrder order) => _gateway.TrySubmit(order, out var answer) switch
    {
        Admission.Taken => answer,
        Admission.Full => new(new BuyAnswer(
            BuyStatus.RateLimited, RetryAfterMs: (long)options.FullRetry.TotalMilliseconds)),
        _ => new((BuyAnswer?)null),
    };

    /// <summary>Takes no more orders and completes when those under way are answered.</summary>
    public Task Close() => _gateway.Close();
}
