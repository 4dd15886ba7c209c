using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using RedNote.Deals;
using RedNote.Live;
using RedNote.Load.Measure;
using RedNote.Load.Servers;

namespace RedNote.Load.Deals;

/// <summary>Our deal grain in a silo of its own, on SQLite as the server has it (synchronous=FULL).</summary>
internal sealed class OurDeal(DealsPlan plan, int perCall) : IDealSide
{
    private const int Stock = 1_000_000;
    private static readonly UserId Host = new(1);

    public int PerCall => perCall;

    public string Name => string.Create(CultureInfo.InvariantCulture, $"our deal, {perCall} a call");

    public Task<DealResult> Measure(CancellationToken ct)
        => InProcessSilo.WithSqlite(services => Sell(services.GetRequiredService<IGrainFactory>(), ct), ct);

    private async Task<DealResult> Sell(IGrainFactory grains, CancellationToken ct)
    {
        // The first orders pay for compilation.
        await Sell(grains.Deal(new DealId(1)), TimeSpan.FromSeconds(2), ct);
        return await Sell(grains.Deal(new DealId(2)), plan.Time, ct);
    }

    private async Task<DealResult> Sell(IDealGrain deal, TimeSpan time, CancellationToken ct)
    {
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        await deal.Prepare(new DealTerms(
            new RoomId(8), Host, "A lipstick", new Money(1_990, "CNY"), null, Stock, 1, now, 600, 300,
            DrawCondition.None));
        var callers = perCall == 1 ? plan.Callers : Math.Min(plan.Callers, 4);
        var began = Stopwatch.GetTimestamp();
        var counts = await Task.WhenAll(Enumerable.Range(0, callers).Select(
            caller => Task.Run(() => Buy(deal, caller, callers, began, time), ct)));
        var took = Stopwatch.GetElapsedTime(began);
        var accepted = counts.Sum(count => count.Accepted);
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
