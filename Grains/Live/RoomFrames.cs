using System.Collections.Immutable;
using System.Runtime.InteropServices;
using RedNote.Deals;

namespace RedNote.Live;

/// <summary>
/// What a room shows, cut into frames: danmaku and events wait here until the next frame is sealed; sealed ones can be
/// asked for again while the ring holds them.
/// </summary>
public sealed class RoomFrames
{
    /// <summary>What the events of a frame take at most on the wire; the rest waits. With the danmaku it stays under
    /// 256 KiB.</summary>
    private const int EventBytes = 50 * 1024;

    private readonly LiveRoomOptions _options;
    private readonly FrameRing _ring;
    private readonly Queue<Danmaku> _pending = [];
    private readonly Queue<RoomEvent> _events = [];

    /// <summary>Made when a danmaku first grows: most rooms that a silo knows are silent.</summary>
    private SortedDictionary<long, Danmaku>? _grown;
    private readonly RecentDanmaku _recent;
    private DisplayBudget? _budget;
    private RoomCounters? _lastCounters;

    public RoomFrames(LiveRoomOptions options, long epoch, ImmutableArray<Danmaku> recent)
    {
        _options = options;
        _ring = new FrameRing(options);
        _recent = new RecentDanmaku(options.RecentDanmaku, recent);
        Epoch = epoch;
    }

    public long Epoch { get; }

    /// <summary>The last sealed frame's number; 0 before the first.</summary>
    public long Seq { get; private set; }

    /// <summary>Danmaku that the last sealed frame showed for the first time; others in it have grown.</summary>
    public int ShownFirst { get; private set; }

    public RoomHead Head => new(Epoch, Seq);

    /// <summary>Whether a frame sealed now would say anything new.</summary>
    public bool HasNews(RoomCounters counters)
        => _pending.Count > 0 || HasGrown || _events.Count > 0 || Tallies is { HasNews: true }
            || (_lastCounters is not null && _lastCounters != counters);

    /// <summary>Counts of polls, PKs, questions, draws and deals; null: there are none yet.</summary>
    public RoomTallies? Tallies { get; set; }

    /// <summary>Danmaku that wait for a frame.</summary>
    public int Waiting => _pending.Count;

    private bool HasGrown => _grown is { Count: > 0 };

    private bool ShowsAll => _options.DisplayBudgetPerSecond == 0;

    /// <summary>Up to this number all danmaku were shown or left out, of those up to <paramref name="last"/>.</summary>
    public long SettledTo(long last) => _pending.TryPeek(out var oldest) ? oldest.Seq - 1 : last;

    /// <summary>Queues a danmaku for the next frames.</summary>
    public void Add(Danmaku danmaku) => _pending.Enqueue(danmaku);

    /// <summary>Queues a danmaku again, as it was said more often; once for a frame, however often it grows.</summary>
    public void Grow(Danmaku danmaku)
    {
        // One that the display budget left out is not shown by growing.
        var isShown = _recent.TryCount(danmaku.Seq, danmaku.Count ?? 1);
        if (isShown || ShowsAll || (_pending.TryPeek(out var oldest) && danmaku.Seq >= oldest.Seq))
        {
            (_grown ??= [])[danmaku.Seq] = danmaku;
        }
    }

    /// <summary>Takes a danmaku out of what will be shown, and of what was and can be asked for again; true if it had
    /// not been shown yet.</summary>
    public bool Recall(long seq)
    {
        var before = _pending.Count;
        for (var waiting = _pending.Count; waiting > 0; waiting--)
        {
            var danmaku = _pending.Dequeue();
            if (danmaku.Seq != seq)
            {
                _pending.Enqueue(danmaku);
            }
        }

        _grown?.Remove(seq);
        _recent.Remove(seq);
        _ring.Recall(seq);
        return _pending.Count < before;
    }

    public void Announce(RoomEvent happened) => _events.Enqueue(happened);

    /// <summary>Closes the next frame over what waits, as far as it fits and the display budget goes.</summary>
    /// <param name="counters">As they are now.</param>
    /// <param name="now">Unix ms.</param>
    /// <param name="isExempt">Whose danmaku are never left out; null: nobody's.</param>
    public RoomFrame Seal(RoomCounters counters, long now, Func<UserId, bool>? isExempt = null)
    {
        ImmutableArray<RoomEvent>? events = _events.Count == 0 ? null : TakeEvents();
        ShownFirst = 0;
        var sampled = new SeqRuns();
        var danmaku = _pending.Count == 0 && !HasGrown ? []
            : ShowsAll ? TakeDanmaku()
            : TakeSample(now, isExempt ?? (static _ => false), sampled);
        var frame = new RoomFrame(
            Epoch, Seq + 1, now, counters == _lastCounters ? null : counters, danmaku.IsEmpty ? null : danmaku, events,
            sampled.Count == 0 ? null : new FrameShed(0, sampled.Count, null), From: null)
        {
            Sampled = sampled.Count == 0 ? null : sampled.Build(),
        };
        frame = Tallies?.AddTo(frame) ?? frame;
        _lastCounters = counters;
        Seq = frame.Seq;
        _ring.Add(frame);
        return frame;
    }

    /// <summary>Notes the counters that viewers know from a snapshot, so that a change of them is news.</summary>
    public void KnowCounters(RoomCounters counters) => _lastCounters ??= counters;

    /// <summary>Nobody is here any more: keeps what is asked for again, and nothing for the next rush.</summary>
    public void Rest(long now)
    {
        if (_budget is { } budget && budget.IsPast(now))
        {
            _budget = null;
        }

        _grown = HasGrown ? _grown : null;
        _pending.TrimExcess();
        _events.TrimExcess();
        _recent.TrimExcess();
    }

    public bool TryAfter(long seq, out ImmutableArray<RoomFrame> frames) => _ring.TryAfter(seq, Seq, out frames);

    /// <summary>The newest sealed danmaku after that number, oldest first.</summary>
    public ImmutableArray<Danmaku> RecentAfter(long danmakuSeq, int most)
        => _recent.After(danmakuSeq, most);

    /// <summary>
    /// What a danmaku may take on the wire at most, in bytes: its fixed parts, and each character as it is escaped at
    /// worst (six bytes for half a surrogate pair, three otherwise).
    /// </summary>
    public static int WireBytes(Danmaku danmaku) => 224 + TextBytes(danmaku.Text) + TextBytes(danmaku.Name);

    private static int TextBytes(string text)
    {
        var bytes = 0;
        foreach (var unit in text)
        {
            bytes += char.IsAscii(unit) ? 2 : char.IsSurrogate(unit) ? 6 : 3;
        }

        return bytes;
    }

    private ImmutableArray<Danmaku> TakeDanmaku()
    {
        var taken = ImmutableArray.CreateBuilder<Danmaku>(Math.Min(_pending.Count, 256));
        var bytes = 0;
        while (_pending.TryPeek(out var next) && (bytes += WireBytes(next)) <= _options.FrameBytes)
        {
            _pending.Dequeue();
            Show(taken, next);
        }

        ShownFirst = taken.Count;
        TakeGrown(taken, bytes);
        return taken.DrainToImmutable();
    }

    /// <summary>
    /// What a fair choice shows of all that waits, or of as much from its beginning as cannot be left out and fits into
    /// a frame: what comes later is shown later, so that the numbers that viewers see only grow.
    /// </summary>
    private ImmutableArray<Danmaku> TakeSample(long now, Func<UserId, bool> isExempt, SeqRuns sampled)
    {
        var waiting = new List<Danmaku>(_pending.Count);
        var bytes = 0;
        while (_pending.TryPeek(out var next)
            && (!isExempt(next.UserId) || (bytes += WireBytes(next)) <= _options.FrameBytes))
        {
            waiting.Add(_pending.Dequeue());
        }

        var shown = new bool[waiting.Count];
        _budget ??= new DisplayBudget(_options);
        _budget.Choose(CollectionsMarshal.AsSpan(waiting), isExempt, now, shown);
        var taken = ImmutableArray.CreateBuilder<Danmaku>(Math.Min(waiting.Count, 256));
        bytes = 0;
        for (var i = 0; i < shown.Length; i++)
        {
            if (shown[i])
            {
                bytes += WireBytes(waiting[i]);
                Show(taken, waiting[i]);
            }
            else
            {
                _grown?.Remove(waiting[i].Seq);
                sampled.Add(waiting[i].Seq);
            }
        }

        ShownFirst = taken.Count;
        TakeGrown(taken, bytes);
        return taken.DrainToImmutable();
    }

    /// <summary>Puts a danmaku into a frame for the first time, as it is by now.</summary>
    private void Show(ImmutableArray<Danmaku>.Builder taken, Danmaku first)
    {
        var shown = _grown is not null && _grown.Remove(first.Seq, out var grown) ? grown : first;
        taken.Add(shown);
        _recent.Add(shown);
    }

    /// <summary>Adds those that grew since they were shown; what does not fit waits, and so do those that were not
    /// shown yet.</summary>
    private void TakeGrown(ImmutableArray<Danmaku>.Builder taken, int bytes)
    {
        if (_grown is null)
        {
            return;
        }

        var first = _pending.TryPeek(out var next) ? next.Seq : long.MaxValue;
        var fresh = taken.Count;
        foreach (var (seq, grown) in _grown)
        {
            if (seq >= first || (bytes += WireBytes(grown)) > _options.FrameBytes)
            {
                break;
            }

            taken.Add(grown);
        }

        for (var i = fresh; i < taken.Count; i++)
        {
            _grown.Remove(taken[i].Seq);
        }
    }

    private ImmutableArray<RoomEvent> TakeEvents()
    {
        var taken = ImmutableArray.CreateBuilder<RoomEvent>(Math.Min(_events.Count, _options.FrameEvents));
        var bytes = 0;
        while (taken.Count < _options.FrameEvents && _events.TryPeek(out var next)
            && ((bytes += WireBytes(next)) <= EventBytes || taken.Count == 0))
        {
            taken.Add(_events.Dequeue());
        }

        return taken.ToImmutable();
    }

    /// <summary>What those events that carry people's texts may take on the wire at most, in bytes.</summary>
    private static int WireBytes(RoomEvent happened) => happened switch
    {
        QuestionAsked { Question: var asked } => 320 + TextBytes(asked.Text) + TextBytes(asked.Name),
        QuestionAnswered { Question: var answered } =>
            320 + TextBytes(answered.Text) + TextBytes(answered.Name) + TextBytes(answered.Answer ?? ""),
        PollOpened { Poll: var poll } => WireBytes(poll),
        PollClosed { Poll: var poll } => WireBytes(poll),
        ItemPinned { Pin: var pin } => 192 + TextBytes(pin.Text ?? ""),
        DealScheduled { Deal: var deal } => WireBytes(deal),
        DealOpened { Deal: var deal } => WireBytes(deal),
        DealClosed { Deal: var deal } => WireBytes(deal),
        DrawResultAnnounced { Draw: var draw } => 1_024 + (24 * (draw.WinnerIds?.Length ?? 0)),
        _ => 192,
    };

    private static int WireBytes(Deal deal)
        => 720 + TextBytes(deal.Title) + TextBytes(deal.Condition.Phrase ?? "");

    private static int WireBytes(Poll poll)
    {
        var bytes = 400 + TextBytes(poll.Question);
        foreach (var option in poll.Options)
        {
            bytes += 16 + TextBytes(option);
        }

        return bytes;
    }
}
