using System.Collections.Concurrent;
using System.Text.Json;
using RedNote.Journal;

namespace RedNote.Frontend.Tests.Kill;

/// <summary>
/// A journal in memory that remembers what it stored, so that a test can start another server on less than that.
/// </summary>
internal sealed class RecordedJournal(IReadOnlyList<ProjectionTable> tables) : IJournalStore
{
    private readonly MemoryJournalStore _store = new(tables);
    private readonly ConcurrentQueue<JournalAppend> _stored = [];

    /// <summary>In order, each event alone with the rows that came with it.</summary>
    public List<JournalAppend> Stored => [.. _stored.SelectMany(Split)];

    /// <summary>A journal that holds these, in this order; versions close up over what is missing.</summary>
    public static async Task<RecordedJournal> Of(
        IReadOnlyList<ProjectionTable> tables, IEnumerable<JournalAppend> appends)
    {
        var journal = new RecordedJournal(tables);
        foreach (var append in appends)
        {
            var next = await journal.ReadHeadAsync(append.Id, CancellationToken.None) + 1;
            var outcomes = await journal.AppendAsync([append with { FirstVersion = next }], CancellationToken.None);
            Assert.Equal([AppendOutcome.Stored], outcomes);
        }

        return journal;
    }

    /// <summary>What kind of event it is; empty for rows without an event.</summary>
    public static string KindOf(JournalAppend append)
        => append.Count == 0 ? "" : JsonElement.Parse(append.Payload.Span)[0].GetProperty("kind").GetString()!;

    public Task StartAsync(CancellationToken cancellationToken) => _store.StartAsync(cancellationToken);

    public async Task<AppendOutcome[]> AppendAsync(
        IReadOnlyList<JournalAppend> batch, CancellationToken cancellationToken)
    {
        var outcomes = await _store.AppendAsync(batch, cancellationToken);
        for (var i = 0; i < outcomes.Length; i++)
        {
            if (outcomes[i] == AppendOutcome.Stored)
            {
                _stored.Enqueue(batch[i]);
            }
        }

        return outcomes;
    }

    public Task<IReadOnlyList<JournalRow>> ReadAsync(
        LogId id, VersionRange range, int maxRows, CancellationToken cancellationToken)
        => _store.ReadAsync(id, range, maxRows, cancellationToken);

    public Task<long> ReadHeadAsync(LogId id, CancellationToken cancellationToken)
        => _store.ReadHeadAsync(id, cancellationToken);

    public Task<int> TrimAsync(LogId id, long upTo, long before, CancellationToken cancellationToken)
        => _store.TrimAsync(id, upTo, before, cancellationToken);

    public Task<IReadOnlyList<ProjectionRow>> QueryAsync(ProjectionQuery query, CancellationToken cancellationToken)
        => _store.QueryAsync(query, cancellationToken);

    public Task<IReadOnlyList<LogId>> ListAsync(LogId? after, int limit, CancellationToken cancellationToken)
        => _store.ListAsync(after, limit, cancellationToken);

    public Task ProbeAsync(CancellationToken cancellationToken) => _store.ProbeAsync(cancellationToken);

    private static IEnumerable<JournalAppend> Split(JournalAppend append)
    {
        if (append.Count == 0)
        {
            yield return append;
            yield break;
        }

        var events = JsonElement.Parse(append.Payload.Span);
        for (var i = 0; i < append.Count; i++)
        {
            var version = append.FirstVersion + i;
            yield return append with
            {
                FirstVersion = version,
                Count = 1,
                Payload = System.Text.Encoding.UTF8.GetBytes($"[{events[i].GetRawText()}]"),
                Changes = [.. append.Changes.Where(change => VersionOf(change) is { } its
                    ? its == version
                    : i == 0)],
            };
        }
    }

    /// <summary>Rows that come with an event tell its version.</summary>
    private static long? VersionOf(ProjectionChange change)
        => change is UpsertRow { Table: var table, Values: var values }
            && table.Columns.Any(column => column.Name == "version")
            ? values[table.IndexOf("version")].Number
            : null;
}
