using System.Text.Json;
using RedNote.Embedded.Simulation;
using RedNote.Journal;

namespace RedNote.Simulation.Ledger;

/// <summary>
/// Clients add to counters, with keys, and repeat what was not answered until it is. The model is what they asked for and
/// what they were told; at the end it is compared with the stored events, read as JSON.
/// </summary>
internal sealed class LedgerWorkload : IWorkload
{
    private const int Counters = 4;
    private const int Clients = 6;

    private readonly Dictionary<string, Request> _requests = [];
    private readonly HashSet<(long Counter, string Key)> _seen = [];

    public void Configure(ISiloBuilder silo) => CounterGrain.AddTo(silo.Services);

    public async Task Run(SimulatedWorld world)
    {
        var clients = new List<Task>();
        for (var i = 0; i < Clients; i++)
        {
            var client = world.AddClient($"client {i}");
            var random = world.Random.Fork($"client {i}");
            clients.Add(client.Node.Start(() => Use(world, client, random)));
        }

        await Task.WhenAll(clients);
    }

    public async Task Check(SimulatedWorld world)
    {
        for (long counter = 0; counter < Counters; counter++)
        {
            var keys = new HashSet<string>();
            long next = 1;
            foreach (var row in await world.Journal.ReadAsync(
                new LogId("counter", $"{counter}"), new VersionRange(1), int.MaxValue, default))
            {
                world.Require(row.FirstVersion == next, $"Counter {counter} has a gap before {row.FirstVersion}.");
                next = row.LastVersion + 1;
                using var events = JsonDocument.Parse(row.Payload);
                world.Require(
                    events.RootElement.GetArrayLength() == row.Count, $"Counter {counter}: a row lies of its count.");
                foreach (var stored in events.RootElement.EnumerateArray())
                {
                    var key = stored.GetProperty("key").GetString()!;
                    world.Require(keys.Add(key), $"Counter {counter} has {key} twice.");
                    world.Require(
                        _requests.TryGetValue(key, out var asked) && asked.Counter == counter
                            && asked.Amount == stored.GetProperty("amount").GetInt32(),
                        $"Nobody asked counter {counter} for {key}.");
                }
            }

            foreach (var (key, request) in _requests)
            {
                if (request.Counter == counter && request.IsAcknowledged)
                    world.Require(keys.Contains(key), $"Counter {counter} lost {key}, which was acknowledged.");
            }

            foreach (var (_, key) in _seen.Where(seen => seen.Counter == counter))
                world.Require(keys.Contains(key), $"Counter {counter} showed {key}, which is not stored.");
        }
    }

    private async Task Use(SimulatedWorld world, SimulatedClient client, SimulationRandom random)
    {
        for (var i = 0; i < world.Bounds.Commands / Clients; i++)
        {
            await Task.Delay(random.Delay(TimeSpan.Zero, TimeSpan.FromMilliseconds(400)), client.Node.Time);
            var counter = random.Next(Counters);
            if (random.Chance(0.2)) await Read(world, client, counter);
            else await Add(world, client, counter, $"{client.Node.Name}.{i}", random.Next(100));
        }
    }

    private async Task Add(SimulatedWorld world, SimulatedClient client, long counter, string key, int amount)
    {
        if (!world.Take($"{key} adds {amount} to {counter}")) return;
        var request = _requests[key] = new Request(counter, amount);
        while (!request.IsAcknowledged)
        {
            try
            {
                var total = await client.Grains.GetGrain<ICounterGrain>(counter).Add(key, amount);
                request.IsAcknowledged = true;
                world.Cluster.Note($"{key} acknowledged, total {total}");
            }
            catch (Exception error) when (error is TryAgainException or TimeoutException or SiloUnavailableException)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(200), client.Node.Time);
            }
        }
    }

    private async Task Read(SimulatedWorld world, SimulatedClient client, long counter)
    {
        if (!world.Take($"{client.Node.Name} reads {counter}")) return;
        var before = _requests
            .Where(pair => pair.Value.Counter == counter && pair.Value.IsAcknowledged)
            .Select(pair => pair.Key)
            .ToList();
        try
        {
            var reading = await client.Grains.GetGrain<ICounterGrain>(counter).Read();
            foreach (var key in reading.Keys) _seen.Add((counter, key));
            if (world.Cluster.WasShared) return;
            var missing = before.Except(reading.Keys).FirstOrDefault();
            world.Require(missing is null, $"Counter {counter} did not show {missing}, acknowledged before.");
        }
        catch (Exception error) when (error is TryAgainException or TimeoutException or SiloUnavailableException)
        {
            // Nobody was told anything.
        }
    }

    private sealed class Request(long counter, int amount)
    {
        public long Counter => counter;

        public int Amount => amount;

        public bool IsAcknowledged { get; set; }
    }
}
