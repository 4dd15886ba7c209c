using System.Collections.Concurrent;
using RedNote.Embedded.Simulation;
using RedNote.Journal;

namespace RedNote.Simulation.Mutants;

/// <summary>Runs seeds of a workload against a variant until one of them finds it.</summary>
public static class Hunt
{
    /// <summary>Within so many seeds every variant has to be found.</summary>
    public const int MaxSeeds = 2_000;

    /// <summary>Whether the product, without a slip, passes a seed of a workload; most variants share theirs.</summary>
    private static readonly ConcurrentDictionary<(string Workload, ulong Seed), bool> Healthy = new();

    /// <summary>
    /// The first of some seeds in which a checker finds a variant; null: none. The first one is tried alone, as it is
    /// mostly the one; the others run on all cores, and the answer is the same on any number of them.
    /// </summary>
    public static Find? Search(Variant variant, IReadOnlyList<ulong> seeds)
    {
        if (Try(variant, seeds[0]) is { } known) return known;
        var taken = 0;
        var first = seeds.Count;
        Find? find = null;
        var gate = new Lock();
        var hunters = Enumerable.Range(0, Environment.ProcessorCount).Select(_ => new Thread(Work)).ToList();
        hunters.ForEach(hunter => hunter.Start());
        hunters.ForEach(hunter => hunter.Join());
        return find;

        void Work()
        {
            while (Interlocked.Increment(ref taken) is var at && at < Volatile.Read(ref first))
            {
                if (Try(variant, seeds[at]) is not { } found) continue;
                lock (gate)
                {
                    if (at < first) (first, find) = (at, found);
                }
            }
        }
    }

    /// <summary>Searches all seeds; the one that found it before is tried first, to save time.</summary>
    public static Find? Search(Variant variant)
        => Search(variant, [variant.Seed, .. Seeds(MaxSeeds).Where(seed => seed != variant.Seed)]);

    /// <summary>Seeds from 1 on.</summary>
    public static IReadOnlyList<ulong> Seeds(int count) => [.. Enumerable.Range(1, count).Select(seed => (ulong)seed)];

    /// <summary>Runs one seed; answers what went wrong, if anything did.</summary>
    /// <param name="variant">The slip that the product makes; null: none.</param>
    /// <param name="workload">Who uses it.</param>
    /// <param name="seed">The seed.</param>
    public static SimulationViolationException? Run(string? variant, string workload, ulong seed)
        => Mutant.With(variant, () => SeedRun.Execute(workload, WorkloadCatalog.All[workload], seed)).Violation;

    private static Find? Try(Variant variant, ulong seed)
    {
        if (Run(variant.Name, variant.Workload, seed) is not { } violation) return null;
        if (!IsJudgement(violation))
        {
            Console.Error.WriteLine($"{variant.Name}, seed {seed}: {violation}");
            return null;
        }

        // Nothing is proved by a seed that the product does not pass either.
        var passes = variant.Name == variant.Workload
            || Healthy.GetOrAdd((variant.Workload, seed), one => Run(null, one.Workload, one.Seed) is null);
        return passes ? new Find(seed, violation.Message) : null;
    }

    /// <summary>
    /// Whether the product is judged by its promises: by a checker, or by itself, when it tells a client that its log
    /// is broken. Any other exception that nobody expected proves only that something stumbled over it.
    /// </summary>
    private static bool IsJudgement(SimulationViolationException violation)
        => violation.InnerException is null or LogUnreadableException;
}

/// <summary>A variant was found.</summary>
/// <param name="Seed">By which seed.</param>
/// <param name="Violation">What the checker said.</param>
public sealed record Find(ulong Seed, string Violation);
