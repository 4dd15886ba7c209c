using System.Diagnostics.CodeAnalysis;
using RedNote.Load.Probe;

/// <summary>Where .NET begins in a process that has DOTNET_STARTUP_HOOKS; it asks for this very name.</summary>
[SuppressMessage("Design", "CA1050", Justification = "It has to be outside of any namespace.")]
internal static class StartupHook
{
    public static void Initialize() => ProbeHook.Begin();
}
