using System.Collections.Immutable;
using RedNote.Journal;

namespace RedNote.Live;

/// <summary>
/// Which danmaku of the tape were left out of the frames: a row per run of numbers. The tape's own rows are not touched
/// again, as in a hot room nearly every one would have to be.
/// </summary>
public sealed class SampledRuns : IProjection<LiveRoomEvent>
{
    /// <summary>Rows read at once; a page of the tape meets no more runs than it has items, but for recalled
    /// ones.</summary>
    private const int MaxRuns = 8 * TapeQuery.MaxLimit;

    private const string Last = "last_seq";
    private const string First = "first_seq";

    private static readonly ProjectionTable Rows = new(
        "room_sampled",
        keyColumns: 1,
        [new ProjectionColumn(Last, ProjectionType.Integer), new ProjectionColumn(First, ProjectionType.Integer)]);

    private static readonly int LastIndex = Rows.IndexOf(Last);
    private static readonly int FirstIndex = Rows.IndexOf(First);

    public ProjectionTable Table => Rows;

    public IEnumerable<ProjectionChange> Project(long version, long at, LiveRoomEvent raised)
        => raised is DanmakuSampled sampled
            ? sampled.Runs.Select(run => new UpsertRow(Rows, [run.Last, run.First]))
            : [];

    /// <summary>The question for the runs that meet a page of the tape; null when the page has no danmaku.</summary>
    public static ProjectionQuery? Ask(TapePage page)
    {
        var (least, most) = (long.MaxValue, 0L);
        foreach (var item in page.Items)
        {
            if (item is TapeDanmaku danmaku)
            {
                (least, most) = (Math.Min(least, danmaku.Seq), Math.Max(most, danmaku.Seq));
            }
        }

        return most == 0
            ? null
            : new ProjectionQuery(Rows)
            {
                Where =
                [
                    new ColumnMatch(Last, Comparison.AtLeast, least), new ColumnMatch(First, Comparison.AtMost, most),
                ],
                OrderBy = [Last],
                Limit = MaxRuns,
            };
    }

    /// <summary>The page with its danmaku marked by the runs that <see cref="Ask"/> brought.</summary>
    public static TapePage Mark(TapePage page, IReadOnlyList<ProjectionRow> rows)
    {
        if (rows.Count == 0)
        {
            return page;
        }

        var runs = rows.Select(row => new SeqRun(row.Values[FirstIndex].Number, row.Values[LastIndex].Number))
            .ToImmutableArray();
        return page with
        {
            Items =
            [
                .. page.Items.Select(item => item is TapeDanmaku danmaku && SeqRuns.Contains(runs, danmaku.Seq)
                    ? danmaku with { Sampled = true }
                    : item),
            ],
        };
    }
}
