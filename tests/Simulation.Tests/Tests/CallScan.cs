using System.Collections.Immutable;
using System.Reflection.Emit;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Text.RegularExpressions;

namespace RedNote.Simulation.Tests;

/// <summary>A call in compiled code: of what, and where.</summary>
/// <param name="Type">The type whose code it is; of a lambda or an async method, the one that it is written in.</param>
/// <param name="Method">The method that it is written in.</param>
/// <param name="Callee">What is called, with the types of its parameters.</param>
internal sealed record FoundCall(string Type, string Method, string Callee)
{
    public override string ToString() => $"{Type}.{Method} calls {Callee}";
}

/// <summary>Lists the calls in the compiled code of an assembly.</summary>
internal sealed partial class CallScan
{
    private static readonly Dictionary<int, OpCode> Codes = typeof(OpCodes).GetFields()
        .Select(field => (OpCode)field.GetValue(null)!)
        .ToDictionary(code => code.Value & 0xFFFF);

    private readonly MetadataReader _metadata;
    private readonly PEReader _file;

    private CallScan(PEReader file)
    {
        _file = file;
        _metadata = file.GetMetadataReader();
    }

    public static IReadOnlyList<FoundCall> Of(string path)
    {
        using var file = new PEReader(File.OpenRead(path));
        return [.. new CallScan(file).Calls()];
    }

    [GeneratedRegex("<(?:<(?<inner>[^>]+)>[^>]*|(?<name>[^<>]+))>")]
    private static partial Regex WrittenIn();

    private IEnumerable<FoundCall> Calls()
    {
        foreach (var handle in _metadata.MethodDefinitions)
        {
            var method = _metadata.GetMethodDefinition(handle);
            if (method.RelativeVirtualAddress == 0) continue;
            var (type, name) = Place(method);
            var body = _file.GetMethodBody(method.RelativeVirtualAddress).GetILBytes()!;
            foreach (var token in Tokens(body))
                if (Describe(token) is { } callee) yield return new FoundCall(type, name, callee);
        }
    }

    // Compiled lambdas, iterators and async methods bear the name of the method that they are written in, in brackets.
    private (string Type, string Method) Place(MethodDefinition method)
    {
        var type = _metadata.GetTypeDefinition(method.GetDeclaringType());
        var path = _metadata.GetString(method.Name);
        while (_metadata.GetString(type.Name).StartsWith('<') && !type.GetDeclaringType().IsNil)
        {
            path = $"{_metadata.GetString(type.Name)}.{path}";
            type = _metadata.GetTypeDefinition(type.GetDeclaringType());
        }

        var match = WrittenIn().Match(path);
        var written = match.Groups["inner"].Success ? match.Groups["inner"].Value : match.Groups["name"].Value;
        return (FullName(type), match.Success ? written : path);
    }

    private static IEnumerable<int> Tokens(byte[] body)
    {
        for (var at = 0; at < body.Length;)
        {
            var value = body[at] == 0xFE ? 0xFE00 | body[at + 1] : body[at];
            var code = Codes[value];
            at += code.Size;
            if (code.OperandType == OperandType.InlineMethod) yield return BitConverter.ToInt32(body, at);
            at += code.OperandType switch
            {
                OperandType.InlineNone => 0,
                OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
                OperandType.InlineVar => 2,
                OperandType.InlineI8 or OperandType.InlineR => 8,
                OperandType.InlineSwitch => 4 + (4 * BitConverter.ToInt32(body, at)),
                _ => 4,
            };
        }
    }

    // Only what is called in other assemblies counts.
    private string? Describe(int token)
    {
        var handle = (EntityHandle)System.Reflection.Metadata.Ecma335.MetadataTokens.Handle(token);
        if (handle.Kind == HandleKind.MethodSpecification)
            handle = _metadata.GetMethodSpecification((MethodSpecificationHandle)handle).Method;
        if (handle.Kind != HandleKind.MemberReference) return null;
        var member = _metadata.GetMemberReference((MemberReferenceHandle)handle);
        if (member.GetKind() != MemberReferenceKind.Method || TypeOf(member.Parent) is not { } type) return null;
        var signature = member.DecodeMethodSignature(new Names(this), null);
        return $"{type}.{_metadata.GetString(member.Name)}({string.Join(", ", signature.ParameterTypes)})";
    }

    private string? TypeOf(EntityHandle handle) => handle.Kind switch
    {
        HandleKind.TypeReference => FullName(_metadata.GetTypeReference((TypeReferenceHandle)handle)),
        HandleKind.TypeDefinition => FullName(_metadata.GetTypeDefinition((TypeDefinitionHandle)handle)),
        HandleKind.TypeSpecification => _metadata.GetTypeSpecification((TypeSpecificationHandle)handle)
            .DecodeSignature(new Names(this), null),
        _ => null,
    };

    private string FullName(TypeReference type)
        => Join(_metadata.GetString(type.Namespace), _metadata.GetString(type.Name));

    private string FullName(TypeDefinition type)
    {
        var name = Join(_metadata.GetString(type.Namespace), _metadata.GetString(type.Name));
        return type.GetDeclaringType() is { IsNil: false } outer
            ? $"{FullName(_metadata.GetTypeDefinition(outer))}.{name}"
            : name;
    }

    private static string Join(string space, string name) => space.Length == 0 ? name : $"{space}.{name}";

    /// <summary>Names of types in signatures; of a generic one without its arguments.</summary>
    private sealed class Names(CallScan scan) : ISignatureTypeProvider<string, object?>
    {
        public string GetArrayType(string elementType, ArrayShape shape) => $"{elementType}[,]";

        public string GetByReferenceType(string elementType) => $"{elementType}&";

        public string GetFunctionPointerType(MethodSignature<string> signature) => "function";

        public string GetGenericInstantiation(string genericType, ImmutableArray<string> typeArguments) => genericType;

        public string GetGenericMethodParameter(object? genericContext, int index) => $"!!{index}";

        public string GetGenericTypeParameter(object? genericContext, int index) => $"!{index}";

        public string GetModifiedType(string modifier, string unmodifiedType, bool isRequired) => unmodifiedType;

        public string GetPinnedType(string elementType) => elementType;

        public string GetPointerType(string elementType) => $"{elementType}*";

        public string GetPrimitiveType(PrimitiveTypeCode typeCode) => $"{typeCode}";

        public string GetSZArrayType(string elementType) => $"{elementType}[]";

        public string GetTypeFromDefinition(MetadataReader reader, TypeDefinitionHandle handle, byte rawTypeKind)
            => scan.FullName(reader.GetTypeDefinition(handle));

        public string GetTypeFromReference(MetadataReader reader, TypeReferenceHandle handle, byte rawTypeKind)
            => scan.FullName(reader.GetTypeReference(handle));

        public string GetTypeFromSpecification(
            MetadataReader reader, object? genericContext, TypeSpecificationHandle handle, byte rawTypeKind)
            => reader.GetTypeSpecification(handle).DecodeSignature(this, genericContext);
    }
}
