namespace RedNote.Silo;

/// <summary>The process cannot start, for a reason that whoever runs it can do something about.</summary>
public sealed class StartupException(string message, Exception? innerException = null)
    : Exception(message, innerException);
