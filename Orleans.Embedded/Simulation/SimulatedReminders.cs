using Orleans.Runtime;
using RedNote.Embedded.Reminders;

namespace RedNote.Embedded.Simulation;

/// <summary>The reminders that are stored in a simulation; shared by all silos that ever run in it.</summary>
public sealed class SimulatedReminderTable
{
    internal SortedDictionary<(string Grain, string Name), ReminderRow> Rows { get; } = [];

    public int Count => Rows.Count;
}

/// <summary>The reminder table of one silo on the simulated disk.</summary>
internal sealed class SimulatedReminders(SimulationNode node, SimulatedDisk disk, SimulatedReminderTable table)
    : IReminderStore
{
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task<IReadOnlyList<ReminderRow>> ReadAllAsync(CancellationToken cancellationToken)
        => disk.Read<IReadOnlyList<ReminderRow>>(node, () => [.. table.Rows.Values]);

    public Task<int> UpsertAsync(ReminderRow row)
        => disk.Write(node, () =>
        {
            var version = table.Rows.TryGetValue(Key(row.Grain, row.Name), out var stored) ? stored.Version + 1 : 0;
            table.Rows[Key(row.Grain, row.Name)] = row with { Version = version };
            return version;
        });

    public Task<bool> RemoveAsync(GrainId grain, string name, int version)
        => disk.Write(node, () => table.Rows.TryGetValue(Key(grain, name), out var stored)
            && stored.Version == version
            && table.Rows.Remove(Key(grain, name)));

    public Task StopAsync() => Task.CompletedTask;

    private static (string Grain, string Name) Key(GrainId grain, string name) => (grain.ToString(), name);
}
