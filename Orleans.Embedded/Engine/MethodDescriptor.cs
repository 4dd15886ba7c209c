using System.Reflection;
using Orleans;
using Orleans.Concurrency;
using Orleans.Runtime;

namespace RedNote.Embedded;

[Flags]
internal enum RequestFlags
{
    None = 0,

    /// <summary>Nobody waits for the answer.</summary>
    OneWay = 1,

    ReadOnly = 2,
    AlwaysInterleave = 4,

    /// <summary>Does not count as use of the grain.</summary>
    NoKeepAlive = 8,

    /// <summary>Dies with its activation instead of going to the next one.</summary>
    LocalOnly = 16,

    /// <summary>Set while it is under way: others have to wait for it.</summary>
    Gating = 32,
}

/// <summary>What the attributes of an interface method say about calling it.</summary>
internal sealed class MethodDescriptor
{
    internal MethodDescriptor(Type interfaceType, MethodInfo method)
    {
        InterfaceType = interfaceType;
        Method = method;
        IsExtension = typeof(IGrainExtension).IsAssignableFrom(interfaceType);
        Timeout = method.GetCustomAttribute<ResponseTimeoutAttribute>()?.Timeout;
        if (method.IsDefined(typeof(ReadOnlyAttribute))) Flags |= RequestFlags.ReadOnly;
        if (method.IsDefined(typeof(AlwaysInterleaveAttribute))) Flags |= RequestFlags.AlwaysInterleave;
        if (method.ReturnType == typeof(void) || method.IsDefined(typeof(OneWayAttribute)))
            Flags |= RequestFlags.OneWay;
    }

    internal Type InterfaceType { get; }

    internal MethodInfo Method { get; }

    internal bool IsExtension { get; }

    internal RequestFlags Flags { get; }

    /// <summary>Null: the timeout of the options.</summary>
    internal TimeSpan? Timeout { get; }

    public override string ToString() => $"{InterfaceType.Name}.{Method.Name}";
}
