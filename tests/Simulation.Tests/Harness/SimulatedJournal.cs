using RedNote.Embedded.Simulation;
using RedNote.Journal;

namespace RedNote.Simulation;

/// <summary>The journal's store of one silo, on the simulated disk. What it holds is shared by all silos of a run.
/// </summary>
internal sealed class SimulatedJournal(SimulationNode node, SimulatedDisk disk, IJournalStore stored) : IJournalStore
{
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task<AppendOutcome[]> AppendAsync(
        IReadOnlyList<JournalAppend> batch, CancellationToken cancellationToken)
        => Write(() => stored.AppendAsync(batch, CancellationToken.None));

    public Task<IReadOnlyList<JournalRow>> ReadAsync(
        LogId id, VersionRange range, int maxRows, CancellationToken cancellationToken)
        => Read(() => stored.ReadAsync(id, range, maxRows, CancellationToken.None));

    public Task<long> ReadHeadAsync(LogId id, CancellationToken cancellationToken)
        => Read(() => stored.ReadHeadAsync(id, CancellationToken.None));

    public Task<int> TrimAsync(LogId id, long upTo, long before, CancellationToken cancellationToken)
        => Write(() => stored.TrimAsync(id, upTo, before, CancellationToken.None));

    public Task<IReadOnlyList<ProjectionRow>> QueryAsync(ProjectionQuery query, CancellationToken cancellationToken)
        => Read(() => stored.QueryAsync(query, CancellationToken.None));

    public Task<IReadOnlyList<LogId>> ListAsync(LogId? after, int limit, CancellationToken cancellationToken)
        => Read(() => stored.ListAsync(after, limit, CancellationToken.None));

    public Task ProbeAsync(CancellationToken cancellationToken) => Write(() => Task.FromResult(true));

    // What is stored is in memory, so that its answers are there at once.
    private Task<T> Read<T>(Func<Task<T>> read) => Honest(disk.Read(node, () => read().GetAwaiter().GetResult()));

    private Task<T> Write<T>(Func<Task<T>> write) => Honest(disk.Write(node, () => write().GetAwaiter().GetResult()));

    private static async Task<T> Honest<T>(Task<T> operation)
    {
        try
        {
            return await operation;
        }
        catch (IOException error)
        {
            throw new JournalUnavailableException("The simulated journal cannot be used.", error);
        }
    }
}
