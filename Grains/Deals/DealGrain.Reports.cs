using Microsoft.Extensions.Logging;
using RedNote.Journal;
using RedNote.Live;

namespace RedNote.Deals;

/// <summary>
/// What a deal tells its room and the list of all deals: how it is, whenever that has changed and is durable, one
/// report after the other until each is taken. A report says all there is to say, so that a lost one costs nothing.
/// </summary>
internal sealed partial class DealGrain
{
    /// <summary>When a room that could not be told is told again.</summary>
    private static readonly TimeSpan Again = TimeSpan.FromSeconds(1);

    private long _reported;
    private Deal? _listed;
    private DealTicker? _toRefresh;
    private long? _refreshedAt;
    private bool _isReporting;
    private TaskCompletionSource? _over;

    /// <summary>Whether nothing can happen to the deal any more, and its room knows.</summary>
    private bool IsOver
    {
        get
        {
            var book = log.State;
            return book is { HasEnded: true, Orders: { Waiting: 0, ReservedOrders: 0 } } && !book.Unsettled.Any()
                && _reported >= log.Version;
        }
    }

    /// <summary>Lets the room be told if it has not been.</summary>
    private void Report()
    {
        if (!_isReporting && _rules.Exists && _reported < log.Version)
        {
            _isReporting = true;
            _ = ReportAll();
        }
    }

    private async Task ReportAll()
    {
        var between = TimeSpan.FromMilliseconds(options.Value.ReportMs);
        try
        {
            while (_reported < log.Version || _toRefresh is not null)
            {
                try
                {
                    if (_reported < log.Version)
                    {
                        await ReportOnce();
                    }

                    await Refresh();
                }
                catch (Exception error) when (!_stopping.IsCancellationRequested)
                {
                    LogNotReported(logger, Self, error);
                    await Task.Delay(Again, time, _stopping.Token);
                }

                if (IsOver)
                {
                    _over?.TrySetResult();
                    _over = null;
                }

                await Task.Delay(between, time, _stopping.Token);
            }
        }
        catch (Exception error) when (error is TryAgainException or OperationCanceledException)
        {
            // The next activation goes on.
        }
        finally
        {
            _isReporting = false;
        }
    }

    private async Task ReportOnce()
    {
        var version = log.Version;
        var deal = _rules.Card(Now());
        var book = log.State.Orders;
        var sales = deal.Price with { Amount = deal.Price.Amount * deal.Sold };
        var news = _placed;
        var report = new DealReport(version, deal, book.ReservedOrders + book.PaidOrders, sales, news);
        await log.WhenConfirmed();
        await GrainFactory.LiveRoom(deal.RoomId).ReportDeal(report);
        if (news is not null && _placed is { } placed)
        {
            _placed = placed.Orders == news.Orders ? null : placed with
            {
                Orders = placed.Orders - news.Orders,
                Pieces = placed.Pieces - news.Pieces,
            };
        }

        await List(deal, version);
        _reported = version;
    }

    /// <summary>Tells the list of all deals what it shows of this one. Those that wait for their host are not in it.
    /// </summary>
    private async Task List(Deal deal, long version)
    {
        if (deal.StartsAt is null)
        {
            return;
        }

        if (_listed is not { } known
            || (known.State, known.StartsAt, known.EndsAt) != (deal.State, deal.StartsAt, deal.EndsAt))
        {
            await GrainFactory.DealDirectory().Put(deal, version);
            _listed = deal;
        }
        else
        {
            _toRefresh = deal.Ticker;
        }
    }

    /// <summary>Tells the list the last numbers, now and then.</summary>
    private async Task Refresh()
    {
        if (_toRefresh is { } ticker
            && (_refreshedAt is not { } at
                || time.GetElapsedTime(at).TotalMilliseconds >= options.Value.RefreshMs))
        {
            (_toRefresh, _refreshedAt) = (null, time.GetTimestamp());
            await GrainFactory.DealDirectory().Refresh(ticker);
        }
    }

    /// <summary>Delivers what a deal owes, its end: completes when nothing can happen to it any more, its room knows,
    /// and its orders are in their buyers' lists.</summary>
    private async Task Deliver(Effect effect)
    {
        if (effect.Version > log.Version)
        {
            // Another activation appended it after this one had read the log.
            DeactivateOnIdle();
            throw new TryAgainException($"Deal {Self} was overtaken.");
        }

        while (!IsOver)
        {
            Report();
            await (_over ??= new TaskCompletionSource()).Task;
        }

        await log.WhenProjected();
    }

    [LoggerMessage(
        Level = LogLevel.Warning, Message = "Deal {Deal}: its room or the list of deals was not told how it is")]
    private static partial void LogNotReported(ILogger logger, DealId deal, Exception error);
}
