namespace RedNote.Frontend.Live;

/// <summary>Somebody whose frames wait until the answer to its join is on its way.</summary>
internal interface IJoiner
{
    /// <summary>The answer is on its way; frames may follow it.</summary>
    void Activate(JoinTicket ticket);
}

/// <summary>Names one call to join a room or open a group, so that a later one of the same viewer replaces it.
/// </summary>
internal sealed class JoinTicket(IJoiner joiner)
{
    /// <summary>The answer is on its way: frames may follow.</summary>
    public void Written() => joiner.Activate(this);
}

/// <summary>The answer to such a call.</summary>
internal interface IJoinAnswer
{
    /// <summary>Runs once this answer is on its way, so that no frame gets ahead of it.</summary>
    JoinTicket? Ticket { get; }
}
