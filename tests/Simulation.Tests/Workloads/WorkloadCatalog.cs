using RedNote.Simulation.Accounts;
using RedNote.Simulation.Ledger;

namespace RedNote.Simulation;

/// <summary>All workloads, by name.</summary>
public static class WorkloadCatalog
{
    public static IReadOnlyDictionary<string, Func<IWorkload>> All { get; } =
        new SortedDictionary<string, Func<IWorkload>>(StringComparer.Ordinal)
        {
            ["accounts"] = static () => new AccountsWorkload(),
            ["ledger"] = static () => new LedgerWorkload(),
        };
}
