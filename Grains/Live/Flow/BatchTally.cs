namespace RedNote.Live;

/// <summary>
/// The verdicts of one batch, until it is known that its events were taken into the log: only then they count.
/// </summary>
internal sealed class BatchTally
{
    private readonly List<Verdict> _verdicts = [];
    private int _repeats;

    /// <summary>A danmaku got its first verdict.</summary>
    public Verdict Decide(Verdict verdict)
    {
        _verdicts.Add(verdict);
        return verdict;
    }

    /// <summary>A danmaku is answered with what its key is bound to.</summary>
    public Verdict Repeat(Verdict verdict)
    {
        _repeats++;
        return verdict;
    }

    public void CountIn(VerdictLedger ledger)
    {
        foreach (var verdict in _verdicts)
        {
            ledger.Decided(verdict);
        }

        for (; _repeats > 0; _repeats--)
        {
            ledger.Repeated();
        }

        _verdicts.Clear();
    }
}
