using System.Text.Json;
using RedNote.Journal;

namespace RedNote.Silo.Operations;

/// <summary>
/// Takes the rows of one log in and notes what does not fit. The first row that does not follow, or cannot be read,
/// ends the replay: what comes after it cannot be told from it.
/// </summary>
internal sealed class LogCheck
{
    private readonly IEventLogKind _kind;
    private readonly LogSnapshot? _snapshot;
    private readonly long _lateMark;
    private ILogReplay? _replay;
    private ILogReplay? _fromSnapshot;
    private long _last;
    private bool _isCompared;

    /// <param name="id">The log.</param>
    /// <param name="kind">Its kind.</param>
    /// <param name="snapshot">Its snapshot; null: it has none.</param>
    /// <param name="firstStored">Version of the first stored event; 0: there is none.</param>
    /// <param name="lateMark">Up to which version late tables are written.</param>
    public LogCheck(LogId id, IEventLogKind kind, LogSnapshot? snapshot, long firstStored, long lateMark = 0)
    {
        _lateMark = lateMark;
        Id = id;
        _kind = kind;
        _snapshot = snapshot;
        IsTrimmed = firstStored > 1;
        Images = [.. kind.Tables.Select(table => new TableImage(table))];
        if (!IsTrimmed)
        {
            _replay = kind.Replay(id);
        }
        else if (snapshot is null || snapshot.Version < firstStored - 1)
        {
            _last = firstStored - 1;
            Break($"begins with version {firstStored}, and no snapshot stands for what came before");
        }
        else
        {
            _last = firstStored - 1;
            _replay = Guard(() => kind.Replay(id, snapshot));
        }
    }

    public LogId Id { get; }

    /// <summary>The first events are gone, as retention has it; the snapshot stands for them.</summary>
    public bool IsTrimmed { get; }

    /// <summary>The replay ended early; the projections cannot be compared.</summary>
    public bool IsBroken { get; private set; }

    /// <summary>The projections as the log says.</summary>
    public IReadOnlyList<TableImage> Images { get; }

    public List<string> Findings { get; } = [];

    public void Take(JournalRow row)
    {
        if (row.FirstVersion != _last + 1)
        {
            Break(row.FirstVersion <= _last
                ? $"version {row.FirstVersion} is there twice"
                : $"versions {_last + 1} to {row.FirstVersion - 1} are missing");
        }

        _last = Math.Max(_last, row.LastVersion);
        Guard(() => EventList.Of(Id, row));
        if (IsBroken || (IsTrimmed && row.LastVersion <= _snapshot!.Version))
        {
            return;
        }

        if (_snapshot is { } snapshot && row.FirstVersion <= snapshot.Version && snapshot.Version < row.LastVersion)
        {
            // The snapshot was taken between two events of one row.
            var (head, tail) = EventList.Cut(Id, row, snapshot.Version);
            if (!IsTrimmed)
            {
                Replay(head);
            }

            Replay(tail);
        }
        else
        {
            Replay(row);
        }
    }

    /// <summary>To be called after the last row.</summary>
    public void Finish()
    {
        if (_snapshot is { } snapshot && snapshot.Version > _last)
        {
            Findings.Add($"{Id}: the snapshot is of version {snapshot.Version}, the log ends with {_last}");
        }
        else if (_fromSnapshot is { } other && !IsBroken && !IsSame(_replay!, other))
        {
            Findings.Add($"{Id}: the snapshot of version {_snapshot!.Version} is not what the log amounts to");
        }
    }

    private void Replay(JournalRow row)
    {
        if (Guard(() => _replay!.Take(row)) is not { } events)
        {
            return;
        }

        foreach (var replayed in events)
        {
            foreach (var change in replayed.Changes)
            {
                Images.FirstOrDefault(image => image.Table.Name == change.Table.Name)?.Apply(
                    change, isDue: replayed.Version <= _lateMark || !_kind.LateTables.Contains(change.Table));
            }
        }

        if (_fromSnapshot is { } other)
        {
            Guard(() => other.Take(row));
        }
        else if (!_isCompared && _snapshot is { } snapshot && !IsTrimmed && row.LastVersion == snapshot.Version)
        {
            CompareWith(snapshot);
        }
    }

    /// <summary>
    /// At its own version a snapshot may rightly differ: what was blanked in the log later is still in it. Then both
    /// go on to the end, where they have to agree, as a grain that starts from the snapshot would.
    /// </summary>
    private void CompareWith(LogSnapshot snapshot)
    {
        _isCompared = true;
        var stored = Guard(() => _kind.Replay(Id, snapshot));
        if (stored is not null && !IsSame(_replay!, stored))
        {
            _fromSnapshot = stored;
        }
    }

    private static bool IsSame(ILogReplay one, ILogReplay other)
    {
        using var first = JsonDocument.Parse(one.Snapshot().Json);
        using var second = JsonDocument.Parse(other.Snapshot().Json);
        return JsonElement.DeepEquals(first.RootElement, second.RootElement);
    }

    private T? Guard<T>(Func<T> work)
        where T : class
    {
        try
        {
            return work();
        }
        catch (Exception error) when (error is LogUnreadableException or JsonException)
        {
            Break(error.Message);
            return null;
        }
    }

    private void Break(string why)
    {
        IsBroken = true;
        Findings.Add(why.StartsWith($"{Id}", StringComparison.Ordinal) ? why : $"{Id}: {why}");
    }
}
