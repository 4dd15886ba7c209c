using System.Runtime.InteropServices;
using RedNote.Journal;

namespace RedNote.Silo.Journal;

/// <summary>
/// Heads of the logs that were written lately. Searching the key for each append took half of a batch's time; within a
/// transaction that nobody else has committed since, what this connection stored last is still the head, and SQLite's
/// data version tells whether somebody has.
/// </summary>
internal sealed class SqliteHeads
{
    // About 15 MB. Beyond it all are forgotten and read again as they are needed.
    private const int Capacity = 100_000;

    private readonly Dictionary<LogId, long> _heads = [];
    private SqliteSession? _session;
    private long _dataVersion;

    /// <summary>To be called first in every transaction, which has to hold the write lock already.</summary>
    public void Enter(SqliteSession session)
    {
        var version = session.Prepare("PRAGMA data_version");
        version.Step();
        var dataVersion = version.Number(0);
        version.Reset();
        // A connection that failed is closed, so that heads of a transaction that was rolled back go with it.
        if (!ReferenceEquals(session, _session) || dataVersion != _dataVersion || _heads.Count > Capacity)
        {
            _heads.Clear();
        }

        _session = session;
        _dataVersion = dataVersion;
    }

    /// <summary>Puts a log's head to <paramref name="last"/> if it is <paramref name="expected"/> now.</summary>
    public bool TryMove(LogId id, long expected, long last)
    {
        ref var head = ref CollectionsMarshal.GetValueRefOrAddDefault(_heads, id, out var isKnown);
        if (!isKnown)
        {
            head = SqliteJournalReads.Head(_session!, id);
        }

        if (head != expected)
        {
            return false;
        }

        head = last;
        return true;
    }

    /// <summary>What was moved is not stored after all.</summary>
    public void Forget(LogId id) => _heads.Remove(id);
}
