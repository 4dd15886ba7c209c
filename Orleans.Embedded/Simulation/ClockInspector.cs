using System.Collections.Concurrent;
using System.Reflection;

namespace RedNote.Embedded.Simulation;

/// <summary>
/// Looks into objects of a node for a clock that is not simulated. Looks at fields, and at those of objects of our own
/// that they hold, a few steps deep; each object of a node once.
/// </summary>
internal sealed class ClockInspector(SimulationNode node)
{
    private const int MaxDepth = 4;
    private static readonly ConcurrentDictionary<Type, FieldInfo[]> Fields = new();

    private readonly HashSet<object> _seen = new(ReferenceEqualityComparer.Instance);

    /// <summary>Ends the run when the object, or what it is made of, holds another clock.</summary>
    public void Inspect(object root) => Inspect(root, 0);

    private void Inspect(object item, int depth)
    {
        if (!_seen.Add(item)) return;
        foreach (var field in Fields.GetOrAdd(item.GetType(), FieldsOf))
        {
            var value = field.GetValue(item);
            if (value is TimeProvider clock)
            {
                if (clock is SimulatedTime) continue;
                node.Loop.Fail(new SimulationViolationException(
                    $"{item.GetType()} of {node.Name} holds {clock.GetType()} in {field.Name};"
                    + " in a simulation every clock has to be that of its node."));
            }
            else if (value is not null && depth < MaxDepth && IsOwn(value.GetType()))
            {
                Inspect(value, depth + 1);
            }
        }
    }

    private static FieldInfo[] FieldsOf(Type type)
    {
        const BindingFlags Declared =
            BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;
        var fields = new List<FieldInfo>();
        for (var declaring = type; declaring is not null && declaring != typeof(object); declaring = declaring.BaseType)
        {
            fields.AddRange(declaring.GetFields(Declared)
                .Where(field => field.FieldType == typeof(TimeProvider) || IsOwn(field.FieldType)));
        }

        return [.. fields];
    }

    // The simulation itself leads everywhere, and to other nodes.
    private static bool IsOwn(Type type)
        => !type.IsValueType
            && type.Namespace is { } name
            && name != typeof(ClockInspector).Namespace
            && (name.StartsWith("RedNote", StringComparison.Ordinal)
                || name.StartsWith("Orleans", StringComparison.Ordinal));
}
