namespace RedNote.Journal;

/// <summary>
/// What a grain owes to other grains because of its events: stored with the event, delivered after it is durable, in
/// version order per receiver, again and again until the receiver takes it, also after a crash. Receivers drop what
/// they have seen (<see cref="SeenEffects"/>), so that each is applied once. A receiver that is down delays only
/// itself.
/// </summary>
public interface IEffectQueue
{
    /// <summary>
    /// Says how effects are delivered, and begins with those left from before; called in <c>OnActivateAsync</c>. The
    /// delegate runs in the grain's turns and throws when the receiver did not take the effect.
    /// </summary>
    void Start(Func<Effect, Task> deliver);

    /// <summary>
    /// Completes when everything owed to a receiver up to now was delivered, or after <paramref name="atMost"/>,
    /// whichever is first. Whether it was delivered.
    /// </summary>
    Task<bool> WhenDelivered(string receiver, TimeSpan atMost);

    /// <summary>Effects not delivered yet, as far as they are in memory.</summary>
    int Pending { get; }

    /// <summary>
    /// Tries at once what waits for a repetition: deliveries, marks that could not be moved, and the reading of what is
    /// owed. An activation that another one has overtaken ends, so that the next one delivers what that one owed.
    /// </summary>
    void Retry();
}

/// <summary>Something a grain owes to another because of one of its events.</summary>
/// <param name="Source">The log it comes from.</param>
/// <param name="Version">Version of the event; with the source it names the effect.</param>
/// <param name="Receiver">Who gets it, in words of the source (for example <c>user/17</c>); at most 128 characters. An
/// event has one effect per receiver at most.</param>
/// <param name="Payload">JSON in the source's own form.</param>
public sealed record Effect(LogId Source, long Version, string Receiver, string Payload)
{
    /// <summary>Longest name of a receiver, in characters.</summary>
    public const int MaxReceiver = 128;
}
