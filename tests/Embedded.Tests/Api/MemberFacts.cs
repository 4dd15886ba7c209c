using System.Collections.Immutable;
using System.Globalization;
using System.Reflection;
using System.Reflection.Metadata;

namespace RedNote.Embedded.Tests.Api;

/// <summary>Writes members as lines of fact.</summary>
internal sealed class MemberFacts(MetadataReader reader, TypeNames names)
{
    private const MethodAttributes Override = MethodAttributes.Virtual | MethodAttributes.NewSlot;

    public string? Field(FieldDefinition field, GenericNames generics, bool ofEnum)
    {
        var access = (MethodAttributes)(field.Attributes & FieldAttributes.FieldAccessMask);
        if (Access(access) is not { } prefix || field.Attributes.HasFlag(FieldAttributes.SpecialName))
            return null;
        var name = reader.GetString(field.Name);
        if (ofEnum)
            return $"value {name} = {Constant(field.GetDefaultValue())}";
        var type = field.DecodeSignature(names, generics);
        if (field.Attributes.HasFlag(FieldAttributes.Literal))
            return $"field {prefix}const {name} : {type} = {Constant(field.GetDefaultValue())}";
        var isStatic = field.Attributes.HasFlag(FieldAttributes.Static) ? "static " : "";
        var isReadOnly = field.Attributes.HasFlag(FieldAttributes.InitOnly) ? "readonly " : "";
        return $"field {prefix}{isStatic}{isReadOnly}{name} : {type}";
    }

    public string? Method(MethodDefinition method, GenericNames ofType)
    {
        var name = reader.GetString(method.Name);
        var special = method.Attributes.HasFlag(MethodAttributes.SpecialName);
        var isOperator = name.StartsWith("op_", StringComparison.Ordinal);
        if (!IsSeen(method, name) || (special && name != ".ctor" && !isOperator))
            return null;
        var generics = ofType with { OfMethod = GenericParameterNames(method.GetGenericParameters()) };
        var signature = method.DecodeSignature(names, generics);
        var parameters = $"({Parameters(method, signature)})";
        if (name == ".ctor")
            return $"constructor {Access(method.Attributes)}{parameters}";
        var typeParameters = generics.OfMethod.IsEmpty ? "" : $"<{string.Join(", ", generics.OfMethod)}>";
        var constraints = string.Concat(
            method.GetGenericParameters().Select(p => Constraint(p, generics)).Where(c => c.Length > 0));
        return $"method {Modifiers(method)}{name}{typeParameters}{parameters} : {signature.ReturnType}{constraints}";
    }

    public string? Property(PropertyDefinition property, GenericNames generics)
    {
        var accessors = property.GetAccessors();
        var getter = Accessor(accessors.Getter);
        var setter = Accessor(accessors.Setter);
        if ((getter ?? setter) is not { } shown)
            return null;
        var signature = property.DecodeSignature(names, generics);
        var index = signature.ParameterTypes.IsEmpty ? "" : $"[{string.Join(", ", signature.ParameterTypes)}]";
        var gets = getter is { } g ? $"{Narrower(g, shown)}get; " : "";
        var sets = setter is { } s ? $"{Narrower(s, shown)}{SetWord(s, generics)}; " : "";
        var name = reader.GetString(property.Name);
        return $"property {Modifiers(shown)}{name}{index} : {signature.ReturnType} {{ {gets}{sets}}}";
    }

    public string? Event(EventDefinition definition, GenericNames generics)
        => Accessor(definition.GetAccessors().Adder) is { } adder
            ? $"event {Modifiers(adder)}{reader.GetString(definition.Name)} : "
                + names.Name(reader, definition.Type, generics)
            : null;

    public ImmutableArray<string> GenericParameterNames(GenericParameterHandleCollection parameters)
        => [.. parameters.Select(p => reader.GetString(reader.GetGenericParameter(p).Name))];

    /// <summary><c> where T : class, X</c>, or nothing for a parameter that may be anything.</summary>
    public string Constraint(GenericParameterHandle handle, GenericNames generics)
    {
        var parameter = reader.GetGenericParameter(handle);
        var flags = parameter.Attributes;
        var isStruct = flags.HasFlag(GenericParameterAttributes.NotNullableValueTypeConstraint);
        List<string> parts = [];
        if (flags.HasFlag(GenericParameterAttributes.ReferenceTypeConstraint))
            parts.Add("class");
        if (isStruct)
            parts.Add("struct");
        parts.AddRange(parameter.GetConstraints()
            .Select(c => names.Name(reader, reader.GetGenericParameterConstraint(c).Type, generics))
            .Where(c => c != "System.ValueType")
            .Order(StringComparer.Ordinal));
        if (flags.HasFlag(GenericParameterAttributes.DefaultConstructorConstraint) && !isStruct)
            parts.Add("new()");
        return parts.Count == 0 ? "" : $" where {reader.GetString(parameter.Name)} : {string.Join(", ", parts)}";
    }

    public bool HasAttribute(CustomAttributeHandleCollection attributes, string name)
        => attributes.Any(a => names.NameOfAttribute(reader, reader.GetCustomAttribute(a)) == name);

    private static bool IsSeen(MethodDefinition method, string name)
    {
        // An override adds nothing that the overridden method's own fact does not say.
        var isOverride = (method.Attributes & Override) == MethodAttributes.Virtual;
        return Access(method.Attributes) is not null && !isOverride && !name.Contains('<', StringComparison.Ordinal);
    }

    private MethodDefinition? Accessor(MethodDefinitionHandle handle)
    {
        if (handle.IsNil)
            return null;
        var method = reader.GetMethodDefinition(handle);
        return IsSeen(method, reader.GetString(method.Name)) ? method : null;
    }

    private static string Narrower(MethodDefinition accessor, MethodDefinition shown)
        => Access(accessor.Attributes) == Access(shown.Attributes) ? "" : Access(accessor.Attributes)!;

    private string SetWord(MethodDefinition setter, GenericNames generics)
        => setter.DecodeSignature(names, generics).ReturnType == TypeNames.InitOnlyReturn ? "init" : "set";

    private string Modifiers(MethodDefinition method)
    {
        var attributes = method.Attributes;
        var isInterface = reader.GetTypeDefinition(method.GetDeclaringType()).Attributes
            .HasFlag(TypeAttributes.Interface);
        var isStatic = attributes.HasFlag(MethodAttributes.Static) ? "static " : "";
        var dispatch = attributes.HasFlag(MethodAttributes.Abstract) ? (isInterface ? "" : "abstract ")
            : !attributes.HasFlag(MethodAttributes.Virtual) || attributes.HasFlag(MethodAttributes.Final) ? ""
            : "virtual ";
        return Access(attributes) + isStatic + dispatch;
    }

    /// <summary>Nothing for public, a prefix for protected, null for what users cannot see.</summary>
    private static string? Access(MethodAttributes attributes)
        => (attributes & MethodAttributes.MemberAccessMask) switch
        {
            MethodAttributes.Public => "",
            MethodAttributes.Family or MethodAttributes.FamORAssem => "protected ",
            _ => null,
        };

    private string Parameters(MethodDefinition method, MethodSignature<string> signature)
    {
        var parts = new string[signature.ParameterTypes.Length];
        for (var i = 0; i < parts.Length; i++)
            parts[i] = signature.ParameterTypes[i];
        var isExtension = HasAttribute(
            method.GetCustomAttributes(), "System.Runtime.CompilerServices.ExtensionAttribute");
        foreach (var parameter in method.GetParameters().Select(reader.GetParameter))
        {
            if (parameter.SequenceNumber > 0)
                parts[parameter.SequenceNumber - 1] = Parameter(parameter, parts[parameter.SequenceNumber - 1]);
        }
        return (isExtension ? "this " : "") + string.Join(", ", parts);
    }

    private string Parameter(Parameter parameter, string type)
    {
        var isParams = HasAttribute(parameter.GetCustomAttributes(), "System.ParamArrayAttribute") ? "params " : "";
        if (type.StartsWith("ref ", StringComparison.Ordinal))
        {
            type = parameter.Attributes.HasFlag(ParameterAttributes.Out) ? "out" + type[3..]
                : parameter.Attributes.HasFlag(ParameterAttributes.In) ? "in" + type[3..]
                : type;
        }
        var optional = parameter.Attributes.HasFlag(ParameterAttributes.Optional)
            ? " = " + Constant(parameter.GetDefaultValue())
            : "";
        return $"{isParams}{type} {reader.GetString(parameter.Name)}{optional}";
    }

    private string Constant(ConstantHandle handle)
    {
        if (handle.IsNil)
            return "default";
        var constant = reader.GetConstant(handle);
        return reader.GetBlobReader(constant.Value).ReadConstant(constant.TypeCode) switch
        {
            null => "null",
            string text => $"\"{text}\"",
            bool flag => flag ? "true" : "false",
            IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
            var other => other.ToString()!,
        };
    }
}
