using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace RedNote.Journal;

/// <summary>Registers the journal and kinds of logs.</summary>
public static class JournalServices
{
    /// <summary>
    /// Adds what grains need to have event logs. Who composes the silo adds an <see cref="IJournalStore"/> as a
    /// singleton, and starts it before the first grain.
    /// </summary>
    public static IServiceCollection AddJournal(this IServiceCollection services)
    {
        services.AddOptions<JournalOptions>();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<JournalMetrics>();
        services.TryAddSingleton<JournalWriter>();
        services.TryAddSingleton<EventLogServices>();
        services.TryAddSingleton<IAttributeToFactoryMapper<EventLogAttribute>, EventLogMapper>();
        return services;
    }

    /// <summary>Adds a kind of log that grains can ask for with <see cref="EventLogAttribute"/>.</summary>
    public static IServiceCollection AddEventLog<TState, TEvent>(
        this IServiceCollection services, Func<IServiceProvider, EventLogDefinition<TState, TEvent>> define)
        where TState : class, IEventState<TEvent>
        where TEvent : class
    {
        services.AddJournal();
        // Under a key of its own it is made once for both, also where a state and its events have several kinds.
        var kind = new object();
        services.AddKeyedSingleton(kind, (provider, _) => define(provider));
        services.AddSingleton(Definition);
        services.AddSingleton<IEventLogKind>(provider => new EventLogKind<TState, TEvent>(Definition(provider)));
        return services;

        EventLogDefinition<TState, TEvent> Definition(IServiceProvider provider)
            => provider.GetRequiredKeyedService<EventLogDefinition<TState, TEvent>>(kind);
    }

    /// <summary>All projection tables of all kinds of logs, for the making of a store.</summary>
    public static IReadOnlyList<ProjectionTable> ProjectionTables(IEnumerable<IEventLogKind> kinds)
        => [Outbox.Table, LateMarks.Table, .. kinds.SelectMany(kind => kind.Tables).DistinctBy(table => table.Name)];
}
