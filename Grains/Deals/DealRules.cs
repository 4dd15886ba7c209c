namespace RedNote.Deals;

/// <summary>
/// The rules of a deal: what is decided on what its events amount to. Pure; nothing happens before the events that it
/// asks for are raised.
/// </summary>
internal sealed partial class DealRules(DealBook book, DealOptions options)
{
    private OrderBook Orders => book.Orders;

    public bool Exists => book.Terms is not null;

    /// <summary>Makes the deal; once, whoever asks again for the same number.</summary>
    public CommandStatus Prepare(DealId deal, DealTerms terms, long now, List<DealEvent> events)
    {
        if (book.Terms is { } known)
        {
            return known == terms && book.DealId == deal ? CommandStatus.Done : CommandStatus.Conflict;
        }

        if (deal.Value is <= 0 or > DealId.MaxValue || !IsSound(terms, options))
        {
            return CommandStatus.Invalid;
        }

        events.Add(new DealPrepared(now, deal, terms));
        return CommandStatus.Done;
    }

    /// <summary>How far the deal is at that time.</summary>
    public DealState StateAt(long now)
        => book.HasEnded || book.EndsAt <= now ? DealState.Ended
            : !book.HasBegun && !(book.StartsAt <= now) ? DealState.Scheduled
            : Orders.Paid == book.Terms!.Stock ? DealState.SoldOut
            : DealState.Open;

    /// <summary>The host does not wait for the time that was set.</summary>
    public CommandStatus Begin(UserId by, long now, List<DealEvent> events)
    {
        if (RefuseUnlessHost(by) is { } refusal)
        {
            return refusal;
        }

        switch (StateAt(now))
        {
            case DealState.Ended:
                return CommandStatus.WrongState;
            case DealState.Scheduled:
                events.Add(new DealBegan(now));
                break;
        }

        return CommandStatus.Done;
    }

    /// <summary>The host ends the deal; doing it again is doing it once.</summary>
    public CommandStatus End(UserId by, long now, List<DealEvent> events)
    {
        if (RefuseUnlessHost(by) is { } refusal)
        {
            return refusal;
        }

        if (!book.HasEnded)
        {
            events.Add(new DealEnded(now, ByHost: true));
        }

        return CommandStatus.Done;
    }

    /// <summary>The deal as everybody may see it.</summary>
    public Deal Card(long now)
    {
        var terms = book.Terms!;
        return new Deal(
            book.DealId, terms.RoomId, terms.Title, terms.Price, terms.ListPrice, terms.Stock, Orders.Left,
            Orders.Paid, Orders.Reserved, Orders.Waiting, terms.PerBuyer, book.StartsAt, book.EndsAt,
            terms.PayWithinSeconds, terms.Condition, StateAt(now));
    }

    /// <summary>How it goes, for the host.</summary>
    public DealBoard Board(long now)
    {
        var price = book.Terms!.Price;
        return new DealBoard(
            Card(now), Orders.Paid, Orders.Reserved, Orders.PaidOrders,
            price with { Amount = price.Amount * Orders.Paid }, Orders.Waiting,
            Orders.PaidOrders + Orders.ReservedOrders, Orders.Served,
            Orders.Served == 0 ? null : (double)Orders.PaidOrders / Orders.Served,
            [.. book.Series.All.Select(second => new BoardSecond(
                second.Second * 1_000, second.Ordered, second.Paid, second.Returned,
                price with { Amount = price.Amount * second.Paid }))]);
    }

    /// <summary>Whether nobody new can buy any more, whatever happens, clocks that are set back included.</summary>
    public bool IsFinal => book.HasEnded || (Exists && Orders.Paid == book.Terms!.Stock);

    /// <summary>An order as its buyer sees it.</summary>
    public Order Show(int number)
    {
        var terms = book.Terms!;
        ref readonly var order = ref Orders[number];
        var (payBefore, position) = Orders.Pending(number);
        return terms.Order(OrderId.Of(book.DealId, number), order.Quantity, order.Status, order.CreatedAt) with
        {
            PayBefore = payBefore,
            Position = position,
        };
    }

    private CommandStatus? RefuseUnlessHost(UserId by)
        => !Exists ? CommandStatus.NotFound : by != book.Terms!.HostId ? CommandStatus.Forbidden : null;

    /// <summary>Whether terms can be those of a deal; rooms ask it before they promise one.</summary>
    public static bool IsSound(DealTerms terms, DealOptions options)
        => terms.RoomId.Value > 0
            && terms.HostId.Value > 0
            && TextRules.Clean(terms.Title, TextRules.MaxRoomTitle, out var title) == TextCheck.Ok
            && title == terms.Title
            && IsPrice(terms.Price)
            && (terms.ListPrice is null
                || (IsPrice(terms.ListPrice) && terms.ListPrice.Currency == terms.Price.Currency))
            && terms.Stock >= 1 && terms.Stock <= options.Stock
            && terms.PerBuyer is >= 1 and <= BuyOrder.MaxQuantity
            && terms.StartsAt is null or >= 0
            && terms.Seconds is >= 1 and <= DealTerms.MaxSeconds
            && terms.PayWithinSeconds is >= 1 and <= DealTerms.MaxPayWithinSeconds;

    private static bool IsPrice(Money price)
        => price is { Amount: >= 0 and <= DealTerms.MaxPrice, Currency.Length: 3 }
            && price.Currency.AsSpan().IndexOfAnyExceptInRange('A', 'Z') < 0;
}
