using System.Collections.Immutable;

namespace RedNote.Live;

/// <summary>
/// The draws of a room as its events have made them: those that run, the last results, and the host's keys of the last
/// seven days. Bounded; older results are read from the log's projection (<see cref="DrawRecords"/>).
/// </summary>
public sealed class DrawBook
{
    private const long KeyMs = 7 * 24 * 3_600_000L;

    private readonly LiveRoomOptions _options;
    private readonly List<RunningDraw> _running;
    private readonly Queue<Draw> _results;
    private readonly Queue<DrawKey> _keys;

    public DrawBook(LiveRoomOptions options, StoredDraws stored)
    {
        _options = options;
        _running = [.. stored.Running.Select(draw => new RunningDraw(draw))];
        _results = new Queue<Draw>(stored.Results);
        _keys = new Queue<DrawKey>(stored.Keys);
    }

    /// <summary>Draws without a result, in the order of their opening.</summary>
    public IReadOnlyList<RunningDraw> Running => _running;

    /// <summary>The last results, oldest first.</summary>
    public IEnumerable<Draw> Results => _results;

    /// <summary>Whether the host has opened as many draws in seven days as keys are kept.</summary>
    public bool IsFull(long now) => _keys.Count(key => key.At > now - KeyMs) >= _options.DrawKeys;

    public RunningDraw? Find(DrawId draw) => _running.Find(running => running.Id == draw);

    public Draw? FindResult(DrawId draw) => _results.FirstOrDefault(result => result.DrawId == draw);

    /// <summary>Whether a draw of the last seven days has that id, or one that can still be seen.</summary>
    public bool Knows(DrawId draw) => Find(draw) is not null || FindResult(draw) is not null
        || _keys.Any(key => key.DrawId == draw);

    public DrawKey? FindKey(string key, long now)
        => _keys.LastOrDefault(known => known.Key == key && known.At > now - KeyMs);

    public void Apply(DrawEvent raised)
    {
        switch (raised)
        {
            case DrawOpened opened:
                Open(opened);
                break;
            case DrawPhraseSaid said:
                Find(said.DrawId)!.Apply(said);
                break;
            case DrawEntered entered:
                Find(entered.DrawId)!.Apply(entered);
                break;
            case DrawClosed closed:
                Find(closed.DrawId)!.Apply(closed);
                break;
            case DrawListed listed:
                Find(listed.DrawId)!.Apply(listed);
                break;
            case DrawDecided decided:
                Decide(decided.Draw);
                break;
            default:
                throw new NotSupportedException($"Draws do not know {raised.GetType().Name}.");
        }
    }

    public StoredDraws ToStored() => new()
    {
        Running = [.. _running.Select(draw => draw.ToStored())],
        Results = [.. _results],
        Keys = [.. _keys],
    };

    private void Open(DrawOpened opened)
    {
        _running.Add(new RunningDraw(opened));
        while (_keys.TryPeek(out var oldest) && oldest.At <= opened.At - KeyMs)
        {
            _keys.Dequeue();
        }

        _keys.Enqueue(new DrawKey(opened.Key, opened.Check, opened.DrawId, opened.At));
    }

    private void Decide(Draw result)
    {
        _running.RemoveAll(draw => draw.Id == result.DrawId);
        _results.Enqueue(result);
        while (_results.Count > _options.DrawResults)
        {
            _results.Dequeue();
        }
    }
}

/// <summary>A key of the host's: which draw it opened, and what was asked for.</summary>
public sealed record DrawKey(string Key, long Check, DrawId DrawId, long At);

/// <summary>The form in which snapshots hold a <see cref="DrawBook"/>; in the order of events.</summary>
public sealed record StoredDraws
{
    public ImmutableArray<StoredDraw> Running { get; init; } = [];

    public ImmutableArray<Draw> Results { get; init; } = [];

    public ImmutableArray<DrawKey> Keys { get; init; } = [];
}
