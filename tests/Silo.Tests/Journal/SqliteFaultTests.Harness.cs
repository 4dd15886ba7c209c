using System.Collections;
using Microsoft.Data.Sqlite;
using RedNote.Journal;
using RedNote.Silo.Journal;

namespace RedNote.Silo.Tests.Journal;

public sealed partial class SqliteFaultTests
{
    private async Task StartAsync(SqliteJournalOptions options, string? file = null)
    {
        _store = new SqliteJournalStore(file ?? Journal, [], options);
        await Store.StartAsync(Cancelled);
    }

    private async Task AppendAsync(params JournalAppend[] batch)
        => Assert.All(
            await Store.AppendAsync(batch, Cancelled), outcome => Assert.Equal(AppendOutcome.Stored, outcome));

    /// <summary>Appends 10 KB at a time until that fails; the number of versions that were acknowledged.</summary>
    private async Task<int> FillAsync()
    {
        for (var stored = 0; stored < 1_000; stored++)
        {
            try
            {
                await AppendAsync(Events(Room, stored + 1, new string('x', 10_000)));
            }
            catch (JournalUnavailableException)
            {
                return stored;
            }
        }

        throw new InvalidOperationException("There is always room.");
    }

    private async Task ExpectFailureAsync(string why, params JournalAppend[] batch)
    {
        var exception = await Assert.ThrowsAsync<JournalUnavailableException>(
            () => Store.AppendAsync(batch, Cancelled));
        Assert.Contains(why, exception.Message, StringComparison.Ordinal);
        Assert.Contains(SqliteJournalStore.FileName, exception.Message, StringComparison.Ordinal);
    }

    private async Task<List<string>> PayloadsAsync(LogId id)
    {
        var rows = await Store.ReadAsync(id, new VersionRange(1), 10_000, Cancelled);
        return [.. rows.Select(Text)];
    }

    /// <summary>The log ends at that version without a gap, also for a store that is started anew; the file is sound.
    /// </summary>
    private async Task ExpectWholeAsync(long head, string? file = null)
    {
        await Store.DisposeAsync();
        await StartAsync(new SqliteJournalOptions(), file);
        var rows = await Store.ReadAsync(Room, new VersionRange(1), 10_000, Cancelled);
        for (var i = 1; i < rows.Count; i++)
        {
            Assert.Equal(rows[i - 1].LastVersion + 1, rows[i].FirstVersion);
        }

        Assert.Equal(head, rows[^1].LastVersion);
        using var connection = OpenRaw(file ?? Journal);
        using var check = connection.CreateCommand();
        check.CommandText = "PRAGMA integrity_check";
        Assert.Equal("ok", check.ExecuteScalar());
    }

    private static SqliteConnection OpenRaw(string file)
    {
        var connection = new SqliteConnection($"Data Source={file};Pooling=False");
        connection.Open();
        return connection;
    }

    private static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private static void MoveFiles(string from, string to)
    {
        foreach (var file in Directory.GetFiles(from))
        {
            File.Move(file, Path.Combine(to, Path.GetFileName(file)));
        }
    }

    /// <summary>A batch that does something when the store comes to its append, which is in the transaction.</summary>
    private sealed class ActingBatch(JournalAppend append, Action act) : IReadOnlyList<JournalAppend>
    {
        public int Count => 1;

        public JournalAppend this[int index]
        {
            get
            {
                act();
                return append;
            }
        }

        public IEnumerator<JournalAppend> GetEnumerator() => throw new NotSupportedException();

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
