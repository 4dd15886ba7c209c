using RedNote.Journal;

namespace RedNote.Silo.Operations;

/// <summary>Verifies one log, or all of them, and tells what is wrong.</summary>
internal sealed class LogVerification(JournalDatabase database, LogKinds kinds, TextWriter output)
{
    public async Task<VerificationSummary> Run(LogId? one, CancellationToken ct)
    {
        var snapshots = await SnapshotTable.Open(database, kinds, ct);
        await using var closing = snapshots;
        var verifier = new LogVerifier(database, kinds);
        var (logs, events, findings) = (0L, 0L, 0L);
        foreach (var id in one is { } asked ? [await Existing(asked, ct)] : await AllLogs(ct))
        {
            var report = await verifier.Verify(id, snapshots, ct);
            logs++;
            events += report.Events;
            findings += await Tell(report.Findings);
        }

        if (one is null)
        {
            findings += await Tell(await verifier.FindOrphans(snapshots, ct));
            findings += await Tell(await verifier.CheckIndex(ct));
        }

        await output.WriteLineAsync(
            $"{Count(logs, "log")}, {Count(events, "event")}, {Count(findings, "finding")}.");
        return new VerificationSummary(logs, events, findings);
    }

    private static string Count(long number, string what) => $"{number} {what}{(number == 1 ? "" : "s")}";

    private async Task<long> Tell(IReadOnlyList<string> findings)
    {
        foreach (var finding in findings)
        {
            await output.WriteLineAsync(finding);
        }

        return findings.Count;
    }

    private async Task<LogId> Existing(LogId id, CancellationToken ct)
    {
        await using var view = await JournalView.Open(database, ct);
        return (await view.ReadBounds(id, ct)).Last > 0
            ? id
            : throw new OperationException($"There is no log {id} in {database.Place}.");
    }

    private async Task<List<LogId>> AllLogs(CancellationToken ct)
    {
        await using var view = await JournalView.Open(database, ct);
        return await view.ReadLogs(ct).ToListAsync(ct);
    }
}

/// <summary>What a verification came to.</summary>
internal sealed record VerificationSummary(long Logs, long Events, long Findings);
