using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.DataProtection.Repositories;
using RedNote.Silo;
using RedNote.Silo.Journal;

namespace RedNote.Frontend.Hosting;

/// <summary>
/// The keys that protect tokens. They are kept with the data, so that a restart logs nobody out and a token holds on
/// every front end of a database. With storage in memory they live as long as the process, as the users do.
/// </summary>
internal static class DataProtectionKeys
{
    /// <summary>Part of every key's purpose, the same on every front end: changing it logs everybody out.</summary>
    private const string ApplicationName = "RedNote";

    public static void AddDataProtectionKeys(this WebApplicationBuilder builder)
    {
        builder.Services.AddProtectionKeyStore(builder.AddRedNoteOptions());
        builder.Services.AddDataProtection().SetApplicationName(ApplicationName);
        builder.Services.AddOptions<KeyManagementOptions>().Configure<IProtectionKeyStore>(
            (keys, store) => keys.XmlRepository = new StoredKeys(store));
    }

    private sealed class StoredKeys(IProtectionKeyStore store) : IXmlRepository
    {
        public IReadOnlyCollection<XElement> GetAllElements() => [.. store.ReadAll().Select(XElement.Parse)];

        public void StoreElement(XElement element, string friendlyName)
            => store.Add(friendlyName, element.ToString(SaveOptions.DisableFormatting));
    }
}
