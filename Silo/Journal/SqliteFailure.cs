using RedNote.Journal;
using SQLitePCL;

namespace RedNote.Silo.Journal;

/// <summary>SQLite refused something. It never leaves the journal: see <see cref="Explain"/>.</summary>
internal sealed class SqliteFailure(int code, string message) : Exception(message)
{
    /// <summary>SQLite's code without the extension.</summary>
    public int Code => code & 0xff;

    /// <summary>SQLITE_READONLY_DBMOVED.</summary>
    public static SqliteFailure Moved(string what)
        => new(raw.SQLITE_READONLY | (4 << 8), $"{what} was deleted, moved or replaced");

    /// <summary>The failure in the words of somebody who has to do something about it.</summary>
    public JournalUnavailableException Explain(string file)
    {
        var cause = (Code, code >> 8) switch
        {
            (raw.SQLITE_FULL, _) => "the disk is full, or the file has reached its limit",
            (raw.SQLITE_BUSY or raw.SQLITE_LOCKED, _) => "another program holds it locked",
            (raw.SQLITE_READONLY, 4) => "it was deleted, moved or replaced while it was open",
            (raw.SQLITE_READONLY, _) => "the file or its folder may not be written",
            // Also the answer when the files beside it cannot be made.
            (raw.SQLITE_CANTOPEN, _) when File.Exists(file) => "the file or its folder may not be written",
            (raw.SQLITE_CANTOPEN, _) => "it is missing, or its folder may not be used",
            (raw.SQLITE_PERM or raw.SQLITE_AUTH, _) => "this user may not use it",
            (raw.SQLITE_NOTADB, _) => "it is not an SQLite database",
            (raw.SQLITE_CORRUPT, _) => "it is damaged; restore it from a backup",
            (raw.SQLITE_IOERR, _) => "the disk failed, or is full",
            _ => "SQLite failed",
        };
        return new JournalUnavailableException(
            $"The database {file} cannot be used: {cause} (SQLite code {code}: {Message}).", this);
    }
}
