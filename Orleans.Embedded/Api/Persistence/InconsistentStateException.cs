using Orleans.Runtime;

namespace Orleans.Storage;

/// <summary>
/// A write was refused because the stored ETag is not the one that was read. Escaping from a grain's call it
/// deactivates that grain, so that the next activation reads anew.
/// </summary>
[Serializable]
[GenerateSerializer]
public class InconsistentStateException : OrleansException
{
    public InconsistentStateException()
    {
    }

    public InconsistentStateException(string message) : base(message)
    {
    }

    public InconsistentStateException(string message, Exception? innerException) : base(message, innerException!)
    {
    }

    public InconsistentStateException(string errorMsg, string? storedEtag, string? currentEtag)
        : this(errorMsg, storedEtag, currentEtag, null)
    {
    }

    public InconsistentStateException(
        string errorMsg, string? storedEtag, string? currentEtag, Exception? storageException)
        : base(errorMsg, storageException!)
    {
        StoredEtag = storedEtag;
        CurrentEtag = currentEtag;
    }

    /// <summary>The ETag that is in the store, when the store told it.</summary>
    [Id(1)]
    public string? StoredEtag { get; private set; }

    /// <summary>The ETag that the writer knew.</summary>
    [Id(2)]
    public string? CurrentEtag { get; private set; }

    /// <summary>Whether it has not yet left the grain whose state is stale.</summary>
    internal bool IsSourceActivation { get; set; } = true;

    public override string ToString()
        => $"InconsistentStateException: {Message} Expected Etag={CurrentEtag} "
            + $"Stored Etag={StoredEtag} {InnerException}";
}
