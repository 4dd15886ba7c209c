using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace RedNote.Journal;

/// <summary>Everything the journal has to know of one kind of log.</summary>
public sealed class EventLogDefinition<TState, TEvent>
    where TState : class, IEventState<TEvent>
    where TEvent : class
{
    /// <summary>Name of the logs; lower case, it is in databases.</summary>
    public required string Name { get; init; }

    /// <summary>Makes the state of a log without events.</summary>
    public required Func<TState> Create { get; init; }

    /// <summary>How events are written and read: source-generated, polymorphic, with stable discriminators.</summary>
    public required JsonTypeInfo<TEvent> Event { get; init; }

    /// <summary>Writes events that come by the thousand a second, faster than the serializer does; null: there are
    /// none.</summary>
    public IFrequentEvents<TEvent>? Frequent { get; init; }

    /// <summary>How snapshots are written and read.</summary>
    public required ISnapshotForm<TState> Snapshot { get; init; }

    /// <summary>
    /// Whether an event may have blanked others whose content snapshots hold: an activation that finds one behind its
    /// snapshot takes another soon, as the one that blanked them may have died before it could. Null: none does.
    /// </summary>
    public Func<TEvent, bool>? Redacts { get; init; }

    /// <summary>Tables written with the log.</summary>
    public IReadOnlyList<IProjection<TEvent>> Projections { get; init; } = [];

    /// <summary>What an event makes the grain owe to others, each with another receiver; null: nothing ever.</summary>
    public Func<TEvent, IEnumerable<EffectDraft>>? Effects { get; init; }

    /// <summary>Activates the grain of a key, so that it delivers what it owes; needed with <see cref="Effects"/>.
    /// </summary>
    public Func<IGrainFactory, string, Task>? Wake { get; init; }
}

/// <summary>An effect before its event has a version; see <see cref="Effect"/>.</summary>
public sealed record EffectDraft(string Receiver, string Payload);

/// <summary>A table that follows from the events of a log.</summary>
public interface IProjection<in TEvent>
{
    ProjectionTable Table { get; }

    /// <summary>
    /// Whether the table is written behind the log, in bulk: a row may come a quarter of a second after its event. Then
    /// rows are only ever added, each follows from its own event, and the grain owes an effect until they are written
    /// (<see cref="IEventLog{TState, TEvent}.WhenProjected"/>), so that it is woken after a crash.
    /// </summary>
    bool IsLate => false;

    /// <summary>What an event changes. Pure: the table is rebuilt, and verified, with the same method.</summary>
    IEnumerable<ProjectionChange> Project(long version, long at, TEvent raised);
}

/// <summary>Writes some kinds of events by hand.</summary>
public interface IFrequentEvents<in TEvent>
{
    /// <summary>Writes an event as <see cref="EventLogDefinition{TState, TEvent}.Event"/> writes it, byte for byte; or
    /// nothing, and answers false.</summary>
    bool TryWrite(TEvent raised, Utf8JsonWriter writer);
}

/// <summary>How the state of a log is written and read.</summary>
public interface ISnapshotForm<TState>
{
    /// <summary>The state as JSON; later events do not change what was returned.</summary>
    string Write(TState state);

    /// <summary>Throws <see cref="JsonException"/> for what it cannot read.</summary>
    TState Read(string json);
}

/// <summary>A snapshot by way of a document of its own.</summary>
public sealed class SnapshotForm<TState, TDocument>(
    JsonTypeInfo<TDocument> form, Func<TState, TDocument> write, Func<TDocument, TState> read) : ISnapshotForm<TState>
    where TDocument : class
{
    public string Write(TState state) => JsonSerializer.Serialize(write(state), form);

    public TState Read(string json)
    {
        try
        {
            return read(JsonSerializer.Deserialize(json, form) ?? throw new JsonException("The snapshot is null."));
        }
        catch (FormatException error)
        {
            // Packed in base 64 may be what is none of ours; the log is read instead, as for any snapshot that is bad.
            throw new JsonException("The snapshot holds what cannot be read.", error);
        }
    }
}
