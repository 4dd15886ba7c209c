namespace RedNote.Journal;

/// <summary>Builds a state from a snapshot and rows; shared by grains and tools, so that both read a log alike.
/// </summary>
internal sealed class LogReplay<TState, TEvent> : ILogReplay
    where TState : class, IEventState<TEvent>
    where TEvent : class
{
    private readonly EventLogDefinition<TState, TEvent> _definition;
    private readonly EventCodec<TEvent> _codec;
    private readonly LogId _id;
    private readonly bool _hasSnapshot;

    /// <param name="definition">The kind of log.</param>
    /// <param name="id">The log.</param>
    /// <param name="from">Where to begin; null: at the first event. Throws
    /// <see cref="System.Text.Json.JsonException"/> when it cannot be read.</param>
    public LogReplay(EventLogDefinition<TState, TEvent> definition, LogId id, LogSnapshot? from)
    {
        _definition = definition;
        _codec = new EventCodec<TEvent>(definition.Event, definition.Frequent);
        _id = id;
        _hasSnapshot = from is { Version: > 0 };
        State = from is { Version: > 0 } ? definition.Snapshot.Read(from.Json) : definition.Create();
        Version = from?.Version ?? 0;
    }

    public TState State { get; }

    public long Version { get; private set; }

    /// <summary>Whether the snapshot that it began with may hold what was blanked since.</summary>
    public bool IsOutdated { get; private set; }

    /// <summary>Takes the next row in.</summary>
    public void Apply(JournalRow row)
    {
        var events = Follow(row);
        foreach (var raised in events)
        {
            Apply(raised);
        }
    }

    public IReadOnlyList<ReplayedEvent> Take(JournalRow row)
    {
        var taken = new List<ReplayedEvent>(row.Count);
        foreach (var raised in Follow(row))
        {
            Apply(raised);
            List<ProjectionChange> changes = [];
            foreach (var projection in _definition.Projections)
            {
                changes.AddRange(projection.Project(Version, row.At, raised));
            }

            taken.Add(new ReplayedEvent(Version, row.At, _codec.WriteText(raised), changes));
        }

        return taken;
    }

    public LogSnapshot Snapshot() => new() { Version = Version, Json = _definition.Snapshot.Write(State) };

    private void Apply(TEvent raised)
    {
        try
        {
            State.Apply(raised);
        }
        catch (Exception error)
        {
            throw new LogUnreadableException($"Version {Version + 1} of log {_id} cannot be applied.", error);
        }

        Version++;
        IsOutdated |= _hasSnapshot && _definition.Redacts?.Invoke(raised) == true;
    }

    /// <summary>The events of a row that come after what was taken in.</summary>
    private List<TEvent> Follow(JournalRow row)
    {
        if (row.FirstVersion > Version + 1 || row.LastVersion <= Version)
        {
            throw new LogUnreadableException(
                $"Log {_id} goes on with version {row.FirstVersion} after version {Version}: events are missing.");
        }

        var events = _codec.Read(_id, row);
        // A row may begin before the snapshot, as appends that meet in a batch share one.
        events.RemoveRange(0, (int)(Version + 1 - row.FirstVersion));
        return events;
    }
}
