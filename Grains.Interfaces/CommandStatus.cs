namespace RedNote;

/// <summary>How a command ended; every refusal has a code in the wire contract and changed nothing.</summary>
public enum CommandStatus
{
    Done,
    NotFound,
    Forbidden,
    WrongState,
    Conflict,
    Invalid,

    /// <summary>The outcome is unknown; a retry with the same key is safe.</summary>
    TryAgain,

    /// <summary>Too many of them lately, or already there.</summary>
    RateLimited,
}
