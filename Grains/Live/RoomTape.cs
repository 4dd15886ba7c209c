using System.Collections.Immutable;
using System.Text.Json;
using RedNote.Journal;

namespace RedNote.Live;

/// <summary>
/// What of a room can be replayed: a row per item, in order of its event's version, and as media time never goes back,
/// of media time as well. A recall deletes by <c>seq</c>; the row's version is that of the event to blank. What is said
/// of a question bears its number below zero there, as it can be taken away too.
/// </summary>
public sealed class RoomTape : IProjection<LiveRoomEvent>
{
    private const string Version = "version";
    private const string Seq = "seq";
    private const string MediaAt = "media_at";
    private const string Kind = "kind";
    private const string Body = "body";

    private static readonly ProjectionTable Rows = new(
        "room_tape",
        keyColumns: 1,
        [
            new ProjectionColumn(Version, ProjectionType.Integer),
            new ProjectionColumn(Seq, ProjectionType.Integer),
            new ProjectionColumn(MediaAt, ProjectionType.Integer),
            new ProjectionColumn(Kind, ProjectionType.Text),
            new ProjectionColumn(Body, ProjectionType.Text),
        ],
        [[MediaAt, Version], [Seq]]);

    private static readonly int VersionIndex = Rows.IndexOf(Version);
    private static readonly int MediaAtIndex = Rows.IndexOf(MediaAt);
    private static readonly int BodyIndex = Rows.IndexOf(Body);

    public ProjectionTable Table => Rows;

    public IEnumerable<ProjectionChange> Project(long version, long at, LiveRoomEvent raised)
    {
        switch (raised)
        {
            case DanmakuSent sent:
                return [Row(version, sent.Seq, "danmaku", Item(sent))];
            case LikesCounted likes:
                return [Row(version, null, "likes", new TapeLikes(likes.Count) { At = likes.MediaAt })];
            case ShowStarted:
                return [Row(version, null, "started", new TapeStarted())];
            case ShowEnded ended:
                return [Row(version, null, "ended", new TapeEnded { At = ended.MediaAt })];
            case DrawOpened opened:
                return [Row(version, null, "draw_opened", new TapeDrawOpened(opened.ToDraw()) { At = opened.MediaAt })];
            case DrawDecided decided:
                return [Row(version, null, "draw_result", new TapeDrawResult(decided.Draw) { At = decided.MediaAt })];
            case MilestoneReached reached:
                return
                [
                    Row(version, null, "like_milestone", new TapeLikeMilestone(reached.Likes) { At = reached.MediaAt }),
                ];
            case DanmakuRecalled recalled:
                return [new DeleteRows(Rows, [new ColumnMatch(Seq, Comparison.Equal, recalled.Seq)])];
            case QuestionReceived or QuestionSettled when ShownThings.ToTape(raised) is { } said:
                return [Row(version, SeqOf(raised), said.Kind, said.Item)];
            case QuestionRemoved removed:
                return [new DeleteRows(Rows, [new ColumnMatch(Seq, Comparison.Equal, -removed.QuestionId.Value)])];
            default:
                return ShownThings.ToTape(raised) is { } item ? [Row(version, null, item.Kind, item.Item)] : [];
        }
    }

    /// <summary>The question for a piece of a tape; one row more than asked for, to see if there is more.</summary>
    public static ProjectionQuery Ask(TapeQuery query)
    {
        var where = ImmutableArray.CreateBuilder<ColumnMatch>();
        where.Add(new ColumnMatch(MediaAt, Comparison.AtLeast, query.From.At));
        if (query.From.After > 0)
        {
            where.Add(new ColumnMatch(Version, Comparison.Above, query.From.After));
        }

        if (query.To is { } to)
        {
            where.Add(new ColumnMatch(MediaAt, Comparison.Below, to));
        }

        return new ProjectionQuery(Rows)
        {
            Where = where.ToImmutable(),
            OrderBy = [MediaAt, Version],
            Limit = query.Limit + 1,
        };
    }

    /// <summary>The question for a danmaku that is still on the tape.</summary>
    public static ProjectionQuery AskFor(long seq) => new(Rows)
    {
        Where = [new ColumnMatch(Seq, Comparison.Equal, seq)],
        Limit = 1,
    };

    /// <summary>Version of the event that a row is about.</summary>
    public static long VersionOf(ProjectionRow row) => row.Values[VersionIndex].Number;

    /// <summary>The answer from the rows that <see cref="Ask"/> brought.</summary>
    public static TapePage Page(IReadOnlyList<ProjectionRow> rows, int limit)
    {
        var items = ImmutableArray.CreateBuilder<TapeItem>(Math.Min(rows.Count, limit));
        for (var i = 0; i < rows.Count && i < limit; i++)
        {
            items.Add(JsonSerializer.Deserialize(rows[i].Values[BodyIndex].Text!, LiveRoomJson.Journal.TapeItem)!);
        }

        TapePosition? next = null;
        if (rows.Count > limit)
        {
            var last = rows[limit - 1].Values;
            next = new TapePosition(last[MediaAtIndex].Number, last[VersionIndex].Number);
        }

        return new TapePage(items.MoveToImmutable(), next);
    }

    private static long? SeqOf(LiveRoomEvent raised) => raised switch
    {
        QuestionReceived received => -received.QuestionId.Value,
        QuestionSettled settled => -settled.QuestionId.Value,
        _ => null,
    };

    private static TapeDanmaku Item(DanmakuSent sent)
        => new(sent.Seq, sent.UserId, sent.Name, sent.Text, sent.Mode, sent.Color, sent.At) { At = sent.MediaAt };

    private static UpsertRow Row(long version, long? seq, string kind, TapeItem item)
    {
        var body = JsonSerializer.Serialize(item, LiveRoomJson.Journal.TapeItem);
        return new UpsertRow(Rows, [version, seq ?? ProjectionValue.Null, item.At, kind, body]);
    }
}
