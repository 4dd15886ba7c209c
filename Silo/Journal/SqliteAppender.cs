using System.Text.Json;
using RedNote.Journal;

namespace RedNote.Silo.Journal;

/// <summary>Writes batches through the writer's connection.</summary>
internal sealed class SqliteAppender(SqliteIndex index, IReadOnlyList<ProjectionTable> tables)
{
    private const string Insert =
        "INSERT INTO journal_events (log, grain, first_version, count, at, payload) VALUES ($1, $2, $3, $4, $5, $6)";

    private const string FindHolder = """
        SELECT id FROM journal_index
        WHERE log = $1 AND grain = $2 AND first_version <= $3 ORDER BY first_version DESC LIMIT 1
        """;

    private const string ReadHolder =
        "SELECT first_version, count, payload FROM journal_events WHERE id = $1 AND log = $2 AND grain = $3";

    private const string Rewrite =
        "UPDATE journal_events SET payload = $1 WHERE id = $2";

    private readonly HashSet<ProjectionTable> _tables = [.. tables];
    private readonly Dictionary<ProjectionTable, string> _upserts = tables.ToDictionary(
        table => table, ProjectionSql.Upsert);
    private readonly Dictionary<ProjectionTable, SqliteSearch> _searches = tables
        .Where(table => table.Searched is not null).ToDictionary(table => table, table => new SqliteSearch(table));

    /// <summary>One transaction; durable when it returns.</summary>
    public AppendOutcome[] Append(SqliteSession session, IReadOnlyList<JournalAppend> batch)
    {
        var outcomes = new AppendOutcome[batch.Count];
        session.Begin();
        index.Enter(session, batch.Count);
        var insert = session.Prepare(Insert);
        for (var i = 0; i < outcomes.Length; i++)
        {
            var append = batch[i];
            // Most appends are nothing but events.
            outcomes[i] = append.Redactions.Count == 0
                ? Store(session, insert, append)
                : StoreWithRedactions(session, insert, append);
        }

        session.Commit();
        index.Committed();
        return outcomes;
    }

    private AppendOutcome Store(SqliteSession session, SqliteStatement insert, JournalAppend append)
    {
        if (append.Count > 0)
        {
            if (!index.TryMove(session, append))
            {
                return AppendOutcome.Conflict;
            }

            insert.Bind(1, append.Id.Log).Bind(2, append.Id.Key)
                .Bind(3, append.FirstVersion).Bind(4, append.Count).Bind(5, append.At)
                .Bind(6, append.Payload.Span).Execute();
            index.Add(session, append);
        }

        for (var i = 0; i < append.Changes.Count; i++)
        {
            Apply(session, append.Id.Key, append.Changes[i]);
        }

        return AppendOutcome.Stored;
    }

    private AppendOutcome StoreWithRedactions(SqliteSession session, SqliteStatement insert, JournalAppend append)
    {
        session.Prepare("SAVEPOINT redaction").Execute();
        var outcome = Store(session, insert, append);
        if (outcome == AppendOutcome.Stored && !TryRedact(session, append))
        {
            // Somebody has damaged the row by hand. Nothing of this append may go in; the others are not to suffer, and
            // its grain finds out what is wrong when it reads its log again.
            session.Prepare("ROLLBACK TO redaction").Execute();
            index.TakeBack(append);
            outcome = AppendOutcome.Conflict;
        }

        session.Prepare("RELEASE redaction").Execute();
        return outcome;
    }

    private bool TryRedact(SqliteSession session, JournalAppend append)
    {
        try
        {
            foreach (var redaction in append.Redactions)
            {
                Redact(session, append.Id, redaction);
            }

            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private void Redact(SqliteSession session, LogId id, Redaction redaction)
    {
        if (HolderOf(session, id, redaction.Version) is not { } row)
        {
            return;
        }

        var holder = session.Prepare(ReadHolder).Bind(1, row).Bind(2, id.Log).Bind(3, id.Key);
        if (!holder.Step())
        {
            return;
        }

        byte[]? payload = null;
        try
        {
            var position = redaction.Version - holder.Number(0);
            if (position < holder.Number(1))
            {
                payload = PayloadEdit.Replace(holder.Bytes(2), (int)position, redaction.Payload.Span);
            }
        }
        finally
        {
            holder.Reset();
        }

        if (payload is not null)
        {
            session.Prepare(Rewrite).Bind(1, payload).Bind(2, row).Execute();
        }
    }

    /// <summary>The row that holds a version, or the one before where it would be.</summary>
    private long? HolderOf(SqliteSession session, LogId id, long version)
    {
        if (index.FindTail(id, new VersionRange(version, version)) is [.., var row])
        {
            return row.Id;
        }

        var holder = session.Prepare(FindHolder).Bind(1, id.Log).Bind(2, id.Key).Bind(3, version);
        if (!holder.Step())
        {
            return null;
        }

        var found = holder.Number(0);
        holder.Reset();
        return found;
    }

    private void Apply(SqliteSession session, string grain, ProjectionChange change)
    {
        if (!_tables.Contains(change.Table))
        {
            throw new ArgumentException($"The store was not told of projection table {change.Table.Name}.");
        }

        var search = _searches.GetValueOrDefault(change.Table);
        switch (change)
        {
            case UpsertRow upsert:
                search?.Upsert(session, grain, upsert.Values);
                var insert = session.Prepare(_upserts[change.Table]).Bind(1, grain);
                for (var i = 0; i < upsert.Values.Length; i++)
                {
                    insert.Bind(i + 2, upsert.Values[i]);
                }

                insert.Execute();
                break;
            case DeleteRows delete:
                search?.Delete(session, grain, delete.Where);
                var statement = session.Prepare(ProjectionSql.Delete(delete.Table, delete.Where)).Bind(1, grain);
                for (var i = 0; i < delete.Where.Length; i++)
                {
                    statement.Bind(i + 2, delete.Where[i].Value);
                }

                statement.Execute();
                break;
            default:
                throw new ArgumentException($"Unknown change {change.GetType().Name}.");
        }
    }
}
