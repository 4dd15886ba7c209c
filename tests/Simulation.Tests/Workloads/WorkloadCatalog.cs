using RedNote.Embedded.Simulation;
using RedNote.Simulation.Accounts;
using RedNote.Simulation.Deals;
using RedNote.Simulation.Groups;
using RedNote.Simulation.Ledger;
using RedNote.Simulation.Notes;
using RedNote.Simulation.Rooms;
using RedNote.Simulation.Show;

namespace RedNote.Simulation;

/// <summary>All workloads, by name.</summary>
public static class WorkloadCatalog
{
    public static IReadOnlyDictionary<string, Func<IWorkload>> All { get; } =
        new SortedDictionary<string, Func<IWorkload>>(StringComparer.Ordinal)
        {
            ["accounts"] = static () => new AccountsWorkload(),
            ["deals"] = static () => new DealsWorkload(),
            ["groups"] = static () => new GroupsWorkload(),
            ["ledger"] = static () => new LedgerWorkload(),
            ["notes"] = static () => new NotesWorkload(),
            ["room"] = static () => new RoomWorkload(),
            ["show"] = static () => new ShowWorkload(),
        };

    /// <summary>Those that have front ends, which faults of their own befall.</summary>
    public static IReadOnlySet<string> WithFrontEnds { get; } =
        new HashSet<string> { "groups", "notes", "room", "show" };

    /// <summary>Faults that only front ends have.</summary>
    public static IReadOnlySet<FaultKind> OfFrontEnds { get; } = new HashSet<FaultKind>
    {
        FaultKind.FrontendCrash, FaultKind.StreamEventLost, FaultKind.SubscriptionDeaf,
    };
}
