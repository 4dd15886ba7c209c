using RedNote.Journal;

namespace RedNote.Live;

/// <summary>Questions that were taken away: what was said of them is not on the tape any more.</summary>
public sealed class RemovedQuestions : IProjection<LiveRoomEvent>
{
    private const string Question = "question_id";

    private static readonly ProjectionTable Rows = new(
        "room_questions_removed", keyColumns: 1, [new ProjectionColumn(Question, ProjectionType.Integer)]);

    public ProjectionTable Table => Rows;

    public IEnumerable<ProjectionChange> Project(long version, long at, LiveRoomEvent raised)
        => raised is QuestionRemoved removed ? [new UpsertRow(Rows, [removed.QuestionId.Value])] : [];

    /// <summary>The question that an event leaves something of on the tape.</summary>
    internal static QuestionId? QuestionOf(LiveRoomEvent raised) => raised switch
    {
        QuestionReceived received => received.QuestionId,
        QuestionSettled settled => settled.QuestionId,
        _ => null,
    };

    /// <summary>Asks which of the questions that events speak of were taken away; null: they speak of none.</summary>
    internal static ProjectionQuery? Ask(IReadOnlyList<LoggedEvent<LiveRoomEvent>> events)
    {
        var (least, most) = (long.MaxValue, 0L);
        foreach (var logged in events)
        {
            if (QuestionOf(logged.Event) is { Value: var id })
            {
                (least, most) = (Math.Min(least, id), Math.Max(most, id));
            }
        }

        return most == 0 ? null : new ProjectionQuery(Rows)
        {
            Where =
            [
                new ColumnMatch(Question, Comparison.AtLeast, least),
                new ColumnMatch(Question, Comparison.AtMost, most),
            ],
            Limit = (int)Math.Min(most - least + 1, int.MaxValue),
        };
    }

    /// <summary>The questions in the rows that <see cref="Ask"/> brought.</summary>
    internal static HashSet<QuestionId> Read(IReadOnlyList<ProjectionRow> rows)
        => [.. rows.Select(row => new QuestionId(row.Values[0].Number))];
}
