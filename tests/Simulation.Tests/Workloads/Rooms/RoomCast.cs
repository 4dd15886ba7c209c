using RedNote.Embedded.Simulation;
using RedNote.Frontend.Live;
using RedNote.Live;
using RedNote.Users;

namespace RedNote.Simulation.Rooms;

/// <summary>Everything that takes part in a run: rooms, front ends, people; and the bounds that the run has.</summary>
internal sealed class RoomCast
{
    private static readonly TimeSpan LongestAnswer = TimeSpan.FromSeconds(90);

    /// <summary>More than any pause, lease or timeout.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(500);

    private readonly SimulatedWorld _world;
    private readonly SimulationRandom _random;
    private readonly List<FrontEnd?> _frontEnds = [];
    private readonly LiveOptions _liveOptions;
    private int _started;

    public RoomCast(SimulatedWorld world, LiveRoomOptions roomOptions)
    {
        _world = world;
        _random = world.Random.Fork("cast");
        RoomOptions = roomOptions;
        _liveOptions = Vary(_random.Fork("front end options"));
        Crowd = world.AddClient("people");
        for (var i = 0; i < 2 + _random.Next(2); i++) _frontEnds.Add(StartFrontEnd());
    }

    public LiveRoomOptions RoomOptions { get; }

    /// <summary>Where people live, and the way past all front ends.</summary>
    public SimulatedClient Crowd { get; }

    public SimulationNode Node => Crowd.Node;

    public IGrainFactory Grains => Crowd.Grains;

    public List<RoomModel> Rooms { get; } = [];

    public List<Person> People { get; } = [];

    public IEnumerable<Seat> Seats => People.SelectMany(person => person.Seats);

    public bool AreAllUp => _frontEnds.TrueForAll(frontEnd => frontEnd is { Node.IsAlive: true });

    /// <summary>Makes a user.</summary>
    public async Task Register(UserId id, string name, SimulationRandom random)
    {
        while (true)
        {
            try
            {
                if (await Grains.User(id).Create(new NewUser(name, name)) == CommandStatus.Done) return;
            }
            catch (Exception failure) when (IsExpected(failure))
            {
                // Asked again: the same token makes the same user.
            }

            await Task.Delay(Pause(random), Node.Time);
        }
    }

    /// <summary>A front end that lives; waits while there is none.</summary>
    public async Task<FrontEnd> Reach(SimulationRandom random)
    {
        while (true)
        {
            if (random.Pick(_frontEnds) is { Node.IsAlive: true } frontEnd) return frontEnd;
            await Task.Delay(TimeSpan.FromMilliseconds(100), Node.Time);
        }
    }

    /// <summary>Asks a front end; null when it dies before it answers.</summary>
    public async Task<T?> Ask<T>(FrontEnd frontEnd, Func<Task<T>> code) where T : class
    {
        var asked = Node.Time.GetTimestamp();
        var answer = frontEnd.Node.Run(code);
        await Task.WhenAny(answer, frontEnd.Node.Died);
        if (!answer.IsCompleted) return null;
        if (Node.Time.GetElapsedTime(asked) > LongestAnswer) _world.Violate("An answer took too long.");
        return await answer;
    }

    /// <summary>Sends a command through some front end; null: nobody will ever know.</summary>
    public async Task<RoomAnswer?> Submit(RoomId room, RoomCommand command, SimulationRandom random)
    {
        var frontEnd = await Reach(random);
        return await Ask(frontEnd, async () => frontEnd.Use(room) is { } port
            ? await port.Gateway.Submit(command)
            : Verdict.Reject(RejectReason.TryAgain));
    }

    /// <summary>Whether a failure says no more than that the outcome is not known.</summary>
    public static bool IsExpected(Exception failure)
        => failure is TryAgainException or TimeoutException or SiloUnavailableException or ObjectDisposedException
            or IOException;

    public static TimeSpan Pause(SimulationRandom random)
        => random.Delay(TimeSpan.FromMilliseconds(20), TimeSpan.FromSeconds(2));

    public static TimeSpan Blink(SimulationRandom random)
        => random.Delay(TimeSpan.Zero, TimeSpan.FromMilliseconds(500));

    /// <summary>Front ends die, or leave in good order, and come back under another name.</summary>
    public async Task Disturb()
    {
        var rate = _world.Cluster.Faults.Rate(FaultKind.FrontendCrash);
        while (rate > 0)
        {
            await Task.Delay(TimeSpan.FromMinutes(-Math.Log(1 - _random.NextDouble()) / rate), Node.Time);
            if (!_world.Cluster.Faults.IsOn) return;
            var slot = _random.Next(_frontEnds.Count);
            if (_frontEnds[slot] is not { } victim || !_world.Cluster.Faults.Happens(FaultKind.FrontendCrash)) continue;
            _ = Node.Start(() => Replace(slot, victim));
        }
    }

    /// <summary>Waits until nothing is found to be wrong any more.</summary>
    public async Task Until(string wanted, Func<Task<string?>> find)
    {
        var began = Node.Time.GetTimestamp();
        while (true)
        {
            string? found;
            try
            {
                found = await find();
            }
            catch (Exception failure) when (IsExpected(failure))
            {
                found = failure.Message;
            }

            if (found is null) return;
            if (Node.Time.GetElapsedTime(began) > Patience)
                _world.Violate($"It never comes to it that {wanted}: {found}.");
            await Task.Delay(Look, Node.Time);
        }
    }

    private async Task Replace(int slot, FrontEnd victim)
    {
        _frontEnds[slot] = null;
        if (_random.Chance(0.3))
        {
            var drained = victim.Node.Start(victim.Ports.Drain);
            await Task.WhenAny(drained, Task.Delay(_liveOptions.DrainTimeout, Node.Time));
        }

        _world.Cluster.Note($"{victim.Node.Name} dies");
        _world.Cluster.Kill(victim.Client);
        await Task.Delay(_random.Delay(TimeSpan.Zero, TimeSpan.FromSeconds(4)), Node.Time);
        _frontEnds[slot] = StartFrontEnd();
    }

    private FrontEnd StartFrontEnd()
    {
        var name = $"front-end-{++_started}";
        return new FrontEnd(_world, name, _liveOptions, _random.Fork(name));
    }

    /// <summary>Small bounds, so that a short run comes to them.</summary>
    private static LiveOptions Vary(SimulationRandom random) => new()
    {
        GatewayQueue = random.Chance(0.2) ? 1 + random.Next(4) : 4_096,
        ViewerQueueFrames = 1 + random.Next(8),
        ViewerLag = TimeSpan.FromMilliseconds(random.Chance(0.3) ? 100 : 1_000),
        CoalescedEvents = random.Chance(0.3) ? 1 + random.Next(3) : 1_024,
        AheadFrames = 1 + random.Next(20),
        RecentFrames = 1 + random.Next(20),
        SubmitAttempts = 1 + random.Next(3),
        Linger = TimeSpan.FromSeconds(1 + random.Next(30)),
    };
}
