using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using RedNote.Embedded.Simulation;
using RedNote.Live;

namespace RedNote.Simulation.Rooms;

/// <summary>
/// Live rooms as people use them: over front ends that die, with connections that stall and break. The rooms, the
/// directory, the users and the parts of the front ends are the real ones.
/// </summary>
internal sealed class RoomWorkload : IWorkload
{
    private LiveRoomOptions? _roomOptions;
    private RoomCast _cast = null!;
    private List<HostScript> _hosts = [];

    public void Configure(ISiloBuilder silo)
        => silo.Services.AddSingleton(
            services => Options.Create(OptionsOf(services.GetRequiredService<SimulationCluster>())));

    public async Task Run(SimulatedWorld world)
    {
        _cast = new RoomCast(world, OptionsOf(world.Cluster));
        Cast(world);
        await Task.WhenAll(_cast.People.Select(person => _cast.Node.Start(person.Register)));
        _ = _cast.Node.Start(_cast.Disturb);
        var perHost = world.Bounds.Commands / 25;
        var perPerson = (world.Bounds.Commands - (perHost * _hosts.Count)) / _cast.People.Count * 4 / 5;
        await Task.WhenAll([
            .. _hosts.Select(host => _cast.Node.Start(() => host.Play(perHost))),
            .. _cast.People.Select(person => _cast.Node.Start(() => person.Live(perPerson))),
        ]);
    }

    public Task Check(SimulatedWorld world) => _cast.Node.Start(() => new RoomChecks(world, _cast, _hosts).Run());

    private void Cast(SimulatedWorld world)
    {
        var random = world.Random.Fork("rooms");
        var hosts = 1 + random.Next(3);
        for (var i = 0; i < hosts; i++)
            _cast.Rooms.Add(new RoomModel(world, new RoomId(i + 1), new UserId(101 + i), _cast.RoomOptions));
        for (var i = 0; i < 10 + random.Next(9); i++)
            _cast.People.Add(new Person(world, _cast, new UserId(101 + i), world.Random.Fork($"person {i}")));
        _hosts = [.. _cast.Rooms.Select(room => new HostScript(world, _cast, room, random.Fork($"host {room.Id}")))];
    }

    private LiveRoomOptions OptionsOf(SimulationCluster cluster)
        => _roomOptions ??= Vary(cluster.Random.Fork("room options"));

    /// <summary>Small bounds, so that a short run comes to them.</summary>
    private static LiveRoomOptions Vary(SimulationRandom random) => new()
    {
        MinTickMs = 10 + random.Next(90),
        ViewersAtMinTick = random.Chance(0.3) ? 2 : 5_000,
        MaxTickMs = 100 + random.Next(400),
        RingFrames = 1 + random.Next(random.Chance(0.5) ? 10 : 400),
        RingDanmaku = 1 + random.Next(random.Chance(0.3) ? 5 : 8_000),
        RecentDanmaku = 50 + random.Next(random.Chance(0.5) ? 20 : 450),
        SnapshotDanmaku = random.Next(60),
        FrameBytes = random.Chance(0.3) ? 4_096 : 192 * 1024,
        FrameEvents = 1 + random.Next(4),
        LeaseSeconds = 3 + random.Next(10),
        PendingDanmaku = random.Chance(0.1) ? 1 : 8_192,
        Gateways = random.Chance(0.1) ? 6 : 4_096,
        DisplayBudgetPerSecond = random.Chance(0.5) ? 0 : 1 + random.Next(3),
        DisplaySenders = random.Chance(0.3) ? 64 : 50_000,
        DanmakuAtMinTick = random.Chance(0.3) ? 1 : 4_000,
    };
}
