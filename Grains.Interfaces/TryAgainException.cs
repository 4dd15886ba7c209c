namespace RedNote;

/// <summary>
/// A write failed or was not answered in time: whether it took effect is unknown, so the grain's memory is not to be
/// trusted and it rebuilds from storage. A retry with the same key is safe. Front ends answer <c>try_again</c> (503).
/// </summary>
/// <remarks>It carries no inner exception: the cause is logged where it happened, and a database's own exception cannot
/// travel between silos, so that the caller would be told of that instead.</remarks>
[GenerateSerializer, Alias("rednote.try-again")]
public sealed class TryAgainException : Exception
{
    public TryAgainException()
        : this("The outcome is unknown; try again.")
    {
    }

    public TryAgainException(string message)
        : base(message)
    {
    }
}
