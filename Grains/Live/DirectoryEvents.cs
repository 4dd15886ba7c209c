using System.Text.Json.Serialization;
using RedNote.Journal;

namespace RedNote.Live;

/// <summary>What happens to the list of rooms; log <c>directory</c>.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = JournalJson.Kind,
    UnknownDerivedTypeHandling = JsonUnknownDerivedTypeHandling.FailSerialization)]
[JsonDerivedType(typeof(RoomListed), "directory.room_listed")]
public abstract record DirectoryEvent;

/// <summary>A room is listed as of a version of its own log; it takes the place of an older card.</summary>
public sealed record RoomListed(Room Room, long Version) : DirectoryEvent;

[JsonSerializable(typeof(DirectoryEvent))]
[JsonSerializable(typeof(DirectoryDocument))]
internal sealed partial class DirectoryJson : JsonSerializerContext
{
    public static DirectoryJson Instance { get; } = new(JournalJson.CreateOptions());
}
