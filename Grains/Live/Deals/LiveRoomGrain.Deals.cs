using System.Collections.Immutable;
using System.Globalization;
using Microsoft.Extensions.Logging;
using RedNote.Deals;
using RedNote.Journal;
using RedNote.Users;

namespace RedNote.Live;

/// <summary>Deals: making them, what their grains tell, and what those and the host are owed.</summary>
public sealed partial class LiveRoomGrain
{
    /// <summary>Version up to which the host has been told what the room sold.</summary>
    private long _salesToldTo;

    public async Task<DealOutcome> OpenDeal(OpenDeal command)
    {
        var id = default(DealId);
        var status = await Decide((now, events) => _room.OpenDeal(command, now, events, out id));
        if (status != CommandStatus.Done)
        {
            return new DealOutcome(status, null);
        }

        var isTaken = await log.Effects.WhenDelivered(
            LiveRoomServices.OwedTo(id), TimeSpan.FromMilliseconds(options.Value.DealWaitMs));
        try
        {
            var known = _room.FindDeal(id)?.Card;
            await log.WhenConfirmed();

            // One that was dropped had the number of another: with a new number, the same key works. And one that its
            // own grain does not know yet cannot be bought: nobody is told that it is there.
            return known is null || !isTaken
                ? new DealOutcome(CommandStatus.TryAgain, null)
                : new DealOutcome(CommandStatus.Done, await Ask(id) ?? known);
        }
        catch (TryAgainException)
        {
            return new DealOutcome(CommandStatus.TryAgain, null);
        }
    }

    public async Task<ImmutableArray<Deal>?> Deals(UserId viewer)
    {
        ImmutableArray<Deal>? deals = _room.Exists ? _room.DealsFor(viewer) : null;
        await log.WhenConfirmed();
        return deals;
    }

    public async Task ReportDeal(DealReport report)
    {
        await log.WhenRoom();
        var events = new List<LiveRoomEvent>();
        if (!_room.ReportDeal(report, Now(), events))
        {
            // Unless another activation knows of the deal, nobody has to hear of it.
            await log.WhenCurrent();
            return;
        }

        KeepHouse();
        await Commit(events);
    }

    /// <summary>The deal as its own grain has it; null if that does not answer soon.</summary>
    private async Task<Deal?> Ask(DealId deal)
    {
        try
        {
            return await GrainFactory.Deal(deal).Get()
                .WaitAsync(TimeSpan.FromMilliseconds(options.Value.DealWaitMs), time);
        }
        catch (Exception error)
        {
            LogNotAsked(logger, Self, deal, error);
            return null;
        }
    }

    /// <summary>Tells a deal's grain its terms, or that the show is over.</summary>
    private async Task TellDeal(Effect effect)
    {
        var id = new DealId(long.Parse(
            effect.Receiver.AsSpan(LiveRoomServices.OwedDeal.Length), CultureInfo.InvariantCulture));
        if (_room.FindDeal(id) is not { } deal)
        {
            // It was dropped: the number is another deal's.
            return;
        }

        var isEnd = effect.Payload == LiveRoomServices.EndDeal;
        var outcome = isEnd
            ? await GrainFactory.Deal(id).End(deal.Terms.HostId)
            : await GrainFactory.Deal(id).Prepare(deal.Terms);
        switch (outcome.Status)
        {
            case CommandStatus.Done:
                return;
            case CommandStatus.TryAgain:
                throw new TryAgainException($"Deal {id} does not know whether it took what room {Self} told it.");
            default:
                LogNotTaken(logger, Self, id, isEnd ? "its end" : "its terms", outcome.Status);
                await Drop(id);
                return;
        }
    }

    private async Task Drop(DealId deal)
    {
        await log.WhenRoom();
        var events = new List<LiveRoomEvent>();
        _room.DropDeal(deal, Now(), events);
        await Commit(events);
    }

    /// <summary>Tells the host what the room has sold by now, which says all that is owed up to now.</summary>
    private async Task TellHost(Effect effect)
    {
        if (effect.Version <= _salesToldTo)
        {
            return;
        }

        var version = log.Version;
        var counters = _room.Counters;
        await log.WhenConfirmed();
        var status = await GrainFactory.User(_room.HostId)
            .TakeSales(new RoomSales(Self, version, counters.Orders, counters.Sales));
        switch (status)
        {
            case CommandStatus.Done:
                break;
            case CommandStatus.NotFound:
                LogNoHost(logger, Self, _room.HostId);
                break;
            default:
                throw new TryAgainException($"User {_room.HostId} answered {status}.");
        }

        _salesToldTo = Math.Max(_salesToldTo, version);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Room {Room} could not ask deal {Deal} how it is")]
    private static partial void LogNotAsked(ILogger logger, RoomId room, DealId deal, Exception error);

    [LoggerMessage(
        Level = LogLevel.Error, Message = "Room {Room}: deal {Deal} did not take {What}: {Status}; the room drops it")]
    private static partial void LogNotTaken(
        ILogger logger, RoomId room, DealId deal, string what, CommandStatus status);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Room {Room}: its host {Host} is no user, and not told sales")]
    private static partial void LogNoHost(ILogger logger, RoomId room, UserId host);
}
