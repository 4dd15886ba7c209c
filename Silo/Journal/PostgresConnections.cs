using System.Globalization;
using Npgsql;

namespace RedNote.Silo.Journal;

/// <summary>Connections as the journal uses them.</summary>
internal static class PostgresConnections
{
    public static NpgsqlDataSource Create(
        NpgsqlConnectionStringBuilder given, int connections, PostgresJournalOptions options)
    {
        var seconds = (options.TimeoutMs + 999) / 1000;
        var builder = new NpgsqlConnectionStringBuilder(given.ConnectionString)
        {
            ApplicationName = given.ApplicationName ?? "RedNote journal",
            MinPoolSize = 0,
            MaxPoolSize = connections,
            Timeout = seconds,
            CommandTimeout = seconds + 1,
            CancellationTimeout = 500,
            KeepAlive = 10,
            MaxAutoPrepare = 64,
            AutoPrepareMinUsages = 2,
            NoResetOnClose = true,
            Enlist = false,
            Multiplexing = false,
            Options = $"{given.Options} {ServerOptions(options)}".TrimStart(),
        };
        return NpgsqlDataSource.Create(builder);
    }

    /// <remarks>
    /// Every statement here finds its rows by an index. The planner must not conclude otherwise from statistics of a
    /// time when a table was small, and keep to it with a prepared statement while the table grows. A silo that
    /// vanished in the middle of a transaction must not hold its locks for long.
    /// </remarks>
    private static string ServerOptions(PostgresJournalOptions options)
    {
        var timeout = options.TimeoutMs.ToString(CultureInfo.InvariantCulture);
        string[] settings =
        [
            "synchronous_commit=on", "jit=off", "plan_cache_mode=force_generic_plan", "enable_seqscan=off",
            "enable_hashjoin=off", "enable_mergejoin=off", $"statement_timeout={timeout}",
            $"idle_in_transaction_session_timeout={timeout}",
        ];
        return string.Join(' ', settings.Select(setting => $"-c {setting}"));
    }
}
