namespace RedNote.Journal;

/// <summary>The journal's database cannot be used now; whether a write took effect is unknown.</summary>
public sealed class JournalUnavailableException(string message, Exception? innerException = null)
    : Exception(message, innerException);

/// <summary>The database was made by a newer version of the program, or its schema is not the journal's.</summary>
public sealed class JournalSchemaException(string message, Exception? innerException = null)
    : Exception(message, innerException);

/// <summary>
/// A log cannot be read: a version is missing, or a payload is damaged or of an unknown kind. Its grain does not start,
/// because going on without an event would be silent loss.
/// </summary>
[GenerateSerializer, Alias("journal.log-unreadable")]
public sealed class LogUnreadableException : Exception
{
    public LogUnreadableException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
