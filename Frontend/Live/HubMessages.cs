using System.Text.Json.Serialization;
using RedNote.Deals;
using RedNote.Live;

namespace RedNote.Frontend.Live;

/// <summary>What a client sends as a danmaku; who sends it is never taken from here.</summary>
public sealed record DanmakuDraft(string? Text, string? Mode, string? Color, string? Key);

/// <summary>How many likes were counted.</summary>
public sealed record LikeResult(int Accepted);

/// <summary>
/// The answer to <c>JoinRoom</c>: the room at (epoch, seq).
/// </summary>
public sealed record RoomJoined(RoomSnapshot Snapshot) : IJoinAnswer
{
    [JsonIgnore]
    public RoomSnapshot Snapshot { get; } = Snapshot;

    /// <summary>Runs once this answer is on its way, so that no frame gets ahead of it.</summary>
    [JsonIgnore]
    internal JoinTicket? Ticket { get; init; }

    JoinTicket? IJoinAnswer.Ticket => Ticket;

    public Room Room => Snapshot.Room;

    public long Epoch => Snapshot.Epoch;

    public long Seq => Snapshot.Seq;

    public RoomCounters Counters => Snapshot.Room.Counters;

    public RoomSettings Settings => Snapshot.Settings;

    public IReadOnlyList<Danmaku> Recent => Snapshot.Recent;

    public IReadOnlyList<Poll> Polls => Snapshot.Polls;

    public IReadOnlyList<Pk> Pks => Snapshot.Pks;

    public IReadOnlyList<Question> Questions => Snapshot.Questions;

    public RoomPin? Pinned => Snapshot.Pinned;

    public IReadOnlyList<Draw> Draws => Snapshot.Draws;

    public IReadOnlyList<Deal> Deals => Snapshot.Deals;

    public IReadOnlyList<UserId> Moderators => Snapshot.Moderators;

    public bool Recovered => Snapshot.Recovered;

    public IReadOnlyList<RoomFrame> Missed => Snapshot.Missed;
}

/// <summary>What the server calls on a client. Frames take their own way (<see cref="IFrameWriter"/>).</summary>
public interface IRoomClient
{
    /// <summary>The name under which clients get a <see cref="RoomFrame"/>: <c>frame(roomId, frame)</c>.</summary>
    const string Frame = "frame";

    /// <summary>The server cannot say what was missed: <c>resync(roomId, {epoch, seq})</c>, join again.</summary>
    const string Resync = "resync";

    /// <summary>To a sender, danmaku that were left out of the others' frames: <c>sampled(roomId, seqs)</c>.</summary>
    const string Sampled = "sampled";

    /// <summary>To a buyer, an order that changed, or its place in the line: <c>order({...})</c>.</summary>
    const string Order = "order";

    /// <summary>To a user, a notification, and how many are not read: <c>notify({notification, unread})</c>.</summary>
    const string Notify = "notify";
}
