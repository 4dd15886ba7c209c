namespace RedNote.Embedded.Tests.Conformance;

[Alias("conformance.reminded")]
public interface IRemindedGrain : IGrainWithStringKey
{
    Task Remind(string name, TimeSpan due, TimeSpan period);

    /// <summary>The names of its reminders.</summary>
    Task<string> Reminders();

    Task<bool> Has(string name);

    Task Forget(string name);

    Task Leave();
}

/// <summary>Notes "{name} every {period}" for each tick.</summary>
public sealed class RemindedGrain(Signals signals) : Grain, IRemindedGrain, IRemindable
{
    public Task Remind(string name, TimeSpan due, TimeSpan period)
        => this.RegisterOrUpdateReminder(name, due, period);

    public async Task<string> Reminders()
        => string.Join(", ", (await this.GetReminders()).Select(r => r.ReminderName).Order(StringComparer.Ordinal));

    public async Task<bool> Has(string name) => await this.GetReminder(name) is not null;

    public async Task Forget(string name)
    {
        if (await this.GetReminder(name) is { } reminder)
            await this.UnregisterReminder(reminder);
    }

    public Task Leave()
    {
        DeactivateOnIdle();
        return Task.CompletedTask;
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        signals.Note(this.GetPrimaryKeyString(), "deactivated");
        return Task.CompletedTask;
    }

    public Task ReceiveReminder(string reminderName, TickStatus status)
    {
        signals.Note(this.GetPrimaryKeyString(), $"{reminderName} every {status.Period}");
        return Task.CompletedTask;
    }
}
