using System.Data.Common;
using System.Diagnostics;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Storage;
using Orleans.Streams;

namespace RedNote.Benchmarks;

/// <summary>What streams and SQLite storage do on this machine, as lines of figures.</summary>
internal static class ProviderThroughput
{
    internal const string Streams = "benchmark";
    internal const string Namespace = "benchmark";

    internal static async Task Run()
    {
        SQLitePCL.Batteries_V2.Init();
        DbProviderFactories.RegisterFactory("System.Data.SQLite", SqliteFactory.Instance);
        var folder = Directory.CreateTempSubdirectory("rednote-benchmark-").FullName;
        var host = await StartAsync($"Data Source={Path.Combine(folder, "benchmark.db")}");
        var client = host.Services.GetRequiredService<IClusterClient>();
        foreach (var subscribers in new[] { 1, 2, 8 })
        {
            await FanOut(client, subscribers, rounds: 2);
        }

        await ClientLatency(client);
        await GrainLatency(client);
        var storage = host.Services.GetRequiredKeyedService<IGrainStorage>("sqlite");
        foreach (var writers in new[] { 1, 16, 64, 256 })
        {
            await Writes(storage, writers);
        }

        await Reads(storage);
        await host.StopAsync();
        host.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    private static async Task<IHost> StartAsync(string database)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.UseOrleans(silo =>
        {
            silo.AddMemoryGrainStorage("PubSubStore");
            silo.AddMemoryStreams(Streams);
            silo.Services.Configure<RedNote.Embedded.EmbeddedStreamOptions>(
                Streams, options => options.QueueCapacity = 1 << 20);
            silo.AddAdoNetGrainStorage("sqlite", options =>
            {
                options.Invariant = "System.Data.SQLite";
                options.ConnectionString = database;
            });
        });
        var host = builder.Build();
        await host.StartAsync();
        return host;
    }

    private static IAsyncStream<string> StreamOf(IClusterClient client, string key)
        => client.GetStreamProvider(Streams).GetStream<string>(Namespace, key);

    private static async Task FanOut(IClusterClient client, int subscribers, int rounds)
    {
        const int Events = 500_000;
        var stream = StreamOf(client, $"fan-out {subscribers}");
        var received = 0L;
        for (var i = 0; i < subscribers; i++)
        {
            await stream.SubscribeAsync((_, _) =>
            {
                Interlocked.Increment(ref received);
                return Task.CompletedTask;
            });
        }

        for (var round = 0; round < rounds; round++)
        {
            Interlocked.Exchange(ref received, 0);
            var bytes = GC.GetTotalAllocatedBytes(precise: true);
            var started = Stopwatch.GetTimestamp();
            for (var i = 0; i < Events; i++)
            {
                await stream.OnNextAsync("event");
            }

            var published = Stopwatch.GetElapsedTime(started);
            while (Interlocked.Read(ref received) < (long)Events * subscribers)
            {
                await Task.Yield();
            }

            var delivered = Stopwatch.GetElapsedTime(started);
            bytes = GC.GetTotalAllocatedBytes(precise: true) - bytes;
            Console.WriteLine(
                $"{subscribers} subscribers: {published.TotalNanoseconds / Events:F0} ns and " +
                $"{bytes / Events} bytes to " +
                $"publish, {Events * subscribers / delivered.TotalSeconds / 1e6:F1} million deliveries/s");
        }
    }

    private static async Task ClientLatency(IClusterClient client)
    {
        var arrivals = new Arrivals();
        await StreamOf(client, "latency").SubscribeAsync((_, _) => arrivals.Arrive());
        await Latency("client", StreamOf(client, "latency"), arrivals);
    }

    private static async Task GrainLatency(IClusterClient client)
    {
        const int Events = 200_000;
        await client.GetGrain<IEarGrain>("ear").Listen();
        var stream = StreamOf(client, "ear");
        await Latency("grain", stream, EarGrain.Arrivals);
        var expected = EarGrain.Arrivals.Count + Events;
        var started = Stopwatch.GetTimestamp();
        for (var i = 0; i < Events; i++)
        {
            await stream.OnNextAsync("event");
        }

        while (EarGrain.Arrivals.Count < expected)
        {
            await Task.Yield();
        }

        Console.WriteLine($"one grain: {Events / Stopwatch.GetElapsedTime(started).TotalSeconds:F0} events/s");
    }

    private static async Task Latency(string what, IAsyncStream<string> stream, Arrivals arrivals)
    {
        const int Events = 2_000;
        List<double> microseconds = [];
        for (var i = 0; i < Events; i++)
        {
            // An idle subscriber is meant: the pause lets its thread go back to the pool.
            await Task.Delay(1);
            var next = arrivals.Next();
            var sent = Stopwatch.GetTimestamp();
            await stream.OnNextAsync("event");
            microseconds.Add(Stopwatch.GetElapsedTime(sent, await next).TotalMicroseconds);
        }

        microseconds.Sort();
        Console.WriteLine(
            $"to an idle {what}: median {microseconds[Events / 2]:F1} microseconds, " +
            $"99th percentile {microseconds[Events * 99 / 100]:F1}");
    }

    private static async Task Writes(IGrainStorage storage, int writers)
    {
        var each = writers == 1 ? 3_000 : 60_000 / writers;
        var started = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, writers).Select(i => Task.Run(async () =>
        {
            var grain = GrainId.Create("page", $"{writers} {i}");
            var state = new GrainState<Page>(new Page { Text = new string('x', 200) });
            for (var write = 0; write < each; write++)
            {
                await storage.WriteStateAsync("page", grain, state);
            }
        })));
        var rate = writers * each / Stopwatch.GetElapsedTime(started).TotalSeconds;
        Console.WriteLine($"SQLite, {writers} writers: {rate:F0} writes/s");
    }

    private static async Task Reads(IGrainStorage storage)
    {
        const int Readers = 64, Each = 500;
        var started = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, Readers).Select(i => Task.Run(async () =>
        {
            for (var read = 0; read < Each; read++)
            {
                var grain = GrainId.Create("page", $"256 {((i * Each) + read) % 256}");
                await storage.ReadStateAsync("page", grain, new GrainState<Page>());
            }
        })));
        Console.WriteLine(
            $"SQLite, {Readers} readers: {Readers * Each / Stopwatch.GetElapsedTime(started).TotalSeconds:F0} reads/s");
    }
}

/// <summary>When events arrive.</summary>
internal sealed class Arrivals
{
    private TaskCompletionSource<long>? _next;
    private long _count;

    public long Count => Interlocked.Read(ref _count);

    /// <summary>The timestamp of the event that arrives next.</summary>
    public Task<long> Next()
    {
        _next = new TaskCompletionSource<long>(TaskCreationOptions.RunContinuationsAsynchronously);
        return _next.Task;
    }

    public Task Arrive()
    {
        var now = Stopwatch.GetTimestamp();
        Interlocked.Increment(ref _count);
        Interlocked.Exchange(ref _next, null)?.SetResult(now);
        return Task.CompletedTask;
    }
}

/// <summary>A state.</summary>
public sealed class Page
{
    public string Text { get; set; } = "";
}

public interface IEarGrain : IGrainWithStringKey
{
    Task Listen();
}

public sealed class EarGrain : Grain, IEarGrain
{
    internal static Arrivals Arrivals { get; } = new();

    public Task Listen() => this.GetStreamProvider(ProviderThroughput.Streams)
        .GetStream<string>(ProviderThroughput.Namespace, this.GetPrimaryKeyString())
        .SubscribeAsync((_, _) => Arrivals.Arrive());
}
