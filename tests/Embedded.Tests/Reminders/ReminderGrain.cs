using System.Collections.Concurrent;

namespace RedNote.Embedded.Tests.Reminders;

public interface IReminderGrain : IGrainWithStringKey
{
    Task Start(string name, TimeSpan dueTime, TimeSpan period);

    Task End(string name);

    /// <summary>Ends a reminder through the handle of an earlier registration.</summary>
    Task EndByFirstHandle(string name);

    Task<string[]> Names();
}

public sealed class ReminderGrain : Grain, IReminderGrain, IRemindable
{
    private readonly Dictionary<string, IGrainReminder> _first = [];

    /// <summary>All ticks of the process, by grain and name: a tick may be an activation's first call.</summary>
    public static ConcurrentDictionary<string, ConcurrentQueue<TickStatus>> Ticks { get; } = new();

    /// <summary>What a grain waits for in its ticks.</summary>
    public static ConcurrentDictionary<string, Task> Gates { get; } = new();

    public async Task Start(string name, TimeSpan dueTime, TimeSpan period)
        => _first.TryAdd(name, await this.RegisterOrUpdateReminder(name, dueTime, period));

    public async Task End(string name)
        => await this.UnregisterReminder(await this.GetReminder(name) ?? throw new InvalidOperationException(name));

    public Task EndByFirstHandle(string name) => this.UnregisterReminder(_first[name]);

    public async Task<string[]> Names()
        => [.. (await this.GetReminders()).Select(reminder => reminder.ReminderName)];

    public Task ReceiveReminder(string reminderName, TickStatus status)
    {
        Ticks.GetOrAdd($"{this.GetPrimaryKeyString()}/{reminderName}", _ => []).Enqueue(status);
        return Gates.TryGetValue(this.GetPrimaryKeyString(), out var gate) ? gate : Task.CompletedTask;
    }
}

public interface IForgetfulGrain : IGrainWithStringKey
{
    Task Start();
}

/// <summary>Wants a reminder and cannot receive any.</summary>
public sealed class ForgetfulGrain : Grain, IForgetfulGrain
{
    public Task Start() => this.RegisterOrUpdateReminder("x", TimeSpan.Zero, TimeSpan.FromMinutes(1));
}
