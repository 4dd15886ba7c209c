using System.Collections.Immutable;
using System.Text.Json;
using RedNote.Journal;

namespace RedNote.Live;

/// <summary>
/// The published draws of a room for as long as its log is kept: a row per result, and a row per piece of the frozen
/// entrant list, so that a list of a million is paged without being in anybody's memory.
/// </summary>
public sealed class DrawRecords : IProjection<LiveRoomEvent>
{
    private const string Draw = "draw";
    private const string Part = "part";
    private const string Last = "last";
    private const string Body = "body";

    /// <summary>The part of the result; pieces of the list are numbered from 1 by the place behind their
    /// last.</summary>
    private const long ResultPart = 0;

    private static readonly ProjectionTable Rows = new(
        "room_draw",
        keyColumns: 2,
        [
            new ProjectionColumn(Draw, ProjectionType.Integer),
            new ProjectionColumn(Part, ProjectionType.Integer),
            new ProjectionColumn(Last, ProjectionType.Text),
            new ProjectionColumn(Body, ProjectionType.Text),
        ]);

    private static readonly int BodyIndex = Rows.IndexOf(Body);

    public ProjectionTable Table => Rows;

    public IEnumerable<ProjectionChange> Project(long version, long at, LiveRoomEvent raised)
    {
        switch (raised)
        {
            case DrawListed listed:
                var list = string.Join('\n', listed.Users);
                return
                [
                    new UpsertRow(
                        Rows,
                        [
                            listed.DrawId.Value, listed.First + listed.Users.Length, listed.Users[^1].ToString(), list,
                        ]),
                ];
            case DrawDecided decided:
                var body = JsonSerializer.Serialize(decided.Draw, LiveRoomJson.Journal.Draw);
                return [new UpsertRow(Rows, [decided.Draw.DrawId.Value, ResultPart, ProjectionValue.Null, body])];
            default:
                return [];
        }
    }

    /// <summary>The question for a result.</summary>
    public static ProjectionQuery AskResult(DrawId draw) => new(Rows)
    {
        Where =
        [
            new ColumnMatch(Draw, Comparison.Equal, draw.Value),
            new ColumnMatch(Part, Comparison.Equal, ResultPart),
        ],
        Limit = 1,
    };

    /// <summary>The result in the rows that <see cref="AskResult"/> brought; null: none.</summary>
    public static Draw? Result(IReadOnlyList<ProjectionRow> rows)
        => rows.Count == 0
            ? null
            : JsonSerializer.Deserialize(rows[0].Values[BodyIndex].Text!, LiveRoomJson.Journal.Draw);

    /// <summary>The question for a page of a list; pieces are as long as <paramref name="piece"/>, but for the
    /// last.</summary>
    public static ProjectionQuery AskEntrants(DrawEntrantsQuery query, int piece)
    {
        var where = ImmutableArray.CreateBuilder<ColumnMatch>();
        where.Add(new ColumnMatch(Draw, Comparison.Equal, query.DrawId.Value));
        where.Add(new ColumnMatch(Part, Comparison.Above, ResultPart));
        if (query.After is { } after)
        {
            where.Add(new ColumnMatch(Last, Comparison.Above, after.ToString()));
        }

        return new ProjectionQuery(Rows)
        {
            Where = where.ToImmutable(),
            OrderBy = [Part],
            // One more than the page needs, as it may begin in the middle of a piece; and one to see if there is more.
            Limit = (query.Limit / piece) + 3,
        };
    }

    /// <summary>A page from the rows that <see cref="AskEntrants"/> brought.</summary>
    public static DrawEntrantsPage Entrants(IReadOnlyList<ProjectionRow> rows, DrawEntrantsQuery query)
    {
        var items = ImmutableArray.CreateBuilder<UserId>(Math.Min(query.Limit, 1_024));
        var isMore = false;
        foreach (var row in rows)
        {
            foreach (var line in row.Values[BodyIndex].Text.AsSpan().Split('\n'))
            {
                if (!EntityId.TryParse<UserId>(row.Values[BodyIndex].Text.AsSpan(line), out var user))
                {
                    throw new LogUnreadableException($"The list of draw {query.DrawId} holds what is no id.");
                }

                if (query.After is { } after && OrdinalIds.Compare(user.Value, after.Value) <= 0)
                {
                    continue;
                }

                isMore = items.Count == query.Limit;
                if (isMore)
                {
                    break;
                }

                items.Add(user);
            }
        }

        return new DrawEntrantsPage(CommandStatus.Done, items.ToImmutable(), isMore ? items[^1] : null);
    }
}
