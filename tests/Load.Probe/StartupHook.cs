using System.Diagnostics.CodeAnalysis;
using RedNote.Load.Probe;

/// <summary>Where .NET begins when a process is started with DOTNET_STARTUP_HOOKS; it asks for this very name.</summary>
[SuppressMessage("Design", "CA1050", Justification = "The runtime looks for it outside of any namespace.")]
internal static class StartupHook
{
    public static void Initialize() => ProbeHook.Begin();
}
