using System.Globalization;
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
            .Invoke(
                this,
                BindingFlags.DoNotWrapExceptions,
                null,
                [metadata.Name, HasIntegerKey(parameter.Member.DeclaringType!)],
                null)!;
    }

    // Asked of the class, because every text of hexadecimal digits could be an integer key.
    private static bool HasIntegerKey(Type grain) => typeof(IGrainWithIntegerKey).IsAssignableFrom(grain);

    private static string KeyOf(GrainId grain, bool hasIntegerKey)
        => hasIntegerKey ? grain.GetIntegerKey().ToString(CultureInfo.InvariantCulture) : grain.Key.ToString()!;

    /// <summary>
    /// Where the snapshot of a grain with a text as key is stored. Orleans' storage in databases takes a text of
    /// hexadecimal digits for a number, so that <c>abc</c> and <c>0abc</c> would share a row; with this mark none does.
    /// </summary>
    internal static GrainId SnapshotPlace(GrainId grain)
        => GrainId.Create(grain.Type, IdSpan.Create(LogSnapshot.TextKeyMark + grain.Key.ToString()));

    // A typed method, so that making a grain costs no reflection.
    private Factory<IGrainContext, object> FactoryFor<TState, TEvent>(string name, bool hasIntegerKey)
        where TState : class, IEventState<TEvent>
        where TEvent : class
    {
        var definition = services.GetServices<EventLogDefinition<TState, TEvent>>()
                .SingleOrDefault(item => item.Name == name)
            ?? throw new ArgumentException($"No kind of log named '{name}' was added for {typeof(TState)}.");
        var shared = services.GetRequiredService<EventLogServices>();
        return context => new EventLog<TState, TEvent>(
            definition,
            shared,
            context,
            KeyOf(context.GrainId, hasIntegerKey),
            hasIntegerKey ? context.GrainId : SnapshotPlace(context.GrainId));
    }
}
