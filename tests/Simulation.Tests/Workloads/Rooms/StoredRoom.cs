using System.Text.Json;
using RedNote.Live;

namespace RedNote.Simulation.Rooms;

/// <summary>A danmaku as the log has it; without text if it was taken back before anybody looked.</summary>
internal sealed record StoredDanmaku(
    long Version, long Seq, UserId User, string Text, string? Key, long At, long MediaAt)
{
    /// <summary>Its number while it waited for review.</summary>
    public long? HeldId { get; init; }

    public long Epoch { get; init; }

    /// <summary>How often it was said.</summary>
    public Timeline<long> Count { get; } = new(1);

    /// <summary>The version by which it was taken back; 0: it was not.</summary>
    public long RecalledBy { get; set; }
}

/// <summary>Something on the tape: a danmaku with its number, likes with their count, the start, the end.</summary>
internal sealed record StoredItem(long MediaAt, string Kind, long Number);

/// <summary>The settings of a room from one version on, as the host has set them.</summary>
internal sealed record StoredRules(
    int SlowModeSeconds, bool FollowersOnly, string[] BlockedWords, HoldMode Hold = HoldMode.Off, bool Shield = false)
{
    public bool Blocks(string text)
        => BlockedWords.Any(word => Phrases.Form(text).Contains(word, StringComparison.OrdinalIgnoreCase));

    /// <summary>The rules that hold: the strictest ones while the shield is up.</summary>
    public StoredRules InForce(LiveRoomOptions bounds) => !Shield ? this : this with
    {
        SlowModeSeconds = Math.Max(SlowModeSeconds, bounds.ShieldSlowModeSeconds),
        FollowersOnly = true,
        Hold = Hold == HoldMode.All ? HoldMode.All : HoldMode.Suspicious,
    };
}

/// <summary>
/// What is stored of a room, replayed by rules of its own: what the log holds must have been allowed by what it held
/// before, whoever wrote it and however often that one died.
/// </summary>
internal sealed partial class StoredRoom(SimulatedWorld world, RoomId room, LiveRoomOptions bounds)
    : StoredLog(world, "room", room.Value)
{
    /// <summary>Keys may be used for something else after this time.</summary>
    private const long KeyMs = 10 * 60_000;

    private readonly Dictionary<long, StoredDanmaku> _danmaku = [];
    private readonly Dictionary<UserId, long> _lastOf = [];
    private readonly Dictionary<(UserId User, string Key), (string Content, long At)> _keys = [];
    private readonly Dictionary<string, long> _batches = [];
    private readonly Dictionary<UserId, Timeline<long>> _muted = [];
    private readonly Dictionary<long, long> _perEpoch = [];
    private readonly Dictionary<long, long> _sampledPerEpoch = [];
    private readonly HashSet<long> _sampled = [];
    private long _mediaAt;

    /// <summary>Told of every danmaku when it is seen for the first time.</summary>
    public Action<StoredDanmaku>? Found { get; set; }

    public UserId Host { get; private set; }

    public string Title { get; private set; } = "";

    /// <summary>Null while the room does not exist.</summary>
    public Timeline<RoomState?> State { get; } = new(null);

    public Timeline<StoredRules> Rules { get; } = new(new StoredRules(0, false, []));

    public LiveRoomOptions Bounds => bounds;

    public long LastSeq { get; private set; }

    /// <summary>Danmaku that were shown, those counted with others included.</summary>
    public long Said => LastSeq + Merged;

    public long Likes { get; private set; }

    /// <summary>Those of them that came with a key.</summary>
    public long KeyedLikes { get; private set; }

    /// <summary>The last milestone of likes; 0: none.</summary>
    public long Milestone { get; private set; }

    public long PeakViewers { get; private set; }

    public long Epoch { get; private set; }

    /// <summary>Told of every danmaku that turns out to be left out of the frames.</summary>
    public Action<long>? LeftOut { get; set; }

    /// <summary>Danmaku that were left out of the frames in an epoch.</summary>
    public long SampledIn(long epoch) => _sampledPerEpoch.GetValueOrDefault(epoch);

    /// <summary>Whether no viewer may be shown that danmaku.</summary>
    public bool IsSampled(long seq) => _sampled.Contains(seq);

    /// <summary>Danmaku that were accepted in an epoch.</summary>
    public long AcceptedIn(long epoch) => _perEpoch.GetValueOrDefault(epoch);

    public IReadOnlyDictionary<long, StoredDanmaku> Danmaku => _danmaku;

    /// <summary>What the tape has to hold, in order.</summary>
    public List<StoredItem> Tape { get; } = [];

    public IEnumerable<UserId> Muted => _muted.Where(pair => pair.Value.Now > 0).Select(pair => pair.Key)
        .OrderBy(user => user.Value);

    public bool Spoke(UserId user) => _lastOf.ContainsKey(user);

    /// <summary>What a key is bound to, or null.</summary>
    public string? Bound(UserId user, string key)
        => _keys.TryGetValue((user, key), out var bound) ? bound.Content : null;

    /// <summary>Until when somebody may not speak, Unix ms: 0 they may, <see cref="Forever"/> until it is lifted.
    /// </summary>
    public Timeline<long> MutedOf(UserId user)
    {
        if (!_muted.TryGetValue(user, out var muted)) _muted[user] = muted = new(0);
        return muted;
    }

    protected override void Take(long version, string kind, JsonElement stored)
    {
        _newestAt = Math.Max(_newestAt, Number(stored, "at"));
        switch (kind)
        {
            case "room.created":
                Host = User(stored, "hostId");
                Title = Text(stored, "title")!;
                Change(version, null, RoomState.Scheduled);
                break;
            case "room.started":
                Change(version, RoomState.Scheduled, RoomState.Live);
                _startedAt = Number(stored, "at");
                Tape.Add(new StoredItem(0, "started", 0));
                break;
            case "room.ended":
                Require(State.Now != RoomState.Ended, version, "ends again");
                State.Add(version, RoomState.Ended);
                _endedAt = Number(stored, "at");
                TakeMediaTime(version, Number(stored, "mediaAt"));
                Tape.Add(new StoredItem(_mediaAt, "ended", 0));
                break;
            case "room.epoch_began":
                var epoch = Number(stored, "epoch");
                Require(epoch > Epoch, version, $"epoch {epoch} after {Epoch}");
                Epoch = epoch;
                TakeEpoch(version);
                break;
            case "room.danmaku_sent":
                TakeDanmaku(version, stored);
                break;
            case "room.danmaku_sampled":
                foreach (var run in stored.GetProperty("runs").EnumerateArray())
                    TakeSampled(version, Number(run, "first"), Number(run, "last"));
                break;
            case "room.liked":
                TakeLikes(version, stored);
                break;
            case "room.batch_applied":
                var number = Number(stored, "number");
                var gateway = Text(stored, "gateway")!;
                Require(
                    number > _batches.GetValueOrDefault(gateway), version, $"batch {number} of {gateway} once more");
                _batches[gateway] = number;
                TakeBatchEnd(version);
                break;
            case "room.peak_reached":
                PeakViewers = Math.Max(PeakViewers, Number(stored, "viewers"));
                break;
            case "room.audience_counted" or "room.audience_changed":
                TakeAudience(version, stored);
                break;
            case "room.like_milestone":
                var milestone = Number(stored, "likes");
                Require(
                    milestone == (Milestone == 0 ? 1_000 : Milestone * 10) && Likes >= milestone, version,
                    $"milestone {milestone} after {Milestone} with {Likes} likes");
                Milestone = milestone;
                TakeMediaTime(version, Number(stored, "mediaAt"));
                Tape.Add(new StoredItem(_mediaAt, "like_milestone", milestone));
                break;
            default:
                var isKnown = TakeModeration(version, kind, stored) || TakePoll(version, kind, stored)
                    || TakeQuestion(version, kind, stored) || TakeDraw(version, kind, stored);
                Require(isKnown, version, $"unknown {kind}");
                break;
        }
    }

    protected override void Refreshed() => CheckBlank();

    private void Change(long version, RoomState? before, RoomState after)
    {
        Require(State.Now == before, version, $"{after} after {State.Now}");
        State.Add(version, after);
    }

    private void TakeDanmaku(long version, JsonElement stored)
    {
        var danmaku = new StoredDanmaku(
            version, Number(stored, "seq"), User(stored, "userId"), Text(stored, "text")!, Text(stored, "key"),
            Number(stored, "at"), Number(stored, "mediaAt"))
        {
            HeldId = OptionalNumber(stored, "heldId"),
            Epoch = Epoch,
        };
        Require(danmaku.Seq == LastSeq + 1, version, $"danmaku {danmaku.Seq} after {LastSeq}");
        Require(State.Now == RoomState.Live, version, $"a danmaku while {State.Now}");
        TakeMediaTime(version, danmaku.MediaAt);
        if (danmaku.Text.Length == 0) _blank.Add(danmaku.Seq);
        if (danmaku.HeldId is { } heldId)
        {
            TakeApproved(danmaku, heldId);
        }
        else
        {
            var text = danmaku.Text.Length > 0 ? danmaku.Text : TextOf(danmaku.User, danmaku.Key);
            if (!IsStaff(danmaku.User)) Judge(danmaku, text);
            if (danmaku.Key is { } key) Bind(version, danmaku.User, key, text ?? SomeText, danmaku.At);
            Say(danmaku.User, text);
            _lastOf[danmaku.User] = danmaku.At;
        }

        LastSeq = danmaku.Seq;
        _perEpoch[Epoch] = AcceptedIn(Epoch) + 1;
        _danmaku[danmaku.Seq] = danmaku;
        Worth(danmaku.User, 10);
        Count(version, accepted: 1);
        Tape.Add(new StoredItem(danmaku.MediaAt, "danmaku", danmaku.Seq));
        Found?.Invoke(danmaku);
    }

    private void TakeSampled(long version, long first, long last)
    {
        for (var seq = first; seq <= last; seq++)
        {
            var isAllowed = _danmaku.TryGetValue(seq, out var danmaku) && !IsStaff(danmaku.User) && _sampled.Add(seq);
            Require(isAllowed, version, $"danmaku {seq}, {danmaku}, is left out");
            _sampledPerEpoch[Epoch] = SampledIn(Epoch) + 1;
            LeftOut?.Invoke(seq);
        }
    }

    private void TakeLikes(long version, JsonElement stored)
    {
        Require(State.Now == RoomState.Live, version, $"likes while {State.Now}");
        var count = Number(stored, "count");
        TakeMediaTime(version, Number(stored, "mediaAt"));
        if (stored.TryGetProperty("keys", out var keys))
        {
            foreach (var key in keys.EnumerateArray())
            {
                var user = User(key, "userId");
                Bind(version, user, Text(key, "key")!, $"likes {Number(key, "count")}", Number(stored, "at"));
                KeyedLikes += Number(key, "count");
                Worth(user, Number(key, "count"));
            }
        }

        Likes += count;
        Tape.Add(new StoredItem(_mediaAt, "likes", count));
    }

    /// <summary>What a key stands for that was used for a danmaku whose text the log does not have.</summary>
    private const string SomeText = "";

    private void Bind(long version, UserId user, string key, string content, long at)
    {
        Require(
            !_keys.TryGetValue((user, key), out var bound) || at - bound.At >= KeyMs, version,
            $"key {key} of {user} was used for '{bound.Content}', and again for '{content}'");
        _keys[(user, key)] = (content, at);
    }

    private void TakeMediaTime(long version, long mediaAt)
    {
        Require(mediaAt >= _mediaAt, version, "media time goes back");
        _mediaAt = mediaAt;
    }

    private void Require(bool condition, long version, string otherwise)
    {
        if (!condition) World.Violate($"Room {room}, stored version {version}: {otherwise}.");
    }
}
