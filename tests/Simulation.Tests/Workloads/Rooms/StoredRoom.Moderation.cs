using System.Text.Json;
using RedNote.Live;

namespace RedNote.Simulation.Rooms;

/// <summary>A danmaku that waits, or waited, for review.</summary>
internal sealed record StoredHeld(
    long Version, long HeldId, UserId User, string Text, string? Key, HoldReason Reason)
{
    /// <summary>The version by which it was approved or refused; 0: it waits.</summary>
    public long ReviewedBy { get; set; }

    /// <summary>The number under which it was shown.</summary>
    public long? Seq { get; set; }
}

/// <summary>Danmaku of one sender that were counted with a like one.</summary>
internal sealed record StoredMerge(long Version, long Seq, UserId User, string? Key);

/// <summary>What an epoch amounts to, from one version on.</summary>
internal sealed record StoredTotals(long Epoch, long Accepted, long Merged, long Held, long Refused);

/// <summary>Who may speak, what waits, what is counted with what, and what was taken back.</summary>
internal sealed partial class StoredRoom
{
    /// <summary>The end of a mute that has none.</summary>
    public const long Forever = long.MaxValue;

    private readonly SortedDictionary<long, StoredHeld> _held = [];
    private readonly Dictionary<UserId, Timeline<bool>> _moderators = [];
    private readonly Dictionary<(UserId User, string Key), StoredMerge> _merges = [];
    private readonly Dictionary<(string Form, long Epoch), StoredDanmaku> _lastSaid = [];
    private readonly HashSet<long> _blank = [];
    private readonly Dictionary<long, int> _heldBefore = [];
    private (long HeldId, long Seq)? _approved;
    private long _newestAt;

    /// <summary>Of danmaku that may have been taken back before anybody looked: what was sent with that key.</summary>
    public Func<UserId, string, string?> Sent { get; set; } = (_, _) => null;

    /// <summary>Told of everything that waits, when it is seen for the first time.</summary>
    public Action<StoredHeld>? FoundHeld { get; set; }

    /// <summary>By number.</summary>
    public IReadOnlyDictionary<long, StoredHeld> Held => _held;

    /// <summary>Danmaku that were counted with others.</summary>
    public long Merged { get; private set; }

    public long Recalls { get; private set; }

    /// <summary>How often something was taken from the tape.</summary>
    public long TapeCuts { get; private set; }

    public Timeline<StoredTotals> Totals { get; } = new(new StoredTotals(0, 0, 0, 0, 0));

    /// <summary>Danmaku that waited for review when an epoch began.</summary>
    public int HeldBefore(long epoch) => _heldBefore.GetValueOrDefault(epoch);

    public IEnumerable<StoredHeld> Waiting => _held.Values.Where(held => held.ReviewedBy == 0);

    /// <summary>What somebody's key was used for that was counted with another danmaku.</summary>
    public StoredMerge? MergedAs(UserId user, string key) => _merges.GetValueOrDefault((user, key));

    /// <summary>Whether no viewer may be shown that danmaku any more, or never could.</summary>
    public bool IsLeftOut(long seq)
        => _sampled.Contains(seq) || (_danmaku.TryGetValue(seq, out var danmaku) && danmaku.RecalledBy > 0);

    public bool IsStaff(UserId user) => user == Host || ModeratorOf(user).Now;

    public Timeline<bool> ModeratorOf(UserId user)
    {
        if (!_moderators.TryGetValue(user, out var moderates)) _moderators[user] = moderates = new(false);
        return moderates;
    }

    public IEnumerable<UserId> Moderators
        => _moderators.Where(pair => pair.Value.Now).Select(pair => pair.Key).OrderBy(user => user.Value);

    /// <summary>The rules that hold, with those of the shield.</summary>
    public StoredRules RulesInForce => Rules.Now.InForce(bounds);

    private bool TakeModeration(long version, string kind, JsonElement stored)
    {
        switch (kind)
        {
            case "room.settings_changed":
                Rules.Add(version, new StoredRules(
                    (int)Number(stored, "slowModeSeconds"), Flag(stored, "followersOnly"),
                    [.. stored.GetProperty("blockedWords").EnumerateArray().Select(word => word.GetString()!)],
                    Text(stored, "hold") is { } hold ? Enum.Parse<HoldMode>(hold, ignoreCase: true) : HoldMode.Off,
                    Flag(stored, "shield")));
                return true;
            case "room.muted":
                Require(!IsStaff(User(stored, "userId")), version, "somebody is muted who keeps order");
                MutedOf(User(stored, "userId")).Add(version, OptionalNumber(stored, "until") ?? Forever);
                return true;
            case "room.unmuted":
                MutedOf(User(stored, "userId")).Add(version, 0);
                return true;
            case "room.moderator_added" or "room.moderator_removed":
                var added = kind == "room.moderator_added";
                if (added) MutedOf(User(stored, "userId")).Add(version, 0);
                ModeratorOf(User(stored, "userId")).Add(version, added);
                return true;
            case "room.danmaku_held":
                TakeHeld(version, stored);
                return true;
            case "room.held_approved" or "room.held_refused":
                TakeReview(version, kind == "room.held_approved", stored);
                return true;
            case "room.danmaku_merged":
                TakeMerged(version, stored);
                return true;
            case "room.danmaku_recalled":
                TakeRecalled(version, stored);
                return true;
            default:
                return false;
        }
    }

    private void TakeHeld(long version, JsonElement stored)
    {
        var held = new StoredHeld(
            version, Number(stored, "heldId"), User(stored, "userId"), Text(stored, "text")!, Text(stored, "key"),
            Enum.Parse<HoldReason>(Text(stored, "reason")!.Replace("_", ""), ignoreCase: true));
        Require(held.HeldId == (_held.Count == 0 ? 1 : _held.Keys.Last() + 1), version, $"{held} has another number");
        Require(State.Now == RoomState.Live, version, $"a danmaku while {State.Now}");
        Require(!IsStaff(held.User), version, $"{held} is from somebody who keeps order");
        var at = Number(stored, "at");
        JudgeSpeaker(version, held.User, at);
        JudgePace(version, held.User, at);
        var rules = RulesInForce;
        var text = held.Text.Length > 0 ? held.Text : TextOf(held.User, held.Key);
        var isTrue = rules.Hold != HoldMode.Off && (text is null || held.Reason switch
        {
            HoldReason.Review => rules.Hold == HoldMode.All,
            HoldReason.BlockedWord => rules.Blocks(text),
            _ => Phrases.IsSuspicious(text) && rules.Hold >= HoldMode.Suspicious,
        });
        Require(isTrue, version, $"{held} under {rules}");
        if (held.Key is { } key) Bind(version, held.User, key, text ?? SomeText, at);
        _lastOf[held.User] = at;
        _held[held.HeldId] = held;
        FoundHeld?.Invoke(held);
        Say(held.User, text);
        Count(version, held: 1);
    }

    private void TakeReview(long version, bool approved, JsonElement stored)
    {
        var heldId = Number(stored, "heldId");
        Require(IsStaff(User(stored, "by")), version, "a review by somebody who may not");
        if (!_held.TryGetValue(heldId, out var held) || held.ReviewedBy > 0)
        {
            Require(false, version, $"held {heldId} is reviewed, which is {held}");
            return;
        }

        held.ReviewedBy = version;
        if (approved) _approved = (heldId, Number(stored, "seq"));
        Count(version, held: -1, refused: approved ? 0 : 1);
    }

    private void TakeApproved(StoredDanmaku danmaku, long heldId)
    {
        var isIt = _approved == (heldId, danmaku.Seq) && _held.TryGetValue(heldId, out var held)
            && held.User == danmaku.User && held.Text == danmaku.Text;
        Require(isIt, danmaku.Version, $"{danmaku} shows {_held.GetValueOrDefault(heldId)}, approved was {_approved}");
        _held[heldId].Seq = danmaku.Seq;
        _approved = null;
    }

    private void TakeMerged(long version, JsonElement stored)
    {
        var seq = Number(stored, "seq");
        var at = Number(stored, "at");
        if (!_danmaku.TryGetValue(seq, out var shown))
        {
            Require(false, version, $"danmaku {seq} is said again, and was never said");
            return;
        }

        // A batch tells the danmaku that it shows before those that are counted with them.
        var isWatched = shown.HeldId is null && shown.Epoch == Epoch && shown.RecalledBy == 0
            && at - shown.At < bounds.MergeSeconds * 1_000L;
        Require(isWatched, version, $"{shown} of epoch {shown.Epoch} is said again at {at} in epoch {Epoch}");
        var senders = stored.GetProperty("senders").EnumerateArray().ToList();
        foreach (var sender in senders) TakeSender(version, shown, sender, at);
        Merged += senders.Count;
        Require(
            Number(stored, "count") == shown.Count.Now + senders.Count, version,
            $"danmaku {seq} is said {Number(stored, "count")} times, {shown.Count.Now} and {senders.Count}");
        shown.Count.Add(version, Number(stored, "count"));
        Count(version, merged: senders.Count);
    }

    private void TakeSender(long version, StoredDanmaku shown, JsonElement sender, long at)
    {
        var merge = new StoredMerge(version, shown.Seq, User(sender, "userId"), Text(sender, "key"));
        Require(!IsStaff(merge.User), version, $"{merge} is from somebody who keeps order");
        JudgeSpeaker(version, merge.User, at);
        JudgePace(version, merge.User, at);
        var text = TextOf(merge.User, merge.Key);
        if (text is not null && shown.Text.Length > 0)
        {
            Require(Phrases.Form(text) == Phrases.Form(shown.Text), version, $"'{text}' is counted with {shown}");
            Require(!RulesInForce.Blocks(text), version, $"blocked text '{text}'");
        }

        if (merge.Key is { } key)
        {
            Bind(version, merge.User, key, text ?? SomeText, at);
            _merges[(merge.User, key)] = merge;
        }

        _lastOf[merge.User] = at;
        Worth(merge.User, 10);
        Say(merge.User, text);
    }

    private void TakeRecalled(long version, JsonElement stored)
    {
        var seq = Number(stored, "seq");
        var isThere = _danmaku.TryGetValue(seq, out var danmaku) && danmaku.RecalledBy == 0;
        Require(isThere, version, $"danmaku {seq} is taken back, which is {danmaku}");
        var by = User(stored, "by");
        Require(by == danmaku!.User || IsStaff(by), version, $"{danmaku} is taken back by {by}");
        danmaku.RecalledBy = version;
        Recalls++;
        TapeCuts++;
        _blank.Remove(seq);
        Tape.RemoveAll(item => item.Kind == "danmaku" && item.Number == seq);
    }

    /// <summary>A viewer's danmaku is shown by itself: it was allowed to.</summary>
    private void Judge(StoredDanmaku danmaku, string? text)
    {
        JudgeSpeaker(danmaku.Version, danmaku.User, danmaku.At);
        JudgePace(danmaku.Version, danmaku.User, danmaku.At);
        if (text is null) return;
        var rules = RulesInForce;
        Require(!rules.Blocks(text), danmaku.Version, $"blocked text '{text}'");
        var isHeld = rules.Hold == HoldMode.All || (rules.Hold == HoldMode.Suspicious && Phrases.IsSuspicious(text));
        Require(!isHeld, danmaku.Version, $"'{text}' is shown under {rules.Hold}");

        // The same was shown a moment ago: this one is to be counted with that.
        var form = (Phrases.Form(text), Epoch);
        var isSame = _lastSaid.TryGetValue(form, out var before) && before.RecalledBy == 0
            && _newestAt < before.At + (bounds.MergeSeconds * 1_000L);
        Require(!isSame, danmaku.Version, $"{danmaku} is shown, which says the same as {before}");
        _lastSaid[form] = danmaku;
    }

    /// <summary>A mute that has ended once does not come back with a clock that is set back.</summary>
    private void JudgeSpeaker(long version, UserId user, long at)
    {
        Require(
            MutedOf(user).Now <= _newestAt, version, $"{user}, muted until {MutedOf(user).Now}, was heard at {at}");
        Require(
            !RulesInForce.FollowersOnly || Follows(user), version, $"{user}, who does not follow, was heard");
    }

    private void JudgePace(long version, UserId user, long at)
    {
        var seconds = RulesInForce.SlowModeSeconds;
        Require(
            !_lastOf.TryGetValue(user, out var before) || at - before >= seconds * 1_000L || seconds == 0, version,
            $"{user} spoke at {before} and at {at} in a slow mode of {seconds} s");
    }

    private string? TextOf(UserId user, string? key) => key is null ? null : Sent(user, key);

    private void Count(long version, long accepted = 0, long merged = 0, long held = 0, long refused = 0)
    {
        var now = Totals.Now;
        Totals.Add(version, new StoredTotals(
            Epoch, now.Accepted + accepted, now.Merged + merged, now.Held + held, now.Refused + refused));
    }

    /// <summary>What has no text was taken back; asked when all there is was read.</summary>
    private void CheckBlank()
        => World.Require(_blank.Count == 0, $"Room {room}: {string.Join(' ', _blank)} have no text and are there.");
}
