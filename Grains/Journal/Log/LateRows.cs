using Microsoft.Extensions.Logging;

namespace RedNote.Journal;

/// <summary>
/// Rows of tables that are written behind the log (<see cref="IProjection{TEvent}.IsLate"/>): many at once, so that a
/// page of a table's index is written once for many of them, and no commit waits for it. How far it got is in the
/// store, in the same transaction; from there an activation goes on after a crash. While little happens the rows go in
/// with their events all the same. Used from the grain's turns only.
/// </summary>
/// <remarks>
/// Rows of a late table are only ever added, and each follows from its own event alone. So it does no harm when an
/// activation that was overtaken writes some again, and puts the mark back.
/// </remarks>
internal sealed partial class LateRows(
    LogId id, JournalWriter writer, JournalOptions options, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan Again = TimeSpan.FromSeconds(1);

    private readonly JournalSession _session = new(id);
    private readonly Queue<(long Version, List<ProjectionChange> Rows)> _durable = [];
    private readonly List<TaskCompletionSource> _waitingForRoom = [];
    private TaskCompletionSource? _allWritten;
    private int _pending;
    private long _wroteAt = time.GetTimestamp();
    private bool _isWriting;
    private bool _isStopped;

    /// <summary>Whether more events may come that have such rows.</summary>
    public bool HasRoom => _pending < options.LateRows;

    /// <summary>Takes the rows of an append that is about to be made. True: they go in with it.</summary>
    public bool TryInline(long version, List<ProjectionChange> rows)
    {
        if (_pending > 0 || _isWriting || rows.Count > options.InlineRows || SinceWritten < options.LateMs)
        {
            _pending += rows.Count;
            return false;
        }

        _wroteAt = time.GetTimestamp();
        rows.Add(LateMarks.Set(id, version));
        return true;
    }

    /// <summary>The events that the rows follow from are durable.</summary>
    public void Durable(long version, List<ProjectionChange> rows)
    {
        _durable.Enqueue((version, rows));
        if (!_isWriting && !_isStopped)
        {
            _isWriting = true;
            _ = WriteAll();
        }
    }

    /// <summary>Rows that were left by an activation before; they count as pending from here on.</summary>
    public void Left(long version, List<ProjectionChange> rows)
    {
        _pending += rows.Count;
        Durable(version, rows);
    }

    public Task WhenRoom()
    {
        if (HasRoom)
        {
            return Task.CompletedTask;
        }

        var room = new TaskCompletionSource();
        _waitingForRoom.Add(room);
        return room.Task;
    }

    /// <summary>Completes when all rows are written that are known by now.</summary>
    public Task WhenWritten()
        => _pending == 0 ? Task.CompletedTask : (_allWritten ??= new TaskCompletionSource()).Task;

    /// <summary>Ends the writing; the next activation goes on.</summary>
    public void Stop(TryAgainException error)
    {
        _isStopped = true;
        _allWritten?.TrySetException(error);
        foreach (var room in Taken(_waitingForRoom))
        {
            room.TrySetException(error);
        }
    }

    private double SinceWritten => time.GetElapsedTime(_wroteAt).TotalMilliseconds;

    private async Task WriteAll()
    {
        while (_durable.Count > 0 && !_isStopped)
        {
            var rest = options.LateMs - SinceWritten;
            if (rest > 0 && _pending < options.LateRowsAtOnce)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(Math.Ceiling(rest)), time);
            }

            await Write(Gather());
        }

        _isWriting = false;
    }

    private List<(long Version, List<ProjectionChange> Rows)> Gather()
    {
        var gathered = new List<(long Version, List<ProjectionChange> Rows)>();
        var count = 0;
        while (_durable.TryPeek(out var next)
            && (count == 0 || count + next.Rows.Count <= options.LateRowsAtOnce))
        {
            count += next.Rows.Count;
            gathered.Add(_durable.Dequeue());
        }

        return gathered;
    }

    private async Task Write(List<(long Version, List<ProjectionChange> Rows)> gathered)
    {
        var rows = new List<ProjectionChange>(gathered.Sum(item => item.Rows.Count) + 1);
        foreach (var item in gathered)
        {
            rows.AddRange(item.Rows);
        }

        var written = rows.Count;
        rows.Add(LateMarks.Set(id, gathered[^1].Version));
        while (!_isStopped)
        {
            try
            {
                await writer.AppendAsync(_session, new JournalAppend { Id = id, Changes = rows });
                break;
            }
            catch (JournalUnavailableException error)
            {
                // Writing them twice is writing them once.
                LogNotWritten(logger, id, error);
                await Task.Delay(Again, time);
            }
        }

        _wroteAt = time.GetTimestamp();
        _pending -= written;
        if (_isStopped)
        {
            return;
        }

        if (_pending == 0)
        {
            _allWritten?.SetResult();
            _allWritten = null;
        }

        if (HasRoom)
        {
            foreach (var room in Taken(_waitingForRoom))
            {
                room.SetResult();
            }
        }
    }

    private static List<TaskCompletionSource> Taken(List<TaskCompletionSource> waiting)
    {
        List<TaskCompletionSource> taken = [.. waiting];
        waiting.Clear();
        return taken;
    }

    [LoggerMessage(LogLevel.Warning, "Rows that follow from log {Id} could not be written; they are written again")]
    private static partial void LogNotWritten(ILogger logger, LogId id, Exception error);
}
