using System.Collections.Immutable;
using System.Runtime.InteropServices;
using RedNote.Deals;
using PendingOrder = RedNote.Frontend.Live.Pending<RedNote.Deals.BuyOrder, RedNote.Deals.BuyAnswer?>;

namespace RedNote.Frontend.Deals;

/// <summary>
/// One deal's way in on this front end. An order that finds it idle is sent at once; those that come while a batch is
/// under way make up the next one, in their order. A batch that was not answered is sent again as it was: each order
/// has its key, so that it is placed once.
/// </summary>
internal sealed partial class DealGateway(
    DealId deal, IDealGrain grain, DealPortOptions options, TimeProvider time, ILogger logger)
{
    /// <summary>Orders kept for reuse per deal; a bound on idle memory, not on work.</summary>
    private const int MaxSpare = BuyBatch.MaxOrders;

    private readonly Lock _gate = new();
    private readonly Queue<PendingOrder> _queue = new();
    private readonly Stack<PendingOrder> _spare = new();
    private readonly List<PendingOrder> _batch = [];
    private Task _pumping = Task.CompletedTask;
    private bool _busy;
    private bool _closed;

    public bool IsIdle
    {
        get
        {
            lock (_gate)
            {
                return !_busy;
            }
        }
    }

    /// <summary>
    /// Answers what the deal decided; never fails. <c>rate_limited</c> when too much waits already, null when the
    /// outcome is unknown or the host is stopping.
    /// </summary>
    public ValueTask<BuyAnswer?> Submit(BuyOrder order)
    {
        PendingOrder pending;
        bool idle;
        lock (_gate)
        {
            if (_closed)
            {
                return new((BuyAnswer?)null);
            }

            if (_queue.Count >= options.Queue)
            {
                return new(new BuyAnswer(
                    BuyStatus.RateLimited, RetryAfterMs: (long)options.FullRetry.TotalMilliseconds));
            }

            pending = _spare.TryPop(out var spare) ? spare : new PendingOrder(Recycle);
            pending.Item = order;
            _queue.Enqueue(pending);
            idle = !_busy;
            _busy = true;
        }

        var answer = pending.Task;
        if (idle)
        {
            _pumping = Pump();
        }

        return answer;
    }

    /// <summary>Takes no more orders and completes when those under way are answered.</summary>
    public Task Close()
    {
        lock (_gate)
        {
            _closed = true;
            return _busy ? WaitForPump() : Task.CompletedTask;
        }
    }

    private async Task WaitForPump()
    {
        // The pump may be starting on another thread; whoever set _busy is about to store its task.
        while (!IsIdle)
        {
            await Task.Yield();
            await _pumping;
        }
    }

    private async Task Pump()
    {
        while (Gather())
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
    }

    private bool Gather()
    {
        lock (_gate)
        {
            while (_batch.Count < BuyBatch.MaxOrders && _queue.TryDequeue(out var next))
            {
                _batch.Add(next);
            }

            _busy = _batch.Count > 0;
            return _busy;
        }
    }

    /// <summary>Default when the deal did not answer as often as it was asked: the outcome is unknown.</summary>
    private async ValueTask<ImmutableArray<BuyAnswer>> Ask(BuyBatch batch)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                var answers = await grain.Buy(batch).WaitAsync(options.AnswerTimeout, time);
                if (answers.Length == batch.Orders.Length)
                {
                    return answers;
                }

                LogMismatch(logger, deal, answers.Length, batch.Orders.Length);
                return default;
            }
            catch (Exception failure)
            {
                LogUnanswered(logger, failure, deal, batch.Orders.Length, attempt);
                if (attempt >= options.Attempts)
                {
                    return default;
                }
            }

            await Task.Delay(options.Pause, time);
        }
    }

    private void Recycle(PendingOrder pending)
    {
        lock (_gate)
        {
            if (_spare.Count < MaxSpare)
            {
                _spare.Push(pending);
            }
        }
    }

    [LoggerMessage(LogLevel.Warning, "Deal {Deal} did not answer {Orders} orders (attempt {Attempt}).")]
    private static partial void LogUnanswered(
        ILogger logger, Exception failure, DealId deal, int orders, int attempt);

    [LoggerMessage(LogLevel.Error, "Deal {Deal} gave {Answers} answers to {Orders} orders.")]
    private static partial void LogMismatch(ILogger logger, DealId deal, int answers, int orders);
}
