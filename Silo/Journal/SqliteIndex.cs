using RedNote.Journal;

namespace RedNote.Silo.Journal;

/// <summary>
/// The index of the rows by log and version, as the one writing thread keeps it: filled behind, in passes over
/// thousands of rows (<see cref="SqliteIndexSchema"/> says why), with the rows not yet in it held in mind.
/// </summary>
/// <remarks>
/// A pass goes from log to log, so that each page of the index is written once, and takes a share of each transaction
/// that comes by, twice as many rows as that appends; nobody has to wait for all of it. Only when it is through does
/// the index go further; until then its rows count as not indexed, and after a crash the next pass does them again.
/// </remarks>
/// <param name="tailRows">Rows without the index that begin a pass.</param>
internal sealed class SqliteIndex(int tailRows)
{
    // A transaction of the start, when very many rows are not indexed.
    private const int RowsAtOnce = 50_000;

    // Rows of a pass that go in together, at least.
    private const int LeastShare = 256;

    private const string ReadProgress = "SELECT up_to, writer FROM journal_indexed";

    private const string ReadRows = """
        SELECT id, log, grain, first_version, count FROM journal_events WHERE id > $1 ORDER BY id
        """;

    private const string ReadLastId = "SELECT coalesce(max(id), 0) FROM journal_events";

    private const string ReadIdAfter = "SELECT id FROM journal_events WHERE id > $1 ORDER BY id LIMIT 1 OFFSET $2";

    private const string Fill = """
        INSERT OR IGNORE INTO journal_index (log, grain, first_version, id)
        SELECT log, grain, first_version, id FROM journal_events WHERE id > $1 AND id <= $2
        ORDER BY log, grain, first_version, id
        """;

    private const string FillOne = """
        INSERT OR IGNORE INTO journal_index (log, grain, first_version, id)
        SELECT log, grain, first_version, id FROM journal_events WHERE id = $1
        """;

    private const string Claim = "UPDATE journal_indexed SET up_to = $1, writer = $2";

    private readonly SqliteHeads _heads = new();
    // That of nobody: a file has another writer's number, or 0, and this is taken for unusable.
    private volatile SqliteTail _published = new(-1, 0);
    private SqliteTail _tail = new(-1, 0);
    private List<long>? _pass;
    private int _passed;
    private int _due;
    private long _passUpTo;
    private SqliteSession? _session;
    private long _dataVersion;

    /// <summary>What readers may know of the rows that are not indexed.</summary>
    public SqliteTail Published => _published;

    /// <summary>How far the index goes in the transaction's view, and whose knowledge of the rest is good.</summary>
    public static (long UpTo, long Writer) Progress(SqliteSession session)
    {
        var progress = session.Prepare(ReadProgress);
        if (!progress.Step())
        {
            throw new JournalUnavailableException(
                $"The journal {session.File} is damaged: journal_indexed is empty. Restore a backup.");
        }

        var (upTo, writer) = (progress.Number(0), progress.Number(1));
        progress.Reset();
        return (upTo, writer);
    }

    /// <summary>
    /// Fills the index, a transaction at a time, while it is far behind: somebody has emptied it to have it made anew.
    /// True when there is more to do.
    /// </summary>
    public bool CatchUp(SqliteSession session)
    {
        session.Begin();
        var (upTo, _) = Progress(session);
        var isBehind = IdAfter(session, upTo, tailRows) is not null;
        if (isBehind)
        {
            FillTo(session, upTo, IdAfter(session, upTo, RowsAtOnce) ?? LastId(session), writer: 0);
        }

        session.Commit();
        return isBehind;
    }

    /// <summary>To be called first in every transaction that touches rows; it has to hold the write lock already.
    /// </summary>
    /// <param name="session">The writer's connection.</param>
    /// <param name="rows">How many rows the transaction is about to change.</param>
    public void Enter(SqliteSession session, int rows)
    {
        var version = session.Prepare("PRAGMA data_version");
        version.Step();
        var dataVersion = version.Number(0);
        version.Reset();
        // A connection that failed is closed, so that what a transaction did that was rolled back goes with it.
        if (!ReferenceEquals(session, _session) || dataVersion != _dataVersion)
        {
            _heads.Clear();
            _pass = null;
            _tail = Learn(session);
        }
        else if (_pass is not null || _tail.Count >= tailRows)
        {
            Advance(session, 2 * rows);
        }

        _heads.Bound();
        _session = session;
        _dataVersion = dataVersion;
    }

    /// <summary>To be called when the transaction is committed, before anybody is told.</summary>
    public void Committed()
    {
        _tail.Publish();
        _published = _tail;
    }

    /// <summary>Moves a log's head if it is where the append expects it.</summary>
    public bool TryMove(SqliteSession session, JournalAppend append)
    {
        ref var head = ref _heads.Find(append.Id, out var isKnown);
        if (!isKnown)
        {
            head = ReadHead(session, append.Id);
        }

        if (head != append.FirstVersion - 1)
        {
            return false;
        }

        head = append.LastVersion;
        return true;
    }

    /// <summary>The append's row was inserted.</summary>
    public void Add(SqliteSession session, JournalAppend append)
        => _tail.Add(append.Id, append.FirstVersion, append.LastVersion, session.LastId);

    /// <summary>The last append is not stored after all.</summary>
    public void TakeBack(JournalAppend append)
    {
        _heads.Forget(append.Id);
        if (append.Count > 0)
        {
            _tail.RemoveLast();
        }
    }

    /// <summary>How far the index goes.</summary>
    public long UpTo => _tail.IndexedUpTo;

    /// <summary>Rows of a log that hold any of these versions and are not in the index.</summary>
    public List<TailRow> FindTail(LogId id, VersionRange range) => _tail.FindAll(id, range);

    /// <summary>Rows were deleted, of which the triggers think that a stranger did it.</summary>
    public void Reclaim(SqliteSession session)
        => session.Prepare(Claim).Bind(1, _tail.IndexedUpTo).Bind(2, _tail.Writer).Execute();

    private long ReadHead(SqliteSession session, LogId id)
    {
        var (first, last) = SqliteLogReads.NewestIndexed(session, id);
        return _tail.FindAll(id, new VersionRange(1)) is [.., var newest] && newest.FirstVersion > first
            ? newest.LastVersion
            : last;
    }

    private void Advance(SqliteSession session, int rows)
    {
        if (_pass is null)
        {
            (_pass, _passUpTo) = _tail.ByLog();
            _passed = 0;
        }

        // Small transactions save up for a share that is worth the pages it touches.
        _due += rows;
        if (_due < Math.Min(LeastShare, tailRows))
        {
            return;
        }

        (rows, _due) = (_due, 0);
        var fill = session.Prepare(FillOne);
        for (var end = Math.Min(_pass.Count, _passed + rows); _passed < end; _passed++)
        {
            fill.Bind(1, _pass[_passed]).Execute();
        }

        if (_passed == _pass.Count)
        {
            _pass = null;
            session.Prepare(Claim).Bind(1, _passUpTo).Bind(2, _tail.Writer).Execute();
            // Readers keep the old one until this is committed.
            _tail = _tail.After(_passUpTo);
        }
    }

    private SqliteTail Learn(SqliteSession session)
    {
        // New rows must not come to lie within what counts as indexed.
        var last = LastId(session);
        var upTo = Math.Min(Progress(session).UpTo, last);
        var writer = Random.Shared.NextInt64(1, long.MaxValue);
        if (IdAfter(session, upTo, tailRows) is not null)
        {
            upTo = FillTo(session, upTo, last, writer);
        }

        session.Prepare(Claim).Bind(1, upTo).Bind(2, writer).Execute();
        var tail = new SqliteTail(writer, upTo);
        var read = session.Prepare(ReadRows).Bind(1, upTo);
        while (read.Step())
        {
            var first = read.Number(3);
            tail.Add(new LogId(read.Text(1), read.Text(2)), first, first + read.Number(4) - 1, read.Number(0));
        }

        return tail;
    }

    /// <summary>The id of the row that lies so many rows behind; null when there are not as many.</summary>
    private static long? IdAfter(SqliteSession session, long id, int rows)
    {
        var after = session.Prepare(ReadIdAfter).Bind(1, id).Bind(2, rows - 1);
        if (!after.Step())
        {
            return null;
        }

        var found = after.Number(0);
        after.Reset();
        return found;
    }

    private static long LastId(SqliteSession session)
    {
        var last = session.Prepare(ReadLastId);
        last.Step();
        var id = last.Number(0);
        last.Reset();
        return id;
    }

    private static long FillTo(SqliteSession session, long upTo, long target, long writer)
    {
        session.Prepare(Fill).Bind(1, upTo).Bind(2, target).Execute();
        session.Prepare(Claim).Bind(1, target).Bind(2, writer).Execute();
        return target;
    }
}
