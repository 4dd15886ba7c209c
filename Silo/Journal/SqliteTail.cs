using System.Runtime.InteropServices;
using RedNote.Journal;

namespace RedNote.Silo.Journal;

/// <summary>
/// Where the rows are that the index does not have yet: all of them with ids above <see cref="IndexedUpTo"/>, up to
/// what was published. One thread adds, any may ask.
/// </summary>
/// <param name="writer">Whose knowledge this is; a reader finds the same number in the file, or cannot use it.</param>
/// <param name="indexedUpTo">Id of the last row that the index has.</param>
internal sealed class SqliteTail(long writer, long indexedUpTo)
{
    private readonly Lock _gate = new();
    private readonly List<Row> _rows = [];
    private readonly Dictionary<LogId, int> _newest = [];
    private long _publishedUpTo = indexedUpTo;

    public long Writer => writer;

    public long IndexedUpTo { get; } = indexedUpTo;

    /// <summary>Rows, those that were not published too.</summary>
    public int Count => _rows.Count;

    /// <summary>Takes a row in that was inserted; readers are not told before <see cref="Publish"/>.</summary>
    public void Add(LogId log, long firstVersion, long lastVersion, long id)
    {
        lock (_gate)
        {
            ref var newest = ref CollectionsMarshal.GetValueRefOrAddDefault(_newest, log, out var isKnown);
            _rows.Add(new Row(log, firstVersion, lastVersion, id, isKnown ? newest : -1));
            newest = _rows.Count - 1;
        }
    }

    /// <summary>The row added last was taken back.</summary>
    public void RemoveLast()
    {
        lock (_gate)
        {
            var row = _rows[^1];
            _rows.RemoveAt(_rows.Count - 1);
            if (row.Previous >= 0)
            {
                _newest[row.Log] = row.Previous;
            }
            else
            {
                _newest.Remove(row.Log);
            }
        }
    }

    /// <summary>What was added is committed.</summary>
    public void Publish()
    {
        lock (_gate)
        {
            if (_rows.Count > 0)
            {
                _publishedUpTo = _rows[^1].Id;
            }
        }
    }

    /// <summary>The published rows of a log that hold any of these versions, lowest version first.</summary>
    public TailRows Find(LogId log, VersionRange range)
    {
        lock (_gate)
        {
            return new TailRows(Find(log, range, _publishedUpTo), _publishedUpTo);
        }
    }

    /// <summary>Rows of a log that hold any of these versions, lowest version first; for the thread that adds them.
    /// </summary>
    public List<TailRow> FindAll(LogId log, VersionRange range)
    {
        lock (_gate)
        {
            return Find(log, range, long.MaxValue);
        }
    }

    /// <summary>The ids of all rows, log by log, and the highest of them.</summary>
    public (List<long> Ids, long UpTo) ByLog()
    {
        lock (_gate)
        {
            var logs = _newest.ToArray();
            Array.Sort(logs, static (x, y) =>
            {
                var byLog = string.CompareOrdinal(x.Key.Log, y.Key.Log);
                return byLog != 0 ? byLog : string.CompareOrdinal(x.Key.Key, y.Key.Key);
            });
            var ids = new List<long>(_rows.Count);
            foreach (var (_, newest) in logs)
            {
                var begin = ids.Count;
                for (var at = newest; at >= 0; at = _rows[at].Previous)
                {
                    ids.Add(_rows[at].Id);
                }

                ids.Reverse(begin, ids.Count - begin);
            }

            return (ids, _rows[^1].Id);
        }
    }

    /// <summary>What is known of the rows above an id, to which the index goes now.</summary>
    public SqliteTail After(long id)
    {
        lock (_gate)
        {
            var tail = new SqliteTail(writer, id);
            foreach (var row in _rows.Where(row => row.Id > id))
            {
                tail.Add(row.Log, row.FirstVersion, row.LastVersion, row.Id);
            }

            return tail;
        }
    }

    /// <summary>The logs that have published rows.</summary>
    public (IReadOnlyCollection<LogId> Logs, long UpTo) Logs()
    {
        lock (_gate)
        {
            return ([.. _rows.TakeWhile(row => row.Id <= _publishedUpTo).Select(row => row.Log).Distinct()],
                _publishedUpTo);
        }
    }

    // Versions need not follow the ids: a row may have been put back by hand.
    private List<TailRow> Find(LogId log, VersionRange range, long upTo)
    {
        var found = new List<TailRow>();
        for (var at = _newest.GetValueOrDefault(log, -1); at >= 0; at = _rows[at].Previous)
        {
            var row = _rows[at];
            if (row.Id <= upTo && row.FirstVersion <= range.To && row.LastVersion >= range.From)
            {
                found.Add(new TailRow(row.FirstVersion, row.LastVersion, row.Id));
            }
        }

        found.Sort(static (x, y) => x.FirstVersion.CompareTo(y.FirstVersion));
        return found;
    }

    // Previous: where the same log's row before it is; -1: there is none.
    private readonly record struct Row(LogId Log, long FirstVersion, long LastVersion, long Id, int Previous);
}

/// <summary>A row that the index does not have yet.</summary>
internal readonly record struct TailRow(long FirstVersion, long LastVersion, long Id);

/// <summary>Rows of a log, of all with ids up to <paramref name="UpTo"/> that the index does not have.</summary>
internal readonly record struct TailRows(IReadOnlyList<TailRow> Rows, long UpTo);
