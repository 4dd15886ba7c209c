using System.Diagnostics;
using System.Globalization;
using System.Runtime;
using Orleans.TestingHost;

namespace RedNote.Benchmarks;

/// <summary>
/// The figures that the engine promises, as a table: callers in a closed loop, which BenchmarkDotNet cannot drive.
/// Each is measured several times; the median counts, the best and the worst show how busy the machine was.
/// </summary>
internal static class EngineThroughput
{
    private const int Callers = 64;
    private const int IdleGrains = 100_000;
    private const int NewGrains = 50_000;

    internal static async Task Run(string[] args)
    {
        var rounds = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 7;
        await using var cluster = new InProcessTestClusterBuilder(1).Build();
        await cluster.DeployAsync();
        var client = cluster.Client;
        var hot = new ICounterGrain[Callers];
        Array.Fill(hot, client.GetGrain<ICounterGrain>(0));
        var spread = Enumerable.Range(1, Callers).Select(key => client.GetGrain<ICounterGrain>(key)).ToArray();
        await Calls(hot, TimeSpan.FromSeconds(2));
        await Calls(spread, TimeSpan.FromSeconds(2));

        var hotRates = await Repeat(rounds, () => Calls(hot, TimeSpan.FromSeconds(2)));
        var spreadRates = await Repeat(rounds, () => Calls(spread, TimeSpan.FromSeconds(2)));
        var first = 10_000_000L;
        await FirstCalls(client, first, NewGrains);
        var firstCalls = await Repeat(rounds, () => FirstCalls(client, first += NewGrains, NewGrains));
        var idle = await IdleMemory(client);

        Console.WriteLine($"{Environment.ProcessorCount} processors, {rounds} rounds, {GcName()} garbage collector");
        Console.WriteLine("figure                                  median        best       worst   promise");
        Print("million calls/s, one grain, 64 callers", hotRates.Select(item => item.Rate / 1e6), ">= 1.5", high: true);
        Print("million calls/s, 64 grains", spreadRates.Select(item => item.Rate / 1e6), ">= 2", high: true);
        Print("million calls a CPU second, one grain", hotRates.Select(item => item.CpuRate / 1e6), "", high: true);
        Print("million calls a CPU second, 64 grains", spreadRates.Select(item => item.CpuRate / 1e6), "", high: true);
        Print("bytes of garbage a call, one grain", hotRates.Select(item => item.Bytes), "< 1024", high: false);
        Print(
            "microseconds, first call on a new grain", firstCalls.Select(item => 1e6 / item.Rate), "< 20", high: false);
        Print("MB for 100,000 idle activations", [idle], "< 250", high: false);
    }

    private static async Task<List<Sample>> Repeat(int rounds, Func<Task<Sample>> measure)
    {
        List<Sample> samples = [];
        for (var i = 0; i < rounds; i++) samples.Add(await measure());
        return samples;
    }

    /// <summary>Every caller awaits its call before it makes the next.</summary>
    private static async Task<Sample> Calls(ICounterGrain[] grains, TimeSpan time)
    {
        var until = Stopwatch.GetTimestamp() + (long)(time.TotalSeconds * Stopwatch.Frequency);
        var bytes = GC.GetTotalAllocatedBytes(precise: true);
        var cpu = Environment.CpuUsage.TotalTime;
        var started = Stopwatch.GetTimestamp();
        var calls = await Task.WhenAll(grains.Select(grain => Task.Run(() => Caller(grain, until))));
        var elapsed = Stopwatch.GetElapsedTime(started);
        var total = calls.Sum();
        bytes = GC.GetTotalAllocatedBytes(precise: true) - bytes;
        cpu = Environment.CpuUsage.TotalTime - cpu;
        return new Sample(total / elapsed.TotalSeconds, bytes / (double)total, total / cpu.TotalSeconds);
    }

    private static async Task<long> Caller(ICounterGrain grain, long until)
    {
        var calls = 0L;
        while (Stopwatch.GetTimestamp() < until)
        {
            for (var i = 0; i < 100; i++) await grain.Add(1);
            calls += 100;
        }

        return calls;
    }

    private static async Task<Sample> FirstCalls(IClusterClient client, long firstKey, int count)
    {
        var started = Stopwatch.GetTimestamp();
        for (var i = 0; i < count; i++) await client.GetGrain<ICounterGrain>(firstKey + i).Add(1);
        return new Sample(count / Stopwatch.GetElapsedTime(started).TotalSeconds, 0, 0);
    }

    private static async Task<double> IdleMemory(IClusterClient client)
    {
        var before = GC.GetTotalMemory(forceFullCollection: true);
        for (var i = 0; i < IdleGrains; i++) await client.GetGrain<ICounterGrain>(-1L - i).Add(1);
        return (GC.GetTotalMemory(forceFullCollection: true) - before) / 1e6;
    }

    private static string GcName() => GCSettings.IsServerGC ? "server" : "workstation";

    private static void Print(string name, IEnumerable<double> values, string promise, bool high)
    {
        var sorted = values.Order().ToArray();
        var (best, worst) = high ? (sorted[^1], sorted[0]) : (sorted[0], sorted[^1]);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{name,-40}{sorted[sorted.Length / 2],8:F2}{best,12:F2}{worst,12:F2}   {promise}"));
    }

    /// <summary>
    /// A rate by the clock, garbage a call, and a rate by CPU time, which other programs disturb less.
    /// </summary>
    private readonly record struct Sample(double Rate, double Bytes, double CpuRate);
}
