using Orleans.Runtime;

namespace RedNote.Embedded.Reminders;

/// <summary>
/// A stored reminder: its first tick is due at <paramref name="StartAt"/> (UTC, to the millisecond), and its
/// <paramref name="Version"/> grows with each change.
/// </summary>
internal sealed record ReminderRow(GrainId Grain, string Name, DateTime StartAt, TimeSpan Period, int Version);

/// <summary>Keeps reminders.</summary>
internal interface IReminderStore
{
    Task StartAsync(CancellationToken cancellationToken);

    Task<IReadOnlyList<ReminderRow>> ReadAllAsync(CancellationToken cancellationToken);

    /// <summary>Adds or replaces a reminder, whatever its version, and answers the new version.</summary>
    Task<int> UpsertAsync(ReminderRow row);

    /// <summary>Removes a reminder if it has that version; answers whether it had.</summary>
    Task<bool> RemoveAsync(GrainId grain, string name, int version);

    Task StopAsync();
}

/// <summary>Reminders that end with the silo.</summary>
internal sealed class MemoryReminderStore : IReminderStore
{
    private readonly Lock _gate = new();
    private readonly Dictionary<(GrainId Grain, string Name), ReminderRow> _rows = [];

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task<IReadOnlyList<ReminderRow>> ReadAllAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            return Task.FromResult<IReadOnlyList<ReminderRow>>([.. _rows.Values]);
        }
    }

    public Task<int> UpsertAsync(ReminderRow row)
    {
        lock (_gate)
        {
            var key = (row.Grain, row.Name);
            var version = _rows.TryGetValue(key, out var former) ? former.Version + 1 : 0;
            _rows[key] = row with { Version = version };
            return Task.FromResult(version);
        }
    }

    public Task<bool> RemoveAsync(GrainId grain, string name, int version)
    {
        lock (_gate)
        {
            var key = (grain, name);
            var isCurrent = _rows.TryGetValue(key, out var stored) && stored.Version == version;
            return Task.FromResult(isCurrent && _rows.Remove(key));
        }
    }

    public Task StopAsync() => Task.CompletedTask;
}
