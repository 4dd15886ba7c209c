using System.Text.RegularExpressions;
using RedNote.Embedded.Simulation;
using RedNote.Frontend.Live;
using RedNote.Journal;

namespace RedNote.Simulation.Tests;

/// <summary>
/// What runs in a simulation reads no real clock, draws no unseeded chance and starts nothing on other threads. A read
/// of a static property cannot be caught while it runs, so the compiled code is searched for it.
/// </summary>
public sealed partial class CallScanTests
{
    /// <summary>Where it is in order, and why. The start of "Type.Method calls Callee", up to where it may
    /// differ.</summary>
    private static readonly (string Start, string Why)[] Allowed =
    [
        ("RedNote.Journal.JournalServices.AddJournal calls System.TimeProvider.get_System",
            "only when the host has registered no clock; a simulation has, and looks that it stays so"),
        ("RedNote.Journal.JournalWriter..ctor calls System.Threading.Tasks.TaskScheduler.get_Default",
            "only when the host has registered no scheduler; a simulation has"),
        ("RedNote.Live.CryptographicDrawSeeds.Next calls System.Security.Cryptography.RandomNumberGenerator.",
            "only when the host has registered no seeds; a simulation has"),
        ("RedNote.Embedded.EmbeddedBuilder.AddCommon calls System.TimeProvider.get_System",
            "only when the host has registered no clock; a simulation has, and looks that it stays so"),
        ("Orleans.Runtime.IGrainRuntime.get_TimeProvider calls System.TimeProvider.get_System",
            "Orleans' own default, which the engine's runtime does not use"),
        ("RedNote.Embedded.ThreadPoolWorkScheduler.", "the scheduler whose place the simulated node takes"),
        ("RedNote.Embedded.ObserverTarget.Run calls System.Threading.Tasks.TaskScheduler.get_Default",
            "says only that the turn is not on a grain's scheduler"),
        ("RedNote.Embedded.CleanContext.CaptureOnNewThread calls System.Threading.Thread.",
            "waits for a thread that only captures an empty context, once in a process"),
        ("RedNote.Embedded.Storage.StorageServices.CreateAdoNet calls System.TimeProvider.get_System",
            "databases are not there in a simulation"),
        ("RedNote.Embedded.Storage.ThreadLanes.Lane..ctor calls System.Threading.Thread.",
            "databases are not there in a simulation"),
        ("RedNote.Embedded.Simulation.LeakListener.Prime calls System.Threading.ThreadPool.",
            "what makes the pool tell of its work"),
        ("RedNote.Frontend.Live.FrameFanOut`2.SharedHandOut.Run calls System.Threading.ThreadPool.",
            "the rooms of a simulation have fewer viewers than are shared among cores"),
        ("RedNote.Frontend.Live.RoomHubProtocol.WriteMessage calls System.Threading.ThreadPool.",
            "connections of SignalR are not there in a simulation"),
    ];

    [Fact]
    public void CodeThatRunsInASimulation_Always_CallsNothingThatChanceDoesNotDecide()
    {
        var findings = Findings().Where(call => !Allowed.Any(allowed => IsAllowed(call, allowed.Start))).ToList();

        Assert.True(findings.Count == 0, string.Join('\n', findings));
    }

    [Fact]
    public void AllowedCalls_Always_AreStillThere()
    {
        var findings = Findings().ToList();

        var stale = Allowed.Where(allowed => !findings.Exists(call => IsAllowed(call, allowed.Start)));

        Assert.Empty(stale);
    }

    [Theory]
    [InlineData("RunOnThePool", "Tasks.Task.Run(")]
    [InlineData("RunOnThePoolUnobserved", "Tasks.Task.Run(")]
    [InlineData("DelayByTheRealClock", "Tasks.Task.Delay(Int32)")]
    [InlineData("DelayByTheRealClockForHours", "Tasks.Task.Delay(System.TimeSpan)")]
    [InlineData("DelayByTheRealClockOffContext", "Tasks.Task.Delay(Int32)")]
    [InlineData("SetATimer", "Timer..ctor(")]
    [InlineData("QueueToThePool", "ThreadPool.QueueUserWorkItem(")]
    [InlineData("CancelByTheRealClock", "CancellationTokenSource..ctor(System.TimeSpan)")]
    [InlineData("TickByTheRealClock", "PeriodicTimer..ctor(System.TimeSpan)")]
    [InlineData("StartAThread", "Thread..ctor(")]
    [InlineData("StartOnTheDefaultScheduler", "TaskScheduler.get_Default()")]
    [InlineData("WaitByTheRealClock", "Tasks.Task.WaitAsync(System.TimeSpan)")]
    [InlineData("ReadClocks", "DateTime.get_UtcNow()")]
    [InlineData("ReadClocks", "DateTime.get_Now()")]
    [InlineData("ReadClocks", "DateTimeOffset.get_UtcNow()")]
    [InlineData("ReadClocks", "Stopwatch.GetTimestamp()")]
    [InlineData("ReadClocks", "Environment.get_TickCount64()")]
    [InlineData("ReadClocks", "TimeProvider.get_System()")]
    [InlineData("DrawChance", "Guid.NewGuid()")]
    [InlineData("DrawChance", "Guid.CreateVersion7()")]
    [InlineData("DrawChance", "Random.get_Shared()")]
    [InlineData("DrawChance", "Random..ctor()")]
    [InlineData("DrawChance", "RandomNumberGenerator.GetInt32(")]
    [InlineData("DrawChance", "Parallel.For(")]
    public void Scan_OfCulprits_FindsEachOfThem(string method, string callee)
    {
        var findings = Scan(typeof(CulpritGrain))
            .Where(call => call.Type.Contains("Culprit", StringComparison.Ordinal));

        Assert.Contains(findings, call =>
            call.Method == method && call.Callee.Contains(callee, StringComparison.Ordinal));
    }

    [Fact]
    public void Scan_OfWhatIsInOrder_FindsNothing()
        => Assert.DoesNotContain(Scan(typeof(CulpritGrain)), call => call.Method is "Nothing" or "GoOnOffContext");

    private static bool IsAllowed(FoundCall call, string start)
        => call.ToString().StartsWith(start, StringComparison.Ordinal);

    private static IEnumerable<FoundCall> Findings()
        => Scan(typeof(IJournalStore))
            .Concat(Scan(typeof(StreamNames)))
            .Concat(Scan(typeof(SimulationCluster)))
            .Concat(Scan(typeof(RoomGateway)).Where(
                call => call.Type.StartsWith($"{typeof(RoomGateway).Namespace}.", StringComparison.Ordinal)));

    private static IEnumerable<FoundCall> Scan(Type inAssembly)
        => CallScan.Of(inAssembly.Assembly.Location).Where(call => IsBanned(call.Callee));

    private static bool IsBanned(string callee)
        => Banned().IsMatch(callee)
            || (Waits().IsMatch(callee) && !callee.Contains("System.TimeProvider", StringComparison.Ordinal));

    [GeneratedRegex(
        @"^System\.(DateTime\.get_(Now|UtcNow|Today)\(|DateTimeOffset\.get_(Now|UtcNow)\(|Diagnostics\.Stopwatch\."
        + @"|Environment\.get_TickCount|Guid\.(NewGuid|CreateVersion7)\(|Random\.(get_Shared|\.ctor)\("
        + @"|Security\.Cryptography\.RandomNumberGenerator\.|TimeProvider\.get_System"
        + @"|Threading\.(ThreadPool\.|Timer\.|Thread\.(\.ctor|Sleep|Start)|Tasks\.(Task\.Run\(|Parallel\."
        + @"|TaskScheduler\.get_Default)|CancellationTokenSource\.CancelAfter))")]
    private static partial Regex Banned();

    /// <summary>What waits, for as long as it is told, by the real clock unless it is given another.</summary>
    [GeneratedRegex(
        @"^System\.Threading\.(Tasks\.Task(`1)?\.(Delay|WaitAsync)|PeriodicTimer\.\.ctor|SemaphoreSlim\.Wait(Async)?"
        + @"|CancellationTokenSource\.\.ctor)\(.*(Int32|TimeSpan)")]
    private static partial Regex Waits();
}
