using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace RedNote.Embedded;

/// <summary>
/// Finds the assemblies of the application that can hold grains: those that refer to this one. They are looked for
/// beside the program and not only among the loaded ones, since nothing may have touched the grains' assembly yet.
/// </summary>
internal static class GrainAssemblies
{
    private static readonly string OwnName = typeof(GrainAssemblies).Assembly.GetName().Name!;

    internal static HashSet<Assembly> Find()
    {
        var found = new HashSet<Assembly>(Loaded());
        var names = found.Select(assembly => assembly.GetName().Name).ToHashSet();
        foreach (var path in ApplicationPaths())
        {
            var name = Path.GetFileNameWithoutExtension(path);
            if (!names.Contains(name) && RefersToUs(path)) found.Add(Assembly.Load(new AssemblyName(name)));
        }

        return found;
    }

    internal static IEnumerable<Assembly> Loaded()
        => AppDomain.CurrentDomain.GetAssemblies().Where(
            assembly => !assembly.IsDynamic
                && Array.Exists(assembly.GetReferencedAssemblies(), reference => reference.Name == OwnName));

    private static IEnumerable<string> ApplicationPaths()
    {
        var trusted = AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES") as string ?? "";
        return trusted.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries).Where(
            path => path.StartsWith(AppContext.BaseDirectory, StringComparison.Ordinal));
    }

    private static bool RefersToUs(string path)
    {
        using var stream = File.OpenRead(path);
        using var image = new PEReader(stream);
        if (!image.HasMetadata) return false;
        var metadata = image.GetMetadataReader();
        return metadata.AssemblyReferences.Any(
            handle => metadata.StringComparer.Equals(metadata.GetAssemblyReference(handle).Name, OwnName));
    }
}
