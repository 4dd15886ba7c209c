using System.Collections.Immutable;

namespace RedNote.Live;

/// <summary>
/// What the commands of a batch that were decided so far will change: their events are applied all at once when the
/// whole batch is decided, and a later command of it has to reckon with the earlier ones.
/// </summary>
internal sealed class BatchDraft(
    long now,
    long danmakuSeq,
    long mediaAt,
    long heldSeq,
    DrawBook draws,
    long lastQuestion,
    long settled,
    DealDraft deals)
{
    private readonly List<LiveRoomEvent> _events = [];
    private Dictionary<(UserId User, string Key), KeyEntry>? _keys;
    private HashSet<UserId>? _senders;
    private ImmutableArray<LikeKey>.Builder? _likeKeys;
    private readonly List<(UserId User, int Count)> _likers = [];
    private Dictionary<UserId, int>? _askers;
    private SortedDictionary<long, MergeDraft>? _merges;
    private Dictionary<UserId, int>? _heldOf;
    private long _likes;

    private sealed class MergeDraft
    {
        public int Count;
        public ImmutableArray<MergedSender>.Builder Senders = ImmutableArray.CreateBuilder<MergedSender>();
    }

    /// <summary>Unix ms.</summary>
    public long Now => now;

    /// <summary>Who entered draws, and said pass-phrases.</summary>
    public DrawDraft Draws { get; } = new(draws, now);

    /// <summary>Who said pass-phrases of deals.</summary>
    public DealDraft Deals { get; } = deals;

    /// <summary>Likes that were accepted.</summary>
    public long Likes => _likes;

    /// <summary>Danmaku of this batch.</summary>
    public int Danmaku { get; private set; }

    /// <summary>The verdicts so far.</summary>
    public BatchTally Tally { get; } = new();

    /// <summary>Danmaku of this batch that are held.</summary>
    public int Held { get; private set; }

    public int HeldOf(UserId user) => _heldOf?.GetValueOrDefault(user) ?? 0;

    public KeyEntry? Find(UserId user, string key) => _keys?.GetValueOrDefault((user, key));

    public bool HasSpoken(UserId user) => _senders is not null && _senders.Contains(user);

    /// <summary>Ballots, cheers and upvotes.</summary>
    public PollDraft Polls { get; } = new();

    /// <summary>Questions of this batch.</summary>
    public int Questions { get; private set; }

    public int QuestionsOf(UserId user) => _askers?.GetValueOrDefault(user) ?? 0;

    /// <summary>Accepts a danmaku and answers its number.</summary>
    public long Send(SendDanmaku command, long check)
    {
        var seq = danmakuSeq + ++Danmaku;
        _events.Add(new DanmakuSent(
            now, seq, command.User, command.Name, command.Text, command.Mode, command.Color, mediaAt, command.Key,
            command.Key is null ? null : check));
        (_senders ??= []).Add(command.User);
        Draws.Said(command.User, command.Text);
        Deals.Said(command.User, command.Text);
        Bind(command, check, seq);
        return seq;
    }

    /// <summary>Counts a danmaku with the one of that number, which was then said so often.</summary>
    public Verdict Merge(SendDanmaku command, long seq, int count, long check)
    {
        _merges ??= [];
        if (!_merges.TryGetValue(seq, out var merge))
        {
            _merges[seq] = merge = new MergeDraft();
        }

        merge.Count = count;
        merge.Senders.Add(new MergedSender(command.User, command.Key, command.Key is null ? null : check));
        (_senders ??= []).Add(command.User);
        Draws.Said(command.User, command.Text);
        Deals.Said(command.User, command.Text);
        Bind(command, check, seq, VerdictStatus.Merged);
        return Verdict.Merge(seq);
    }

    /// <summary>Lets a danmaku wait for review.</summary>
    public Verdict Hold(SendDanmaku command, HoldReason reason, long check)
    {
        var heldId = heldSeq + ++Held;
        _events.Add(new DanmakuHeld(
            now, heldId, command.User, command.Name, command.Text, command.Mode, command.Color, reason, command.Key,
            command.Key is null ? null : check));
        (_senders ??= []).Add(command.User);
        (_heldOf ??= [])[command.User] = HeldOf(command.User) + 1;
        Draws.Said(command.User, command.Text);
        Deals.Said(command.User, command.Text);
        Bind(command, check, heldId, VerdictStatus.Held);
        return Verdict.Hold(heldId);
    }

    public void Like(LikeRoom command, long check)
    {
        _likes += command.Count;
        _likers.Add((command.User, command.Count));
        if (command.Key is { } key)
        {
            (_likeKeys ??= ImmutableArray.CreateBuilder<LikeKey>()).Add(
                new LikeKey(command.User, key, check, command.Count));
            Bind(command, check, command.Count);
        }
    }

    public void Cheer(Cheer command, long check)
    {
        Polls.Cheer(command, check);
        Bind(command, check, command.Count);
    }

    /// <summary>Accepts a question and answers its number.</summary>
    public QuestionId Ask(AskQuestion command, string name, string text, long check)
    {
        var id = new QuestionId(lastQuestion + ++Questions);
        _events.Add(new QuestionReceived(
            now, id, command.User, name, text, mediaAt, command.Key, command.Key is null ? null : check));
        _askers ??= [];
        _askers[command.User] = QuestionsOf(command.User) + 1;
        Bind(command, check, id.Value);
        return id;
    }

    /// <summary>The batch's events, with the likes as one; none if it changed nothing.</summary>
    public void AddTo(List<LiveRoomEvent> events, RoomBatch batch)
    {
        foreach (var (seq, merge) in _merges ?? [])
        {
            _events.Add(new DanmakuMerged(now, seq, merge.Count, merge.Senders.DrainToImmutable()));
        }

        if (_likes > 0)
        {
            _events.Add(new LikesCounted(now, _likes, mediaAt, _likeKeys?.DrainToImmutable())
            {
                Senders = _likers,
            });
        }

        Draws.AddTo(_events);
        Deals.AddTo(_events);
        Polls.AddTo(_events, now);
        if (_events.Count > 0)
        {
            // A batch that changed nothing may be decided again: refusals bind nothing.
            events.AddRange(_events);
            events.Add(new BatchApplied(now, batch.Gateway, batch.Number, settled));
        }
    }

    private void Bind(
        RoomCommand command, long check, long result, VerdictStatus status = VerdictStatus.Accepted)
    {
        if (KeyLedger.KeyOf(command) is { } key)
        {
            (_keys ??= [])[(command.User, key)] = new KeyEntry(command.User, key, check, result, now, status);
        }
    }
}
