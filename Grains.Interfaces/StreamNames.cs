namespace RedNote;

/// <summary>Names of stream providers, namespaces and storage; they are in databases, so they never change.</summary>
public static class StreamNames
{
    /// <summary>The provider that carries what rooms show; may lose a silo's last events (DESIGN.md, section
    /// 4).</summary>
    public const string Provider = "rednote";

    /// <summary>Namespace of <see cref="Live.RoomFrame"/> streams; the key is the room's id.</summary>
    public const string RoomFrames = "live.frames";

    /// <summary>Namespace of <see cref="Deals.DealNews"/> streams; the key is the deal's id.</summary>
    public const string DealNews = "deals.news";

    /// <summary>Namespace of <see cref="Groups.GroupNews"/> streams; the key is the group's id.</summary>
    public const string GroupNews = "groups.news";

    /// <summary>Namespace of <see cref="Notes.NoteCounts"/> streams; the key is the note's id.</summary>
    public const string NoteCounts = "notes.counts";

    /// <summary>Namespace of <see cref="Users.UserNotices"/> streams; the key is a front end's name.</summary>
    public const string UserNotices = "users.notices";

    public static StreamId Room(RoomId room) => StreamId.Create(RoomFrames, room.ToString());

    public static StreamId Deal(DealId deal) => StreamId.Create(DealNews, deal.ToString());

    public static StreamId Group(GroupId group) => StreamId.Create(GroupNews, group.ToString());

    public static StreamId Note(NoteId note) => StreamId.Create(NoteCounts, note.ToString());

    /// <param name="frontEnd">The front end's name, another one in each run of it.</param>
    public static StreamId Notices(string frontEnd) => StreamId.Create(UserNotices, frontEnd);
}

/// <summary>Names of grain storage; they are in databases, so they never change.</summary>
public static class StorageNames
{
    /// <summary>The grain storage of every grain.</summary>
    public const string Provider = "rednote";
}
