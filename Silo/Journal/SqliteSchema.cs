using RedNote.Journal;

namespace RedNote.Silo.Journal;

/// <summary>Makes and migrates the tables of the journal in an SQLite file.</summary>
internal static class SqliteSchema
{
    /// <summary>
    /// Statements that lead from each version to the next; the first makes version 1. What is here was run somewhere
    /// already and is never changed, only added to.
    /// </summary>
    private static readonly string[][] Migrations =
    [
        [
            // Rows lie in the order they came, so that a batch of many grains fills few pages; the key finds them.
            """
            CREATE TABLE journal_events (
                log text NOT NULL,
                grain text NOT NULL,
                first_version integer NOT NULL,
                count integer NOT NULL,
                at integer NOT NULL,
                payload text NOT NULL,
                PRIMARY KEY (log, grain, first_version))
            """,
            ProjectionSql.CreateRegister,
            "CREATE TABLE journal_protection_keys (name text PRIMARY KEY, xml text NOT NULL)",
            "CREATE TABLE journal_probe (id integer PRIMARY KEY, count integer NOT NULL)",
        ],
        SqliteIndexSchema.Statements,
    ];

    /// <summary>The version this program works with.</summary>
    public static int Current => Migrations.Length;

    /// <summary>Brings the file to this program's schema. Safe to run from several processes at once.</summary>
    public static void Migrate(SqliteSession session, IEnumerable<ProjectionTable> tables)
    {
        session.Run("BEGIN EXCLUSIVE");
        var version = ReadVersion(session) ?? Create(session);
        if (version > Migrations.Length)
        {
            throw new JournalSchemaException(
                $"The journal {session.File} is of schema {version}, made by a newer version of the program; this one "
                + $"knows up to {Migrations.Length}. Start the newer version, or restore a backup made before it.");
        }

        foreach (var statement in Migrations.Skip(version).SelectMany(statements => statements))
        {
            session.Run(statement);
        }

        session.Run($"UPDATE journal_schema SET version = {Migrations.Length}");
        foreach (var table in tables)
        {
            Migrate(session, table);
        }

        session.Commit();
    }

    /// <summary>
    /// The same without projections, and without the lock when there is nothing to do: whoever only reads is then in
    /// nobody's way.
    /// </summary>
    public static void MigrateIfOld(SqliteSession session)
    {
        if (ReadVersion(session) != Migrations.Length)
        {
            Migrate(session, []);
        }
    }

    /// <summary>Throws unless this is a journal of this program's schema.</summary>
    public static void Check(SqliteSession session)
    {
        if (ReadVersion(session) != Migrations.Length)
        {
            throw new JournalUnavailableException(
                $"The journal {session.File} was replaced by something else while the program was running.");
        }
    }

    private static int? ReadVersion(SqliteSession session)
    {
        if (!HasTable(session, "journal_schema"))
        {
            return null;
        }

        var statement = session.Prepare("SELECT version FROM journal_schema");
        if (!statement.Step())
        {
            throw NotAJournal(session);
        }

        var version = (int)statement.Number(0);
        statement.Reset();
        return version;
    }

    private static int Create(SqliteSession session)
    {
        if (HasTable(session, "journal_events"))
        {
            throw NotAJournal(session);
        }

        session.Run("CREATE TABLE journal_schema (version integer NOT NULL)");
        session.Run("INSERT INTO journal_schema (version) VALUES (0)");
        return 0;
    }

    private static JournalSchemaException NotAJournal(SqliteSession session)
        => new($"{session.File} has tables of a journal but does not say of which schema they are.");

    private static void Migrate(SqliteSession session, ProjectionTable table)
    {
        var read = session.Prepare(ProjectionSql.ReadSignature).Bind(1, table.Name);
        string? stored = null;
        if (read.Step())
        {
            stored = read.Text(0);
            read.Reset();
        }

        foreach (var statement in new ProjectionSql(SqlFlavor.Sqlite).Migrate(table, stored))
        {
            session.Run(statement);
        }

        session.Prepare(ProjectionSql.WriteSignature)
            .Bind(1, table.Name).Bind(2, ProjectionSql.SignatureOf(table)).Execute();
    }

    private static bool HasTable(SqliteSession session, string name)
    {
        var statement = session.Prepare("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = $1").Bind(1, name);
        var found = statement.Step();
        statement.Reset();
        return found;
    }
}
