using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using RedNote.Live;

namespace RedNote.Benchmarks;

/// <summary>
/// What rooms cost that the silo knows and that nobody is in: created, live, with some danmaku and likes behind them,
/// and when idle collection has taken their grains. Managed bytes after a full collection.
/// </summary>
internal static class IdleRooms
{
    private const int AtOnce = 256;
    private const int Danmaku = 20;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static readonly UserId Host = new(1);

    private static RoomBatch Talk { get; } = new("gateway.1", 1, 0,
    [
        .. Enumerable.Range(0, Danmaku).Select(RoomCommand (i) => Micro.Sample.Send(i)),
        new LikeRoom(50) { User = Host },
    ]);

    public static async Task<int> Run(string[] args)
    {
        var rooms = 10_000;
        if (args.Length > 1 || (args.Length == 1
            && (!int.TryParse(args[0], NumberStyles.None, CultureInfo.InvariantCulture, out rooms)
                || rooms is < 100 or > 100_000)))
        {
            Console.Error.WriteLine("rooms [number]: from 100 to 100000.");
            return 2;
        }

        var time = new AdvancingTime();
        await using var silo = await BenchmarkSilo.Start(services => services.AddSingleton<TimeProvider>(time));
        var grains = silo.Services.GetRequiredService<IGrainFactory>();

        // What the first rooms of a process cost is not what a room costs.
        foreach (var step in Steps)
        {
            await ForEach(1, 100, room => step.Do(grains, room));
        }

        var empty = Managed();
        Console.WriteLine($"{rooms} rooms; a silo without them has {empty / 1e6:F1} MB of objects");
        Console.WriteLine("after                                        MB of objects   KiB a room   MB resident");
        foreach (var step in Steps)
        {
            await ForEach(1_000, rooms, room => step.Do(grains, room));
            Print(step.What, rooms, empty);
        }

        // Longer than a front end that says nothing is remembered; the rooms' own timers have to notice.
        time.Advance(TimeSpan.FromSeconds(75));
        await Task.Delay(TimeSpan.FromSeconds(5));
        Print("a minute later", rooms, empty);
        time.Advance(TimeSpan.FromMinutes(20));
        await WhenLetGo(rooms / 100);
        Print("twenty minutes without a call", rooms, empty);
        return 0;
    }

    private static readonly (string What, Func<IGrainFactory, RoomId, Task> Do)[] Steps =
    [
        ("created", (grains, room)
            => grains.LiveRoom(room).Create(new CreateRoom(Host, "Host", $"Show {room}", null, null, "t"))),
        ("live", (grains, room) => grains.LiveRoom(room).Start(Host)),
        ("somebody was in", (grains, room) => grains.LiveRoom(room).Join(null, Host)),
        ($"{Danmaku} danmaku and 50 likes", (grains, room) => grains.LiveRoom(room).Submit(Talk)),
    ];

    /// <summary>Not all at once, as no silo gets them so.</summary>
    private static async Task ForEach(long first, int count, Func<RoomId, Task> action)
    {
        for (var done = 0; done < count; done += AtOnce)
        {
            var start = first + done;
            await Task.WhenAll(Enumerable.Range(0, Math.Min(AtOnce, count - done))
                .Select(i => action(new RoomId(start + i))));
        }
    }

    private static long Managed()
    {
        // Frames and lobby entries of the last rooms are still under way.
        Thread.Sleep(TimeSpan.FromSeconds(3));
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        return GC.GetTotalMemory(forceFullCollection: true);
    }

    private static void Print(string what, int rooms, long empty)
    {
        var bytes = Managed() - empty;
        using var process = Process.GetCurrentProcess();
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{what,-45}{bytes / 1e6,13:F1}{bytes / 1024.0 / rooms,13:F2}{process.WorkingSet64 / 1e6,14:F0}"));
    }

    /// <summary>Waits until idle collection has taken all but a few.</summary>
    private static async Task WhenLetGo(int left)
    {
        var activations = 0L;
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, meters) =>
        {
            if (instrument.Name == "rednote.grain.activations")
            {
                meters.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<int>((_, value, _, _) => activations = value);
        listener.SetMeasurementEventCallback<long>((_, value, _, _) => activations = value);
        listener.Start();
        var since = Stopwatch.GetTimestamp();
        do
        {
            if (Stopwatch.GetElapsedTime(since) > Patience)
            {
                throw new TimeoutException($"{activations} grains are still in memory.");
            }

            await Task.Delay(100);
            listener.RecordObservableInstruments();
        }
        while (activations > left);
    }

    /// <summary>The clock of this machine, put forward.</summary>
    private sealed class AdvancingTime : TimeProvider
    {
        private long _ahead;

        public void Advance(TimeSpan by) => Interlocked.Add(ref _ahead, by.Ticks);

        public override DateTimeOffset GetUtcNow() => base.GetUtcNow().AddTicks(Volatile.Read(ref _ahead));

        public override long GetTimestamp()
            => base.GetTimestamp() + (Volatile.Read(ref _ahead) * (TimestampFrequency / TimeSpan.TicksPerSecond));
    }
}
