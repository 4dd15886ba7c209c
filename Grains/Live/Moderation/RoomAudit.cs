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

            // Only the host starts and ends a show and opens draws, and in old logs only the host could do anything.
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
        PollEvent poll => Item(id, poll),
        QuestionEvent question => Item(id, question),
        PinSet pin => new AuditItem(id, pin.At, AuditAct.Pinned, pin.By, Text: pin.Text)
        {
            PollId = pin.PollId,
            QuestionId = pin.QuestionId,
            DealId = pin.DealId,
        },
        PinTaken { By: { } by } taken => new AuditItem(id, taken.At, AuditAct.Unpinned, by),
        DrawOpened draw => new AuditItem(id, draw.At, AuditAct.DrawOpened, By: null, Text: draw.Prize)
        {
            DrawId = draw.DrawId,
        },
        DealAdded deal => new AuditItem(id, deal.At, AuditAct.DealAdded, deal.Terms.HostId, Text: deal.Terms.Title)
        {
            DealId = deal.DealId,
        },
        ShowStarted started => new AuditItem(id, started.At, AuditAct.Started, By: null),
        ShowEnded ended => new AuditItem(id, ended.At, AuditAct.Ended, By: null),
        _ => null,
    };

    /// <summary>What closes by itself is nobody's act.</summary>
    private static AuditItem? Item(long id, PollEvent raised) => raised switch
    {
        PollBegan poll => new AuditItem(id, poll.At, AuditAct.PollOpened, poll.By, Text: poll.Question)
        {
            PollId = poll.PollId,
        },
        PollEnded { By: { } by } poll => new AuditItem(id, poll.At, AuditAct.PollClosed, by) { PollId = poll.PollId },
        PkBegan pk => new AuditItem(id, pk.At, AuditAct.PkOpened, pk.By) { PkId = pk.PkId },
        PkEnded { By: { } by } pk => new AuditItem(id, pk.At, AuditAct.PkClosed, by) { PkId = pk.PkId },
        _ => null,
    };

    private static AuditItem? Item(long id, QuestionEvent raised) => raised switch
    {
        QuestionSettled settled => new AuditItem(
            id, settled.At, AuditAct.QuestionAnswered, settled.By, Text: settled.Answer)
        {
            QuestionId = settled.QuestionId,
        },
        QuestionRemoved removed => new AuditItem(
            id, removed.At, AuditAct.QuestionDismissed, removed.By, removed.UserId)
        {
            QuestionId = removed.QuestionId,
        },
        _ => null,
    };
}
