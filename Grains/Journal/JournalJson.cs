using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace RedNote.Journal;

/// <summary>The JSON of logs and snapshots. Made for reading by hand; members that are not known are passed over.
/// </summary>
public static class JournalJson
{
    /// <summary>Name of the member that says what kind an event is.</summary>
    public const string Kind = "kind";

    /// <summary>Options for a source-generated context of events or snapshots; a context needs its own.</summary>
    public static JsonSerializerOptions CreateOptions() => new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Skip,
        AllowOutOfOrderMetadataProperties = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };
}
