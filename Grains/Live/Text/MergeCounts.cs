using RedNote.Journal;

namespace RedNote.Live;

/// <summary>How often a danmaku on the tape was said, for those that were said more than once. A table of its own, as
/// an event that merges does not know the row of the one that was shown.</summary>
public sealed class MergeCounts : IProjection<LiveRoomEvent>
{
    private const string Seq = "seq";
    private const string Count = "count";

    private static readonly ProjectionTable Rows = new(
        "room_tape_counts",
        keyColumns: 1,
        [new ProjectionColumn(Seq, ProjectionType.Integer), new ProjectionColumn(Count, ProjectionType.Integer)]);

    private static readonly int SeqIndex = Rows.IndexOf(Seq);
    private static readonly int CountIndex = Rows.IndexOf(Count);

    public ProjectionTable Table => Rows;

    public IEnumerable<ProjectionChange> Project(long version, long at, LiveRoomEvent raised) => raised switch
    {
        DanmakuMerged merged => [new UpsertRow(Rows, [merged.Seq, merged.Count])],
        DanmakuRecalled recalled => [new DeleteRows(Rows, [new ColumnMatch(Seq, Comparison.Equal, recalled.Seq)])],
        _ => [],
    };

    /// <summary>The question for the counts of the danmaku on a page; null when it has none.</summary>
    public static ProjectionQuery? Ask(TapePage page)
    {
        long? first = null;
        var last = 0L;
        foreach (var item in page.Items)
        {
            if (item is TapeDanmaku danmaku)
            {
                first ??= danmaku.Seq;
                last = danmaku.Seq;
            }
        }

        return first is not { } from ? null : new ProjectionQuery(Rows)
        {
            Where = [new ColumnMatch(Seq, Comparison.AtLeast, from), new ColumnMatch(Seq, Comparison.AtMost, last)],
            Limit = page.Items.Length,
        };
    }

    /// <summary>The page with the counts from the rows that <see cref="Ask"/> brought.</summary>
    public static TapePage Fill(TapePage page, IReadOnlyList<ProjectionRow> rows)
    {
        if (rows.Count == 0)
        {
            return page;
        }

        var counts = rows.ToDictionary(row => row.Values[SeqIndex].Number, row => (int)row.Values[CountIndex].Number);
        return page with
        {
            Items =
            [
                .. page.Items.Select(item => item is TapeDanmaku said && counts.TryGetValue(said.Seq, out var count)
                    ? said with { Count = count }
                    : item),
            ],
        };
    }
}
