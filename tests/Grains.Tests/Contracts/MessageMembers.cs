using System.Reflection;

namespace RedNote.Grains.Tests.Contracts;

/// <summary>One thing that a message stores.</summary>
/// <param name="Name">The property's name, or the field's.</param>
/// <param name="Type">What it holds.</param>
/// <param name="IsReadOnly">It keeps the value that it was made with.</param>
/// <param name="Id">Its [Id].</param>
/// <param name="IsPositional">It is a parameter of a record's primary constructor, which needs no [Id].</param>
public sealed record MessageMember(string Name, Type Type, bool IsReadOnly, uint? Id, bool IsPositional);

/// <summary>Finds what a message stores: its fields, those behind properties under the property's name.</summary>
public static class MessageMembers
{
    public const BindingFlags AllInstance =
        BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    private const string BackingSuffix = ">k__BackingField";

    public static IEnumerable<MessageMember> Of(Type type)
    {
        var positional = PositionalParameters(type);
        foreach (var field in type.GetFields(AllInstance))
        {
            var property = PropertyBehind(type, field);
            var id = ((MemberInfo?)property ?? field).GetCustomAttribute<IdAttribute>()?.Id;
            var name = property?.Name ?? field.Name;
            yield return new(name, field.FieldType, field.IsInitOnly, id, positional.Contains(name));
        }
    }

    private static PropertyInfo? PropertyBehind(Type type, FieldInfo field)
        => field.Name.EndsWith(BackingSuffix, StringComparison.Ordinal)
            ? type.GetProperty(field.Name[1..^BackingSuffix.Length], AllInstance)
            : null;

    /// <summary>Empty for what is no record: of other types Orleans serialises members with an [Id] only.</summary>
    private static HashSet<string> PositionalParameters(Type type)
    {
        if (type.GetMethod("PrintMembers", AllInstance) is null)
            return [];
        var deconstruct = type.GetMethods(AllInstance).FirstOrDefault(method => method.Name == "Deconstruct");
        return [.. deconstruct?.GetParameters().Select(parameter => parameter.Name!) ?? []];
    }
}
