namespace RedNote;

/// <summary>
/// A write failed or was not answered in time: whether it took effect is unknown, so the grain's memory is not to be
/// trusted and it rebuilds from storage. A retry with the same key is safe. Front ends answer <c>try_again</c> (503).
/// </summary>
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

    public TryAgainException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }
}
