using RedNote.Journal;
using SQLitePCL;

namespace RedNote.Silo.Journal;

/// <summary>A copy of the databases in a data directory, made while they are in use.</summary>
public static class SqliteBackup
{
    // How much is copied between two looks at the cancellation token: 16 MiB.
    private const int PagesAtOnce = 4_096;

    /// <summary>
    /// Copies the snapshots, then the journal; in this order, so that no snapshot in the copy is ahead of its log. The
    /// copy has everything that was acknowledged before the call. It is a data directory that a process can start on.
    /// </summary>
    /// <param name="dataDirectory">Of a process that may be running, this one or another.</param>
    /// <param name="target">A folder, made when it is missing; it must not have databases in it.</param>
    /// <param name="cancellationToken">Ends the copy; what was copied is removed.</param>
    /// <returns>The files made, in order.</returns>
    /// <remarks>
    /// Throws <see cref="JournalUnavailableException"/> when a database cannot be read or the copy cannot be written,
    /// or when the copy turns out to be damaged, and <see cref="IOException"/> when the target has databases already.
    /// </remarks>
    public static Task<IReadOnlyList<string>> CopyAsync(
        string dataDirectory, string target, CancellationToken cancellationToken)
        => Task.Factory.StartNew<IReadOnlyList<string>>(
            () => Copy(Path.GetFullPath(dataDirectory), Path.GetFullPath(target), cancellationToken),
            cancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private static List<string> Copy(string source, string target, CancellationToken cancellationToken)
    {
        string[] names = [RedNoteOptions.DatabaseName, SqliteJournalStore.FileName];
        Directory.CreateDirectory(target);
        foreach (var name in names.Where(name => File.Exists(Path.Combine(target, name))))
        {
            throw new IOException($"The folder {target} has a {name} already; a backup does not replace anything.");
        }

        var made = new List<string>();
        foreach (var name in names)
        {
            // A directory without snapshots is one that has not started yet, or one of a test.
            if (name != SqliteJournalStore.FileName && !File.Exists(Path.Combine(source, name)))
            {
                continue;
            }

            var copy = Path.Combine(target, name);
            CopyFile(Path.Combine(source, name), copy, cancellationToken);
            made.Add(copy);
        }

        return made;
    }

    private static void CopyFile(string source, string target, CancellationToken cancellationToken)
    {
        // It bears its name only once it is whole and known to be good.
        var partial = target + ".partial";
        Remove(partial);
        try
        {
            Transfer(source, partial, cancellationToken);
            File.Move(partial, target);
        }
        finally
        {
            Remove(partial);
        }
    }

    private static void Transfer(string source, string partial, CancellationToken cancellationToken)
    {
        var file = source;
        try
        {
            using var from = SqliteSession.OpenReader(source, new SqliteJournalOptions());
            // One read transaction, or every commit meanwhile would make the copy begin again.
            from.Run("BEGIN");
            from.Run("SELECT count(*) FROM sqlite_master");
            file = partial;
            using var to = SqliteSession.OpenBare(partial);
            Transfer(from, to, cancellationToken);
            Verify(to, partial);
        }
        catch (SqliteFailure failure)
        {
            throw failure.Explain(file);
        }
    }

    private static void Transfer(SqliteSession from, SqliteSession to, CancellationToken cancellationToken)
    {
        using var backup = raw.sqlite3_backup_init(to.Handle, "main", from.Handle, "main");
        if (backup.IsInvalid)
        {
            throw SqliteSession.Failure(to.Handle);
        }

        int result;
        do
        {
            cancellationToken.ThrowIfCancellationRequested();
            result = raw.sqlite3_backup_step(backup, PagesAtOnce);
        }
        while (result == raw.SQLITE_OK);

        if (result != raw.SQLITE_DONE)
        {
            throw new SqliteFailure(result, raw.sqlite3_errstr(result).utf8_to_string());
        }
    }

    private static void Verify(SqliteSession copy, string file)
    {
        var check = copy.Prepare("PRAGMA integrity_check");
        var result = check.Step() ? check.Text(0) : "";
        check.Reset();
        if (result != "ok")
        {
            throw new JournalUnavailableException($"The copy {file} is damaged, and so is its source: {result}");
        }
    }

    private static void Remove(string partial)
    {
        foreach (var ending in (string[])["", "-wal", "-shm", "-journal"])
        {
            File.Delete(partial + ending);
        }
    }
}
