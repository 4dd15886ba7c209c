using System.Collections.Immutable;
using System.Text.Json;
using RedNote.Journal;

namespace RedNote.Live;

/// <summary>
/// What of a room can be replayed: a row per item, in order of its event's version, and as media time never goes back,
/// of media time as well. A recall deletes by <c>seq</c>; the row's version is that of the event to blank.
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

    private static readonly int VersionAt = Rows.IndexOf(Version);
    private static readonly int MediaAtAt = Rows.IndexOf(MediaAt);
    private static readonly int BodyAt = Rows.IndexOf(Body);

    public ProjectionTable Table => Rows;

    public IEnumerable<ProjectionChange> Project(long version, long at, LiveRoomEvent raised)
    {
        switch (raised)
        {
            case DanmakuSent sent:
                var danmaku = new TapeDanmaku(
                    sent.MediaAt, sent.Seq, sent.UserId, sent.Name, sent.Text, sent.Mode, sent.Color, sent.At);
                return [Row(version, sent.Seq, "danmaku", danmaku)];
            case LikesCounted likes:
                return [Row(version, ProjectionValue.Null, "likes", new TapeLikes(likes.MediaAt, likes.Count))];
            case ShowStarted:
                return [Row(version, ProjectionValue.Null, "started", new TapeStarted(0))];
            case ShowEnded ended:
                return [Row(version, ProjectionValue.Null, "ended", new TapeEnded(ended.MediaAt))];
            default:
                return [];
        }
    }

    /// <summary>The question for a piece of a tape; one row more than asked for, to see whether there is more.</summary>
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

    /// <summary>The answer from the rows that <see cref="Ask"/> brought.</summary>
    public static TapePage Page(IReadOnlyList<ProjectionRow> rows, int limit)
    {
        var items = ImmutableArray.CreateBuilder<TapeItem>(Math.Min(rows.Count, limit));
        for (var i = 0; i < rows.Count && i < limit; i++)
        {
            items.Add(JsonSerializer.Deserialize(rows[i].Values[BodyAt].Text!, LiveRoomJson.Journal.TapeItem)!);
        }

        TapePosition? next = null;
        if (rows.Count > limit)
        {
            var last = rows[limit - 1].Values;
            next = new TapePosition(last[MediaAtAt].Number, last[VersionAt].Number);
        }

        return new TapePage(items.MoveToImmutable(), next);
    }

    private static UpsertRow Row(long version, ProjectionValue seq, string kind, TapeItem item)
        => new(Rows, [version, seq, item.At, kind, JsonSerializer.Serialize(item, LiveRoomJson.Journal.TapeItem)]);
}
