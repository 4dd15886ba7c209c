using System.Runtime.InteropServices;
using RedNote.Journal;

namespace RedNote.Silo.Journal;

/// <summary>
/// Heads of the logs that were written lately. Searching the key for each append took half of a batch's time; within a
/// transaction that nobody else has committed since, what this connection stored last is still the head.
/// </summary>
internal sealed class SqliteHeads
{
    // About 15 MB. Beyond it all are forgotten and read again as they are needed.
    private const int Capacity = 100_000;

    private readonly Dictionary<LogId, long> _heads = [];

    /// <summary>Somebody else may have written.</summary>
    public void Clear() => _heads.Clear();

    /// <summary>To be called now and then.</summary>
    public void Bound()
    {
        if (_heads.Count > Capacity)
        {
            _heads.Clear();
        }
    }

    /// <summary>Where a log's head is kept, to be read and set.</summary>
    public ref long Find(LogId id, out bool isKnown)
        => ref CollectionsMarshal.GetValueRefOrAddDefault(_heads, id, out isKnown);

    /// <summary>What was set is not stored after all.</summary>
    public void Forget(LogId id) => _heads.Remove(id);
}
