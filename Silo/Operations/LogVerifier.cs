using RedNote.Journal;

namespace RedNote.Silo.Operations;

/// <summary>
/// Compares a log with everything that follows from it: versions without gaps, payloads that can be read, the snapshot,
/// the projections. Reads only, one grain at a time, each in one view, so that a running server may go on.
/// </summary>
internal sealed class LogVerifier(JournalDatabase database, LogKinds kinds)
{
    /// <summary>Rows told of each table and grain; the rest is counted.</summary>
    private const int ToldRows = 100;

    /// <summary>What is wrong with a log, a line each, and how many events it has.</summary>
    public async Task<LogReport> Verify(LogId id, SnapshotTable snapshots, CancellationToken ct)
    {
        if (kinds.Find(id.Log) is not { } kind)
        {
            return new LogReport(0, [$"{id}: this version of the program has no log of that kind"]);
        }

        // Before the log: a snapshot is stored after the events that it stands for, so it can only be behind.
        var snapshot = await snapshots.Read(id, ct);
        await using var view = await JournalView.Open(database, ct);
        var bounds = await view.ReadBounds(id, ct);
        var mark = kind.LateTables.Count == 0 ? 0 : await ReadLateMark(view, id, ct);
        var check = new LogCheck(id, kind, snapshot, bounds.First, mark);
        foreach (var image in check.Images.Where(_ => check.IsTrimmed))
        {
            await foreach (var row in view.ReadTable(image.Table, id.Key, ct))
            {
                image.Assume(row);
            }
        }

        await foreach (var row in view.ReadRows(id, new VersionRange(1), ct))
        {
            check.Take(row);
        }

        check.Finish();
        if (!check.IsBroken)
        {
            await CompareTables(view, check, ct);
        }

        await CheckOutbox(view, check, bounds.Last, ct);

        return new LogReport(bounds.Last == 0 ? 0 : bounds.Last - bounds.First + 1, check.Findings);
    }

    /// <summary>Rows of projections, and snapshots, whose logs are not there at all.</summary>
    public async Task<List<string>> FindOrphans(SnapshotTable snapshots, CancellationToken ct)
    {
        var findings = new List<string>();
        var stored = snapshots.Known.ToList();
        await using var view = await JournalView.Open(database, ct);
        var logs = await view.ReadLogs(ct).ToHashSetAsync(cancellationToken: ct);
        findings.AddRange(stored.Where(id => !logs.Contains(id)).Select(id => $"{id}: a snapshot without a log"));
        foreach (var table in kinds.Tables)
        {
            var owners = kinds.OwnersOf(table);
            await foreach (var grain in view.ReadGrains(table, ct))
            {
                if (!owners.Any(owner => logs.Contains(new LogId(owner.Name, grain))))
                {
                    findings.Add($"table {table.Name}: rows of grain {grain}, which has no log");
                }
            }
        }

        await foreach (var id in view.ReadIndebted(ct))
        {
            if (!logs.Contains(id))
            {
                findings.Add($"table {Outbox.Table.Name}: rows of {id}, which has no log");
            }
        }

        return findings;
    }

    /// <summary>Where the index of an SQLite file is not equal to the rows.</summary>
    public async Task<List<string>> CheckIndex(CancellationToken ct)
    {
        var findings = new List<string>();
        if (!database.IsSqlite)
        {
            return findings;
        }

        var count = 0L;
        await using var view = await JournalView.Open(database, ct);
        await foreach (var fault in view.ReadIndexFaults(ct))
        {
            if (++count <= ToldRows)
            {
                findings.Add(fault);
            }
        }

        if (count > ToldRows)
        {
            findings.Add($"the index: {count - ToldRows} more faults");
        }

        return findings;
    }

    private static async Task<long> ReadLateMark(JournalView view, LogId id, CancellationToken ct)
    {
        await foreach (var row in view.ReadTable(LateMarks.Table, id.Key, ct))
        {
            if (row[0].Text == id.Log)
            {
                return row[1].Number;
            }
        }

        return 0;
    }

    /// <summary>What is in the outbox goes when it is delivered, so that only its events can be asked for.</summary>
    private static async Task CheckOutbox(JournalView view, LogCheck check, long last, CancellationToken ct)
    {
        await foreach (var row in view.ReadTable(Outbox.Table, check.Id.Key, ct))
        {
            var effect = Outbox.Read(new ProjectionRow(check.Id.Key, row));
            if (effect.Source == check.Id && (effect.Version < 1 || effect.Version > last))
            {
                check.Findings.Add(
                    $"{check.Id}: outbox: version {effect.Version} is owed to {effect.Receiver}, but is not stored");
            }
        }
    }

    private static async Task CheckSearch(
        JournalView view, LogCheck check, ProjectionTable table, CancellationToken ct)
    {
        var faults = await SearchIndex.Of(view, table).Check(check.Id.Key, ct);
        if (faults.Count > 0)
        {
            var keys = string.Join(", ", faults.Take(10).Select(fault => fault.Key));
            check.Findings.Add(
                $"{check.Id}: table {table.Name}: {faults.Count} rows are not found by their words, or by others "
                + $"({keys}{(faults.Count > 10 ? " ..." : "")}); rebuild the table");
        }
    }

    private static async Task CompareTables(JournalView view, LogCheck check, CancellationToken ct)
    {
        foreach (var image in check.Images)
        {
            var differences = await image.Compare(view.ReadTable(image.Table, check.Id.Key, ct));
            check.Findings.AddRange(
                differences.Take(ToldRows).Select(difference => $"{check.Id}: {difference.Tell(image.Table)}"));
            if (differences.Count > ToldRows)
            {
                check.Findings.Add(
                    $"{check.Id}: table {image.Table.Name}: {differences.Count - ToldRows} more rows differ");
            }

            // Where rows differ the search differs with them.
            if (image.Table.Searched is not null && differences.Count == 0)
            {
                await CheckSearch(view, check, image.Table, ct);
            }
        }
    }
}

/// <summary>What was found out about a log.</summary>
/// <param name="Events">How many it has.</param>
/// <param name="Findings">What is wrong, a line each.</param>
internal sealed record LogReport(long Events, IReadOnlyList<string> Findings);
