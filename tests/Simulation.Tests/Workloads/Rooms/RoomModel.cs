using RedNote.Live;

namespace RedNote.Simulation.Rooms;

/// <summary>
/// What was asked of a room and what was answered, and what is stored of it: every answer is judged when it comes. It
/// knows the promises of a room, and nothing of how it keeps them.
/// </summary>
internal sealed class RoomModel(SimulatedWorld world, RoomId id, UserId host, LiveRoomOptions bounds)
    : RoomRecord(world, id, host, bounds)
{
    private readonly Dictionary<string, Message> _messages = [];

    public Message Write(UserId user, string text, string? key, RejectReason? shape)
    {
        Host.Refresh();
        return _messages[text] = new Message(user, text, key, shape, Host.Head);
    }

    /// <summary>Judges the verdict on a message; null when its outcome will never be known. False when one should ask
    /// again.</summary>
    public bool Decided(Message message, long known, RoomAnswer? answer)
    {
        World.Cluster.Note($"{Id}: '{message.Text}' of {message.User}: {Show(answer)}");
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

        CheckLikes();
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
                && Stored.MutedOf(message.User).Held(from, Stored.Head, until => until > 0),
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

    /// <summary>A danmaku turned up in the log.</summary>
    protected override void Find(StoredDanmaku stored)
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
