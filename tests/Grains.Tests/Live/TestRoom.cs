using System.Collections.Immutable;
using RedNote.Live;

namespace RedNote.Grains.Tests.Live;

/// <summary>A room without a grain: what it decides is applied at once, as its log does, and kept.</summary>
internal sealed class TestRoom
{
    private readonly List<LiveRoomEvent> _log = [];
    private long _batches;

    public TestRoom(LiveRoomOptions? options = null, LiveRoomState? state = null)
    {
        Options = options ?? new LiveRoomOptions();
        State = state ?? new LiveRoomState(Options);
        Rules = new LiveRoom(new RoomId(9), State, Options);
    }

    public LiveRoomOptions Options { get; }

    public LiveRoomState State { get; }

    public LiveRoom Rules { get; }

    /// <summary>Every event raised, in order.</summary>
    public IReadOnlyList<LiveRoomEvent> Log => _log;

    public CommandStatus Create(CreateRoom command, long now)
        => Decide(now, events => Rules.Create(command, now, events));

    public CommandStatus Start(UserId by, long now) => Decide(now, events => Rules.Start(by, now, events));

    public CommandStatus End(UserId by, long now) => Decide(now, events => Rules.End(by, now, events));

    public CommandStatus ChangeSettings(UserId by, RoomSettingsChange change, long now)
        => Decide(now, events => Rules.ChangeSettings(by, change, now, events));

    public CommandStatus SetMuted(UserId by, UserId target, bool muted, long now, int? seconds = null)
        => Decide(now, events => muted
            ? Rules.Mute(by, target, seconds, now, events)
            : Rules.Unmute(by, target, now, events));

    public CommandStatus SetModerator(UserId by, UserId target, bool moderates, long now)
        => Decide(now, events => moderates
            ? Rules.AddModerator(by, target, now, events)
            : Rules.RemoveModerator(by, target, now, events));

    public ReviewOutcome Review(UserId by, long heldId, bool approves, long now)
        => Decide(now, events => approves
            ? Rules.Approve(by, heldId, now, events)
            : Rules.Refuse(by, heldId, now, events));

    /// <summary>Raises what no rule decides.</summary>
    public void Raise(LiveRoomEvent raised) => Decide(raised.At, events =>
    {
        events.Add(raised);
        return true;
    });

    public ImmutableArray<RoomAnswer> Submit(
        ImmutableArray<RoomCommand> commands,
        long now,
        string gateway = "g",
        ImmutableArray<UserId> followers = default)
    {
        var batch = new RoomBatch(gateway, ++_batches, 1, commands);
        return Decide(now, events => Rules.Decide(batch, followers.IsDefault ? [] : followers, now, events));
    }

    public bool Report(string gateway, int viewers, long now)
        => Decide(now, _ => Rules.Gateways.Report(gateway, viewers, now));

    /// <summary>The next frame; what it leaves out is in the log.</summary>
    public RoomFrame Seal(long now) => Decide(now, events => Rules.Seal(now, events));

    /// <summary>What another activation makes of this room's log, at that time.</summary>
    public TestRoom Restored(long now)
    {
        var state = new LiveRoomState(Options);
        foreach (var raised in _log)
        {
            state.Apply(raised);
        }

        var room = new TestRoom(Options, state);
        room._log.AddRange(_log);
        room._batches = _batches;
        room.Rules.Memory = Remember(Options, _log, now);
        return room;
    }

    /// <summary>The memory that an activation reads back from its log.</summary>
    public static RoomMemory Remember(LiveRoomOptions options, IEnumerable<LiveRoomEvent> log, long now)
    {
        var restore = new RoomMemory.Restore(options, now);
        foreach (var raised in log.Reverse())
        {
            restore.Take(raised);
        }

        return restore.Build();
    }

    public (CommandStatus Status, DrawId Draw) OpenDraw(OpenDraw command, IDrawSeeds seeds, long now)
    {
        var (status, draw, _) = Decide(now, events => Rules.OpenDraw(command, seeds, now, events));
        return (status, draw);
    }

    /// <summary>A front end tells who came and left.</summary>
    public void Presence(
        string gateway, long number, long now, long[]? came = null, long[]? left = null, long? awakeMs = null)
        => Decide(now, events => Rules.ReportAudience(
            new GatewayPresence(gateway, 1)
            {
                Audience = new AudienceChange(
                    number,
                    [.. (came ?? []).Select(id => new UserId(id))],
                    [.. (left ?? []).Select(id => new UserId(id))]),
            },
            now,
            awakeMs ?? now,
            events));

    public void Decide(long now, Action<List<LiveRoomEvent>> rule) => Decide(now, events =>
    {
        rule(events);
        return true;
    });

    /// <summary>Decides by a rule, and applies what follows.</summary>
    public T Decide<T>(long now, Func<List<LiveRoomEvent>, T> rule)
    {
        var events = new List<LiveRoomEvent>();
        var decided = rule(events);
        Rules.Complete(events, now);
        foreach (var raised in events)
        {
            State.Apply(raised);
        }

        foreach (var raised in events)
        {
            Rules.Take(raised);
        }

        _log.AddRange(events);
        Rules.CountDecided();
        return decided;
    }
}
