using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using RedNote.Embedded.Simulation;
using RedNote.Live;

namespace RedNote.Simulation.Show;

/// <summary>
/// A show with everything that a live room has to offer besides talking: polls, PKs, questions, lucky draws, pins,
/// texts that many say at once, review, recall, mutes and the shield. The room and the parts of the front ends are the
/// real ones.
/// </summary>
internal sealed class ShowWorkload : IWorkload
{
    private LiveRoomOptions? _bounds;
    private ShowStage _stage = null!;
    private ShowHost _host = null!;

    public void Configure(ISiloBuilder silo)
        => silo.Services.AddSingleton(
            services => Options.Create(BoundsOf(services.GetRequiredService<SimulationCluster>())));

    public async Task Run(SimulatedWorld world)
    {
        _stage = new ShowStage(world, BoundsOf(world.Cluster));
        _host = new ShowHost(world, _stage, world.Random.Fork("host"));
        var node = _stage.Cast.Node;
        await Task.WhenAll(_stage.Guests.Select(guest => node.Start(guest.Register)));
        await node.Start(new Guest(world, _stage, _stage.Room.HostId, world.Random.Fork("host's user")).Register);
        _ = node.Start(_stage.Cast.Disturb);
        var forHost = world.Bounds.Commands / 8;
        var forGuest = (world.Bounds.Commands - forHost) / _stage.Guests.Count;
        await Task.WhenAll([
            node.Start(() => _host.Play(forHost)),
            .. _stage.Guests.Select(guest => node.Start(() => guest.Live(forGuest))),
        ]);
    }

    public Task Check(SimulatedWorld world)
        => _stage.Cast.Node.Start(() => new ShowChecks(world, _stage, _host).Run());

    private LiveRoomOptions BoundsOf(SimulationCluster cluster)
        => _bounds ??= Vary(cluster.Random.Fork("show options"));

    /// <summary>Small bounds, so that a short run comes to them.</summary>
    private static LiveRoomOptions Vary(SimulationRandom random) => new()
    {
        MinTickMs = 10 + random.Next(90),
        MaxTickMs = 100 + random.Next(400),
        RingFrames = 1 + random.Next(random.Chance(0.5) ? 10 : 400),
        SnapshotDanmaku = random.Next(60),
        FrameEvents = 1 + random.Next(4),
        LeaseSeconds = 3 + random.Next(10),
        DisplayBudgetPerSecond = random.Chance(0.6) ? 0 : 1 + random.Next(3),
        MergeSeconds = random.Chance(0.1) ? 0 : 2 + random.Next(8),
        OwnRepeats = random.Chance(0.6) ? 0 : 1 + random.Next(2),
        Held = random.Chance(0.2) ? 3 : 300,
        HeldPerUser = 1 + random.Next(5),
        ShieldSlowModeSeconds = random.Next(3),
        OpenPolls = 1 + random.Next(5),
        KeptBallots = random.Chance(0.2) ? random.Next(6) : 1_000_000,
        SnapshotPolls = random.Next(6),
        SnapshotQuestions = random.Chance(0.3) ? random.Next(4) : 100,
        AnsweredQuestions = random.Chance(0.3) ? 1 + random.Next(3) : 500,
        FrameQuestions = 1 + random.Next(3),
        Draws = 1 + random.Next(5),
        DrawResults = random.Next(4),
        AudienceSeconds = 1 + random.Next(10),
    };
}
