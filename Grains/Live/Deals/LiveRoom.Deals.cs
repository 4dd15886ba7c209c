using System.Collections.Immutable;
using System.Globalization;
using RedNote.Deals;

namespace RedNote.Live;

/// <summary>The part of a room that offers deals: which there are, and what was told of them.</summary>
public sealed partial class LiveRoom
{
    /// <summary>What the terms of deals are held against.</summary>
    public DealOptions DealBounds { get; init; } = new();

    /// <summary>What viewers may know of the deals.</summary>
    public ImmutableArray<Deal> ShownDeals => _state.Deals.Cards(isHost: false);

    public RoomDeal? FindDeal(DealId deal) => _state.Deals.Find(deal);

    /// <summary>The deals as that user may see them.</summary>
    public ImmutableArray<Deal> DealsFor(UserId viewer) => _state.Deals.Cards(viewer == HostId);

    /// <summary>Makes a deal; <paramref name="deal"/> says which it is, the same for a repeated key.</summary>
    public CommandStatus OpenDeal(OpenDeal command, long now, List<LiveRoomEvent> events, out DealId deal)
    {
        deal = default;
        if (RefuseUnlessHost(command.Terms.HostId) is { } refusal)
        {
            return refusal;
        }

        if (!TextRules.IsKey(command.Key) || !TryClean(command, now, out var terms))
        {
            return CommandStatus.Invalid;
        }

        // As it was asked for: who repeats a command is not to depend on what time it is by then, or is thought to be.
        var check = Check(terms, StartOf(command.Terms));
        if (_state.Deals.FindKey(command.Key, now) is { } bound)
        {
            deal = bound.Id;
            return bound.Check == check ? CommandStatus.Done : CommandStatus.Conflict;
        }

        if (State == RoomState.Ended)
        {
            return CommandStatus.WrongState;
        }

        if (_state.Deals.Currency is { } currency && currency != terms.Price.Currency)
        {
            return CommandStatus.Invalid;
        }

        if (!_state.Deals.HasPlace(now))
        {
            return CommandStatus.RateLimited;
        }

        if (_state.Deals.Find(command.DealId) is not null)
        {
            return CommandStatus.TryAgain;
        }

        deal = command.DealId;
        events.Add(new DealAdded(now, deal, terms, command.Key, check));
        return CommandStatus.Done;
    }

    /// <summary>The deal's own grain has not taken the terms.</summary>
    public void DropDeal(DealId deal, long now, List<LiveRoomEvent> events)
    {
        if (FindDeal(deal) is { } dropped)
        {
            events.Add(new DealDropped(now, dropped.Card));
        }
    }

    /// <summary>Takes in what a deal's grain tells; false: the room has no such deal.</summary>
    public bool ReportDeal(DealReport report, long now, List<LiveRoomEvent> events)
    {
        var told = report.Deal;
        if (FindDeal(told.DealId) is not { } known)
        {
            return false;
        }

        if (report.Version <= known.Version)
        {
            return true;
        }

        var reported = new DealReported(
            now, told.DealId, report.Version, told.State, told.Left, told.Sold, told.Reserved, told.Waiting,
            told.StartsAt, told.EndsAt, report.Orders, report.Sales.Amount,
            IsCounted: report.Orders != known.Orders || report.Sales.Amount != known.Sales)
        {
            News = report.News,
        };
        events.Add(reported);
        if (!known.HasOpened && WasOpen(told))
        {
            events.Add(new DealSaleOpened(
                now, _state.MediaTime(now), CardOf(known, reported) with { State = DealState.Open }));
        }

        if (!known.IsClosed && told.State is DealState.SoldOut or DealState.Ended)
        {
            events.Add(new DealSaleClosed(now, _state.MediaTime(now), CardOf(known, reported)));
        }

        return true;
    }

    /// <summary>The show has ended: its deals end with it.</summary>
    private void EndDeals(long now, List<LiveRoomEvent> events)
    {
        foreach (var deal in _state.Deals.All)
        {
            if (deal.State != DealState.Ended)
            {
                events.Add(new DealEndOwed(now, deal.Id));
            }
        }
    }

    private void TakeDeal(RoomDealEvent raised)
    {
        switch (raised)
        {
            case DealAdded added when added.Terms.StartsAt > added.At:
                Frames.Announce(new DealScheduled(new RoomDeal(added).Card) { At = added.At });
                break;
            case DealSaleOpened opened:
                Frames.Announce(new DealOpened(opened.Deal) { At = opened.At });
                break;
            case DealSaleClosed { Deal: { StartsAt: not null } closed }:
                Frames.Announce(new DealClosed(closed) { At = raised.At });
                break;
            case DealDropped { Deal: { StartsAt: not null } dropped }:
                Frames.Announce(new DealClosed(dropped with { State = DealState.Ended }) { At = raised.At });
                break;
        }
    }

    private RoomAnswer Decide(AdmitBuyer command, ImmutableArray<UserId> followers, BatchDraft draft)
    {
        if (command.User.Value <= 0 || command.Key is not null)
        {
            return Verdict.Reject(RejectReason.Invalid);
        }

        if (FindDeal(command.DealId) is not { } deal)
        {
            return Verdict.Reject(RejectReason.NotFound);
        }

        var condition = deal.Terms.Condition;
        if (condition.Kind == DrawConditionKind.Followed && followers.IsDefault && command.User != HostId)
        {
            // The deal came while it was found out whether anybody had to be asked.
            return Verdict.Reject(RejectReason.TryAgain);
        }

        var hasSaid = condition.Kind == DrawConditionKind.Password && draft.Deals.HasSaid(deal, command.User);
        return new BuyerAdmitted(
            Meets(condition, command.User, hasSaid, followers.IsDefault ? [] : followers, draft));
    }

    /// <summary>Whether admitting a buyer to that deal needs to know who follows the host.</summary>
    private bool AsksFollowers(DealId deal)
        => FindDeal(deal)?.Terms.Condition.Kind == DrawConditionKind.Followed;

    /// <summary>What was asked for as it is stored; false if the deal's grain would refuse it.</summary>
    private bool TryClean(OpenDeal command, long now, out DealTerms terms)
    {
        terms = command.Terms;
        if (command.DealId.Value is <= 0 or > DealId.MaxValue || terms.RoomId != _id
            || TextRules.Clean(terms.Title, TextRules.MaxRoomTitle, out var title) != TextCheck.Ok
            || !TryClean(terms.Condition, out var condition))
        {
            return false;
        }

        terms = terms with
        {
            Title = title,
            Condition = condition,
            StartsAt = terms.StartsAt is >= 0 and var start && start < now ? now : terms.StartsAt,
        };
        return DealRules.IsSound(terms, DealBounds);
    }

    private static Deal CardOf(RoomDeal known, DealReported reported) => known.Card with
    {
        Left = reported.Left,
        Sold = reported.Sold,
        Reserved = reported.Reserved,
        Waiting = reported.Waiting,
        StartsAt = reported.StartsAt,
        EndsAt = reported.EndsAt,
        State = reported.State,
    };

    /// <summary>Whether a deal could be bought, be it that it is over by now.</summary>
    private static bool WasOpen(Deal deal)
        => deal.State is DealState.Open or DealState.SoldOut
            || (deal.State == DealState.Ended && deal.StartsAt < deal.EndsAt);

    /// <summary>The number is left out, as every attempt has its own.</summary>
    private static long Check(DealTerms terms, string start)
    {
        var condition = terms.Condition;
        return KeyLedger.Hash(string.Create(
            CultureInfo.InvariantCulture,
            $"deal\n{terms.Price.Amount}\n{terms.Price.Currency}\n{terms.ListPrice?.Amount}\n{terms.Stock}\n")
            + string.Create(
                CultureInfo.InvariantCulture,
                $"{terms.PerBuyer}\n{start}\n{terms.Seconds}\n{terms.PayWithinSeconds}\n{condition.Kind}\n")
            + string.Create(CultureInfo.InvariantCulture, $"{condition.Seconds}\n{condition.Phrase}\n{terms.Title}"));
    }

    private static string StartOf(DealTerms terms)
        => terms.StartsAt is { } at ? at.ToString(CultureInfo.InvariantCulture) : "host";
}
