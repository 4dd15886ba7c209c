using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Concurrency;
using RedNote.Journal;

namespace RedNote.Deals;

/// <summary>
/// See <see cref="IDealGrain"/>. Reentrant: every call decides before its first await. Orders that come while others
/// are on their way into the log are decided together when those are there, so that a rush costs one row of the log
/// for many orders, and nobody waits for more than two.
/// </summary>
[Reentrant]
internal sealed partial class DealGrain(
    [EventLog(DealServices.Log)] IEventLog<DealBook, DealEvent> log,
    IOptions<DealOptions> options,
    IPaymentProvider payments,
    TimeProvider time,
    ILogger<DealGrain> logger) : Grain, IDealGrain, IDisposable
{
    private readonly Queue<PendingOrders> _waiting = [];
    private DealRules _rules = null!;
    private DueTimer _timer = null!;
    private bool _isBuying;
    private BuyerFilter? _buyers;

    private DealId Self => new(this.GetPrimaryKeyLong());

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _rules = new DealRules(log.State, options.Value);
        _stream = this.GetStreamProvider(StreamNames.Provider).GetStream<DealNews>(StreamNames.Deal(Self));
        _timer = new DueTimer(this, OnTime);
        SetTimer();
        DriveAll();
        log.Effects.Start(Deliver);
        Report();
        return Task.CompletedTask;
    }

    public Task<DealOutcome> Prepare(DealTerms terms)
        => Decide((now, events) => _rules.Prepare(Self, terms, now, events));

    public Task<DealOutcome> Begin(UserId by) => Decide((now, events) => _rules.Begin(by, now, events));

    public Task<DealOutcome> End(UserId by) => Decide((now, events) => _rules.End(by, now, events));

    public async Task<Deal?> Get()
    {
        var card = Card();
        await log.WhenConfirmed();
        return card;
    }

    public async Task<BoardOutcome> Board(UserId by)
    {
        var outcome = !_rules.Exists ? new BoardOutcome(CommandStatus.NotFound, null)
            : by != log.State.Terms!.HostId ? new BoardOutcome(CommandStatus.Forbidden, null)
            : new BoardOutcome(CommandStatus.Done, _rules.Board(Now()));
        await log.WhenConfirmed();
        return outcome;
    }

    public async Task<DealFinal?> Final()
    {
        var final = _rules.IsFinal
            ? new DealFinal(log.State.HasEnded ? DealState.Ended : DealState.SoldOut, Filter())
            : null;
        await log.WhenConfirmed();
        return final;
    }

    public async Task<Order?> Order(UserId buyer, OrderId order)
    {
        var found = Shown(buyer, order);
        await log.WhenConfirmed();
        return found;
    }

    public async Task<ImmutableArray<Order>> Orders(UserId buyer, ImmutableArray<OrderId> orders)
    {
        var found = ImmutableArray.CreateBuilder<Order>();
        foreach (var order in orders.IsDefault ? [] : orders.Take(OrderPage.MaxLimit))
        {
            if (Shown(buyer, order) is { } shown)
            {
                found.Add(shown);
            }
        }

        await log.WhenConfirmed();
        return found.ToImmutable();
    }

    public async Task<OrderOutcome> Cancel(UserId buyer, OrderId order)
    {
        var status = CommandStatus.NotFound;
        var durable = order.Deal == Self
            ? DoForCertain((now, events) => status = _rules.Cancel(buyer, order.Number, now, events))
            : log.WhenConfirmed();
        var shown = status == CommandStatus.Done ? Shown(buyer, order) : null;
        await durable;
        return new OrderOutcome(status, shown);
    }

    public async Task<BuyAnswer> Buy(BuyOrder order) => (await Submit([order]))[0];

    public Task<ImmutableArray<BuyAnswer>> Buy(BuyBatch batch)
        => batch.Orders.IsDefaultOrEmpty || batch.Orders.Length > BuyBatch.MaxOrders
            ? Task.FromResult(ImmutableArray<BuyAnswer>.Empty)
            : Submit(batch.Orders);

    public Task DeliverEffects()
    {
        log.Effects.Retry();
        return Task.CompletedTask;
    }

    private Task<ImmutableArray<BuyAnswer>> Submit(ImmutableArray<BuyOrder> orders)
    {
        var pending = new PendingOrders(orders);
        _waiting.Enqueue(pending);
        if (!_isBuying)
        {
            _isBuying = true;
            _ = BuyAll();
        }

        return pending.Answered.Task;
    }

    /// <summary>Decides what waits, all at once; again and again while more comes.</summary>
    private async Task BuyAll()
    {
        while (_waiting.Count > 0)
        {
            var together = new List<PendingOrders>();
            try
            {
                await log.WhenRoom();
                var count = 0;
                while (_waiting.TryPeek(out var next)
                    && (count == 0 || count + next.Orders.Length <= BuyBatch.MaxOrders))
                {
                    together.Add(_waiting.Dequeue());
                    count += next.Orders.Length;
                }

                var answers = ImmutableArray<BuyAnswer>.Empty;
                await Do((now, events) =>
                {
                    var orders = Join(together, count);
                    var known = log.State.Orders.Count;
                    answers = _rules.Buy(orders, now, events);
                    Announce(orders, answers, known);
                });
                Answer(together, answers);
            }
            catch (Exception failure)
            {
                // Nothing that was asked for meanwhile is decided either: the log is behind, or has failed.
                together.AddRange(_waiting);
                _waiting.Clear();
                together.ForEach(pending => pending.Answered.TrySetException(failure));
            }
        }

        _isBuying = false;
    }

    private static ImmutableArray<BuyOrder> Join(List<PendingOrders> together, int count)
    {
        if (together.Count == 1)
        {
            return together[0].Orders;
        }

        var all = ImmutableArray.CreateBuilder<BuyOrder>(count);
        foreach (var pending in together)
        {
            all.AddRange(pending.Orders);
        }

        return all.MoveToImmutable();
    }

    private static void Answer(List<PendingOrders> together, ImmutableArray<BuyAnswer> answers)
    {
        var first = 0;
        foreach (var pending in together)
        {
            pending.Answered.SetResult(
                together.Count == 1 ? answers : answers.Slice(first, pending.Orders.Length));
            first += pending.Orders.Length;
        }
    }

    private async Task<DealOutcome> Decide(Func<long, List<DealEvent>, CommandStatus> decide)
    {
        try
        {
            var status = CommandStatus.TryAgain;
            var durable = DoForCertain((now, events) => status = decide(now, events));
            var card = status == CommandStatus.Done ? Card() : null;
            await durable;
            return new DealOutcome(status, card);
        }
        catch (TryAgainException)
        {
            return new DealOutcome(CommandStatus.TryAgain, null);
        }
    }

    /// <summary>As <see cref="Do"/>, for what is acknowledged though it may have been so already: an activation that
    /// was overtaken, and does not know it, must not acknowledge what is not so.</summary>
    private async Task DoForCertain(Action<long, List<DealEvent>> decide)
    {
        var before = log.Version;
        var durable = Do(decide);
        var isRaised = log.Version > before;
        await durable;
        if (!isRaised)
        {
            await log.WhenCurrent();
        }
    }

    /// <summary>
    /// Lets happen what is due, decides, and lets happen what follows. Completes when all of it, and all that was
    /// decided before, is durable.
    /// </summary>
    private Task Do(Action<long, List<DealEvent>> decide)
    {
        var now = Now();
        var events = new List<DealEvent>();
        if (Advance(now, events) is { } failed)
        {
            return failed;
        }

        decide(now, events);
        if (Raise(events) is { } refused)
        {
            return refused;
        }

        failed = Advance(now, events);
        SetTimer();
        Report();
        Tell();
        return failed ?? log.WhenConfirmed();
    }

    /// <summary>Lets happen what is due; answers why it could not.</summary>
    private Task? Advance(long now, List<DealEvent> events)
    {
        while (true)
        {
            _rules.Advance(now, events);
            if (events.Count == 0)
            {
                return null;
            }

            if (Raise(events) is { } failed)
            {
                return failed;
            }
        }
    }

    /// <summary>Raises what was decided; answers why that failed, if it did before anything was changed.</summary>
    private Task? Raise(List<DealEvent> events)
    {
        if (events.Count == 0)
        {
            return null;
        }

        var durable = log.Raise(CollectionsMarshal.AsSpan(events));
        if (durable.IsFaulted)
        {
            return durable;
        }

        events.ForEach(Note);
        events.Clear();
        return null;
    }

    /// <summary>Sets the clock for what is due next, once its time is over.</summary>
    private void SetTimer() => _timer.Set(_rules.NextAt() + 1, Now());

    private async Task OnTime(CancellationToken cancellationToken)
    {
        try
        {
            await log.WhenRoom();
            await Do(static (_, _) => { });
        }
        catch (TryAgainException error)
        {
            // The timer tries again; or, if the log has failed, the next activation goes on.
            LogLate(logger, Self, error);
        }
    }

    private Deal? Card() => _rules.Exists ? _rules.Card(Now()) : null;

    /// <summary>Nobody can become a buyer any more, so that it is made once.</summary>
    private BuyerFilter Filter() => _buyers ??= BuyerFilter.Of(log.State.Orders.Buyers);

    private long Now() => time.GetUtcNow().ToUnixTimeMilliseconds();

    private Order? Shown(UserId buyer, OrderId order)
        => _rules.Exists && order.Deal == Self && log.State.Orders.Has(order.Number)
            && log.State.Orders[order.Number].Buyer == buyer
                ? _rules.Show(order.Number)
                : null;

    [LoggerMessage(
        Level = LogLevel.Warning, Message = "Deal {Deal}: what was due could not be done; it is tried again")]
    private static partial void LogLate(ILogger logger, DealId deal, Exception error);

    private sealed record PendingOrders(ImmutableArray<BuyOrder> Orders)
    {
        public TaskCompletionSource<ImmutableArray<BuyAnswer>> Answered { get; } = new();
    }
}
