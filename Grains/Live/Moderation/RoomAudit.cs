using System.Collections.Immutable;
using System.Text.Json;
using RedNote.Journal;

namespace RedNote.Live;

/// <summary>What those with a say in a room did: a row per act, in order of its event's version.</summary>
public sealed class RoomAudit : IProjection<LiveRoomEvent>
{
    private const string Version = "version";
    private const string Body = "body";

    private static readonly ProjectionTable Rows = new(
        "room_audit",
        keyColumns: 1,
        [new ProjectionColumn(Version, ProjectionType.Integer), new ProjectionColumn(Body, ProjectionType.Text)]);

    private static readonly int BodyIndex = Rows.IndexOf(Body);

    public ProjectionTable Table => Rows;

    public IEnumerable<ProjectionChange> Project(long version, long at, LiveRoomEvent raised)
    {
        if (Item(version, raised) is not { } item)
        {
            return [];
        }

        var body = JsonSerializer.Serialize(item, LiveRoomJson.Journal.AuditItem);
        return [new UpsertRow(Rows, [version, body])];
    }

    /// <summary>The question for a page; one row more than asked for, to see if there is more.</summary>
    public static ProjectionQuery Ask(long? before, int limit) => new(Rows)
    {
        Where = before is { } version ? [new ColumnMatch(Version, Comparison.Below, version)] : [],
        OrderBy = [Version],
        Descending = true,
        Limit = limit + 1,
    };

    /// <summary>The answer from the rows that <see cref="Ask"/> brought.</summary>
    public static AuditPage Page(IReadOnlyList<ProjectionRow> rows, int limit, UserId host)
    {
        var items = ImmutableArray.CreateBuilder<AuditItem>(Math.Min(rows.Count, limit));
        for (var i = 0; i < rows.Count && i < limit; i++)
        {
            var item = JsonSerializer.Deserialize(
                rows[i].Values[BodyIndex].Text!, LiveRoomJson.Journal.AuditItem)!;

            // Only the host starts and ends a show, and in old logs only the host could do anything.
            items.Add(item.By is null ? item with { By = host } : item);
        }

        return new AuditPage(items.ToImmutable(), rows.Count > limit ? items[^1].Id : null);
    }

    private static AuditItem? Item(long id, LiveRoomEvent raised) => raised switch
    {
        RulesChanged rules => new AuditItem(
            id, rules.At, AuditAct.SettingsChanged, rules.By, Settings: rules.ToSettings()),
        ViewerMuted muted => new AuditItem(
            id, muted.At, AuditAct.Muted, muted.By, muted.UserId, Until: muted.Until),
        ViewerUnmuted unmuted => new AuditItem(
            id, unmuted.At, AuditAct.Unmuted, unmuted.By, unmuted.UserId),
        ModeratorAdded added => new AuditItem(id, added.At, AuditAct.ModeratorAdded, added.By, added.UserId),
        ModeratorRemoved removed => new AuditItem(
            id, removed.At, AuditAct.ModeratorRemoved, removed.By, removed.UserId),
        HeldApproved approved => new AuditItem(
            id, approved.At, AuditAct.Approved, approved.By, approved.UserId, approved.Seq, approved.HeldId),
        HeldRefused refused => new AuditItem(
            id, refused.At, AuditAct.Refused, refused.By, refused.UserId, HeldId: refused.HeldId, Text: refused.Text),
        DanmakuRecalled recalled => new AuditItem(
            id, recalled.At, AuditAct.Recalled, recalled.By, recalled.UserId, recalled.Seq),
        ShowStarted started => new AuditItem(id, started.At, AuditAct.Started, By: null),
        ShowEnded ended => new AuditItem(id, ended.At, AuditAct.Ended, By: null),
        _ => null,
    };
}
