namespace RedNote.Load.Journal;

/// <summary>One side, measured once.</summary>
/// <param name="Store">sqlite or postgres.</param>
/// <param name="Side">Its name.</param>
/// <param name="Role">What it is compared as.</param>
/// <param name="Callers">How many wrote at the same time.</param>
/// <param name="Round">From 1.</param>
/// <param name="Rate">Durable events a second.</param>
/// <param name="P50Ms">From the call to the acknowledgement.</param>
/// <param name="P99Ms">The same.</param>
/// <param name="MaxMs">The same.</param>
/// <param name="EventsPerTransaction">Mean.</param>
/// <param name="Transactions">How long they took and how big they were, the warm-up included; null: each is one
/// event.</param>
public sealed record JournalResult(
    string Store,
    string Side,
    Role Role,
    int Callers,
    int Round,
    double Rate,
    double P50Ms,
    double P99Ms,
    double MaxMs,
    double EventsPerTransaction,
    string? Transactions);

/// <summary>The sides of the comparison.</summary>
public enum Role
{
    /// <summary>What one would write first.</summary>
    Naive,

    /// <summary>Ours with all callers.</summary>
    Crowd,

    /// <summary>What one would write first, with a single caller.</summary>
    NaiveSingle,

    /// <summary>Ours with a single caller.</summary>
    Single,
}
