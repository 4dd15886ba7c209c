using System.Collections.Immutable;
using Orleans.Streams;
using RedNote.Embedded.Simulation;

namespace RedNote.Simulation.Ledger;

/// <summary>
/// Clients use counters, with keys, and repeat what was not answered until it is; others listen to what counters tell.
/// The model is what they asked for and were told; it is compared with the stored events, read as JSON.
/// </summary>
public sealed class LedgerWorkload : IWorkload
{
    private const int Counters = 4;
    private const int Clients = 6;

    private readonly LedgerModel _model = new();

    public void Configure(ISiloBuilder silo) => CounterLog.AddTo(silo.Services);

    public async Task Run(SimulatedWorld world)
    {
        var users = new List<Task>();
        for (var i = 0; i < Clients; i++)
        {
            var client = world.AddClient($"client{i}");
            var random = world.Random.Fork(client.Node.Name);
            users.Add(client.Node.Start(() => Use(world, client, random)));
        }

        var listener = world.AddClient("listener");
        _ = listener.Node.Start(() => Listen(world, listener));
        await Task.WhenAll(users);
    }

    public Task Check(SimulatedWorld world)
    {
        var client = world.AddClient("checker");
        return client.Node.Start(() => new LedgerCheck(world, _model, Counters).Run(client));
    }

    private async Task Use(SimulatedWorld world, SimulatedClient client, SimulationRandom random)
    {
        for (var i = 0; i < world.Bounds.Commands / Clients; i++)
        {
            // In bursts, so that appends of one grain meet in a batch, and with pauses, so that snapshots are taken.
            if (random.Chance(0.3)) await Pause(client, random.Delay(TimeSpan.Zero, TimeSpan.FromSeconds(1)));
            var command = Draw(client, random, $"{client.Node.Name}.{i}");
            if (command is null)
                await Read(world, client, random);
            else if (world.Take($"{command.Key}: {command.Kind} on {command.Counter}"))
                await Give(world, client, command);
        }
    }

    private static Asked? Draw(SimulatedClient client, SimulationRandom random, string key)
    {
        var counter = random.Next(Counters);
        var kind = random.Next(100);
        var other = random.Next(Counters - 1);
        var number = random.Next(100);
        return kind switch
        {
            < 50 => new Asked(CommandKind.Add, counter, key)
            {
                Amounts =
                [
                    .. Enumerable.Range(0, 1 + (number % 4))
                        .Select(i => new Amount(i == 0 ? key : $"{key}+{i}", number + i, $"note of {key}")),
                ],
            },
            < 70 => new Asked(CommandKind.Pay, counter, key)
            {
                To = other < counter ? other : other + 1,
                Paid = number,
            },
            < 75 => new Asked(CommandKind.Alarm, counter, key)
            {
                Due = client.Node.Time.GetUtcNow().ToUnixTimeMilliseconds() + (number * 300),
            },
            < 80 => new Asked(CommandKind.Erase, counter, key) { Erased = $"client{number % Clients}.{number}" },
            _ => null,
        };
    }

    private async Task Give(SimulatedWorld world, SimulatedClient client, Asked asked)
    {
        _model.Commands[asked.Key] = asked;
        while (true)
        {
            try
            {
                asked.WasDone = await Send(client.Grains.GetGrain<ICounterGrain>(asked.Counter), asked);
                asked.IsAcknowledged = true;
                world.Cluster.Note($"{asked.Key} acknowledged");
                return;
            }
            catch (Exception error) when (IsExpected(error))
            {
                world.Cluster.Note($"{asked.Key} not answered: {error.GetType().Name}");
                await Pause(client, TimeSpan.FromMilliseconds(200));
            }
        }
    }

    private static async Task<bool> Send(ICounterGrain counter, Asked asked)
    {
        switch (asked.Kind)
        {
            case CommandKind.Add:
                await counter.Add([.. asked.Amounts]);
                return true;
            case CommandKind.Pay:
                await counter.Pay(asked.Key, asked.To, asked.Paid, TimeSpan.FromMilliseconds(asked.Paid * 10));
                return true;
            case CommandKind.Alarm:
                return await counter.Alarm(asked.Key, asked.Due);
            default:
                return await counter.Erase(asked.Key, asked.Erased);
        }
    }

    private async Task Read(SimulatedWorld world, SimulatedClient client, SimulationRandom random)
    {
        var counter = random.Next(Counters);
        var leaves = random.Chance(0.2);
        if (!world.Take($"{client.Node.Name} {(leaves ? "ends" : "reads")} {counter}")) return;
        var known = _model.Of(counter).Where(asked => asked is { IsAcknowledged: true, WasDone: true })
            .Select(asked => asked.Key).ToList();
        try
        {
            var grain = client.Grains.GetGrain<ICounterGrain>(counter);
            if (leaves) await grain.Leave();
            var reading = await grain.Read();
            foreach (var key in reading.Keys) _model.Shown.Add((counter, key));
            Hear(world, counter, reading.Version, reading.Total);
            if (world.Cluster.WasShared) return;
            var missing = known.Except(reading.Keys).FirstOrDefault();
            world.Require(missing is null, $"Counter {counter} did not show {missing}, acknowledged before.");
        }
        catch (Exception error) when (IsExpected(error))
        {
            // Nobody was told anything.
        }
    }

    /// <summary>Listens to all counters, and again after each time that a silo was lost.</summary>
    private async Task Listen(SimulatedWorld world, SimulatedClient client)
    {
        while (true)
        {
            try
            {
                var last = new Dictionary<string, long>(StringComparer.Ordinal);
                var streams = client.Cluster.GetStreamProvider(StreamNames.Provider);
                for (var counter = 0; counter < Counters; counter++)
                {
                    var told = counter;
                    await streams.GetStream<CounterNews>(CounterGrain.Stream(counter)).SubscribeAsync(
                        (news, _) => Hear(world, told, news, last));
                }
            }
            catch (Exception error) when (IsExpected(error) || error is ObjectDisposedException)
            {
                // The silo is going; another will come.
            }

            await world.Cluster.NextDeath;
            await Pause(client, TimeSpan.FromSeconds(1));
        }
    }

    private Task Hear(SimulatedWorld world, long counter, CounterNews news, Dictionary<string, long> last)
    {
        var before = last.GetValueOrDefault(news.Teller + counter);
        world.Require(news.Version > before, $"Counter {counter} told version {news.Version} after {before}.");
        last[news.Teller + counter] = news.Version;
        Hear(world, counter, news.Version, news.Total);
        return Task.CompletedTask;
    }

    /// <summary>What is told has to be stored at the moment when it is heard, and has to be the same whoever tells it.
    /// </summary>
    private void Hear(SimulatedWorld world, long counter, long version, long total)
    {
        var head = StoredCounter.ReadHead(world, counter);
        world.Require(version <= head, $"Counter {counter} told version {version}; stored are {head}.");
        world.Require(
            !_model.Told.TryGetValue((counter, version), out var other) || other == total,
            $"Counter {counter} told two totals at version {version}: {other} and {total}.");
        _model.Told[(counter, version)] = total;
    }

    private static bool IsExpected(Exception error)
        => error is TryAgainException or TimeoutException or SiloUnavailableException or IOException
            or OrleansMessageRejectionException;

    private static Task Pause(SimulatedClient client, TimeSpan time) => Task.Delay(time, client.Node.Time);
}
