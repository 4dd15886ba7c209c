using RedNote.Journal;
using RedNote.Silo.Journal;

namespace RedNote.Silo.Operations;

/// <summary>Writes a projection anew from the log: the only repair there is, and it says what it changed.</summary>
internal sealed class ProjectionRebuild(
    JournalDatabase database, LogKinds kinds, ProjectionTable table, TextWriter output)
{
    private const int ToldRows = 100;

    /// <summary>Grains whose rows were left alone, as their logs cannot say what they should be.</summary>
    public int Refused { get; private set; }

    /// <summary>Rows added, deleted or replaced.</summary>
    public long Changed { get; private set; }

    /// <summary>
    /// Brings the table to the shape that this version of the program wants, as a server does when it starts; but where
    /// a server refuses, as rows would be lost, it is made anew, which needs all grains to be rebuilt.
    /// </summary>
    public async Task Prepare(bool isWhole, CancellationToken ct)
    {
        await using var view = await JournalView.OpenToWrite(database, ct);
        var stored = await view.Query(
            ProjectionSql.ReadSignature, [table.Name], row => row.GetString(0), ct).SingleOrDefaultAsync(ct);
        if (stored == ProjectionSql.SignatureOf(table))
        {
            // What makes it searchable may be new; it is made if it is not there.
            await Run(view, SearchSql.Create(table, Flavor), ct);
            await view.Commit(ct);
            return;
        }

        await Run(view, Migrate(stored, isWhole), ct);

        await view.Execute(ProjectionSql.WriteSignature, [table.Name, ProjectionSql.SignatureOf(table)], ct);
        await view.Commit(ct);
        await output.WriteLineAsync($"table {table.Name}: brought to the shape that this version wants");
    }

    /// <summary>Rebuilds the rows of every grain that has a log with this table, or rows in it.</summary>
    public async Task RebuildAll(CancellationToken ct)
    {
        var grains = new SortedSet<string>(StringComparer.Ordinal);
        await using (var view = await JournalView.Open(database, ct))
        {
            var owners = kinds.OwnersOf(table).Select(kind => kind.Name).ToHashSet(StringComparer.Ordinal);
            await foreach (var id in view.ReadLogs(ct))
            {
                if (owners.Contains(id.Log))
                {
                    grains.Add(id.Key);
                }
            }

            await foreach (var grain in view.ReadGrains(table, ct))
            {
                grains.Add(grain);
            }
        }

        foreach (var grain in grains)
        {
            await Rebuild(grain, ct);
        }
    }

    /// <summary>Rebuilds the rows of one grain, in one transaction.</summary>
    public async Task Rebuild(string grain, CancellationToken ct)
    {
        await using var view = await JournalView.OpenToRewrite(database, table, ct);
        var image = new TableImage(table);
        foreach (var kind in kinds.OwnersOf(table))
        {
            if (await WhyNotReplayed(view, kind, grain, image, ct) is { } why)
            {
                Refused++;
                await output.WriteLineAsync($"{kind.Name}/{grain}: left as it is: {why}");
                return;
            }
        }

        var differences = await image.Compare(view.ReadTable(table, grain, ct));
        foreach (var difference in differences)
        {
            await (difference.Wanted.IsDefault
                ? view.Delete(grain, table, difference.Stored, ct)
                : view.Upsert(grain, table, difference.Wanted, ct));
        }

        var entries = await Mend(view, grain, ct);
        await view.Commit(ct);
        Changed += differences.Count;
        await Tell(grain, differences);
        if (entries > 0)
        {
            await output.WriteLineAsync($"grain {grain}: {entries} rows can be searched as they should");
        }
    }

    private SqlFlavor Flavor => database.IsSqlite ? SqlFlavor.Sqlite : SqlFlavor.Postgres;

    private static async Task Run(JournalView view, IEnumerable<string> statements, CancellationToken ct)
    {
        foreach (var sql in statements)
        {
            await view.Execute(sql, [], ct);
        }
    }

    /// <summary>Makes the search of a grain's rows what the rows say.</summary>
    private async Task<int> Mend(JournalView view, string grain, CancellationToken ct)
    {
        if (table.Searched is null)
        {
            return 0;
        }

        var search = SearchIndex.Of(view, table);
        var faults = await search.Check(grain, ct);
        foreach (var fault in faults)
        {
            await search.Mend(grain, fault, ct);
        }

        return faults.Count;
    }

    private List<string> Migrate(string? stored, bool isWhole)
    {
        var sql = new ProjectionSql(Flavor);
        try
        {
            return [.. sql.Migrate(table, stored)];
        }
        catch (JournalSchemaException error)
        {
            return isWhole
                ? [
                    $"DROP TABLE {ProjectionSql.NameOf(table)}", .. SearchSql.Drop(table, Flavor),
                    .. sql.Migrate(table, null),
                ]
                : throw new OperationException($"{error.Message} Do so without --grain.", error);
        }
    }

    private static async Task<string?> WhyNotReplayed(
        JournalView view, IEventLogKind kind, string grain, TableImage image, CancellationToken ct)
    {
        var id = new LogId(kind.Name, grain);
        if ((await view.ReadBounds(id, ct)).First > 1)
        {
            return "its first events are no longer kept";
        }

        var replay = kind.Replay(id);
        try
        {
            await foreach (var row in view.ReadRows(id, new VersionRange(1), ct))
            {
                foreach (var change in replay.Take(row).SelectMany(replayed => replayed.Changes)
                    .Where(change => change.Table.Name == image.Table.Name))
                {
                    image.Apply(change);
                }
            }

            return null;
        }
        catch (LogUnreadableException error)
        {
            return error.Message;
        }
    }

    private async Task Tell(string grain, List<RowDifference> differences)
    {
        foreach (var difference in differences.Take(ToldRows))
        {
            await output.WriteLineAsync($"grain {grain}: {difference.Tell(table)}: mended");
        }

        if (differences.Count > ToldRows)
        {
            await output.WriteLineAsync($"grain {grain}: {differences.Count - ToldRows} more rows mended");
        }
    }
}
