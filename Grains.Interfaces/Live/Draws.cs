using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace RedNote.Live;

/// <summary>Who may enter a draw.</summary>
[JsonConverter(typeof(SnakeCaseEnum<DrawConditionKind>))]
public enum DrawConditionKind
{
    /// <summary>Everybody.</summary>
    None,

    /// <summary>Who has sent the pass-phrase as a danmaku in this room since the draw opened.</summary>
    Password,

    /// <summary>Who has a ballot in any poll of this room.</summary>
    Voted,

    /// <summary>Who follows the host.</summary>
    Followed,

    /// <summary>Who has watched this room for that long while it was live.</summary>
    Watched,
}

/// <summary>
/// The condition of a draw. On the wire <c>{kind, value?}</c>, where <c>value</c> is the pass-phrase (a text), or the
/// watch time in seconds (a number; read as a text as well).
/// </summary>
/// <param name="Kind">What is asked for.</param>
/// <param name="Phrase">Password: what has to be sent; otherwise null.</param>
/// <param name="Seconds">Watched: for how long, 1 to 86,400; otherwise null.</param>
[GenerateSerializer, Immutable, Alias("live.draw-condition"), JsonConverter(typeof(DrawConditionJsonConverter))]
public sealed record DrawCondition(DrawConditionKind Kind, string? Phrase, int? Seconds)
{
    /// <summary>The longest watch time that can be asked for, in seconds.</summary>
    public const int MaxSeconds = 86_400;

    public static DrawCondition None { get; } = new(DrawConditionKind.None, null, null);
}

/// <summary>
/// A lucky draw as everybody may see it. Times are Unix ms. What proves the result is null until the entrant list is
/// frozen and in the journal.
/// </summary>
/// <param name="DrawId">Names it within its room.</param>
/// <param name="Prize">1 to 120 characters.</param>
/// <param name="Winners">How many can win.</param>
/// <param name="Condition">Who may enter.</param>
/// <param name="OpenedAt">When it opened.</param>
/// <param name="ClosesAt">The cut-off; who enters later is refused.</param>
/// <param name="Closed">Whether nobody can enter any more.</param>
/// <param name="Entrants">How many have entered.</param>
/// <param name="Commitment">SHA-256 of the seed's text, in hex: shown from the start, so that the seed cannot be chosen
/// later.</param>
/// <param name="EntrantsHash">SHA-256 of the entrants' ids, sorted and joined by line feeds, in hex.</param>
/// <param name="Seed">64 hex characters.</param>
/// <param name="WinnerIds">Who won, in the order of the drawing.</param>
[GenerateSerializer, Immutable, Alias("live.draw")]
public sealed record Draw(
    DrawId DrawId,
    string Prize,
    int Winners,
    DrawCondition Condition,
    long OpenedAt,
    long ClosesAt,
    bool Closed,
    int Entrants,
    string Commitment,
    string? EntrantsHash,
    string? Seed,
    ImmutableArray<UserId>? WinnerIds);

/// <summary>How many have entered a draw by now.</summary>
[GenerateSerializer, Immutable, Alias("live.draw-tally")]
public sealed record DrawTally(DrawId DrawId, int Entrants, bool Closed);

/// <summary>Opens a draw. <paramref name="Key"/> is the host's idempotency key, kept for 7 days.</summary>
[GenerateSerializer, Immutable, Alias("live.open-draw")]
public sealed record OpenDraw(
    UserId By, DrawId DrawId, string Prize, int Winners, int Seconds, DrawCondition Condition, string Key);

/// <summary>The draw is null unless Done. <paramref name="IdTaken"/>: Conflict, as the room has another draw with the
/// id that was sent; another id will do.</summary>
[GenerateSerializer, Immutable, Alias("live.draw-outcome")]
public sealed record DrawOutcome(CommandStatus Status, Draw? Draw, bool IdTaken = false);

/// <summary>Answered by a <see cref="Verdict"/>: accepted, also when the user had entered already.</summary>
[GenerateSerializer, Immutable, Alias("live.enter-draw")]
public sealed record EnterDraw(DrawId DrawId) : RoomCommand;

/// <summary>Asks for the frozen entrants of a draw behind <paramref name="After"/> (null: from the first), at most
/// <paramref name="Limit"/>.</summary>
[GenerateSerializer, Immutable, Alias("live.draw-entrants-query")]
public sealed record DrawEntrantsQuery(DrawId DrawId, UserId? After, int Limit)
{
    /// <summary>Entrants in one answer.</summary>
    public const int MaxLimit = 5_000;
}

/// <summary>A piece of a draw's entrant list, in order. WrongState until it is decided, NotFound, or Done.</summary>
/// <param name="Status">How it ended.</param>
/// <param name="Items">Ids, sorted ordinally as strings.</param>
/// <param name="Next">Where to go on; null when nothing more is there.</param>
[GenerateSerializer, Immutable, Alias("live.draw-entrants-page")]
public sealed record DrawEntrantsPage(CommandStatus Status, ImmutableArray<UserId> Items, UserId? Next);

/// <summary>A draw can be entered from here on.</summary>
[GenerateSerializer, Immutable, Alias("live.event.draw-opened")]
public sealed record DrawAnnounced(Draw Draw) : RoomEvent;

/// <summary>A draw has its winners.</summary>
[GenerateSerializer, Immutable, Alias("live.event.draw-result")]
public sealed record DrawResultAnnounced(Draw Draw) : RoomEvent;

/// <summary>A draw opened.</summary>
[GenerateSerializer, Immutable, Alias("live.tape.draw-opened")]
public sealed record TapeDrawOpened(Draw Draw) : TapeItem;

/// <summary>A draw had its winners.</summary>
[GenerateSerializer, Immutable, Alias("live.tape.draw-result")]
public sealed record TapeDrawResult(Draw Draw) : TapeItem;

/// <summary>See <see cref="DrawCondition"/>.</summary>
public sealed class DrawConditionJsonConverter : JsonConverter<DrawCondition>
{
    public override DrawCondition Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        using var json = JsonDocument.ParseValue(ref reader);
        var root = json.RootElement;
        if (root.ValueKind != JsonValueKind.Object
            || !root.TryGetProperty("kind", out var kind) || kind.ValueKind != JsonValueKind.String
            || !TryRead(kind.GetString(), Value(root), out var condition))
        {
            throw new JsonException("A condition has a kind, and a value where the kind needs one.");
        }

        return condition;
    }

    public override void Write(Utf8JsonWriter writer, DrawCondition value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        writer.WriteString("kind", Name(value.Kind));
        if (value.Phrase is { } phrase)
        {
            writer.WriteString("value", phrase);
        }
        else if (value.Seconds is { } seconds)
        {
            writer.WriteNumber("value", seconds);
        }

        writer.WriteEndObject();
    }

    /// <summary>Reads what a client sends: a kind, and a value that may be a text or a number, or null.</summary>
    public static bool TryRead(string? kind, JsonElement? value, out DrawCondition condition)
    {
        condition = DrawCondition.None;
        switch (kind)
        {
            case "none":
                return true;
            case "password":
                var phrase = value is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;
                condition = new DrawCondition(DrawConditionKind.Password, phrase, null);
                return phrase is not null;
            case "voted":
                condition = new DrawCondition(DrawConditionKind.Voted, null, null);
                return true;
            case "followed":
                condition = new DrawCondition(DrawConditionKind.Followed, null, null);
                return true;
            case "watched":
                condition = new DrawCondition(DrawConditionKind.Watched, null, SecondsOf(value));
                return condition.Seconds is >= 1 and <= DrawCondition.MaxSeconds;
            default:
                return false;
        }
    }

    private static JsonElement? Value(JsonElement root) => root.TryGetProperty("value", out var value) ? value : null;

    private static int? SecondsOf(JsonElement? value) => value switch
    {
        { ValueKind: JsonValueKind.Number } number when number.TryGetInt32(out var seconds) => seconds,
        { ValueKind: JsonValueKind.String } text when int.TryParse(
            text.GetString(), System.Globalization.NumberStyles.None,
            System.Globalization.CultureInfo.InvariantCulture, out var seconds) => seconds,
        _ => null,
    };

    private static string Name(DrawConditionKind kind) => kind switch
    {
        DrawConditionKind.None => "none",
        DrawConditionKind.Password => "password",
        DrawConditionKind.Voted => "voted",
        DrawConditionKind.Followed => "followed",
        DrawConditionKind.Watched => "watched",
        _ => throw new JsonException($"There is no condition {kind}."),
    };
}
