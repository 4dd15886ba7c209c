namespace RedNote.Journal;

/// <summary>
/// A journal that lives and dies with its process, with the same rules as the durable ones. For tests, simulations and
/// <c>RedNote:Storage=memory</c>.
/// </summary>
public sealed class MemoryJournalStore(IReadOnlyList<ProjectionTable> tables) : IJournalStore
{
    private readonly Lock _gate = new();
    private readonly SortedDictionary<LogId, List<JournalRow>> _logs = new(LogOrder.Instance);
    private readonly Dictionary<string, MemoryProjection> _projections =
        tables.ToDictionary(table => table.Name, table => new MemoryProjection(table));

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task<AppendOutcome[]> AppendAsync(
        IReadOnlyList<JournalAppend> batch, CancellationToken cancellationToken)
    {
        var outcomes = new AppendOutcome[batch.Count];
        lock (_gate)
        {
            for (var i = 0; i < outcomes.Length; i++)
            {
                outcomes[i] = Append(batch[i]);
            }
        }

        return Task.FromResult(outcomes);
    }

    public Task<IReadOnlyList<JournalRow>> ReadAsync(
        LogId id, VersionRange range, int maxRows, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            IEnumerable<JournalRow> rows = _logs.TryGetValue(id, out var log) ? log : [];
            if (range.NewestFirst)
            {
                rows = rows.Reverse();
            }

            return Task.FromResult<IReadOnlyList<JournalRow>>(
                [.. rows.Where(row => row.LastVersion >= range.From && row.FirstVersion <= range.To).Take(maxRows)]);
        }
    }

    public Task<long> ReadHeadAsync(LogId id, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            return Task.FromResult(Head(id));
        }
    }

    public Task<int> TrimAsync(LogId id, long upTo, long before, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (!_logs.TryGetValue(id, out var log))
            {
                return Task.FromResult(0);
            }

            var trimmed = log.Take(log.Count - 1).TakeWhile(row => row.LastVersion <= upTo && row.At < before).Count();
            log.RemoveRange(0, trimmed);
            return Task.FromResult(trimmed);
        }
    }

    public Task<IReadOnlyList<ProjectionRow>> QueryAsync(ProjectionQuery query, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            return Task.FromResult(Table(query.Table).Query(query));
        }
    }

    public Task<IReadOnlyList<LogId>> ListAsync(LogId? after, int limit, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            return Task.FromResult<IReadOnlyList<LogId>>(
                [.. _logs.Keys.Where(id => after is not { } last || LogOrder.Instance.Compare(id, last) > 0)
                    .Take(limit)]);
        }
    }

    public Task ProbeAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private long Head(LogId id) => _logs.TryGetValue(id, out var log) ? log[^1].LastVersion : 0;

    private MemoryProjection Table(ProjectionTable table)
        => _projections.GetValueOrDefault(table.Name)
            ?? throw new ArgumentException($"The store was not made with table {table.Name}.", nameof(table));

    private AppendOutcome Append(JournalAppend append)
    {
        if (append.Count > 0)
        {
            if (Head(append.Id) != append.FirstVersion - 1)
            {
                return AppendOutcome.Conflict;
            }

            foreach (var redaction in append.Redactions)
            {
                Redact(append.Id, redaction);
            }

            if (!_logs.TryGetValue(append.Id, out var log))
            {
                _logs[append.Id] = log = [];
            }

            log.Add(new JournalRow(append.FirstVersion, append.Count, append.At, append.Payload));
        }

        foreach (var change in append.Changes)
        {
            Table(change.Table).Apply(append.Id.Key, change);
        }

        return AppendOutcome.Stored;
    }

    private void Redact(LogId id, Redaction redaction)
    {
        var log = _logs[id];
        var at = log.FindIndex(row => row.FirstVersion <= redaction.Version && row.LastVersion >= redaction.Version);
        if (at < 0)
        {
            return;
        }

        var row = log[at];
        var index = (int)(redaction.Version - row.FirstVersion);
        log[at] = row with { Payload = PayloadEdit.Replace(row.Payload.Span, index, redaction.Payload.Span) };
    }

    private sealed class LogOrder : IComparer<LogId>
    {
        public static LogOrder Instance { get; } = new();

        public int Compare(LogId x, LogId y)
        {
            var byLog = TextOrder.Compare(x.Log, y.Log);
            return byLog != 0 ? byLog : TextOrder.Compare(x.Key, y.Key);
        }
    }
}
