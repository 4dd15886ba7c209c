using System.Collections.Immutable;
using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace RedNote.Embedded.Tests.Api;

/// <summary>Reads the facts of an assembly's public types from its metadata, without loading it.</summary>
public static class AssemblyFacts
{
    public static ImmutableSortedDictionary<string, TypeFacts> Read(string path)
    {
        using var file = new PEReader(File.OpenRead(path));
        var reader = file.GetMetadataReader();
        return reader.TypeDefinitions
            .Where(handle => IsSeen(reader, handle))
            .Select(handle => new TypeReader(reader, handle).Read())
            .ToImmutableSortedDictionary(facts => facts.Name, facts => facts, StringComparer.Ordinal);
    }

    private static bool IsSeen(MetadataReader reader, TypeDefinitionHandle handle)
    {
        var type = reader.GetTypeDefinition(handle);
        return (type.Attributes & TypeAttributes.VisibilityMask) switch
        {
            TypeAttributes.Public => true,
            TypeAttributes.NestedPublic or TypeAttributes.NestedFamily or TypeAttributes.NestedFamORAssem
                => IsSeen(reader, type.GetDeclaringType()),
            _ => false,
        };
    }

    private sealed class TypeReader
    {
        private readonly MetadataReader _reader;
        private readonly TypeNames _names = new();
        private readonly MemberFacts _members;
        private readonly TypeDefinitionHandle _handle;
        private readonly TypeDefinition _type;
        private readonly GenericNames _generics;
        private readonly string _base;
        private readonly List<string?> _lines = [];

        public TypeReader(MetadataReader reader, TypeDefinitionHandle handle)
        {
            _reader = reader;
            _handle = handle;
            _type = reader.GetTypeDefinition(handle);
            _members = new MemberFacts(reader, _names);
            _generics = new GenericNames(_members.GenericParameterNames(_type.GetGenericParameters()), []);
            _base = _type.BaseType.IsNil ? "" : _names.Name(reader, _type.BaseType, _generics);
        }

        public TypeFacts Read()
        {
            AddHeader();
            if (_base == "System.MulticastDelegate")
                AddDelegate();
            else
                AddMembers();
            var lines = _lines.OfType<string>().ToImmutableSortedSet(StringComparer.Ordinal);
            return new TypeFacts(TypeNames.FullName(_reader, _handle), lines);
        }

        private bool IsEnum => _base == "System.Enum";

        private void AddHeader()
        {
            _lines.Add("kind " + Kind());
            if (Kind().EndsWith("class", StringComparison.Ordinal) && _base is not ("System.Object" or "object"))
                _lines.Add("base " + _base);
            foreach (var handle in _type.GetInterfaceImplementations())
            {
                var type = _reader.GetInterfaceImplementation(handle).Interface;
                if (type.Kind != HandleKind.TypeDefinition || IsSeen(_reader, (TypeDefinitionHandle)type))
                    _lines.Add("implements " + _names.Name(_reader, type, _generics));
            }
            foreach (var parameter in _type.GetGenericParameters())
                _lines.Add(GenericParameter(parameter));
            foreach (var attribute in _type.GetCustomAttributes().Select(_reader.GetCustomAttribute))
                _lines.Add(Usage(attribute));
        }

        private string GenericParameter(GenericParameterHandle handle)
        {
            var parameter = _reader.GetGenericParameter(handle);
            var variance = (parameter.Attributes & GenericParameterAttributes.VarianceMask) switch
            {
                GenericParameterAttributes.Covariant => "out ",
                GenericParameterAttributes.Contravariant => "in ",
                _ => "",
            };
            var name = _reader.GetString(parameter.Name);
            return $"generic {parameter.Index} {variance}{name}{_members.Constraint(handle, _generics)}";
        }

        private string? Usage(CustomAttribute attribute)
        {
            if (_names.NameOfAttribute(_reader, attribute) != "System.AttributeUsageAttribute")
                return null;
            var value = attribute.DecodeValue(_names);
            bool Named(string name, bool otherwise)
                => value.NamedArguments.FirstOrDefault(a => a.Name == name).Value as bool? ?? otherwise;
            return $"usage {(AttributeTargets)(int)value.FixedArguments[0].Value!}"
                + $", multiple {Named(nameof(AttributeUsageAttribute.AllowMultiple), false)}"
                + $", inherited {Named(nameof(AttributeUsageAttribute.Inherited), true)}";
        }

        private void AddDelegate()
        {
            foreach (var method in _type.GetMethods().Select(_reader.GetMethodDefinition))
            {
                if (_reader.GetString(method.Name) == "Invoke")
                    _lines.Add(_members.Method(method, _generics));
            }
        }

        private void AddMembers()
        {
            foreach (var field in _type.GetFields().Select(_reader.GetFieldDefinition))
                _lines.Add(_members.Field(field, _generics, IsEnum));
            foreach (var property in _type.GetProperties().Select(_reader.GetPropertyDefinition))
                _lines.Add(_members.Property(property, _generics));
            foreach (var definition in _type.GetEvents().Select(_reader.GetEventDefinition))
                _lines.Add(_members.Event(definition, _generics));
            foreach (var method in _type.GetMethods().Select(_reader.GetMethodDefinition))
                _lines.Add(_members.Method(method, _generics));
        }

        private string Kind()
        {
            var attributes = _type.Attributes;
            if (attributes.HasFlag(TypeAttributes.Interface))
                return "interface";
            switch (_base)
            {
                case "System.Enum":
                    return "enum";
                case "System.MulticastDelegate":
                    return "delegate";
                case "System.ValueType":
                    var isReadOnly = Has("IsReadOnlyAttribute") ? "readonly " : "";
                    return isReadOnly + (Has("IsByRefLikeAttribute") ? "ref struct" : "struct");
                default:
                    return (attributes & (TypeAttributes.Abstract | TypeAttributes.Sealed)) switch
                    {
                        TypeAttributes.Abstract | TypeAttributes.Sealed => "static class",
                        TypeAttributes.Abstract => "abstract class",
                        TypeAttributes.Sealed => "sealed class",
                        _ => "class",
                    };
            }
        }

        private bool Has(string compilerAttribute)
            => _members.HasAttribute(
                _type.GetCustomAttributes(), "System.Runtime.CompilerServices." + compilerAttribute);
    }
}
