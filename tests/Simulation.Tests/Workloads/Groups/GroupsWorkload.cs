using Microsoft.Extensions.DependencyInjection;
using RedNote.Embedded.Simulation;
using RedNote.Groups;
using RedNote.Journal;

namespace RedNote.Simulation.Groups;

/// <summary>
/// People in three groups and two conversations who talk, change what they said, take it back, read, come, go and throw
/// one another out; and front ends that keep the groups open for some of them.
/// </summary>
public sealed class GroupsWorkload : IWorkload
{
    private const int FrontEnds = 2;

    private readonly GroupOptions _options = new()
    {
        // Small, so that a short run comes to them.
        Members = 8,
        Admins = 2,
        Requests = 2,
        Emojis = 3,
        Edits = 3,
        EditSeconds = 60,
        RecallSeconds = 40,
        MessagePoints = 6,
        ReactionPoints = 3,
        OldMessages = 2,
        PresenceSeconds = 10,
        Knocks = 3,
    };

    private readonly List<GroupPerson> _people = [];
    private readonly List<GroupFrontEnd?> _frontEnds = [];
    private GroupCast? _cast;
    private int _started;

    public void Configure(ISiloBuilder silo)
    {
        silo.Services.Configure<GroupOptions>(options =>
        {
            foreach (var property in typeof(GroupOptions).GetProperties())
                property.SetValue(options, property.GetValue(_options));
        });

        // An event of a group owes something to each of its members.
        silo.Services.Configure<JournalOptions>(
            journal => journal.PendingEffects = Math.Max(journal.PendingEffects, _options.Members));
    }

    public async Task Run(SimulatedWorld world)
    {
        var random = world.Random.Fork("groups");
        _options.ReadNewsMembers = random.Chance(0.5) ? 200 : 0;
        _options.RingNews = random.Chance(0.5) ? 512 : 1 + random.Next(8);
        // A group with a longer history than it holds in memory looks into its tables for messages and keys.
        _options.RecentMessages = random.Chance(0.6) ? 1_000 : 2 + random.Next(10);
        _cast = new GroupCast(world, _options);
        var founder = world.AddClient("founder");
        await founder.Node.Start(() => new GroupFounding(world, founder, _cast).Make());
        for (var i = 1; i <= GroupCast.Users; i++)
        {
            var client = world.AddClient($"person{i}");
            _people.Add(new GroupPerson(world, new UserId(i), client, world.Random.Fork(client.Node.Name), _cast));
        }

        for (var i = 0; i < FrontEnds; i++) _frontEnds.Add(StartFrontEnd(world));
        var crashes = founder.Node.Start(() => Disturb(world, founder));
        await Task.WhenAll(_people.Select(person => person.Client.Node.Start(
            () => person.Live(world.Bounds.Commands / GroupCast.Users))));
        _ = crashes;
    }

    public Task Check(SimulatedWorld world)
    {
        var client = world.AddClient("checker");
        for (var i = 0; i < FrontEnds; i++) _frontEnds[i] ??= StartFrontEnd(world);
        return client.Node.Start(() => new GroupsCheck(world, client, _cast!, _people, _frontEnds!).Run());
    }

    private GroupFrontEnd StartFrontEnd(SimulatedWorld world)
    {
        var client = world.AddClient($"front-end-{++_started}");
        var random = world.Random.Fork(client.Node.Name);
        var places = new List<(UserId, GroupBook)>();
        foreach (var group in _cast!.Books)
        {
            var first = random.Next(GroupCast.Users);
            for (var i = 0; i < 2; i++) places.Add((new UserId(1 + ((first + i) % GroupCast.Users)), group));
        }

        var started = new GroupFrontEnd(world, _cast, client, random, places);
        started.Start();
        return started;
    }

    /// <summary>Front ends die, and come back under another name.</summary>
    private async Task Disturb(SimulatedWorld world, SimulatedClient client)
    {
        var random = world.Random.Fork("front end crashes");
        var rate = world.Cluster.Faults.Rate(FaultKind.FrontendCrash);
        while (rate > 0)
        {
            await Task.Delay(TimeSpan.FromMinutes(-Math.Log(1 - random.NextDouble()) / rate), client.Node.Time);
            if (!world.Cluster.Faults.IsOn) return;
            var slot = random.Next(FrontEnds);
            if (_frontEnds[slot] is not { } victim || !world.Cluster.Faults.Happens(FaultKind.FrontendCrash)) continue;
            world.Cluster.Note($"{victim.Client.Node.Name} dies");
            world.Cluster.Kill(victim.Client);
            _frontEnds[slot] = StartFrontEnd(world);
        }
    }
}
