using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Orleans.TestingHost;
using RedNote.Journal;
using RedNote.Live;
using RedNote.Users;

namespace RedNote.Benchmarks;

/// <summary>What a user with many followers costs: replay, snapshots, new followers, reads.</summary>
internal static class UserLogThroughput
{
    private const int Followers = 100_000;
    private const int Million = 1_000_000;
    private static IServiceProvider _services = null!;

    internal static async Task Run()
    {
        var cluster = await StartAsync();
        _services = cluster.GetSiloServiceProvider();
        var grains = cluster.Client;
        // The first activations of a process pay for compilation.
        await Activation(grains, firstUser: 1_000, followers: 5_000, eventsPerRow: 1, "warm-up");
        await Activation(grains, firstUser: 2_000, Followers, eventsPerRow: 1, "a row per event");
        await Activation(grains, firstUser: 3_000, Followers, eventsPerRow: 20, "20 events per row");
        await NewFollowers(grains, new UserId(4_000));
        Snapshot();
        await cluster.StopAllSilosAsync();
        await cluster.DisposeAsync();
    }

    private static async Task<InProcessTestCluster> StartAsync()
    {
        var builder = new InProcessTestClusterBuilder(1);
        builder.ConfigureSilo((_, silo) =>
        {
            silo.AddMemoryStreams(StreamNames.Provider);
            silo.AddMemoryGrainStorage("PubSubStore");
            silo.AddMemoryGrainStorage(StorageNames.Provider);
            silo.Services.AddSingleton(TimeProvider.System);
            silo.Services.AddOptions<LiveRoomOptions>();
            silo.Services.AddRedNoteGrains();
            silo.Services.AddSingleton<IJournalStore>(services => new MemoryJournalStore(
                JournalServices.ProjectionTables(services.GetServices<IEventLogKind>())));
        });
        var cluster = builder.Build();
        await cluster.DeployAsync();
        return cluster;
    }

    private static async Task Activation(
        IGrainFactory grains, long firstUser, int followers, int eventsPerRow, string what)
    {
        List<double> milliseconds = [];
        for (var round = 0; round < 5; round++)
        {
            var user = new UserId(firstUser + round);
            await Fill(user, followers, eventsPerRow);
            GC.Collect();
            var started = Stopwatch.GetTimestamp();
            var profile = await grains.User(user).Profile(null);
            milliseconds.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
            if (profile?.Followers != followers)
            {
                throw new InvalidOperationException($"The user has {profile?.Followers} followers.");
            }
        }

        milliseconds.Sort();
        Console.WriteLine(
            $"activation without snapshot, {followers} followers, {what}: " +
            $"median {milliseconds[2]:F0} ms, slowest {milliseconds[^1]:F0} ms");
    }

    /// <summary>Puts the log of a user into the store who was followed by so many.</summary>
    private static async Task Fill(UserId user, int followers, int eventsPerRow)
    {
        var store = _services.GetRequiredService<IJournalStore>();
        var form = Definition().Event;
        var id = new LogId(UserServices.UserLog, user.Value.ToString(CultureInfo.InvariantCulture));
        await Append(1, JsonSerializer.Serialize<UserEvent>(new UserCreated("Star", "t"), form));
        for (var done = 0; done < followers; done += eventsPerRow)
        {
            var first = done;
            await Append(done + 2, [.. Enumerable.Range(0, eventsPerRow).Select(
                place => JsonSerializer.Serialize<UserEvent>(Follow(first + place), form))]);
        }

        Task Append(long first, params string[] events) => store.AppendAsync(
            [
                new JournalAppend
                {
                    Id = id,
                    FirstVersion = first,
                    Count = events.Length,
                    At = 1,
                    Payload = Encoding.UTF8.GetBytes($"[{string.Join(',', events)}]"),
                },
            ],
            CancellationToken.None);
    }

    private static async Task NewFollowers(IGrainFactory grains, UserId star)
    {
        await grains.User(star).Create(new NewUser("Star", "t"));
        const int Callers = 1_000;
        var next = 0;
        var started = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, Callers).Select(async _ =>
        {
            for (var number = Interlocked.Increment(ref next); number <= Followers;
                number = Interlocked.Increment(ref next))
            {
                var follow = Follow(number);
                await grains.User(star).FollowerChanged(new FollowerChange(follow.Follower, true, follow.Version));
            }
        }));
        var rate = Followers / Stopwatch.GetElapsedTime(started).TotalSeconds;
        Console.WriteLine($"new followers of one user, {Callers} callers, journal in memory: {rate:F0}/s");
    }

    private static void Snapshot()
    {
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var state = new UserState();
        state.Apply(new UserCreated("Star", "t"));
        for (var number = 0; number < Million; number++)
        {
            state.Apply(Follow(number));
        }

        var bytes = GC.GetTotalMemory(forceFullCollection: true) - before;
        Console.WriteLine($"a follower in memory: {(double)bytes / Million:F0} bytes");
        var form = Definition().Snapshot;
        for (var round = 0; round < 3; round++)
        {
            var started = Stopwatch.GetTimestamp();
            var json = form.Write(state);
            var written = Stopwatch.GetElapsedTime(started);
            started = Stopwatch.GetTimestamp();
            var restored = form.Read(json);
            var read = Stopwatch.GetElapsedTime(started);
            Console.WriteLine(
                $"snapshot of {restored.Followers.Count} followers: {json.Length / 1e6:F1} million characters, " +
                $"written in {written.TotalMilliseconds:F0} ms, read in {read.TotalMilliseconds:F0} ms");
        }

        var asked = Enumerable.Range(0, Million).Select(number => Follow(number).Follower).ToArray();
        var since = Stopwatch.GetTimestamp();
        var found = asked.Count(state.Followers.Holds);
        var each = Stopwatch.GetElapsedTime(since).TotalNanoseconds / Million;
        Console.WriteLine($"is it a follower, among {found}: {each:F0} ns");
    }

    /// <summary>Ids as the front end draws them: 63 bits, growing.</summary>
    private static FollowerChanged Follow(int number)
        => new(
            new UserId(7_000_000_000_000_000_000 + (number * 1_048_573L)), Follows: true, Version: 2 + (number % 900));

    private static EventLogDefinition<UserState, UserEvent> Definition()
        => _services.GetRequiredService<EventLogDefinition<UserState, UserEvent>>();
}
