using System.Reflection;
using Microsoft.Extensions.DependencyInjection;

namespace RedNote.Journal;

/// <summary>Makes the <see cref="IEventLog{TState, TEvent}"/> that a grain's constructor asks for.</summary>
internal sealed class EventLogMapper(IServiceProvider services) : IAttributeToFactoryMapper<EventLogAttribute>
{
    private static readonly MethodInfo FactoryForMethod = typeof(EventLogMapper)
        .GetMethod(nameof(FactoryFor), BindingFlags.NonPublic | BindingFlags.Instance)!;

    public Factory<IGrainContext, object> GetFactory(ParameterInfo parameter, EventLogAttribute metadata)
    {
        var type = parameter.ParameterType;
        if (!type.IsGenericType || type.GetGenericTypeDefinition() != typeof(IEventLog<,>))
        {
            throw new ArgumentException(
                $"Parameter '{parameter.Name}' of '{parameter.Member.DeclaringType}' is marked [EventLog], so its type "
                    + $"has to be IEventLog<...>, not '{type}'.",
                nameof(parameter));
        }

        return (Factory<IGrainContext, object>)FactoryForMethod.MakeGenericMethod(type.GetGenericArguments())
            .Invoke(this, BindingFlags.DoNotWrapExceptions, null, [metadata.Name], null)!;
    }

    // A typed method, so that making a grain costs no reflection.
    private Factory<IGrainContext, object> FactoryFor<TState, TEvent>(string name)
        where TState : class, IEventState<TEvent>
        where TEvent : class
    {
        var definition = services.GetServices<EventLogDefinition<TState, TEvent>>()
                .SingleOrDefault(item => item.Name == name)
            ?? throw new ArgumentException($"No kind of log named '{name}' was added for {typeof(TState)}.");
        var shared = services.GetRequiredService<EventLogServices>();
        return context => new EventLog<TState, TEvent>(definition, shared, context);
    }
}
