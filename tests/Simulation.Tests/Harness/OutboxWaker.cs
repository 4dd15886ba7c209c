using Microsoft.Extensions.Hosting;
using RedNote.Embedded.Simulation;
using RedNote.Journal;

namespace RedNote.Simulation;

/// <summary>
/// Wakes the grains whose effects were left in the outbox, as the silo's own service does; that one starts on the
/// thread pool, where a simulation cannot follow it.
/// </summary>
internal sealed class OutboxWaker(
    SimulationNode node, IJournalStore store, IEnumerable<IEventLogKind> kinds, IGrainFactory grains) : IHostedService
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(10);

    private readonly Dictionary<string, IEventLogKind> _kinds = kinds.ToDictionary(kind => kind.Name);

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _ = node.Start(Wake);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private async Task Wake()
    {
        while (true)
        {
            await Task.Delay(Period, node.Time);
            var owedAt = (node.Time.GetUtcNow() - Period).ToUnixTimeMilliseconds();
            foreach (var source in await Owing(owedAt)) await Wake(source);
        }
    }

    private async Task<List<LogId>> Owing(long owedAt)
    {
        try
        {
            var rows = await store.QueryAsync(Outbox.OwedSince(owedAt, int.MaxValue), CancellationToken.None);
            return [.. rows.Select(row => Outbox.Read(row).Source).Distinct()];
        }
        catch (JournalUnavailableException)
        {
            return [];
        }
    }

    private async Task Wake(LogId source)
    {
        try
        {
            await _kinds[source.Log].Wake(grains, source.Key);
        }
        catch (Exception error) when (error is TryAgainException or TimeoutException or OrleansException)
        {
            // Its turn comes again.
        }
    }
}
