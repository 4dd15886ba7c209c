using System.Collections.Concurrent;
using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.CompilerServices;
using Orleans.Runtime;

namespace RedNote.Embedded;

internal delegate GrainReference ReferenceFactory(ReferenceShared shared, GrainId grainId);

/// <summary>
/// Emits, once per process and interface, a reference class that implements the interface, and for each of its methods
/// a request class that holds the arguments. No source generator is needed, and a call costs no reflection.
/// </summary>
internal static class ProxyEmitter
{
    internal const string ArgumentPrefix = "Argument";
    private const string MethodField = "Descriptor";

    private static readonly ConcurrentDictionary<Type, ReferenceFactory> Factories = new();
    private static readonly Dictionary<Assembly, ModuleBuilder> Modules = [];
    private static readonly Lock Gate = new();
    private static readonly MethodInfo AttachToken = typeof(GrainRequest).GetMethod(nameof(GrainRequest.AttachToken))!;
    private static readonly MethodInfo AsArgument = typeof(GrainRequest).GetMethod(nameof(GrainRequest.AsArgument))!;
    private static readonly Type[] ReferenceArguments = [typeof(ReferenceShared), typeof(GrainId)];
    private static int _names;

    internal static ReferenceFactory For(Type interfaceType)
        => Factories.TryGetValue(interfaceType, out var factory) ? factory : Add(interfaceType);

    /// <summary>The methods that can be called through a reference, inherited ones included.</summary>
    internal static IEnumerable<MethodInfo> MethodsOf(Type interfaceType)
        => interfaceType.GetInterfaces().Prepend(interfaceType)
            .SelectMany(type => type.GetMethods(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic))
            .Where(method => method is { IsVirtual: true, IsPrivate: false });

    private static ReferenceFactory Add(Type interfaceType)
    {
        if (!interfaceType.IsInterface || interfaceType.ContainsGenericParameters)
            throw new ArgumentException($"{interfaceType} is not a closed interface.", nameof(interfaceType));

        lock (Gate)
        {
            if (Factories.TryGetValue(interfaceType, out var factory)) return factory;
            return Factories[interfaceType] = Emit(interfaceType);
        }
    }

    private static ReferenceFactory Emit(Type interfaceType)
    {
        var module = ModuleFor(interfaceType.Assembly);
        var name = $"RedNote.Embedded.Proxies.{interfaceType.Name}_{_names++}";
        var proxy = module.DefineType(
            name, TypeAttributes.Sealed | TypeAttributes.NotPublic, typeof(GrainReference), [interfaceType]);
        var constructor = EmitConstructor(proxy);
        EmitFactory(proxy, constructor);
        foreach (var method in MethodsOf(interfaceType)) EmitMethod(module, proxy, interfaceType, method, name);
        return proxy.CreateType().GetMethod("Create")!.CreateDelegate<ReferenceFactory>();
    }

    private static ConstructorBuilder EmitConstructor(TypeBuilder proxy)
    {
        var baseConstructor = typeof(GrainReference).GetConstructor(
            BindingFlags.Instance | BindingFlags.NonPublic, ReferenceArguments)!;
        var constructor = proxy.DefineConstructor(
            MethodAttributes.Public, CallingConventions.Standard, ReferenceArguments);
        var il = constructor.GetILGenerator();
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Ldarg_1);
        il.Emit(OpCodes.Ldarg_2);
        il.Emit(OpCodes.Call, baseConstructor);
        il.Emit(OpCodes.Ret);
        return constructor;
    }

    private static void EmitFactory(TypeBuilder proxy, ConstructorBuilder constructor)
    {
        var create = proxy.DefineMethod(
            "Create", MethodAttributes.Public | MethodAttributes.Static, typeof(GrainReference), ReferenceArguments);
        var il = create.GetILGenerator();
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Ldarg_1);
        il.Emit(OpCodes.Newobj, constructor);
        il.Emit(OpCodes.Ret);
    }

    private static void EmitMethod(
        ModuleBuilder module, TypeBuilder proxy, Type interfaceType, MethodInfo method, string name)
    {
        var parameters = Array.ConvertAll(method.GetParameters(), parameter => parameter.ParameterType);
        var builder = proxy.DefineMethod(
            $"{method.DeclaringType!.FullName}.{method.Name}",
            MethodAttributes.Private | MethodAttributes.Virtual | MethodAttributes.Final | MethodAttributes.HideBySig
            | MethodAttributes.NewSlot,
            method.ReturnType, parameters);
        var il = builder.GetILGenerator();
        if (RefusalOf(method, parameters) is { } refusal)
        {
            if (method.IsGenericMethodDefinition) CopyGenericParameters(builder, method);
            il.Emit(OpCodes.Ldstr, $"{interfaceType}.{method.Name} cannot be called through a reference: {refusal}");
            il.Emit(OpCodes.Newobj, typeof(NotSupportedException).GetConstructor([typeof(string)])!);
            il.Emit(OpCodes.Throw);
        }
        else
        {
            var request = EmitRequest(module, interfaceType, method, parameters, $"{name}_{method.Name}_{_names++}");
            EmitCall(il, request, parameters);
        }

        proxy.DefineMethodOverride(builder, method);
    }

    private static string? RefusalOf(MethodInfo method, Type[] parameters)
    {
        if (method.IsGenericMethodDefinition) return "it is generic.";
        if (parameters.Any(parameter => parameter.IsByRef)) return "it has ref or out parameters.";
        var type = method.ReturnType;
        var open = type.IsGenericType ? type.GetGenericTypeDefinition() : type;
        return open == typeof(void) || open == typeof(Task) || open == typeof(Task<>) || open == typeof(ValueTask)
            || open == typeof(ValueTask<>)
                ? null
                : $"it returns {type}, which is not a task.";
    }

    private static void CopyGenericParameters(MethodBuilder builder, MethodInfo method)
        => builder.DefineGenericParameters(
            Array.ConvertAll(method.GetGenericArguments(), argument => argument.Name));

    private static Type EmitRequest(
        ModuleBuilder module, Type interfaceType, MethodInfo method, Type[] parameters, string name)
    {
        var baseType = RequestBaseOf(method.ReturnType);
        var request = module.DefineType(name, TypeAttributes.Sealed | TypeAttributes.Public, baseType);
        var descriptor = request.DefineField(
            MethodField, typeof(MethodDescriptor), FieldAttributes.Public | FieldAttributes.Static);
        var fields = new FieldBuilder[parameters.Length];
        for (var i = 0; i < parameters.Length; i++)
            fields[i] = request.DefineField(ArgumentPrefix + i, parameters[i], FieldAttributes.Public);

        var constructor = request.DefineConstructor(MethodAttributes.Public, CallingConventions.Standard, []);
        var il = constructor.GetILGenerator();
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Ldsfld, descriptor);
        il.Emit(OpCodes.Call, baseType.GetConstructor(
            BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic, [typeof(MethodDescriptor)])!);
        il.Emit(OpCodes.Ret);

        var call = request.DefineMethod(
            "Call", MethodAttributes.Public | MethodAttributes.Virtual | MethodAttributes.HideBySig,
            method.ReturnType, [typeof(object)]);
        il = call.GetILGenerator();
        il.Emit(OpCodes.Ldarg_1);
        il.Emit(OpCodes.Castclass, method.DeclaringType!);
        foreach (var field in fields)
        {
            il.Emit(OpCodes.Ldarg_0);
            il.Emit(OpCodes.Ldfld, field);
        }

        il.Emit(OpCodes.Callvirt, method);
        il.Emit(OpCodes.Ret);
        var created = request.CreateType();
        created.GetField(MethodField)!.SetValue(null, new MethodDescriptor(interfaceType, method));
        return created;
    }

    private static Type RequestBaseOf(Type returnType)
    {
        if (returnType == typeof(Task)) return typeof(TaskRequest);
        if (returnType == typeof(ValueTask)) return typeof(ValueTaskRequest);
        if (returnType == typeof(void)) return typeof(VoidRequest);
        var isTask = returnType.GetGenericTypeDefinition() == typeof(Task<>);
        var open = isTask ? typeof(TaskRequest<>) : typeof(ValueTaskRequest<>);
        return open.MakeGenericType(returnType.GetGenericArguments());
    }

    private static void EmitCall(ILGenerator il, Type request, Type[] parameters)
    {
        var local = il.DeclareLocal(request);
        il.Emit(OpCodes.Newobj, request.GetConstructor([])!);
        il.Emit(OpCodes.Stloc, local);
        for (var i = 0; i < parameters.Length; i++)
        {
            il.Emit(OpCodes.Ldloc, local);
            if (parameters[i] == typeof(CancellationToken)) il.Emit(OpCodes.Ldloc, local);
            il.Emit(OpCodes.Ldarg, i + 1);
            if (parameters[i] == typeof(CancellationToken)) il.Emit(OpCodes.Call, AttachToken);
            else if (parameters[i].IsInterface && typeof(IAddressable).IsAssignableFrom(parameters[i]))
                il.Emit(OpCodes.Call, AsArgument.MakeGenericMethod(parameters[i]));
            il.Emit(OpCodes.Stfld, request.GetField(ArgumentPrefix + i)!);
        }

        il.Emit(OpCodes.Ldloc, local);
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Call, request.GetMethod("Send")!);
        il.Emit(OpCodes.Ret);
    }

    // One dynamic assembly per assembly of interfaces: which internals it may see is fixed before its first use.
    private static ModuleBuilder ModuleFor(Assembly assembly)
    {
        if (Modules.TryGetValue(assembly, out var module)) return module;
        var attribute = typeof(IgnoresAccessChecksToAttribute).GetConstructor([typeof(string)])!;
        var names = new[] { typeof(ProxyEmitter).Assembly, assembly }.Distinct().Select(
            item => new CustomAttributeBuilder(attribute, [item.GetName().Name!]));
        var builder = AssemblyBuilder.DefineDynamicAssembly(
            new AssemblyName($"RedNote.Embedded.Proxies.{assembly.GetName().Name}"), AssemblyBuilderAccess.Run, names);
        return Modules[assembly] = builder.DefineDynamicModule("Proxies");
    }
}
