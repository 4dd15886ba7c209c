namespace RedNote.Deals;

/// <summary>
/// Which reserved orders have to be paid next. They come in the order in which they are due, as each holds its pieces
/// for the same time; only those whose payment was declined come back out of turn.
/// </summary>
internal sealed class DueList
{
    private const int MostPassed = 4_096;

    private readonly List<int> _inOrder = [];
    private readonly List<int> _returned = [];
    private int _first;

    /// <summary>An order was reserved; it is due after all that were before.</summary>
    public void Add(int number) => _inOrder.Add(number);

    /// <summary>Takes up all orders that hold pieces and are not paid.</summary>
    public void Restore(ReadOnlySpan<OrderEntry> orders)
    {
        var due = new List<(long PayBefore, int Number)>();
        for (var i = 0; i < orders.Length; i++)
        {
            if (orders[i].Status is OrderStatus.Reserved or OrderStatus.Paying)
            {
                due.Add((orders[i].PayBefore, i + 1));
            }
        }

        due.Sort();
        _inOrder.AddRange(due.Select(one => one.Number));
    }

    /// <summary>An order is reserved again, as its payment was declined.</summary>
    public void Return(int number, ref OrderEntry order)
    {
        if (order.IsPassed && !_returned.Contains(number))
        {
            _returned.Add(number);
        }
    }

    /// <summary>When the next is due; null: none is reserved.</summary>
    public long? Next(Span<OrderEntry> orders)
    {
        Pass(orders);
        var next = _first < _inOrder.Count ? orders[_inOrder[_first] - 1].PayBefore : (long?)null;
        foreach (var number in _returned)
        {
            var payBefore = orders[number - 1].PayBefore;
            next = next < payBefore ? next : payBefore;
        }

        return next;
    }

    /// <summary>Those that are due by then, at most so many.</summary>
    public List<int> Until(long now, int most, Span<OrderEntry> orders)
    {
        Pass(orders);
        var due = new List<int>();
        foreach (var number in _returned)
        {
            if (due.Count < most && orders[number - 1].PayBefore <= now)
            {
                due.Add(number);
            }
        }

        for (var i = _first; i < _inOrder.Count && due.Count < most; i++)
        {
            ref readonly var order = ref orders[_inOrder[i] - 1];
            if (order.PayBefore > now)
            {
                break;
            }

            if (order.Status == OrderStatus.Reserved)
            {
                due.Add(_inOrder[i]);
            }
        }

        return due;
    }

    /// <summary>Passes over those at the front that are not reserved any more, or are being paid.</summary>
    private void Pass(Span<OrderEntry> orders)
    {
        for (var i = _returned.Count - 1; i >= 0; i--)
        {
            if (orders[_returned[i] - 1].Status != OrderStatus.Reserved)
            {
                _returned.RemoveAt(i);
            }
        }

        while (_first < _inOrder.Count && orders[_inOrder[_first] - 1].Status != OrderStatus.Reserved)
        {
            orders[_inOrder[_first++] - 1].IsPassed = true;
        }

        if (_first > MostPassed && _first > _inOrder.Count / 2)
        {
            _inOrder.RemoveRange(0, _first);
            _first = 0;
        }
    }
}
