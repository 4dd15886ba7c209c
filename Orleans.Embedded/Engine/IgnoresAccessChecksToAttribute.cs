namespace System.Runtime.CompilerServices;

/// <summary>
/// The runtime knows this attribute by its name: an assembly that bears it may use the internal types of another. The
/// emitted proxies need it for internal grain interfaces and for the engine's own base classes.
/// </summary>
[AttributeUsage(AttributeTargets.Assembly, AllowMultiple = true)]
internal sealed class IgnoresAccessChecksToAttribute(string assemblyName) : Attribute
{
    public string AssemblyName { get; } = assemblyName;
}
