using System.Runtime.InteropServices;
using SQLitePCL;

namespace RedNote.Silo.Journal;

/// <summary>What neither SQLite's package nor .NET offers.</summary>
internal static partial class SqliteNative
{
    // SQLITE_FCNTL_HAS_MOVED: is the open file still the one that bears its name?
    private const int HasMovedOperation = 20;

    // F_OK.
    private const int Existence = 0;

    /// <summary>Was the file deleted, moved away or replaced since it was opened?</summary>
    public static bool HasMoved(sqlite3 database)
    {
        var moved = 0;
        var result = FileControl(database.DangerousGetHandle(), 0, HasMovedOperation, ref moved);
        // Systems where files cannot be moved while they are open do not know the question.
        return result == raw.SQLITE_OK && moved != 0;
    }

    /// <summary>Is there a file of that name?</summary>
    /// <remarks>
    /// Asks for nothing else. Whoever asks for a file's times (and <see cref="System.IO.File.Exists"/> does) makes
    /// Linux from 6.13 on give the next write a time of its own, which the next fsync then has to store with the file:
    /// done before each commit, it made a commit a third slower.
    /// </remarks>
    public static bool Exists(string path)
        => OperatingSystem.IsWindows() ? System.IO.File.Exists(path) : Access(path, Existence) == 0;

    [LibraryImport("libc", EntryPoint = "access", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Access(string path, int mode);

    [LibraryImport("e_sqlite3", EntryPoint = "sqlite3_file_control")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.AssemblyDirectory | DllImportSearchPath.SafeDirectories)]
    private static partial int FileControl(nint database, nint schema, int operation, ref int argument);
}
