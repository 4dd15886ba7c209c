using RedNote.Journal;

namespace RedNote.Live;

/// <summary>Which event holds the text of a danmaku that was held and then shown, so that a recall can blank it.
/// </summary>
public sealed class HeldVersions : IProjection<LiveRoomEvent>
{
    private const string HeldId = "held_id";
    private const string Version = "version";

    private static readonly ProjectionTable Rows = new(
        "room_held",
        keyColumns: 1,
        [new ProjectionColumn(HeldId, ProjectionType.Integer), new ProjectionColumn(Version, ProjectionType.Integer)]);

    private static readonly int VersionIndex = Rows.IndexOf(Version);

    public ProjectionTable Table => Rows;

    public IEnumerable<ProjectionChange> Project(long version, long at, LiveRoomEvent raised) => raised switch
    {
        DanmakuHeld held => [new UpsertRow(Rows, [held.HeldId, version])],
        HeldRefused refused => [new DeleteRows(Rows, [new ColumnMatch(HeldId, Comparison.Equal, refused.HeldId)])],
        _ => [],
    };

    public static ProjectionQuery AskFor(long heldId) => new(Rows)
    {
        Where = [new ColumnMatch(HeldId, Comparison.Equal, heldId)],
        Limit = 1,
    };

    public static long VersionOf(ProjectionRow row) => row.Values[VersionIndex].Number;
}
