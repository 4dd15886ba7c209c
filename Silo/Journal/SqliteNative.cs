using System.Runtime.InteropServices;
using SQLitePCL;

namespace RedNote.Silo.Journal;

/// <summary>The one call into SQLite that its package leaves out.</summary>
internal static partial class SqliteNative
{
    // SQLITE_FCNTL_HAS_MOVED: is the open file still the one that bears its name?
    private const int HasMovedOperation = 20;

    /// <summary>Was the file deleted, moved away or replaced since it was opened?</summary>
    public static bool HasMoved(sqlite3 database)
    {
        var moved = 0;
        var result = FileControl(database.DangerousGetHandle(), 0, HasMovedOperation, ref moved);
        // Systems where files cannot be moved while they are open do not know the question.
        return result == raw.SQLITE_OK && moved != 0;
    }

    [LibraryImport("e_sqlite3", EntryPoint = "sqlite3_file_control")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.AssemblyDirectory | DllImportSearchPath.SafeDirectories)]
    private static partial int FileControl(nint database, nint schema, int operation, ref int argument);
}
