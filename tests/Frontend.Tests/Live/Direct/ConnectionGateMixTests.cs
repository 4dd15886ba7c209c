using RedNote.Frontend.Live;
using RedNote.Frontend.Tests.Fakes;
using RedNote.Frontend.Tests.Live.Fuzz;
using static RedNote.Frontend.Tests.Live.Direct.WireFrames;

namespace RedNote.Frontend.Tests.Live.Direct;

/// <summary>Whatever comes together at a gate, a client can read what leaves it.</summary>
public sealed class ConnectionGateMixTests
{
    private const int Writers = 4;
    private const int Each = 40;

    private readonly int _seed = FuzzSeed.Next();

    [Fact]
    public async Task AnyMixOfWriters_EveryMessageIsWholeAndEachWritersInOrder()
    {
        for (var round = 0; round < 25; round++)
        {
            try
            {
                await Round(new Random(_seed + round));
            }
            catch (Exception failure)
            {
                throw new InvalidOperationException($"{FuzzSeed.Again(_seed + round)}: {failure.Message}", failure);
            }
        }
    }

    private static async Task Round(Random random)
    {
        var sink = new FakeSink();
        var taking = new Random(random.Next());
        sink.Takes = length => taking.Next(3) switch { 0 => 0, 1 => taking.Next(length + 1), _ => length };
        var gate = new ConnectionGate(
            sink, TimeSpan.FromMinutes(1), new ManualTime(), () => throw new InvalidOperationException("Aborted."));
        using var over = new CancellationTokenSource();
        var releasing = Release(sink, over.Token);

        var seeds = Enumerable.Range(0, Writers).Select(_ => random.Next()).ToList();
        var hub = Task.Run(() => Hub(gate, new Random(random.Next())));
        var broadcasts = seeds.Select((seed, writer) => Task.Run(() => Broadcasts(gate, writer, new Random(seed))));
        await Task.WhenAll([hub, .. broadcasts]).WaitAsync(HubClient.Patience);
        await over.CancelAsync();
        await releasing;

        var messages = Read(sink.Bytes);
        Assert.StartsWith("hub 0 ", messages.First(message => !IsPing(message)), StringComparison.Ordinal);
        for (var writer = 0; writer < Writers; writer++)
        {
            var own = messages.Where(message => message.StartsWith($"w{writer} ", StringComparison.Ordinal));
            Assert.Equal(Enumerable.Range(0, Each), own.Select(Number));
        }

        var hubs = messages.Where(message => message.StartsWith("hub ", StringComparison.Ordinal));
        Assert.Equal(Enumerable.Range(0, Each), hubs.Select(Number));
        Assert.Equal((Writers + 1) * Each, messages.Count(message => !IsPing(message)));
        Assert.All(messages.Where(message => !IsPing(message)), CheckLength);
    }

    private static async Task Hub(ConnectionGate gate, Random random)
    {
        for (var i = 0; i < Each; i++)
        {
            foreach (var fragment in Message(Body("hub", i, random), random.Next(1, 5)))
            {
                if (random.Next(4) == 0)
                {
                    await gate.WriteHub(Frame("", Ping));
                }

                await gate.WriteHub(fragment);
                await Task.Yield();
            }
        }
    }

    private static async Task Broadcasts(ConnectionGate gate, int writer, Random random)
    {
        for (var i = 0; i < Each; i++)
        {
            await gate.Write(Frame(Body($"w{writer}", i, random)));
            await Task.Yield();
        }
    }

    private static string Body(string writer, int number, Random random)
    {
        var length = random.Next(10) == 0 ? 70_000 : random.Next(400);
        return $"{writer} {number} {length} {new string('x', length)}";
    }

    private static async Task Release(FakeSink sink, CancellationToken over)
    {
        while (!over.IsCancellationRequested)
        {
            if (sink.IsHolding)
            {
                sink.Release();
            }

            await Task.Yield();
        }
    }

    private static bool IsPing(string message) => message.StartsWith("9:", StringComparison.Ordinal);

    private static int Number(string message) => int.Parse(message.Split(' ')[1]);

    private static void CheckLength(string message)
    {
        var parts = message.Split(' ');
        Assert.Equal(int.Parse(parts[2]), parts[3].Length);
    }
}
