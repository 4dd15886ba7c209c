namespace RedNote.Deals;

/// <summary>Pieces that were ordered, paid and given back, by second, for the last seconds.</summary>
internal sealed class DealSeries(int seconds, IEnumerable<DealSecond> stored)
{
    private readonly Queue<DealSecond> _seconds = new(stored);
    private DealSecond? _last = stored.LastOrDefault();

    /// <summary>Seconds in which something happened, the earliest first.</summary>
    public IEnumerable<DealSecond> All => _seconds.Select(second => second with { });

    public void Ordered(long at, int pieces) => At(at).Ordered += pieces;

    public void Paid(long at, int pieces) => At(at).Paid += pieces;

    public void Returned(long at, int pieces) => At(at).Returned += pieces;

    /// <summary>The second of that time, or the last one: a clock that is set back does not change the past.</summary>
    private DealSecond At(long at)
    {
        var second = at / 1_000;
        if (_last is null || second > _last.Second)
        {
            _seconds.Enqueue(_last = new DealSecond { Second = second });
            while (_seconds.Peek().Second <= second - seconds)
            {
                _seconds.Dequeue();
            }
        }

        return _last;
    }
}

/// <summary>What happened within a second.</summary>
internal sealed record DealSecond
{
    /// <summary>Unix seconds.</summary>
    public long Second { get; init; }

    /// <summary>Pieces that orders got, at once or after waiting.</summary>
    public int Ordered { get; set; }

    public int Paid { get; set; }

    /// <summary>Pieces of orders that were cancelled or not paid in time.</summary>
    public int Returned { get; set; }
}
