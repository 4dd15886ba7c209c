using System.Collections.Immutable;
using Microsoft.Extensions.Options;
using Orleans.Concurrency;
using RedNote.Journal;

namespace RedNote.Deals;

/// <summary>See <see cref="IDealDirectoryGrain"/>.</summary>
[Reentrant]
internal sealed class DealDirectoryGrain(
    [EventLog(DealServices.DirectoryLog)] IEventLog<DealDirectoryState, DealDirectoryEvent> log,
    IOptions<DealOptions> options,
    TimeProvider time) : Grain, IDealDirectoryGrain
{
    /// <summary>What deals said of their numbers since the activation; only of those that are listed.</summary>
    private readonly Dictionary<long, DealTicker> _said = [];

    public async Task<DealId> NextNumber()
    {
        if (log.State.LastNumber >= DealId.MaxValue)
        {
            throw new InvalidOperationException("All numbers of deals are given away.");
        }

        var number = new DealId(log.State.LastNumber + 1);
        await log.Raise(new DealNumberTaken(number));
        return number;
    }

    public async Task Put(Deal deal, long version)
    {
        if (!log.State.IsNew(deal.DealId, version))
        {
            await log.WhenConfirmed();
            return;
        }

        Unlist(deal.DealId);
        if (IsOver(deal) || log.State.Count >= options.Value.ListedDeals)
        {
            await log.WhenConfirmed();
            return;
        }

        var durable = log.Raise(new DealListed(deal, version));
        _said[deal.DealId.Value] = deal.Ticker;
        await durable;
    }

    public Task Refresh(DealTicker ticker)
    {
        if (log.State.Has(ticker.DealId))
        {
            _said[ticker.DealId.Value] = ticker;
        }

        return Task.CompletedTask;
    }

    public async Task<ImmutableArray<Deal>> List(int limit)
    {
        ImmutableArray<Deal> answer =
        [
            .. log.State.All.Select(Present).Where(deal => !IsOver(deal))
                .OrderByDescending(deal => deal.State)
                .ThenBy(deal => deal.State == DealState.Open ? deal.EndsAt : deal.StartsAt)
                .ThenBy(deal => deal.DealId.Value)
                .Take(Math.Clamp(limit, 1, IDealDirectoryGrain.MaxLimit)),
        ];
        await log.WhenConfirmed();
        return answer;
    }

    /// <summary>Takes off that deal, as something newer is known of it, and all whose time is over: each says so
    /// itself, but a word may be lost.</summary>
    private void Unlist(DealId known)
    {
        ImmutableArray<DealId> over =
        [
            .. log.State.All.Where(deal => deal.DealId == known || IsOver(deal)).Select(deal => deal.DealId),
        ];
        if (over.IsEmpty)
        {
            return;
        }

        _ = log.Raise(new DealsUnlisted(over));
        foreach (var deal in over)
        {
            _said.Remove(deal.Value);
        }
    }

    private bool IsOver(Deal deal)
        => deal.State is DealState.Ended or DealState.SoldOut
            || deal.EndsAt <= time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>As it is by now: one that opens by its time says so itself a moment later.</summary>
    private Deal Present(Deal deal) => _said.TryGetValue(deal.DealId.Value, out var said)
        ? deal with
        {
            Left = said.Left,
            Sold = said.Sold,
            Reserved = said.Reserved,
            Waiting = said.Waiting,
            State = said.State,
        }
        : deal;
}
