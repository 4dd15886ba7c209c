namespace RedNote.Journal;

/// <summary>What goes into one transaction: at most one row per log.</summary>
internal sealed class JournalBatch
{
    private readonly List<Slot> _slots = [];
    private readonly List<JournalAppend> _appends = [];

    public IReadOnlyList<JournalAppend> Appends => _appends;

    public bool IsEmpty => _slots.Count == 0;

    /// <summary>Appends taken in, before they were merged.</summary>
    public int Items { get; private set; }

    public int Events { get; private set; }

    public int Bytes { get; private set; }

    /// <summary>When the oldest append came, as a timestamp of the clock.</summary>
    public long OldestAt { get; private set; } = long.MaxValue;

    /// <summary>Takes an append in and returns where it is.</summary>
    public int Add(PendingAppend pending)
    {
        Count(pending);
        _slots.Add(new Slot(pending));
        return _slots.Count - 1;
    }

    /// <summary>
    /// Joins an append to the row of its log; false if that is of another session, or if it blanks events, which have
    /// to be stored by then.
    /// </summary>
    public bool TryMerge(int slot, PendingAppend pending)
    {
        var row = _slots[slot];
        if (!ReferenceEquals(row.First.Session, pending.Session)
            || pending.Append.Redactions.Count > 0
            || pending.Append.FirstVersion != row.Last.Append.LastVersion + 1)
        {
            return false;
        }

        Count(pending);
        (row.More ??= []).Add(pending);
        return true;
    }

    public void Seal()
    {
        foreach (var slot in _slots)
        {
            _appends.Add(slot.More is null ? slot.First.Append : Merge(slot.First.Append, slot.More));
        }
    }

    public void Complete(AppendOutcome[] outcomes)
    {
        for (var i = 0; i < _slots.Count; i++)
        {
            _slots[i].Answer(outcomes[i] == AppendOutcome.Stored
                ? static pending => pending.Stored()
                : static pending => pending.Refuse());
        }
    }

    public void Fail(Exception error)
    {
        foreach (var slot in _slots)
        {
            slot.Answer(pending => pending.Fail(error));
        }
    }

    private void Count(PendingAppend pending)
    {
        Items++;
        Events += pending.Append.Count;
        Bytes += pending.Append.Payload.Length;
        OldestAt = Math.Min(OldestAt, pending.At);
    }

    private static JournalAppend Merge(JournalAppend first, List<PendingAppend> more)
    {
        var size = first.Payload.Length;
        var count = first.Count;
        foreach (var pending in more)
        {
            size += pending.Append.Payload.Length - 1;
            count += pending.Append.Count;
        }

        // Each payload is an array: its brackets go, and a comma comes between.
        var payload = new byte[size];
        first.Payload.CopyTo(payload);
        var end = first.Payload.Length - 1;
        List<ProjectionChange> changes = [.. first.Changes];
        foreach (var pending in more)
        {
            payload[end++] = (byte)',';
            pending.Append.Payload[1..^1].CopyTo(payload.AsMemory(end));
            end += pending.Append.Payload.Length - 2;
            changes.AddRange(pending.Append.Changes);
        }

        payload[end] = (byte)']';
        return first with { Count = count, Payload = payload, Changes = changes };
    }

    private sealed class Slot(PendingAppend first)
    {
        public PendingAppend First => first;

        public List<PendingAppend>? More { get; set; }

        public PendingAppend Last => More is null ? First : More[^1];

        public void Answer(Action<PendingAppend> answer)
        {
            answer(First);
            foreach (var pending in More ?? [])
            {
                answer(pending);
            }
        }
    }
}
