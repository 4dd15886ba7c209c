using System.Reflection;
using Orleans.Streams;

namespace RedNote.Grains.Tests.Contracts;

/// <summary>
/// Walks grain interfaces and stream events through everything that can travel in them, and finds what real Orleans
/// could not serialise and what is not deeply immutable (the embedded engine passes references).
/// </summary>
public sealed class ContractWalker
{
    private readonly Dictionary<string, string> _aliases = new(StringComparer.Ordinal);
    private readonly HashSet<Type> _seen = [];
    private readonly List<string> _findings = [];

    public IReadOnlyList<string> Findings => _findings;

    /// <summary>The messages that were looked at.</summary>
    public IReadOnlySet<Type> Seen => _seen;

    /// <summary>Grain interfaces and observers that an assembly declares.</summary>
    public static IEnumerable<Type> GrainInterfaces(Assembly assembly)
        => assembly.GetTypes().Where(type => type.IsInterface && typeof(IAddressable).IsAssignableFrom(type));

    /// <summary>What the streams that a class holds carry.</summary>
    public static IEnumerable<Type> StreamEvents(Assembly assembly)
        => assembly.GetTypes()
            .SelectMany(type => type.GetFields(MessageMembers.AllInstance | BindingFlags.Static))
            .Select(field => field.FieldType)
            .Where(type => type.IsGenericType && IsStreamType(type.GetGenericTypeDefinition()))
            .Select(type => type.GenericTypeArguments[0])
            .Distinct();

    public void WalkInterface(Type type)
    {
        CheckAlias(type);
        var methodNames = new HashSet<string>(StringComparer.Ordinal);
        foreach (var method in type.GetMethods())
        {
            var name = method.GetCustomAttribute<AliasAttribute>()?.Alias ?? method.Name;
            if (!methodNames.Add(name))
                Find(type, $"two methods are known as '{name}'");
            WalkResult(method);
            foreach (var parameter in method.GetParameters())
                Walk(parameter.ParameterType, $"{type.Name}.{method.Name}({parameter.Name})");
        }
    }

    /// <param name="type">What travels.</param>
    /// <param name="path">Where it was found, for the finding.</param>
    public void Walk(Type type, string path)
    {
        if (MessageTypes.IsHarmless(type))
            return;
        if (MessageTypes.ElementsOfContainer(type) is { } elements)
        {
            foreach (var element in elements)
                Walk(element, path);
        }
        else if (type.Assembly.GetName().Name!.StartsWith("RedNote.", StringComparison.Ordinal))
            WalkMessage(type.IsGenericType ? type.GetGenericTypeDefinition() : type, type);
        else
            Find(path, $"{type} is neither a message nor known to be immutable");
    }

    private static bool IsStreamType(Type definition)
        => definition == typeof(IAsyncStream<>) || definition == typeof(StreamSubscriptionHandle<>);

    private void WalkResult(MethodInfo method)
    {
        var result = method.ReturnType;
        if (result == typeof(Task) || result == typeof(ValueTask) || result == typeof(void))
            return;
        var definition = result.IsGenericType ? result.GetGenericTypeDefinition() : result;
        var path = $"{method.DeclaringType!.Name}.{method.Name}";
        if (definition == typeof(Task<>) || definition == typeof(ValueTask<>)
            || definition == typeof(IAsyncEnumerable<>))
            Walk(result.GenericTypeArguments[0], path);
        else
            Find(path, $"returns {result}, which no grain method can");
    }

    private void WalkMessage(Type definition, Type type)
    {
        foreach (var argument in type.GenericTypeArguments)
            Walk(argument, type.Name);
        if (!_seen.Add(definition))
            return;
        CheckAlias(definition);
        if (definition.GetCustomAttribute<GenerateSerializerAttribute>(inherit: false) is null)
            Find(definition, "lacks [GenerateSerializer]");
        if (definition.GetCustomAttribute<ImmutableAttribute>(inherit: false) is null)
            Find(definition, "lacks [Immutable]");
        if (definition is { IsClass: true, IsSealed: false, IsAbstract: false })
            Find(definition, "is neither sealed nor abstract, so a mutable type could travel in its place");
        WalkMembers(definition);
        if (definition.BaseType is { } parent && parent != typeof(object) && parent != typeof(ValueType))
            Walk(parent, definition.Name);
        foreach (var derived in definition.Assembly.GetTypes().Where(t => t.BaseType == definition))
            Walk(derived, definition.Name);
    }

    private void WalkMembers(Type type)
    {
        var ids = new HashSet<uint>();
        foreach (var member in MessageMembers.Of(type))
        {
            if (!member.IsReadOnly)
                Find(type, $"{member.Name} can be changed");
            if (member.Id is { } id && !ids.Add(id))
                Find(type, $"{member.Name} has the [Id({id})] of another member");
            if (member.Id is null && !member.IsPositional)
                Find(type, $"{member.Name} lacks an [Id], so that it would not travel");
            Walk(member.Type, $"{type.Name}.{member.Name}");
        }
    }

    private void CheckAlias(Type type)
    {
        var alias = type.GetCustomAttribute<AliasAttribute>(inherit: false)?.Alias;
        if (string.IsNullOrEmpty(alias))
            Find(type, "lacks an [Alias]");
        else if (!_aliases.TryAdd(alias, type.Name) && _aliases[alias] != type.Name)
            Find(type, $"has the [Alias] '{alias}' of {_aliases[alias]}");
    }

    private void Find(Type type, string finding) => Find(type.Name, finding);

    private void Find(string where, string finding) => _findings.Add($"{where}: {finding}");
}
