using System.Collections.Immutable;
using System.Globalization;
using System.Reflection.Metadata;

namespace RedNote.Embedded.Tests.Api;

/// <summary>The names that a signature's generic parameters stand for.</summary>
public sealed record GenericNames(ImmutableArray<string> OfType, ImmutableArray<string> OfMethod)
{
    public static readonly GenericNames None = new([], []);
}

/// <summary>
/// Writes the types in a signature as text. Everything is taken from the names in the metadata, nothing is resolved,
/// so that an assembly can be read although the assemblies it refers to are absent.
/// </summary>
public sealed class TypeNames
    : ISignatureTypeProvider<string, GenericNames>, ICustomAttributeTypeProvider<string>
{
    private const string InitMarker = "System.Runtime.CompilerServices.IsExternalInit";

    /// <summary>What a setter's return type reads when the property is set in initialisers only.</summary>
    public const string InitOnlyReturn = "void init";

    public string GetPrimitiveType(PrimitiveTypeCode typeCode) => typeCode switch
    {
        PrimitiveTypeCode.Boolean => "bool",
        PrimitiveTypeCode.Byte => "byte",
        PrimitiveTypeCode.SByte => "sbyte",
        PrimitiveTypeCode.Char => "char",
        PrimitiveTypeCode.Int16 => "short",
        PrimitiveTypeCode.UInt16 => "ushort",
        PrimitiveTypeCode.Int32 => "int",
        PrimitiveTypeCode.UInt32 => "uint",
        PrimitiveTypeCode.Int64 => "long",
        PrimitiveTypeCode.UInt64 => "ulong",
        PrimitiveTypeCode.Single => "float",
        PrimitiveTypeCode.Double => "double",
        PrimitiveTypeCode.String => "string",
        PrimitiveTypeCode.Object => "object",
        PrimitiveTypeCode.Void => "void",
        _ => "System." + typeCode,
    };

    public string GetTypeFromDefinition(MetadataReader reader, TypeDefinitionHandle handle, byte rawTypeKind)
        => FullName(reader, handle);

    public string GetTypeFromReference(MetadataReader reader, TypeReferenceHandle handle, byte rawTypeKind)
    {
        var type = reader.GetTypeReference(handle);
        var name = reader.GetString(type.Name);
        return type.ResolutionScope.Kind == HandleKind.TypeReference
            ? GetTypeFromReference(reader, (TypeReferenceHandle)type.ResolutionScope, rawTypeKind) + "+" + name
            : Qualify(reader.GetString(type.Namespace), name);
    }

    public string GetTypeFromSpecification(
        MetadataReader reader, GenericNames genericContext, TypeSpecificationHandle handle, byte rawTypeKind)
        => reader.GetTypeSpecification(handle).DecodeSignature(this, genericContext);

    public string GetGenericInstantiation(string genericType, ImmutableArray<string> typeArguments)
        => $"{WithoutArity(genericType)}<{string.Join(", ", typeArguments)}>";

    public string GetGenericTypeParameter(GenericNames genericContext, int index)
        => index < genericContext.OfType.Length ? genericContext.OfType[index] : Index("!", index);

    public string GetGenericMethodParameter(GenericNames genericContext, int index)
        => index < genericContext.OfMethod.Length ? genericContext.OfMethod[index] : Index("!!", index);

    public string GetModifiedType(string modifier, string unmodifiedType, bool isRequired)
        => modifier == InitMarker ? InitOnlyReturn : unmodifiedType;

    public string GetArrayType(string elementType, ArrayShape shape)
        => $"{elementType}[{new string(',', shape.Rank - 1)}]";

    public string GetSZArrayType(string elementType) => elementType + "[]";

    public string GetByReferenceType(string elementType) => "ref " + elementType;

    public string GetPointerType(string elementType) => elementType + "*";

    public string GetPinnedType(string elementType) => elementType;

    public string GetFunctionPointerType(MethodSignature<string> signature)
        => $"delegate*<{string.Join(", ", signature.ParameterTypes.Add(signature.ReturnType))}>";

    public string GetSystemType() => "System.Type";

    public bool IsSystemType(string type) => type == "System.Type";

    public string GetTypeFromSerializedName(string name) => name;

    public PrimitiveTypeCode GetUnderlyingEnumType(string type) => PrimitiveTypeCode.Int32;

    /// <summary>Name with namespace, outer types before a plus sign, and arity, as in <c>Orleans.Outer+Inner`1</c>.
    /// </summary>
    public static string FullName(MetadataReader reader, TypeDefinitionHandle handle)
    {
        var type = reader.GetTypeDefinition(handle);
        var name = reader.GetString(type.Name);
        return type.GetDeclaringType() is { IsNil: false } outer
            ? FullName(reader, outer) + "+" + name
            : Qualify(reader.GetString(type.Namespace), name);
    }

    /// <summary>A type in any form the metadata gives it: definition, reference or instantiation.</summary>
    public string Name(MetadataReader reader, EntityHandle handle, GenericNames names) => handle.Kind switch
    {
        HandleKind.TypeDefinition => GetTypeFromDefinition(reader, (TypeDefinitionHandle)handle, 0),
        HandleKind.TypeReference => GetTypeFromReference(reader, (TypeReferenceHandle)handle, 0),
        HandleKind.TypeSpecification =>
            GetTypeFromSpecification(reader, names, (TypeSpecificationHandle)handle, 0),
        _ => throw new BadImageFormatException($"A type was expected, not a {handle.Kind}."),
    };

    /// <summary>The class of a custom attribute.</summary>
    public string NameOfAttribute(MetadataReader reader, CustomAttribute attribute)
    {
        var type = attribute.Constructor.Kind == HandleKind.MethodDefinition
            ? reader.GetMethodDefinition((MethodDefinitionHandle)attribute.Constructor).GetDeclaringType()
            : reader.GetMemberReference((MemberReferenceHandle)attribute.Constructor).Parent;
        return Name(reader, type, GenericNames.None);
    }

    private static string Qualify(string space, string name) => space.Length == 0 ? name : space + "." + name;

    private static string WithoutArity(string name)
        => string.Join('+', name.Split('+').Select(part => part.Split('`')[0]));

    private static string Index(string prefix, int index)
        => prefix + index.ToString(CultureInfo.InvariantCulture);
}
