using System.Collections.Immutable;
using System.Runtime.InteropServices;
using RedNote.Deals;
using RedNote.Frontend.Live;

namespace RedNote.Frontend.Deals;

/// <summary>
/// One deal's way in on this front end. An order that finds it idle is sent at once; those that come while a batch is
/// under way make up the next one, in their order. A batch that was not answered is sent again as it was: each order
/// has its key, so that it is placed once.
/// </summary>
internal sealed partial class DealGateway
{
    private readonly DealId _deal;
    private readonly IDealGrain _grain;
    private readonly DealPortOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly GatewayQueue<BuyOrder, BuyAnswer?> _queue;
    private readonly List<Pending<BuyOrder, BuyAnswer?>> _batch = [];

    public DealGateway(
        DealId deal, IDealGrain grain, DealPortOptions options, TimeProvider time, ILogger logger)
    {
        (_deal, _grain, _options, _time, _logger) = (deal, grain, options, time, logger);
        _queue = new GatewayQueue<BuyOrder, BuyAnswer?>(options.Queue, BuyBatch.MaxOrders, TryAdd, Send, time);
    }

    public bool IsIdle => _queue.IsIdle;

    /// <summary>
    /// Answers what the deal decided; never fails. <c>rate_limited</c> when too much waits already, null when the
    /// outcome is unknown or the host is stopping.
    /// </summary>
    public ValueTask<BuyAnswer?> Submit(BuyOrder order) => _queue.TrySubmit(order, out var answer) switch
    {
        Admission.Taken => answer,
        Admission.Full => new(new BuyAnswer(
            BuyStatus.RateLimited, RetryAfterMs: (long)_options.FullRetry.TotalMilliseconds)),
        _ => new((BuyAnswer?)null),
    };

    /// <summary>Takes no more orders and completes when those under way are answered.</summary>
    public Task Close() => _queue.Close();

    private bool TryAdd(Pending<BuyOrder, BuyAnswer?> pending)
    {
        if (_batch.Count == BuyBatch.MaxOrders)
        {
            return false;
        }

        _batch.Add(pending);
        return true;
    }

    private async Task Send()
    {
        var orders = new BuyOrder[_batch.Count];
        for (var i = 0; i < orders.Length; i++)
        {
            orders[i] = _batch[i].Item;
        }

        var answers = await Ask(new BuyBatch(ImmutableCollectionsMarshal.AsImmutableArray(orders)));
        for (var i = 0; i < _batch.Count; i++)
        {
            _batch[i].Complete(answers.IsDefault ? null : answers[i]);
        }

        _batch.Clear();
    }

    /// <summary>Default when the deal did not answer as often as it was asked: the outcome is unknown.</summary>
    private async ValueTask<ImmutableArray<BuyAnswer>> Ask(BuyBatch batch)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                var answers = await _grain.Buy(batch).WaitAsync(_options.AnswerTimeout, _time);
                if (answers.Length == batch.Orders.Length)
                {
                    return answers;
                }

                LogMismatch(_logger, _deal, answers.Length, batch.Orders.Length);
                return default;
            }
            catch (Exception failure)
            {
                LogUnanswered(_logger, failure, _deal, batch.Orders.Length, attempt);
                if (attempt >= _options.Attempts)
                {
                    return default;
                }
            }

            await Task.Delay(_options.Pause, _time);
        }
    }

    [LoggerMessage(LogLevel.Warning, "Deal {Deal} did not answer {Orders} orders (attempt {Attempt}).")]
    private static partial void LogUnanswered(
        ILogger logger, Exception failure, DealId deal, int orders, int attempt);

    [LoggerMessage(LogLevel.Error, "Deal {Deal} gave {Answers} answers to {Orders} orders.")]
    private static partial void LogMismatch(ILogger logger, DealId deal, int answers, int orders);
}
