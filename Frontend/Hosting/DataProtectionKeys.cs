using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.DataProtection.Repositories;
using RedNote.Silo;

namespace RedNote.Frontend.Hosting;

/// <summary>The keys that protect tokens. They are kept with the data, so that a restart logs nobody out.</summary>
internal static class DataProtectionKeys
{
    /// <summary>Part of every key's purpose: changing it logs everybody out.</summary>
    private const string ApplicationName = "RedNote";

    /// <summary>The folder under the data directory.</summary>
    private const string Folder = "keys";

    /// <summary>
    /// <c>RedNote:KeysDirectory</c> moves the keys, for front ends on several machines; they have to share one folder.
    /// With storage in memory and no such setting, keys live as long as the process, as the users do.
    /// </summary>
    public static void AddDataProtectionKeys(this WebApplicationBuilder builder)
    {
        var redNote = builder.AddRedNoteOptions();
        var protection = builder.Services.AddDataProtection().SetApplicationName(ApplicationName);
        var directory = builder.Configuration["RedNote:KeysDirectory"];
        if (directory is null && redNote.Storage == StorageKind.Memory)
        {
            builder.Services.Configure<KeyManagementOptions>(keys => keys.XmlRepository = new MemoryKeys());
        }
        else
        {
            protection.PersistKeysToFileSystem(
                new DirectoryInfo(directory ?? Path.Combine(redNote.DataDirectory, Folder)));
        }
    }

    /// <summary>Keys that nobody keeps. The framework's own fallback would write them to the user's home.</summary>
    private sealed class MemoryKeys : IXmlRepository
    {
        private readonly Lock _gate = new();
        private readonly List<XElement> _keys = [];

        public IReadOnlyCollection<XElement> GetAllElements()
        {
            lock (_gate)
            {
                return [.. _keys.Select(key => new XElement(key))];
            }
        }

        public void StoreElement(XElement element, string friendlyName)
        {
            lock (_gate)
            {
                _keys.Add(new XElement(element));
            }
        }
    }
}
