using Microsoft.Extensions.DependencyInjection;
using Orleans.Runtime;
using RedNote.Embedded.Reminders;

namespace Orleans;

/// <summary>What a grain does with its reminders. The grain has to be <see cref="IRemindable"/> to have some.</summary>
public static class GrainReminderExtensions
{
    /// <summary>
    /// Starts a durable reminder, or changes the one of that name: it ticks after <paramref name="dueTime"/> and then
    /// every <paramref name="period"/> (at least <see cref="Hosting.ReminderOptions.MinimumReminderPeriod"/>), also
    /// after a restart, until it is unregistered.
    /// </summary>
    public static Task<IGrainReminder> RegisterOrUpdateReminder(
        this Grain grain, string reminderName, TimeSpan dueTime, TimeSpan period)
        => RegisterOrUpdateReminder((IGrainBase)grain, reminderName, dueTime, period);

    /// <inheritdoc cref="RegisterOrUpdateReminder(Grain, string, TimeSpan, TimeSpan)"/>
    public static Task<IGrainReminder> RegisterOrUpdateReminder(
        this IGrainBase grain, string reminderName, TimeSpan dueTime, TimeSpan period)
    {
        ArgumentNullException.ThrowIfNull(grain);
        if (grain is not IRemindable)
        {
            throw new InvalidOperationException(
                $"Grain {grain.GrainContext.GrainId} is not {nameof(IRemindable)}, so it cannot have reminders.");
        }

        return ServiceOf(grain, reminderName).Register(grain.GrainContext.GrainId, reminderName, dueTime, period);
    }

    /// <summary>Ends a reminder; a <see cref="ReminderException"/> if it was changed or ended meanwhile.</summary>
    public static Task UnregisterReminder(this Grain grain, IGrainReminder reminder)
        => UnregisterReminder((IGrainBase)grain, reminder);

    /// <inheritdoc cref="UnregisterReminder(Grain, IGrainReminder)"/>
    public static Task UnregisterReminder(this IGrainBase grain, IGrainReminder reminder)
    {
        ArgumentNullException.ThrowIfNull(grain);
        ArgumentNullException.ThrowIfNull(reminder);
        return ServiceOf(grain, reminder.ReminderName).Unregister(reminder);
    }

    /// <summary>Finds a reminder of the grain; null if there is none of that name.</summary>
    public static Task<IGrainReminder?> GetReminder(this Grain grain, string reminderName)
        => GetReminder((IGrainBase)grain, reminderName);

    /// <inheritdoc cref="GetReminder(Grain, string)"/>
    public static Task<IGrainReminder?> GetReminder(this IGrainBase grain, string reminderName)
    {
        ArgumentNullException.ThrowIfNull(grain);
        return ServiceOf(grain, reminderName).Find(grain.GrainContext.GrainId, reminderName);
    }

    /// <summary>All reminders of the grain, by name.</summary>
    public static Task<List<IGrainReminder>> GetReminders(this Grain grain) => GetReminders((IGrainBase)grain);

    /// <inheritdoc cref="GetReminders(Grain)"/>
    public static Task<List<IGrainReminder>> GetReminders(this IGrainBase grain)
    {
        ArgumentNullException.ThrowIfNull(grain);
        return ServiceOf(grain).FindAll(grain.GrainContext.GrainId);
    }

    private static ReminderService ServiceOf(IGrainBase grain, string reminderName)
    {
        if (string.IsNullOrWhiteSpace(reminderName))
        {
            throw new ArgumentNullException(nameof(reminderName));
        }

        return ServiceOf(grain);
    }

    private static ReminderService ServiceOf(IGrainBase grain)
        => grain.GrainContext.ActivationServices.GetService<ReminderService>()
            ?? throw new OrleansConfigurationException(
                "There is no reminder service: call UseInMemoryReminderService or UseAdoNetReminderService.");
}
