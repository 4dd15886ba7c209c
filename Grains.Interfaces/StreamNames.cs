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

    public static StreamId Room(RoomId room) => StreamId.Create(RoomFrames, room.ToString());

    public static StreamId Deal(DealId deal) => StreamId.Create(DealNews, deal.ToString());
}

/// <summary>Names of grain storage; they are in databases, so they never change.</summary>
public static class StorageNames
{
    /// <summary>The grain storage of every grain.</summary>
    public const string Provider = "rednote";
}
