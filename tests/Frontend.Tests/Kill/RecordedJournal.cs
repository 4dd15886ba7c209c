using System.Collections.Concurrent;
using System.Text.Json;
using RedNote.Journal;
using RedNote.Testing;

namespace RedNote.Frontend.Tests.Kill;

/// <summary>
/// A journal in memory that remembers what it stored, so that a test can start another server on less than that.
/// </summary>
internal sealed class RecordedJournal(IReadOnlyList<ProjectionTable> tables)
    : JournalStoreOver(new MemoryJournalStore(tables))
{
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

    public override async Task<AppendOutcome[]> AppendAsync(
        IReadOnlyList<JournalAppend> batch, CancellationToken cancellationToken)
    {
        var outcomes = await base.AppendAsync(batch, cancellationToken);
        for (var i = 0; i < outcomes.Length; i++)
        {
            if (outcomes[i] == AppendOutcome.Stored)
            {
                _stored.Enqueue(batch[i]);
            }
        }

        return outcomes;
    }

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
