using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using RedNote.Deals;
using RedNote.Journal;
using RedNote.Live;
using RedNote.Load.Measure;
using RedNote.Load.Servers;
using Spectre.Console;

namespace RedNote.Load.Deals;

/// <summary>Our deal grain in a silo of its own, on SQLite as the server has it (synchronous=FULL).</summary>
internal sealed class OurDeal(DealsPlan plan, int perCall) : IDealSide
{
    private const int Stock = 1_000_000;
    private static readonly UserId Host = new(1);

    public int PerCall => perCall;

    public string Name => string.Create(CultureInfo.InvariantCulture, $"our deal, {perCall} a call");

    public Task<DealResult> Measure(CancellationToken ct)
        => InProcessSilo.WithSqlite(services => Sell(services, ct), ct);

    private async Task<DealResult> Sell(IServiceProvider services, CancellationToken ct)
    {
        // The first orders pay for compilation.
        await Sell(services, new RoomId(1), TimeSpan.FromSeconds(2), ct);
        return await Sell(services, new RoomId(2), plan.Time, ct);
    }

    private async Task<DealResult> Sell(IServiceProvider services, RoomId room, TimeSpan time, CancellationToken ct)
    {
        var id = await Open(services.GetRequiredService<IGrainFactory>(), room);
        var deal = services.GetRequiredService<IGrainFactory>().Deal(id);
        var callers = perCall == 1 ? plan.Callers : Math.Min(plan.Callers, 4);
        var began = Stopwatch.GetTimestamp();
        var counts = await Task.WhenAll(Enumerable.Range(0, callers).Select(
            caller => Task.Run(() => Buy(deal, caller, callers, began, time), ct)));
        var sold = Stopwatch.GetElapsedTime(began);
        var accepted = counts.Sum(count => count.Accepted);
        await WhenDrained(services, id, room, accepted, ct);
        var took = Stopwatch.GetElapsedTime(began);
        AnsiConsole.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{Name}: effects were drained {(took - sold).TotalMilliseconds:N0} ms later"));
        var card = (await deal.Get())!;
        if (card.Reserved != accepted)
        {
            throw new LoadException($"{accepted} orders were accepted, and {card.Reserved} pieces are reserved.");
        }

        var latency = new Histogram();
        foreach (var count in counts)
        {
            latency.Add(count.Latency);
        }

        return new DealResult(
            accepted / took.TotalSeconds, latency.Percentile(0.5) / 1_000.0, latency.Percentile(0.99) / 1_000.0);
    }

    /// <summary>Makes a deal in a room, as a host does.</summary>
    private static async Task<DealId> Open(IGrainFactory grains, RoomId room)
    {
        await grains.LiveRoom(room).Create(new CreateRoom(Host, "Host", "A shop", null, null, "token"));
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        var terms = new DealTerms(
            room, Host, "A lipstick", new Money(1_990, "CNY"), null, Stock, 1, now, 600, 300, DrawCondition.None);
        var outcome = await grains.LiveRoom(room).OpenDeal(
            new OpenDeal(await grains.DealDirectory().NextNumber(), terms, "deal"));
        return outcome.Deal?.DealId ?? throw new LoadException($"The deal was answered {outcome.Status}.");
    }

    /// <summary>Waits until the orders are in their buyers' lists and counted in their room.</summary>
    private static async Task WhenDrained(
        IServiceProvider services, DealId id, RoomId room, int orders, CancellationToken ct)
    {
        var grains = services.GetRequiredService<IGrainFactory>();
        while ((await grains.LiveRoom(room).Get())!.Counters.Orders != orders)
        {
            await Task.Delay(5, ct);
        }

        var store = services.GetRequiredService<IJournalStore>();
        var log = new LogId("deal", id.ToString());
        while (LateMarks.Read(await store.QueryAsync(LateMarks.Ask(log), ct)) < await store.ReadHeadAsync(log, ct))
        {
            await Task.Delay(5, ct);
        }
    }

    private async Task<(int Accepted, Histogram Latency)> Buy(
        IDealGrain deal, int caller, int callers, long began, TimeSpan time)
    {
        var latency = new Histogram();
        var accepted = 0;
        for (var number = 0; Stopwatch.GetElapsedTime(began) < time; number++)
        {
            var since = Stopwatch.GetTimestamp();
            var orders = Enumerable.Range(0, perCall).Select(i => new BuyOrder(
                new UserId(10 + ((((long)number * callers) + caller) * perCall) + i), 1, "key", true));
            if (perCall == 1)
            {
                accepted += (await deal.Buy(orders.First())).Status == BuyStatus.Accepted ? 1 : 0;
            }
            else
            {
                var answers = await deal.Buy(new BuyBatch(orders.ToImmutableArray()));
                accepted += answers.Count(answer => answer.Status == BuyStatus.Accepted);
            }

            latency.Record((long)Stopwatch.GetElapsedTime(since).TotalMicroseconds);
        }

        return (accepted, latency);
    }
}
