using RedNote.Journal;

namespace RedNote.Testing;

/// <summary>A journal store over another one, for tests and measurements that step in between; linked into every
/// project that has one.</summary>
public abstract class JournalStoreOver(IJournalStore inner) : IJournalStore
{
    public virtual Task StartAsync(CancellationToken cancellationToken) => inner.StartAsync(cancellationToken);

    public virtual Task<AppendOutcome[]> AppendAsync(
        IReadOnlyList<JournalAppend> batch, CancellationToken cancellationToken)
        => inner.AppendAsync(batch, cancellationToken);

    public virtual Task<IReadOnlyList<JournalRow>> ReadAsync(
        LogId id, VersionRange range, int maxRows, CancellationToken cancellationToken)
        => inner.ReadAsync(id, range, maxRows, cancellationToken);

    public virtual Task<long> ReadHeadAsync(LogId id, CancellationToken cancellationToken)
        => inner.ReadHeadAsync(id, cancellationToken);

    public virtual Task<int> TrimAsync(LogId id, long upTo, long before, CancellationToken cancellationToken)
        => inner.TrimAsync(id, upTo, before, cancellationToken);

    public virtual Task<IReadOnlyList<ProjectionRow>> QueryAsync(
        ProjectionQuery query, CancellationToken cancellationToken)
        => inner.QueryAsync(query, cancellationToken);

    public virtual Task<IReadOnlyList<LogId>> ListAsync(LogId? after, int limit, CancellationToken cancellationToken)
        => inner.ListAsync(after, limit, cancellationToken);

    public virtual Task ProbeAsync(CancellationToken cancellationToken) => inner.ProbeAsync(cancellationToken);
}
