using System.Text;
using RedNote.Journal;
using SQLitePCL;

namespace RedNote.Silo.Journal;

/// <summary>
/// A prepared statement. Used directly rather than through ADO.NET, whose parameter objects and boxed values cost more
/// than the insert itself (measured by the journal benchmark). Parameters count from 1, columns from 0.
/// </summary>
internal sealed class SqliteStatement(sqlite3 database, sqlite3_stmt statement) : IDisposable
{
    private const int StackBytes = 512;

    public SqliteStatement Bind(int parameter, long value)
    {
        Check(raw.sqlite3_bind_int64(statement, parameter, value));
        return this;
    }

    /// <summary>Binds text that is UTF-8 already.</summary>
    public SqliteStatement Bind(int parameter, ReadOnlySpan<byte> utf8)
    {
        // No bytes at all would be taken for null.
        Check(utf8.IsEmpty
            ? raw.sqlite3_bind_text(statement, parameter, "")
            : raw.sqlite3_bind_text(statement, parameter, utf8));
        return this;
    }

    public SqliteStatement Bind(int parameter, string text)
    {
        if (Encoding.UTF8.GetMaxByteCount(text.Length) > StackBytes)
        {
            return Bind(parameter, Encoding.UTF8.GetBytes(text));
        }

        Span<byte> utf8 = stackalloc byte[StackBytes];
        return Bind(parameter, utf8[..Encoding.UTF8.GetBytes(text, utf8)]);
    }

    public SqliteStatement Bind(int parameter, ProjectionValue value)
    {
        if (value.IsNull)
        {
            Check(raw.sqlite3_bind_null(statement, parameter));
            return this;
        }

        return value.Text is { } text ? Bind(parameter, text) : Bind(parameter, value.Number);
    }

    /// <summary>Goes to the next row; false: there is none, and the statement may be used again.</summary>
    public bool Step()
    {
        var result = raw.sqlite3_step(statement);
        switch (result)
        {
            case raw.SQLITE_ROW:
                return true;
            case raw.SQLITE_DONE:
                raw.sqlite3_reset(statement);
                return false;
            default:
                // Resetting forgets the error, so it is read first.
                var failure = SqliteSession.Failure(database);
                raw.sqlite3_reset(statement);
                throw failure;
        }
    }

    /// <summary>Runs a statement whose rows, if any, do not matter.</summary>
    public void Execute()
    {
        while (Step())
        {
        }
    }

    /// <summary>Ends reading before the last row.</summary>
    public void Reset() => raw.sqlite3_reset(statement);

    public bool IsNull(int column) => raw.sqlite3_column_type(statement, column) == raw.SQLITE_NULL;

    public long Number(int column) => raw.sqlite3_column_int64(statement, column);

    /// <summary>The text's UTF-8; valid until the next step.</summary>
    public ReadOnlySpan<byte> Bytes(int column) => raw.sqlite3_column_blob(statement, column);

    public string Text(int column) => Encoding.UTF8.GetString(Bytes(column));

    public ProjectionValue Value(int column, ProjectionType type)
    {
        if (IsNull(column))
        {
            return ProjectionValue.Null;
        }

        return type == ProjectionType.Integer ? Number(column) : Text(column);
    }

    public void Dispose() => statement.Dispose();

    private void Check(int result)
    {
        if (result != raw.SQLITE_OK)
        {
            throw SqliteSession.Failure(database);
        }
    }
}
