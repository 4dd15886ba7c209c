namespace RedNote.Silo.Journal;

/// <summary>Protection keys that live as long as the process, as everything else does with storage in memory.</summary>
public sealed class MemoryProtectionKeys : IProtectionKeyStore
{
    private readonly Lock _gate = new();
    private readonly OrderedDictionary<string, string> _keys = [];

    public IReadOnlyList<string> ReadAll()
    {
        lock (_gate)
        {
            return [.. _keys.Values];
        }
    }

    public void Add(string name, string xml)
    {
        lock (_gate)
        {
            _keys[name] = xml;
        }
    }
}
