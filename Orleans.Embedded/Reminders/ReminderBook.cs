using System.Runtime.InteropServices;
using Orleans.Runtime;

namespace RedNote.Embedded.Reminders;

/// <summary>The reminders a silo knows of, and which of them is due next. Not for several threads at once.</summary>
internal sealed class ReminderBook
{
    private readonly Dictionary<GrainId, SortedList<string, Reminder>> _byGrain = [];
    private readonly PriorityQueue<Reminder, DateTime> _due = new();

    // What is changed while the stored ones are read, as what is read may be older than that.
    private HashSet<(GrainId Grain, string Name)>? _changed;

    public ReminderRow? Find(GrainId grain, string name)
        => _byGrain.TryGetValue(grain, out var own) && own.TryGetValue(name, out var reminder) ? reminder.Row : null;

    public IEnumerable<ReminderRow> FindAll(GrainId grain)
        => _byGrain.TryGetValue(grain, out var own) ? own.Values.Select(reminder => reminder.Row) : [];

    /// <summary>Adds or replaces a reminder, unless a later version of it is known.</summary>
    public void Add(ReminderRow row, DateTime now)
    {
        _changed?.Add((row.Grain, row.Name));
        if (Find(row.Grain, row.Name) is not { } known || known.Version < row.Version)
        {
            Replace(row, now);
        }
    }

    /// <summary>Ends a reminder, unless a later version of it is known.</summary>
    public void Remove(ReminderRow row)
    {
        _changed?.Add((row.Grain, row.Name));
        if (Find(row.Grain, row.Name) is { } known && known.Version <= row.Version)
        {
            End(row.Grain, row.Name);
        }
    }

    /// <summary>To be called before the stored reminders are read for <see cref="Refresh"/>.</summary>
    public void StartRefresh() => _changed = [];

    /// <summary>Takes over what another silo stored or removed.</summary>
    public void Refresh(IReadOnlyList<ReminderRow> stored, DateTime now)
    {
        var gone = _byGrain.SelectMany(own => own.Value.Keys, (own, name) => (own.Key, name)).ToHashSet();
        gone.ExceptWith(_changed!);
        foreach (var row in stored)
        {
            gone.Remove((row.Grain, row.Name));
            if (!_changed!.Contains((row.Grain, row.Name)) && Find(row.Grain, row.Name) != row)
            {
                Replace(row, now);
            }
        }

        foreach (var (grain, name) in gone)
        {
            End(grain, name);
        }

        _changed = null;
    }

    /// <summary>When the next tick is due; <see langword="null"/> if none is.</summary>
    public DateTime? NextDue()
    {
        while (_due.TryPeek(out var reminder, out var dueAt))
        {
            if (!reminder.IsEnded)
            {
                return dueAt;
            }

            _due.Dequeue();
        }

        return null;
    }

    /// <summary>Takes what is due. Each is to be put back (<see cref="PutBack"/>) when it has been handled.</summary>
    public List<Reminder> TakeDue(DateTime now)
    {
        List<Reminder> due = [];
        while (NextDue() <= now)
        {
            due.Add(_due.Dequeue());
        }

        return due;
    }

    public void PutBack(Reminder reminder, DateTime now)
    {
        if (!reminder.IsEnded)
        {
            _due.Enqueue(reminder, NextTick(reminder.Row, now));
        }
    }

    private static DateTime NextTick(ReminderRow row, DateTime now)
        => row.StartAt > now
            ? row.StartAt
            : row.StartAt + (row.Period * (((now - row.StartAt).Ticks / row.Period.Ticks) + 1));

    private void Replace(ReminderRow row, DateTime now)
    {
        ref var own = ref CollectionsMarshal.GetValueRefOrAddDefault(_byGrain, row.Grain, out _);
        own ??= new SortedList<string, Reminder>(StringComparer.Ordinal);
        if (own.TryGetValue(row.Name, out var former))
        {
            former.IsEnded = true;
        }

        var added = new Reminder(row);
        own[row.Name] = added;
        PutBack(added, now);
    }

    private void End(GrainId grain, string name)
    {
        var own = _byGrain[grain];
        own[name].IsEnded = true;
        own.Remove(name);
        if (own.Count == 0)
        {
            _byGrain.Remove(grain);
        }
    }

    internal sealed class Reminder(ReminderRow row)
    {
        public ReminderRow Row => row;

        public bool IsEnded { get; set; }
    }
}
