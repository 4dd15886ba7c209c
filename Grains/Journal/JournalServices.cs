using Microsoft.Extensions.DependencyInjection;

namespace RedNote.Journal;

/// <summary>Registers kinds of logs.</summary>
public static class JournalServices
{
    /// <summary>Adds a kind of log that grains can ask for with <see cref="EventLogAttribute"/>.</summary>
    public static IServiceCollection AddEventLog<TState, TEvent>(
        this IServiceCollection services, Func<IServiceProvider, EventLogDefinition<TState, TEvent>> define)
        where TState : class, IEventState<TEvent>
        where TEvent : class
    {
        services.AddSingleton(define);
        return services;
    }
}
