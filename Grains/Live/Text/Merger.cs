using System.Runtime.InteropServices;

namespace RedNote.Live;

/// <summary>
/// Which texts were shown in the last seconds, so that what says the same is counted with them. What a batch adds is
/// only taken for shown when its events were raised (<see cref="Sent"/>, <see cref="Merged"/>): until then it holds
/// within the batch, and <see cref="BeginBatch"/> forgets it. An activation begins with an empty one: what came before
/// it is shown already, and keys say what became of each.
/// </summary>
public sealed class Merger(LiveRoomOptions options)
{
    private readonly Dictionary<string, Entry> _entries = new(StringComparer.Ordinal);
    private readonly Dictionary<long, Entry> _bySeq = [];
    private readonly Queue<Entry> _order = [];
    private readonly List<Entry> _drafted = [];

    private sealed class Entry(string form, long seq, UserId user, long at)
    {
        public string Form => form;

        public long Seq => seq;

        public long At => at;

        public UserId User => user;

        public int Count { get; set; } = 1;

        public int Drafted { get; set; }

        public Danmaku? Shown { get; set; }

        public bool IsGone { get; set; }

        public Dictionary<UserId, int>? Repeats { get; set; }

        /// <summary>Whose repetitions were not raised yet.</summary>
        public List<UserId>? DraftedRepeats { get; set; }

        /// <summary>Nobody is to hear that they said it too often who was never heard.</summary>
        public void ForgetDrafted()
        {
            Drafted = 0;
            foreach (var user in DraftedRepeats ?? [])
            {
                Repeats![user]--;
            }

            DraftedRepeats?.Clear();
        }
    }

    /// <summary>Texts that are watched.</summary>
    public int Watched => _entries.Count;

    /// <summary>Whether nothing is watched any more.</summary>
    public bool IsPast(long now)
    {
        foreach (var entry in _entries.Values)
        {
            if (entry.At + WindowMs > now)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Drops what an earlier batch added that was never raised.</summary>
    public void BeginBatch()
    {
        foreach (var entry in _drafted)
        {
            entry.ForgetDrafted();
            if (entry.Shown is null)
            {
                Drop(entry);
            }
        }

        _drafted.Clear();
    }

    /// <summary>Whether a like one was shown, and what then follows for this.</summary>
    /// <param name="form">The text's form.</param>
    /// <param name="user">Who says it now.</param>
    /// <param name="now">Unix ms.</param>
    /// <param name="mostOwn">How often one user may repeat it.</param>
    public MergeAnswer Find(ReadOnlySpan<char> form, UserId user, long now, int mostOwn)
    {
        if (!_entries.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(form, out var entry)
            || entry.At + WindowMs <= now)
        {
            return default;
        }

        var repeats = entry.Repeats ??= [];
        var own = repeats.GetValueOrDefault(user);
        if (own >= mostOwn && (user == entry.User || own > 0))
        {
            return new MergeAnswer(entry.Seq, 0, entry.At + WindowMs - now);
        }

        if (own > 0 || user == entry.User || repeats.Count < options.MergeSenders)
        {
            repeats[user] = own + 1;
            (entry.DraftedRepeats ??= []).Add(user);
        }

        entry.Drafted++;
        _drafted.Add(entry);
        return new MergeAnswer(entry.Seq, entry.Count + entry.Drafted, 0);
    }

    /// <summary>Watches a text that will be shown under that number.</summary>
    public void Watch(ReadOnlySpan<char> form, long seq, UserId user, long now)
    {
        if (options.MergeSeconds == 0)
        {
            return;
        }

        while (_order.TryPeek(out var oldest)
            && (oldest.IsGone || oldest.At + WindowMs <= now || _entries.Count >= options.MergeTexts))
        {
            Drop(_order.Dequeue());
        }

        var text = form.ToString();
        var entry = new Entry(text, seq, user, now);
        ref var held = ref CollectionsMarshal.GetValueRefOrAddDefault(_entries, text, out _);
        var ended = held;
        held = entry;
        if (ended is not null)
        {
            Drop(ended);
        }

        _bySeq[seq] = entry;
        _order.Enqueue(entry);
        _drafted.Add(entry);
    }

    /// <summary>A danmaku was raised.</summary>
    public void Sent(Danmaku danmaku)
    {
        if (_bySeq.TryGetValue(danmaku.Seq, out var entry))
        {
            entry.Shown = danmaku;
        }
    }

    /// <summary>Danmaku that were merged were raised; so often it was said by now. Answers the one that stands for
    /// them, unless it is forgotten.</summary>
    public Danmaku? Merged(long seq, int count)
    {
        if (!_bySeq.TryGetValue(seq, out var entry) || entry.Shown is not { } shown)
        {
            return null;
        }

        entry.Count = count;
        entry.Drafted = 0;
        entry.DraftedRepeats?.Clear();
        return entry.Shown = shown with { Count = count };
    }

    /// <summary>Nothing is merged into this one any more.</summary>
    public void Forget(long seq)
    {
        if (_bySeq.TryGetValue(seq, out var entry))
        {
            Drop(entry);
        }
    }

    private long WindowMs => options.MergeSeconds * 1_000L;

    private void Drop(Entry entry)
    {
        entry.IsGone = true;

        // Looked up once as a rule. The number of one that was never raised has gone to another, and the form may be
        // another's by now.
        if (_bySeq.Remove(entry.Seq, out var numbered) && numbered != entry)
        {
            _bySeq[entry.Seq] = numbered;
        }

        if (_entries.Remove(entry.Form, out var held) && held != entry)
        {
            _entries[entry.Form] = held;
        }
    }
}

/// <summary>What <see cref="Merger.Find"/> found.</summary>
/// <param name="Seq">The one that was shown; 0: none was.</param>
/// <param name="Count">How often it was said with this one; 0: this user has said it too often.</param>
/// <param name="RetryAfterMs">When it may be said again.</param>
public readonly record struct MergeAnswer(long Seq, int Count, long RetryAfterMs);
