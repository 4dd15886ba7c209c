using System.Collections.Frozen;
using System.Collections.Immutable;

namespace RedNote.Grains.Tests.Contracts;

/// <summary>Which types of others are immutable through and through, and which are if what they hold is.</summary>
public static class MessageTypes
{
    private static readonly FrozenSet<Type> Values = new[]
    {
        typeof(string), typeof(decimal), typeof(Guid), typeof(DateTime), typeof(DateTimeOffset), typeof(DateOnly),
        typeof(TimeOnly), typeof(TimeSpan), typeof(Uri), typeof(Int128), typeof(UInt128), typeof(GrainId),
        typeof(StreamId), typeof(CancellationToken),
    }.ToFrozenSet();

    private static readonly FrozenSet<Type> Containers = new[]
    {
        typeof(Nullable<>), typeof(ImmutableArray<>), typeof(ImmutableList<>), typeof(ImmutableHashSet<>),
        typeof(ImmutableSortedSet<>), typeof(ImmutableDictionary<,>), typeof(ImmutableSortedDictionary<,>),
        typeof(ImmutableQueue<>), typeof(ImmutableStack<>), typeof(Tuple<,>), typeof(Tuple<,,>),
    }.ToFrozenSet();

    public static bool IsHarmless(Type type)
        => type.IsPrimitive || type.IsEnum || type.IsGenericParameter || Values.Contains(type)
            || (type.IsInterface && typeof(IAddressable).IsAssignableFrom(type));

    /// <summary>What a container holds; null for what is no container.</summary>
    public static Type[]? ElementsOfContainer(Type type)
        => type.IsGenericType && (Containers.Contains(type.GetGenericTypeDefinition()) || IsValueTuple(type))
            ? type.GenericTypeArguments
            : null;

    /// <summary>A tuple by value is copied, so that nobody else sees a change of it.</summary>
    private static bool IsValueTuple(Type type)
        => type.FullName!.StartsWith("System.ValueTuple`", StringComparison.Ordinal);
}
