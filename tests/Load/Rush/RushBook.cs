namespace RedNote.Load.Rush;

/// <summary>What every buyer of a rush was answered, and whether that can be.</summary>
/// <param name="buyers">How many; each presses <see cref="Presses"/> times.</param>
public sealed class RushBook(int buyers)
{
    /// <summary>Twice with one key, and once with another.</summary>
    public const int Presses = 3;

    private readonly bool[] _answered = new bool[buyers * Presses];
    private readonly long[] _orders = new long[buyers * 2];
    private readonly HashSet<long> _accepted = [];
    private readonly HashSet<long> _waiting = [];
    private readonly Dictionary<string, int> _answers = [];

    public int Buyers => buyers;

    /// <summary>Presses that were answered.</summary>
    public int Answered { get; private set; }

    /// <summary>Answers by what they said.</summary>
    public IReadOnlyDictionary<string, int> Answers => _answers;

    /// <summary>Orders of which it was ever answered that they hold, or held, pieces.</summary>
    public IReadOnlySet<long> Accepted => _accepted;

    /// <summary>Orders of which it was ever answered that they wait.</summary>
    public IReadOnlySet<long> Waiting => _waiting;

    /// <summary>The first thing that cannot be.</summary>
    public string? Problem { get; private set; }

    public bool IsAnswered(int buyer, int press) => _answered[(buyer * Presses) + press];

    /// <summary>The buyer's order, or 0.</summary>
    public long OrderOf(int buyer) => Math.Max(_orders[buyer * 2], _orders[(buyer * 2) + 1]);

    /// <summary>All presses have to be answered once more; what was answered is not forgotten.</summary>
    public void PressAgain()
    {
        Array.Clear(_answered);
        Answered = 0;
    }

    /// <param name="buyer">From 0.</param>
    /// <param name="press">Which press, from 0; the last has a key of its own.</param>
    /// <param name="status">What was answered.</param>
    /// <param name="order">The order that was named, or 0.</param>
    public void Take(int buyer, int press, string status, long order)
    {
        _answers[status] = _answers.GetValueOrDefault(status) + 1;
        if (status == "try_again")
        {
            // The outcome is unknown: it has to be pressed again.
            return;
        }

        ref var answered = ref _answered[(buyer * Presses) + press];
        Answered += answered ? 0 : 1;
        answered = true;
        if (status is "accepted" or "waiting")
        {
            Keep(buyer, press, status, order);
        }
        else if (status is not ("limit_reached" or "sold_out" or "ended"))
        {
            Problem ??= $"buyer {buyer} was answered {status}";
        }
    }

    private void Keep(int buyer, int press, string status, long order)
    {
        var (slot, other) = press < Presses - 1 ? (buyer * 2, (buyer * 2) + 1) : ((buyer * 2) + 1, buyer * 2);
        if (order == 0 || (_orders[slot] != 0 && _orders[slot] != order))
        {
            Problem ??= $"a key of buyer {buyer} has the orders {_orders[slot]} and {order}";
        }
        else if (_orders[other] != 0)
        {
            Problem ??= $"buyer {buyer} has the orders {_orders[other]} and {order}, more than the limit";
        }

        _orders[slot] = order;
        (status == "accepted" ? _accepted : _waiting).Add(order);
    }
}
