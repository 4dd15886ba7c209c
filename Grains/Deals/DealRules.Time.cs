namespace RedNote.Deals;

/// <summary>What happens by itself: opening, closing, orders that are not paid in time, and the line.</summary>
internal sealed partial class DealRules
{
    /// <summary>When something is due next, 0: now; null: nothing is, unless somebody does something.</summary>
    public long? NextAt()
        => !Exists ? null
            : CanMove ? 0
            : book.HasEnded ? Orders.NextDue()
            : Earliest(book.HasBegun ? book.EndsAt : book.StartsAt, Orders.NextDue());

    /// <summary>
    /// What is due by then, in a turn of bounded length. To be called after everything that happens, before anything
    /// else is decided, until it asks for nothing.
    /// </summary>
    public void Advance(long now, List<DealEvent> events)
    {
        if (!Exists)
        {
            return;
        }

        if (!book.HasEnded && !book.HasBegun && book.StartsAt <= now)
        {
            events.Add(new DealBegan(book.StartsAt.Value));
        }
        else if (!book.HasEnded && book.EndsAt <= now)
        {
            events.Add(new DealEnded(book.EndsAt.Value, ByHost: false));
        }
        else if (CanMove)
        {
            Move(now, events);
        }
        else if (Orders.NextDue() <= now)
        {
            events.Add(new OrdersExpired(now, [.. Orders.Due(now, options.OrdersPerEvent)]));
        }
    }

    /// <summary>
    /// Whether the head of the line can be served, or has to leave. Pieces that came back go to those who wait,
    /// strictly first come first served: one at the head that wants two waits for two.
    /// </summary>
    private bool CanMove => Orders.WaitingAfter(0) is > 0 and var head
        && (book.HasEnded || IsHopeless(head) || Orders[head].Quantity <= Orders.Left);

    /// <summary>Whether an order wants more than can ever come back.</summary>
    private bool IsHopeless(int number) => Orders[number].Quantity > MostPossible;

    private void Move(long now, List<DealEvent> events)
    {
        var left = Orders.Left;
        var leaving = new List<int>();
        var served = new List<int>();
        for (var number = Orders.WaitingAfter(0);
            number > 0 && leaving.Count + served.Count < options.OrdersPerEvent;
            number = Orders.WaitingAfter(number))
        {
            if (book.HasEnded || IsHopeless(number))
            {
                leaving.Add(number);
            }
            else if (Orders[number].Quantity <= left)
            {
                left -= Orders[number].Quantity;
                served.Add(number);
            }
            else
            {
                break;
            }
        }

        if (leaving.Count > 0)
        {
            events.Add(new OrdersExpired(now, [.. leaving]));
        }

        if (served.Count > 0)
        {
            events.Add(new OrdersServed(now, [.. served]));
        }
    }

    private static long? Earliest(long? one, long? other) => one is null || other < one ? other : one;
}
