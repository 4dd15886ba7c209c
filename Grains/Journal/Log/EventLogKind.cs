namespace RedNote.Journal;

/// <summary>See <see cref="IEventLogKind"/>.</summary>
internal sealed class EventLogKind<TState, TEvent> : IEventLogKind
    where TState : class, IEventState<TEvent>
    where TEvent : class
{
    private readonly EventLogDefinition<TState, TEvent> _definition;

    public EventLogKind(EventLogDefinition<TState, TEvent> definition)
    {
        if (definition.Effects is not null && definition.Wake is null)
        {
            throw new ArgumentException(
                $"Log {definition.Name} has effects, and nothing says how its grains are woken.", nameof(definition));
        }

        _definition = definition;
        Tables = [.. definition.Projections.Select(projection => projection.Table)];
        LateTables =
        [
            .. definition.Projections.Where(projection => projection.IsLate).Select(projection => projection.Table),
        ];
    }

    public string Name => _definition.Name;

    public IReadOnlyList<ProjectionTable> Tables { get; }

    public IReadOnlyList<ProjectionTable> LateTables { get; }

    public bool HasEffects => _definition.Effects is not null;

    public Task Wake(IGrainFactory grains, string key) => _definition.Wake?.Invoke(grains, key) ?? Task.CompletedTask;

    public ILogReplay Replay(LogId id, LogSnapshot? from = null)
        => new LogReplay<TState, TEvent>(_definition, id, from);
}
