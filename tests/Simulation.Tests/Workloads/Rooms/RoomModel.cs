using RedNote.Embedded.Simulation;
using RedNote.Live;

namespace RedNote.Simulation.Rooms;

/// <summary>
/// What was asked of a room and what was answered, and what is stored of it: every answer is judged when it comes. It
/// knows the promises of a room, and nothing of how it keeps them.
/// </summary>
/// <remarks>
/// An answer may rest on any state from the one that was known outside when it was asked for (<see cref="Known"/>) to
/// the one that is stored when it comes; once a second activation may have overtaken the first
/// (<see cref="SimulationCluster.WasShared"/>), on any state there ever was, as nothing fences what only reads.
/// </remarks>
internal sealed partial class RoomModel
{
    private readonly SimulatedWorld _world;
    private readonly Dictionary<string, Message> _messages = [];
    private readonly Dictionary<(UserId User, string Key), LikeRequest> _keyedLikes = [];
    private long _likesWithoutKey;
    private long _likesOpen;

    public RoomModel(SimulatedWorld world, RoomId id, UserId host)
    {
        _world = world;
        Id = id;
        HostId = host;
        Stored = new StoredRoom(world, id) { Found = Find, LeftOut = CheckNotShown };
        Host = new StoredUser(world, host);
    }

    public RoomId Id { get; }

    public UserId HostId { get; }

    public StoredRoom Stored { get; }

    /// <summary>The log of the host, for who follows.</summary>
    public StoredUser Host { get; }

    /// <summary>The newest version of which somebody outside was told.</summary>
    public long Known { get; private set; }

    /// <summary>Likes of which somebody was told that they count.</summary>
    public long LikesKnown { get; private set; }

    /// <summary>Where an answer's state may begin that was asked for at a known version.</summary>
    public long From(long known) => _world.Cluster.WasShared ? 0 : known;

    public void Know(long version) => Known = Math.Max(Known, version);

    public Message Write(UserId user, string text, string? key, RejectReason? shape)
    {
        Host.Refresh();
        return _messages[text] = new Message(user, text, key, shape, Host.Head);
    }

    /// <summary>Somebody was told that there is no such room.</summary>
    public void CheckAbsent(long known)
    {
        Stored.Refresh();
        Require(WasAbsent(known), "it is there, and was not found");
    }

    /// <summary>Judges the verdict on a message; null when its outcome will never be known. False when one should ask
    /// again.</summary>
    public bool Decided(Message message, long known, RoomAnswer? answer)
    {
        _world.Cluster.Note($"{Id}: '{message.Text}' of {message.User}: {Show(answer)}");
        Stored.Refresh();
        switch (answer)
        {
            case null or Verdict { Status: VerdictStatus.Rejected, Reason: RejectReason.TryAgain }:
                message.IsOpen = true;
                return false;
            case Verdict { Status: VerdictStatus.Rejected, Reason: RejectReason.RateLimited }:
                return false;
            case Verdict { Status: VerdictStatus.Accepted, Seq: { } seq, Reason: null }:
                Accept(message, seq);
                break;
            case Verdict { Status: VerdictStatus.Rejected, Seq: null, Reason: { } reason }:
                Refuse(message, known, reason);
                break;
            default:
                Violate($"{answer} is no answer to a danmaku");
                break;
        }

        return true;
    }

    /// <summary>Judges the answer to likes; false when one should ask again.</summary>
    public bool Counted(LikeRequest likes, long known, RoomAnswer? answer)
    {
        _world.Cluster.Note($"{Id}: {likes.Count} likes of {likes.User} with {likes.Key}: {Show(answer)}");
        Stored.Refresh();
        switch (answer)
        {
            case null or Verdict { Reason: RejectReason.TryAgain }:
                likes.IsOpen = true;
                return false;
            case Verdict { Status: VerdictStatus.Rejected, Reason: RejectReason.RateLimited }:
                return false;
            case LikesAccepted { Accepted: var accepted }:
                Require(accepted == likes.Count, $"{accepted} of {likes.Count} likes were counted");
                Require(likes.Shape is null, $"{likes.Count} likes with key {likes.Key} were counted");
                Count(likes);
                break;
            case Verdict { Status: VerdictStatus.Rejected, Reason: { } reason }:
                var isConflict = reason == RejectReason.Conflict && likes.Key is { } key
                    && Stored.Bound(likes.User, key) is { } bound && bound != likes.Content;
                Require(
                    reason == likes.Shape || isConflict
                        || (reason == RejectReason.NotLive && WasNotLive(known) && !IsBroken(likes.IsCounted))
                        || (reason == RejectReason.NotFound && WasAbsent(known)),
                    $"likes of {likes.User} were refused as {reason}");
                break;
            default:
                Violate($"{answer} is no answer to likes");
                break;
        }

        return true;
    }

    /// <summary>Likes are to be sent.</summary>
    public LikeRequest Like(UserId user, int count, string? key, RejectReason? shape)
    {
        var likes = new LikeRequest(user, count, key, shape);
        if (key is not null && shape is null) _keyedLikes.TryAdd((user, key), likes);
        return likes;
    }

    /// <summary>An outcome that nobody will ask for again.</summary>
    public void GiveUp(LikeRequest likes)
    {
        if (likes.Key is null && likes.IsOpen && !likes.IsCounted) _likesOpen += likes.Count;
    }

    /// <summary>What must hold of the stored log when nothing is under way any more.</summary>
    public void CheckStored()
    {
        Stored.Refresh();
        foreach (var message in _messages.Values)
        {
            if (message.Seq is { } seq)
                Require(Stored.Danmaku[seq].Text == message.Text, $"accepted '{message.Text}' is not number {seq}");
            else if (!message.IsOpen)
                Require(message.Found is null, $"'{message.Text}' was refused and is stored");
        }

        var keyed = Stored.KeyedLikes;
        var without = Stored.Likes - keyed;
        Require(
            without >= _likesWithoutKey && without <= _likesWithoutKey + _likesOpen,
            $"{without} likes without a key are stored; {_likesWithoutKey} were counted, {_likesOpen} left open");
        foreach (var likes in _keyedLikes.Values)
        {
            var isStored = Stored.Bound(likes.User, likes.Key!) == likes.Content;
            Require(isStored || !likes.IsCounted, $"likes with key {likes.Key} of {likes.User} are lost");
            Require(!isStored || likes.IsCounted || likes.IsOpen, $"refused likes {likes.Key} are stored");
        }
    }

    private static string Show(RoomAnswer? answer) => answer switch
    {
        null => "unknown",
        Verdict { Seq: { } seq } => $"accepted as {seq}",
        Verdict verdict => $"{verdict.Status} {verdict.Reason}",
        _ => answer.ToString()!,
    };

    private void Count(LikeRequest likes)
    {
        if (likes.Key is { } key)
        {
            Require(
                Stored.Bound(likes.User, key) == likes.Content, $"likes with key {key} are counted and not stored");
        }
        else
        {
            _likesWithoutKey += likes.Count;
        }

        if (!likes.IsCounted) LikesKnown += likes.Count;
        likes.IsCounted = true;
        Require(Stored.Likes >= LikesKnown, $"{LikesKnown} likes are counted, {Stored.Likes} stored");
    }

    private void Accept(Message message, long seq)
    {
        Require(message.Shape is null, $"'{message.Text}' was accepted, which is {message.Shape}");
        Require(
            Stored.Danmaku.TryGetValue(seq, out var stored) && stored.Text == message.Text.Trim()
                && stored.User == message.User && stored.Key == message.Key,
            $"'{message.Text}' was accepted as {seq}, which is stored as {stored}");
        Require(message.Seq is null || message.Seq == seq, $"'{message.Text}' is {message.Seq}, and then {seq}");
        message.Seq = seq;
        Know(stored!.Version);
    }

    private void Refuse(Message message, long known, RejectReason reason)
    {
        if (message.Shape is not null)
        {
            Require(
                reason == message.Shape || (reason == RejectReason.NotFound && WasAbsent(known)),
                $"'{message.Text}' was refused as {reason}");
            return;
        }

        // A button that is hit twice may be refused and then accepted, and the two answers may overtake each other.
        var wasAccepted = message.Seq is { } seq && Stored.Danmaku[seq].Version <= known;
        Require(!IsBroken(wasAccepted), $"'{message.Text}', accepted as {message.Seq}, got {reason}");
        var from = From(known);
        var isTrue = reason switch
        {
            RejectReason.NotFound => WasAbsent(known),
            RejectReason.NotLive => WasNotLive(known),
            RejectReason.Muted => message.User != HostId
                && Stored.MutedOf(message.User).Held(from, Stored.Head, muted => muted),
            RejectReason.FollowersOnly => message.User != HostId
                && Stored.Rules.Held(from, Stored.Head, rules => rules.FollowersOnly),
            RejectReason.BlockedWord => Stored.Rules.Held(from, Stored.Head, rules => rules.Blocks(message.Text)),
            RejectReason.SlowMode => Stored.Spoke(message.User)
                && Stored.Rules.Held(from, Stored.Head, rules => rules.SlowModeSeconds > 0),
            RejectReason.Conflict => message.Key is { } key
                && Stored.Bound(message.User, key) is { } bound && bound != message.Text,
            _ => false,
        };
        Require(isTrue, $"'{message.Text}' of {message.User} was refused as {reason}");
    }

    /// <summary>What was accepted once is not refused later, unless by an activation that was overtaken.</summary>
    private bool IsBroken(bool wasAccepted) => wasAccepted && !_world.Cluster.WasShared;

    private bool WasAbsent(long known) => Stored.State.Held(From(known), Stored.Head, state => state is null);

    private bool WasNotLive(long known)
        => Stored.State.Held(From(known), Stored.Head, state => state != RoomState.Live);

    /// <summary>A danmaku turned up in the log.</summary>
    private void Find(StoredDanmaku stored)
    {
        if (!_messages.TryGetValue(stored.Text, out var message))
        {
            Violate($"nobody sent '{stored.Text}', which is number {stored.Seq}");
            return;
        }

        Require(message.Found is null, $"'{stored.Text}' is number {message.Found} and number {stored.Seq}");
        Require(message.User == stored.User && message.Key == stored.Key, $"{stored} is not from {message.User}");
        message.Found = stored.Seq;
        if (!Stored.Rules.Now.FollowersOnly || stored.User == HostId) return;
        Host.Refresh();
        Require(
            Host.WasFollowedBy(stored.User, HostHistory(message.HostHead)),
            $"'{stored.Text}' of {stored.User}, who does not follow, was accepted for followers only");
    }

    /// <summary>Who follows is read from another grain, which can be behind as long as it only reads.</summary>
    private long HostHistory(long known)
        => _world.Cluster.WasShared || _world.Cluster.Faults.Count(FaultKind.WriteOutlives) > 0
            || _world.Cluster.Faults.Count(FaultKind.WriteSlow) > 0
            ? 0
            : known;

    private void Require(bool condition, string otherwise)
    {
        if (!condition) Violate(otherwise);
    }

    private void Violate(string what) => _world.Violate($"Room {Id}: {what}.");
}

/// <summary>A danmaku that somebody sends, maybe more than once.</summary>
/// <param name="user">Who.</param>
/// <param name="text">No other message has it.</param>
/// <param name="key">For a repeat.</param>
/// <param name="shape">As what it is to be refused whatever the room's state; null: it is well formed.</param>
/// <param name="hostHead">Where the host's log was when it was first sent.</param>
internal sealed class Message(UserId user, string text, string? key, RejectReason? shape, long hostHead)
{
    public UserId User => user;

    public string Text => text;

    public string? Key => key;

    public RejectReason? Shape => shape;

    public long HostHead => hostHead;

    /// <summary>The number it was accepted under.</summary>
    public long? Seq { get; set; }

    /// <summary>The number under which it is stored.</summary>
    public long? Found { get; set; }

    /// <summary>Whether the outcome of a sending is unknown.</summary>
    public bool IsOpen { get; set; }

    /// <summary>Whether a later answer could still say what became of it.</summary>
    public bool IsUnsettled => IsOpen && Seq is null && key is not null;
}

/// <summary>Likes that somebody sends.</summary>
internal sealed class LikeRequest(UserId user, int count, string? key, RejectReason? shape)
{
    public UserId User => user;

    public int Count => count;

    public string? Key => key;

    public RejectReason? Shape => shape;

    public string Content => $"likes {count}";

    public bool IsCounted { get; set; }

    public bool IsOpen { get; set; }

    public bool IsUnsettled => IsOpen && !IsCounted && key is not null;
}
