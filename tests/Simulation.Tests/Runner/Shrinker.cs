using System.Text.RegularExpressions;
using RedNote.Embedded.Simulation;

namespace RedNote.Simulation.Runner;

/// <summary>
/// Makes a failing run small: leaves out commands and faults as long as the same kind of violation comes. Leaving out
/// changes all that comes after, so what is last goes first: before the failure everything stays as it was. After
/// Zeller and Hildebrandt, "Simplifying and Isolating Failure-Inducing Input" (2002), with bounded work.
/// </summary>
internal sealed partial class Shrinker
{
    public const int MaxRuns = 200;

    public static readonly TimeSpan MaxTime = TimeSpan.FromSeconds(60);

    private readonly Func<SeedRequest, SeedResult> _run;
    private readonly int _maxRuns;
    private readonly CancellationToken _stop;
    private readonly long _start = TimeProvider.System.GetTimestamp();
    private readonly string _kind;
    private Kept _kept;

    private Shrinker(SeedResult failed, Func<SeedRequest, SeedResult> run, int maxRuns, CancellationToken stop)
    {
        _maxRuns = maxRuns;
        _run = run;
        _stop = stop;
        _kind = KindOf(failed);
        Smallest = new SeedRequest(failed.Workload, failed.Seed);
        _kept = new Kept(
            [.. Enumerable.Range(0, failed.FaultsNumbered)], [.. Enumerable.Range(0, failed.Commands)]);
    }

    /// <summary>How many runs it took.</summary>
    public int Runs { get; private set; }

    public SeedRequest Smallest { get; private set; }

    private bool IsAtEnd
        => Runs >= _maxRuns || _stop.IsCancellationRequested
            || TimeProvider.System.GetElapsedTime(_start) > MaxTime;

    public static Shrinker Shrink(
        SeedResult failed, Func<SeedRequest, SeedResult> run, int maxRuns, CancellationToken stop)
    {
        var shrinker = new Shrinker(failed, run, maxRuns, stop);
        shrinker.Shrink();
        return shrinker;
    }

    /// <summary>The message of a violation without what differs from run to run.</summary>
    public static string KindOf(SeedResult result)
        => Numbers().Replace((result.Violation?.Message ?? "").Split('\n')[0], "#");

    [GeneratedRegex("[0-9]+")]
    private static partial Regex Numbers();

    private void Shrink()
    {
        Cut(commands: true);
        Cut(commands: false);
        for (var pieces = 2; !IsAtEnd; pieces *= 2)
        {
            var before = _kept;
            LeaveOut(pieces, commands: false);
            LeaveOut(pieces, commands: true);
            Cut(commands: true);

            // One at a time, and none of them can be left out.
            if (_kept == before && pieces >= Math.Max(_kept.Commands.Count, _kept.Faults.Count)) return;
        }
    }

    /// <summary>Looks for the shortest beginning that still fails.</summary>
    private void Cut(bool commands)
    {
        var enough = _kept.Of(commands).Count;
        var tooFew = -1;
        while (enough - tooFew > 1 && !IsAtEnd)
        {
            // None at all comes first: when that fails too, it says the most. A few less say little.
            var middle = tooFew < 0 ? 0 : (enough + tooFew) / 2;
            if (tooFew > 0 && (enough - tooFew) * 20 < enough) return;
            if (Fails(_kept.With(commands, [.. _kept.Of(commands).Take(middle)])))
                enough = Math.Min(middle, _kept.Of(commands).Count);
            else tooFew = middle;
        }
    }

    /// <summary>Tries to do without each of so many pieces, the last one first.</summary>
    private void LeaveOut(int pieces, bool commands)
    {
        var size = Math.Max(1, _kept.Of(commands).Count / pieces);
        for (var end = _kept.Of(commands).Count; end > 0 && !IsAtEnd; end -= size)
        {
            // A run that fails earlier has lost more than was left out.
            end = Math.Min(end, _kept.Of(commands).Count);
            var items = _kept.Of(commands);
            Fails(_kept.With(commands, [.. items.Take(Math.Max(0, end - size)), .. items.Skip(end)]));
        }
    }

    private bool Fails(Kept candidate)
    {
        Runs++;
        var request = Smallest with
        {
            WithoutFaults = NumberSet.AllBut(candidate.Faults),
            WithoutCommands = NumberSet.AllBut(candidate.Commands),
        };
        var result = _run(request);
        if (result.Violation is null || KindOf(result) != _kind) return false;
        _kept = new Kept(
            [.. candidate.Faults.Where(number => number < result.FaultsNumbered)],
            [.. candidate.Commands.Where(number => number < result.Commands)]);
        Smallest = request with
        {
            WithoutFaults = NumberSet.AllBut(_kept.Faults),
            WithoutCommands = NumberSet.AllBut(_kept.Commands),
        };
        return true;
    }

    private sealed record Kept(IReadOnlyList<int> Faults, IReadOnlyList<int> Commands)
    {
        public IReadOnlyList<int> Of(bool commands) => commands ? Commands : Faults;

        public Kept With(bool commands, IReadOnlyList<int> items)
            => commands ? this with { Commands = items } : this with { Faults = items };
    }
}
