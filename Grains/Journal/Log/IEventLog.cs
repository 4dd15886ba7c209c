using System.Collections.Immutable;

namespace RedNote.Journal;

/// <summary>
/// The truth of a grain: its events, and the state they amount to. Asked for in a constructor with
/// <see cref="EventLogAttribute"/>; replayed before <c>OnActivateAsync</c>. Used from the grain's turns only; the grain
/// is reentrant and decides before its first await, so that appends pipeline.
/// </summary>
/// <remarks>
/// When an append fails, is refused because another activation appended, or is not answered in time, everybody waiting
/// gets a <see cref="TryAgainException"/>, <see cref="State"/> and every method throw it from then on, and the grain
/// deactivates: its next activation rebuilds from the log.
/// </remarks>
public interface IEventLog<TState, TEvent>
    where TState : class, IEventState<TEvent>
    where TEvent : class
{
    LogId Id { get; }

    /// <summary>All events raised so far, applied; some may not be durable yet.</summary>
    TState State { get; }

    /// <summary>Version of the last event raised; 0 before the first.</summary>
    long Version { get; }

    /// <summary>Version of the last event known to be durable.</summary>
    long ConfirmedVersion { get; }

    /// <summary>
    /// Applies events to <see cref="State"/> at once; completes when they are durable. None: as
    /// <see cref="WhenConfirmed"/>. An event too big to be stored is an <see cref="ArgumentException"/>, and none is
    /// applied. The task may be dropped: failure is seen by the next use of the log.
    /// </summary>
    Task Raise(params ReadOnlySpan<TEvent> events);

    /// <summary>
    /// Raises an event, and in the same transaction blanks stored ones: each <paramref name="blanked"/> takes the place
    /// of the event of that version. A snapshot is taken soon after, as the last one may hold what was blanked.
    /// </summary>
    Task RaiseRedacting(TEvent raised, params ReadOnlySpan<LoggedEvent<TEvent>> blanked);

    /// <summary>
    /// Completes when everything raised before this call is durable: what was decided on <see cref="State"/> may leave
    /// then, refusals and reads too.
    /// </summary>
    Task WhenConfirmed();

    /// <summary>
    /// As <see cref="WhenConfirmed"/>, and certain that no other activation had appended when this was called: for a
    /// command that is answered as done though nothing was raised, because it was so already. An activation that was
    /// overtaken without knowing it would acknowledge what is not so. Costs a look into the store. Throws
    /// <see cref="TryAgainException"/> when another has appended, or when that cannot be known.
    /// </summary>
    Task WhenCurrent();

    /// <summary>
    /// Completes when the journal has room for more, at once in the ordinary case; a grain that is sent a lot waits for
    /// it before it decides. Throws <see cref="TryAgainException"/> when there is none for long; nothing is lost then.
    /// <see cref="Raise"/> without room throws the same before it changes anything.
    /// </summary>
    Task WhenRoom();

    /// <summary>
    /// Called in a turn of the grain whenever <see cref="ConfirmedVersion"/> has grown, in order; set it in
    /// <c>OnActivateAsync</c>. What leaves the grain leaves from here, or after <see cref="WhenConfirmed"/>.
    /// </summary>
    Action<long>? Confirmed { get; set; }

    /// <summary>What this log owes to other grains.</summary>
    IEffectQueue Effects { get; }

    /// <summary>Stored events, at most <paramref name="limit"/>, in the range's direction.</summary>
    Task<ImmutableArray<LoggedEvent<TEvent>>> Read(VersionRange range, int limit);

    /// <summary>Completes when the rows of late tables are written that follow from what was durable when this was
    /// called. Throws <see cref="TryAgainException"/> when this activation will not write them.</summary>
    Task WhenProjected();

    /// <summary>Rows of one of this log's projections; <see cref="ProjectionQuery.Grain"/> is set to this
    /// grain.</summary>
    Task<IReadOnlyList<ProjectionRow>> Query(ProjectionQuery query);
}

/// <summary>State that events amount to.</summary>
public interface IEventState<in TEvent>
{
    /// <summary>Takes an event in. Pure: same state, same event, same result; no clock, no randomness.</summary>
    void Apply(TEvent raised);
}

/// <summary>An event and its place in the log.</summary>
public sealed record LoggedEvent<TEvent>(long Version, TEvent Event);

/// <summary>Asks for an <see cref="IEventLog{TState, TEvent}"/> in a grain's constructor.</summary>
/// <param name="name">Name of a definition added with <c>AddEventLog</c>; it is in databases.</param>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class EventLogAttribute(string name) : Attribute, IFacetMetadata
{
    public string Name => name;
}
