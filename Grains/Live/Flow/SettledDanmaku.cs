using System.Collections.Immutable;

namespace RedNote.Live;

/// <summary>
/// The newest danmaku of a room that were shown, and those of which it is not known yet whether they are: the log says
/// later which were left out, and up to which number all are decided. Bounded by what may wait for a frame.
/// </summary>
public sealed class SettledDanmaku
{
    private readonly LiveRoomOptions _options;
    private readonly RecentDanmaku _shown;
    private readonly List<Danmaku> _open;

    /// <param name="options">Bounds.</param>
    /// <param name="recent">In order of number.</param>
    /// <param name="settled">Up to this number they were shown.</param>
    public SettledDanmaku(LiveRoomOptions options, ImmutableArray<Danmaku> recent, long settled)
    {
        _options = options;
        Settled = settled;
        _shown = new RecentDanmaku(options.RecentDanmaku, [.. recent.Where(danmaku => danmaku.Seq <= settled)]);
        _open = [.. recent.Where(danmaku => danmaku.Seq > settled)];
    }

    /// <summary>Up to this number it is decided what is shown.</summary>
    public long Settled { get; private set; }

    /// <summary>All of them, oldest first.</summary>
    public ImmutableArray<Danmaku> ToArray() => [.. _shown.ToArray(), .. _open];

    /// <summary>The newest, if all are shown that are not decided; oldest first.</summary>
    public ImmutableArray<Danmaku> Newest() => [.. ToArray().TakeLast(_options.RecentDanmaku)];

    public void Add(Danmaku danmaku)
    {
        _open.Add(danmaku);
        if (_open.Count > _options.PendingDanmaku + _options.RecentDanmaku)
        {
            // So many do not wait: this one has had its frame, and an older log does not say so.
            _shown.Add(_open[0]);
            _open.RemoveAt(0);
        }
    }

    /// <summary>These were left out.</summary>
    public void LeaveOut(ImmutableArray<SeqRun> runs)
        => _open.RemoveAll(danmaku => SeqRuns.Contains(runs, danmaku.Seq));

    /// <summary>Up to this number all were shown that were not left out.</summary>
    public void Settle(long upTo)
    {
        Settled = Math.Max(Settled, upTo);
        var settled = 0;
        while (settled < _open.Count && _open[settled].Seq <= upTo)
        {
            _shown.Add(_open[settled++]);
        }

        _open.RemoveRange(0, settled);
    }

    /// <summary>The danmaku of a number that is not settled yet, or null.</summary>
    public Danmaku? FindOpen(long seq)
    {
        var index = RecentDanmaku.IndexOf(_open, 0, seq);
        return index >= 0 ? _open[index] : null;
    }

    /// <summary>Gives back space that is held for more.</summary>
    public void TrimExcess()
    {
        _shown.TrimExcess();
        _open.TrimExcess();
    }

    /// <summary>Notes how often it was said.</summary>
    public void Count(long seq, int count)
    {
        if (!_shown.TryCount(seq, count) && _open.FindIndex(danmaku => danmaku.Seq == seq) is >= 0 and var index)
        {
            _open[index] = _open[index] with { Count = count };
        }
    }

    public void Remove(long seq)
    {
        if (!_shown.Remove(seq))
        {
            _open.RemoveAll(danmaku => danmaku.Seq == seq);
        }
    }
}
