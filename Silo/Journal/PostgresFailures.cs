using System.Net.Sockets;
using Npgsql;
using RedNote.Journal;

namespace RedNote.Silo.Journal;

/// <summary>What went wrong with the database, in words that help who runs it, and without secrets.</summary>
internal sealed class PostgresFailures(NpgsqlConnectionStringBuilder connection)
{
    /// <summary>Where the database is, for messages.</summary>
    public string Place { get; } = $"PostgreSQL at {connection.Host}:{connection.Port}, database {connection.Database}";

    /// <summary>Whether the transaction was certainly rolled back, only because of another one beside it.</summary>
    public static bool MayRepeat(Exception failure)
        => failure is PostgresException
        {
            SqlState: PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure,
        };

    /// <summary>Whether a failure comes from the database or the way to it.</summary>
    public static bool IsOfDatabase(Exception failure)
        => failure is NpgsqlException or TimeoutException or OperationCanceledException or IOException
            or SocketException;

    public JournalUnavailableException Explain(Exception failure, int timeoutMs)
    {
        var why = failure switch
        {
            PostgresException { SqlState: PostgresErrorCodes.ReadOnlySqlTransaction }
                => "the database is read-only (a standby, or default_transaction_read_only is on)",
            PostgresException { SqlState: PostgresErrorCodes.InsufficientPrivilege } refused
                => $"the role {connection.Username} lacks a permission: {refused.MessageText}",
            PostgresException { SqlState: PostgresErrorCodes.DiskFull } full
                => $"the database's disk is full: {full.MessageText}",
            PostgresException { SqlState: PostgresErrorCodes.UndefinedTable } missing
                => $"a table of the journal is missing: {missing.MessageText}",
            PostgresException { SqlState: PostgresErrorCodes.QueryCanceled } => NoAnswer(timeoutMs),
            PostgresException other => $"{other.MessageText} ({other.SqlState})",
            OperationCanceledException or TimeoutException or NpgsqlException { InnerException: TimeoutException }
                => NoAnswer(timeoutMs),
            NpgsqlException { InnerException: SocketException socket } => socket.Message,
            _ => failure.Message,
        };
        return Unavailable(why, failure);
    }

    /// <summary>What ended with its time limit, in whichever way the driver put it: that depends on what it was doing.
    /// </summary>
    public JournalUnavailableException Late(Exception failure, int timeoutMs)
        => Unavailable(NoAnswer(timeoutMs), failure);

    private static string NoAnswer(int timeoutMs) => $"no answer within {timeoutMs} ms";

    private JournalUnavailableException Unavailable(string why, Exception failure) => new($"{Place}: {why}.", failure);
}
