using System.Collections.Immutable;

namespace RedNote.Journal;

/// <summary>
/// Which effects a grain has taken: the last version of each source, as sources deliver in version order. Part of the
/// receiver's state: an event that stands for an effect carries its source and version, and notes them when applied.
/// </summary>
public sealed class SeenEffects
{
    private readonly SortedDictionary<string, long> _last = new(StringComparer.Ordinal);

    /// <summary>Sources that are remembered.</summary>
    public int Count => _last.Count;

    public bool IsNew(string source, long version) => version > _last.GetValueOrDefault(source);

    /// <summary>Remembers an effect; an older one changes nothing.</summary>
    public void Note(string source, long version)
    {
        if (IsNew(source, version))
        {
            _last[source] = version;
        }
    }

    /// <summary>Forgets a source that will never send again, not even a repetition.</summary>
    public void Forget(string source) => _last.Remove(source);

    /// <summary>For a snapshot; in ordinal order of the source.</summary>
    public ImmutableArray<SeenEffect> ToDocument() => [.. _last.Select(pair => new SeenEffect(pair.Key, pair.Value))];

    public static SeenEffects From(ImmutableArray<SeenEffect> document)
    {
        var seen = new SeenEffects();
        foreach (var (source, version) in document)
        {
            seen.Note(source, version);
        }

        return seen;
    }
}

/// <summary>The last effect taken from a source.</summary>
public sealed record SeenEffect(string Source, long Version);
