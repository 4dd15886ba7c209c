using RedNote.Deals;
using RedNote.Frontend.Live;
using RedNote.Frontend.Users;

namespace RedNote.Frontend.Deals;

/// <summary>One deal on this front end: its terms, the way in, and the news for its buyers.</summary>
internal sealed partial class DealPort : IPort
{
    private static readonly BuyAnswer SoldOut = new(BuyStatus.SoldOut);
    private static readonly BuyAnswer Ended = new(BuyStatus.Ended);

    private readonly IDealGrain _grain;
    private readonly DealPortOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly DealGateway _gateway;
    private readonly Lock _gate = new();
    private Task<Deal?>? _terms;
    private DealFinal? _final;
    private bool _askingFinal;
    private long? _askedFinalAt;
    private long _usedAt;
    private bool _retired;

    public DealPort(
        DealId deal, IDealGrain grain, IDealStreams streams, UserPresences presences, DealPortOptions options,
        TimeProvider time, ILogger logger)
    {
        (_grain, _options, _time, _logger) = (grain, options, time, logger);
        DealId = deal;
        _gateway = new DealGateway(deal, grain, options, time, logger);
        Desk = new OrderDesk(deal, grain, streams, presences, options, time, logger);
        _usedAt = time.GetTimestamp();
    }

    public DealId DealId { get; }

    public OrderDesk Desk { get; }

    /// <summary>The deal as it was when it was first asked for: its terms never change. Null: there is no such deal.
    /// </summary>
    public Task<Deal?> Terms()
    {
        lock (_gate)
        {
            if (_terms is null or { IsFaulted: true } or { IsCanceled: true } || HasNoDeal())
            {
                _terms = _grain.Get();
            }

            return _terms;
        }
    }

    /// <summary>The refusal of somebody who cannot buy whatever happens, or null: the deal has to be asked.</summary>
    public BuyAnswer? RefuseForGood(UserId buyer)
        => Volatile.Read(ref _final) is { } final && !final.Buyers.MayContain(buyer)
            ? (final.State == DealState.SoldOut ? SoldOut : Ended)
            : null;

    /// <summary>Lets the deal decide, in the order of the calls; null: the outcome is unknown.</summary>
    public async ValueTask<BuyAnswer?> Buy(BuyOrder order)
    {
        await Desk.Listen();
        var answer = await _gateway.Submit(order);
        if (answer is { OrderId: { } id, Order: { } status })
        {
            Desk.NotePlaced(order.Buyer, id, status);
        }
        else if (answer is { Status: BuyStatus.SoldOut or BuyStatus.Ended })
        {
            _ = LearnFinal();
        }

        return answer;
    }

    public bool TryUse()
    {
        lock (_gate)
        {
            _usedAt = _time.GetTimestamp();
            return !_retired;
        }
    }

    /// <summary>Says that the port is to be closed: there is no such deal, or it has been of no use for long enough.
    /// </summary>
    public bool TryRetire()
    {
        lock (_gate)
        {
            _retired |= _gateway.IsIdle && Desk.Open == 0
                && (HasNoDeal() || _time.GetElapsedTime(_usedAt) >= _options.Linger);
            return _retired;
        }
    }

    /// <summary>Takes no more orders and completes when those under way are answered.</summary>
    public Task Drain() => _gateway.Close();

    public async Task Close()
    {
        await _gateway.Close();
        await Desk.Close();
    }

    private bool HasNoDeal() => _terms is { IsCompletedSuccessfully: true, Result: null };

    /// <summary>Asks whether what was refused is refused for good; not more often than it makes sense.</summary>
    private async Task LearnFinal()
    {
        lock (_gate)
        {
            if (_final is not null || _askingFinal
                || (_askedFinalAt is { } asked && _time.GetElapsedTime(asked) < _options.FinalEvery))
            {
                return;
            }

            (_askingFinal, _askedFinalAt) = (true, _time.GetTimestamp());
        }

        try
        {
            Volatile.Write(ref _final, await _grain.Final());
        }
        catch (Exception failure)
        {
            LogNotLearnt(_logger, failure, DealId);
        }
        finally
        {
            lock (_gate)
            {
                _askingFinal = false;
            }
        }
    }

    [LoggerMessage(LogLevel.Warning, "Deal {Deal} did not say whether it is over for good.")]
    private static partial void LogNotLearnt(ILogger logger, Exception failure, DealId deal);
}
