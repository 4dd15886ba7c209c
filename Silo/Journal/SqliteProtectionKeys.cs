using RedNote.Journal;

namespace RedNote.Silo.Journal;

/// <summary>
/// Protection keys in the journal's file. They are needed before the silo has started, so the tables are made here when
/// they are missing; each call opens the file anew, as there are few.
/// </summary>
public sealed class SqliteProtectionKeys(string file, SqliteJournalOptions? options = null) : IProtectionKeyStore
{
    private readonly string _file = Path.GetFullPath(file);
    private readonly SqliteJournalOptions _options = options ?? new SqliteJournalOptions();

    /// <inheritdoc/>
    public IReadOnlyList<string> ReadAll() => Use(session =>
    {
        var keys = new List<string>();
        var statement = session.Prepare("SELECT xml FROM journal_protection_keys ORDER BY rowid");
        while (statement.Step())
        {
            keys.Add(statement.Text(0));
        }

        return keys;
    });

    /// <inheritdoc/>
    public void Add(string name, string xml) => Use(session =>
    {
        const string add = """
            INSERT INTO journal_protection_keys (name, xml) VALUES ($1, $2)
            ON CONFLICT (name) DO UPDATE SET xml = excluded.xml
            """;
        session.Begin();
        session.Prepare(add).Bind(1, name).Bind(2, xml).Execute();
        session.Commit();
        return true;
    });

    private T Use<T>(Func<SqliteSession, T> work)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(_file)!);
            using var session = SqliteSession.OpenWriter(_file, _options, creates: true);
            SqliteSchema.MigrateIfOld(session);
            return work(session);
        }
        catch (SqliteFailure failure)
        {
            throw failure.Explain(_file);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new JournalUnavailableException(
                $"The folder of the journal {_file} cannot be made: {exception.Message}", exception);
        }
    }
}
