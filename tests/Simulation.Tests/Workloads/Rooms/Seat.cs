using System.Collections.Immutable;
using RedNote.Embedded.Simulation;
using RedNote.Frontend.Deals;
using RedNote.Frontend.Live;
using RedNote.Frontend.Users;
using RedNote.Live;

namespace RedNote.Simulation.Rooms;

/// <summary>
/// A person with one connection in one room. The connection takes frames at its own pace, stalls, and breaks; the
/// person comes back, here or at another front end, with what it has.
/// </summary>
internal sealed class Seat(
    SimulatedWorld world, RoomCast cast, RoomRecord room, string name, SimulationRandom random,
    ViewerWatch? watch = null, UserId user = default)
{
    private TaskCompletionSource _disturbed = new();
    private FrontEnd? _frontEnd;
    private RoomPort? _port;
    private Viewer? _viewer;
    private Line? _line;

    public RoomRecord Room => room;

    public ViewerWatch Watch { get; } = watch ?? new ViewerWatch(world, room, cast.RoomOptions, name);

    /// <summary>Whether the person wants to be in the room.</summary>
    public bool IsWanted { get; set; }

    /// <summary>Whether the room counts this connection.</summary>
    public bool IsJoined { get; private set; }

    public string Name => name;

    /// <summary>The person does something about the connection: joins again, leaves, or moves.</summary>
    public void Disturb() => _disturbed.TrySetResult();

    /// <summary>Keeps the seat for as long as the person wants it.</summary>
    public async Task Stay(SimulationNode person)
    {
        while (IsWanted)
        {
            if (_frontEnd is { Node.IsAlive: false } || random.Chance(0.2)) await Part();
            _frontEnd ??= await cast.Reach(random);
            _disturbed = new TaskCompletionSource();
            var frontEnd = _frontEnd;
            var joined = frontEnd.Node.Run(() => Join(frontEnd));
            await Task.WhenAny(joined, frontEnd.Node.Died);
            if (joined.IsCompleted && await joined) await Task.WhenAny(_disturbed.Task, frontEnd.Node.Died);
            else if (IsWanted) await Task.Delay(RoomCast.Pause(random), person.Time);
            if (_line is { IsBroken: true }) await Part();
        }

        await Part();
    }

    private ResumePoint? Since() => random.Next(20) switch
    {
        0 => null,
        1 when Watch.Since is { } since => since with { Epoch = random.Next(2) * 1_000_000, Seq = 0 },
        2 when Watch.Since is { } since => since with { Seq = Math.Max(0, since.Seq - random.Next(20)) },
        3 when Watch.Since is { } since => since with { Seq = since.Seq + 1_000_000 },
        _ => Watch.Since,
    };

    /// <summary>What the hub does. Runs at the front end.</summary>
    private async Task<bool> Join(FrontEnd frontEnd)
    {
        if (frontEnd.Use(room.Id) is not { } port) return false;
        if (_port != port || _viewer is null)
        {
            Drop();
            _line = new Line(this, frontEnd, random);
            (_port, _viewer) = (port, frontEnd.NewViewer(room.Id, _line));
            if (user != default) port.Audience.Enter(user);
        }

        var (line, viewer, since, known) = (_line!, _viewer, Since(), room.Known);
        Watch.Leave();
        (RoomSnapshot Snapshot, JoinTicket Ticket)? joined;
        try
        {
            joined = await port.Channel.Join(viewer, since, user);
        }
        catch (Exception failure) when (RoomCast.IsExpected(failure))
        {
            world.Cluster.Note($"{name} does not get into {room.Id}: {failure.Message}");
            Drop();
            return false;
        }

        if (joined is not { } answer)
        {
            room.CheckAbsent(known);
            Drop();
            return false;
        }

        if (random.Chance(0.3)) await Task.Delay(RoomCast.Blink(random), frontEnd.Node.Time);
        if (line.IsBroken) return false;
        world.Cluster.Note($"{name} joins {room.Id} with {since}: {answer.Snapshot.Epoch}.{answer.Snapshot.Seq}");
        Watch.Take(answer.Snapshot, since, known);
        IsJoined = true;
        if (random.Chance(0.3)) await Task.Delay(RoomCast.Blink(random), frontEnd.Node.Time);
        answer.Ticket.Written();
        return true;
    }

    /// <summary>What the hub does when somebody leaves. Runs at the front end.</summary>
    private void Drop()
    {
        IsJoined = false;
        if (_viewer is not { } viewer || _line is not { } line) return;
        _port!.Channel.Detach(viewer);
        if (user != default) _port.Audience.Leave(user);
        line.IsDetached = line.IsClosed = true;
        (_viewer, _line) = (null, null);
    }

    /// <summary>The person leaves, or finds the connection broken; the front end notices that later.</summary>
    private async Task Part()
    {
        Watch.Leave();
        if (_frontEnd is { } frontEnd)
        {
            var isSudden = _line is { IsBroken: true } || random.Chance(0.3);
            if (_line is { } line) line.IsClosed = true;
            var left = frontEnd.Node.Start(async () =>
            {
                if (isSudden) await Task.Delay(RoomCast.Blink(random), frontEnd.Node.Time);
                Drop();
            });
            await Task.WhenAny(left, frontEnd.Node.Died);
        }

        (_frontEnd, _port, _viewer, _line, IsJoined) = (null, null, null, null, false);
    }

    /// <summary>The connection, as the front end writes to it.</summary>
    private sealed class Line(Seat seat, FrontEnd frontEnd, SimulationRandom random) : IFrameWriter
    {
        private readonly double _slow = random.Chance(0.3) ? 0.4 : 0.02;
        private readonly double _stalled = random.Chance(0.3) ? 0.03 : 0.001;
        private bool _isWriting;

        public bool IsBroken { get; private set; }

        /// <summary>The person is gone: what still comes goes nowhere.</summary>
        public bool IsClosed { get; set; }

        /// <summary>The front end has taken the viewer out: nothing may come.</summary>
        public bool IsDetached { get; set; }

        public ValueTask Write(SharedMessage message)
        {
            var frame = (SharedFrame)message;
            MayWrite($"frame {frame.Frame.Seq}");
            var pace = Pace();
            if (!IsClosed && !IsBroken) seat.Watch.Take(frame.Frame);
            return pace;
        }

        public ValueTask WriteResync(RoomId room, RoomHead head)
        {
            MayWrite("a resync");
            var pace = Pace();
            if (IsClosed || IsBroken) return pace;
            seat.Watch.Resync(head);
            seat.Disturb();
            return pace;
        }

        // Notices go to who sent, and the workload's people send past their seats.
        public ValueTask WriteOrder(OrderNotice notice) => ValueTask.CompletedTask;

        public ValueTask WriteNotification(NotificationNews news) => ValueTask.CompletedTask;

        public ValueTask WriteSampled(RoomId room, ImmutableArray<long> seqs) => ValueTask.CompletedTask;

        private void MayWrite(string what)
        {
            if (_isWriting) seat.Violate($"{what} was written into a write");
            if (IsBroken) seat.Violate($"{what} was written after a write that failed");
            if (IsDetached) seat.Violate($"{what} was written to somebody who has left");
        }

        private ValueTask Pace()
        {
            if (random.Chance(_slow)) return Wait(random.Delay(TimeSpan.Zero, TimeSpan.FromMilliseconds(400)));
            if (!seat.IsUnderFaults) return ValueTask.CompletedTask;
            if (random.Chance(_stalled)) return Wait(random.Delay(TimeSpan.Zero, TimeSpan.FromSeconds(15)));
            if (!random.Chance(0.002)) return ValueTask.CompletedTask;
            IsBroken = true;
            seat.Disturb();
            return ValueTask.FromException(new IOException("The connection was lost."));
        }

        private async ValueTask Wait(TimeSpan time)
        {
            _isWriting = true;
            await Task.Delay(time, frontEnd.Node.Time);
            _isWriting = false;
        }
    }

    private bool IsUnderFaults => world.Cluster.Faults.IsOn;

    private void Violate(string what) => world.Violate($"{name} in room {room.Id}: {what}.");
}
