using RedNote.Embedded.Simulation;
using RedNote.Live;

namespace RedNote.Simulation.Rooms;

/// <summary>
/// What a room has shown, and what is stored of it: everything that somebody sees is judged when it comes. It knows the
/// promises of a room, and nothing of how it keeps them.
/// </summary>
/// <remarks>
/// An answer may rest on any state from the one that was known outside when it was asked for (<see cref="Known"/>) to
/// the one that is stored when it comes; once a second activation may have overtaken the first
/// (<see cref="SimulationCluster.WasShared"/>), on any state there ever was, as nothing fences what only reads.
/// </remarks>
internal abstract partial class RoomRecord
{
    protected RoomRecord(SimulatedWorld world, RoomId id, UserId host, LiveRoomOptions bounds)
    {
        World = world;
        Id = id;
        HostId = host;
        Stored = new StoredRoom(world, id, bounds) { Found = Find, LeftOut = CheckNotShown };
        Host = new StoredUser(world, host);
    }

    public RoomId Id { get; }

    public UserId HostId { get; }

    public StoredRoom Stored { get; }

    /// <summary>The log of the host, for who follows.</summary>
    public StoredUser Host { get; }

    /// <summary>The newest version of which somebody outside was told.</summary>
    public long Known { get; private set; }

    protected SimulatedWorld World { get; }

    /// <summary>Where an answer's state may begin that was asked for at a known version.</summary>
    public long From(long known) => World.Cluster.WasShared ? 0 : known;

    public void Know(long version) => Known = Math.Max(Known, version);

    /// <summary>Somebody was told that there is no such room.</summary>
    public void CheckAbsent(long known)
    {
        Stored.Refresh();
        Require(WasAbsent(known), "it is there, and was not found");
    }

    /// <summary>A danmaku turned up in the log.</summary>
    protected abstract void Find(StoredDanmaku stored);

    /// <summary>What was accepted once is not refused later, unless by an activation that was overtaken.</summary>
    protected bool IsBroken(bool wasAccepted) => wasAccepted && !World.Cluster.WasShared;

    protected bool WasAbsent(long known) => Stored.State.Held(From(known), Stored.Head, state => state is null);

    protected bool WasNotLive(long known)
        => Stored.State.Held(From(known), Stored.Head, state => state != RoomState.Live);

    /// <summary>Who follows is read from another grain, which can be behind as long as it only reads.</summary>
    protected long HostHistory(long known)
        => World.Cluster.WasShared || World.Cluster.Faults.Count(FaultKind.WriteOutlives) > 0
            || World.Cluster.Faults.Count(FaultKind.WriteSlow) > 0
            ? 0
            : known;

    protected void Require(bool condition, string otherwise)
    {
        if (!condition) Violate(otherwise);
    }

    protected void Violate(string what) => World.Violate($"Room {Id}: {what}.");
}
