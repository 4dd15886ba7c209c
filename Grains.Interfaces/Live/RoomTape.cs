using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace RedNote.Live;

/// <summary>Something that can be replayed.</summary>
[GenerateSerializer, Immutable, Alias("live.tape-item")]
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(TapeDanmaku), "danmaku")]
[JsonDerivedType(typeof(TapeLikes), "likes")]
[JsonDerivedType(typeof(TapeStarted), "started")]
[JsonDerivedType(typeof(TapeEnded), "ended")]
[JsonDerivedType(typeof(TapeDrawOpened), "draw_opened")]
[JsonDerivedType(typeof(TapeDrawResult), "draw_result")]
[JsonDerivedType(typeof(TapeLikeMilestone), "like_milestone")]
[JsonDerivedType(typeof(TapePollOpened), "poll_opened")]
[JsonDerivedType(typeof(TapePollClosed), "poll_closed")]
[JsonDerivedType(typeof(TapePkOpened), "pk_opened")]
[JsonDerivedType(typeof(TapePkClosed), "pk_closed")]
[JsonDerivedType(typeof(TapeQuestion), "question")]
[JsonDerivedType(typeof(TapeQuestionAnswered), "question_answered")]
[JsonDerivedType(typeof(TapeDealOpened), "deal_opened")]
[JsonDerivedType(typeof(TapeDealEnded), "deal_ended")]
[JsonDerivedType(typeof(TapePinned), "pinned")]
[JsonDerivedType(typeof(TapeUnpinned), "unpinned")]
public abstract record TapeItem
{
    /// <summary>Media time: ms since the room went live.</summary>
    [Id(0), JsonPropertyOrder(-1)]
    public long At { get; init; }
}

/// <summary>A danmaku; <paramref name="SentAt"/> is Unix ms, the rest as in <see cref="Danmaku"/>.</summary>
[GenerateSerializer, Immutable, Alias("live.tape.danmaku")]
public sealed record TapeDanmaku(
    long Seq, UserId UserId, string Name, string Text, DanmakuMode Mode, string Color, long SentAt, int? Count = null)
    : TapeItem
{
    /// <summary>Left out of the viewers' frames by the display budget; absent: shown.</summary>
    [Id(40), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Sampled { get; init; }
}

/// <summary>Likes that came together.</summary>
[GenerateSerializer, Immutable, Alias("live.tape.likes")]
public sealed record TapeLikes(long Count) : TapeItem;

/// <summary>The room went live.</summary>
[GenerateSerializer, Immutable, Alias("live.tape.started")]
public sealed record TapeStarted : TapeItem;

/// <summary>The show ended.</summary>
[GenerateSerializer, Immutable, Alias("live.tape.ended")]
public sealed record TapeEnded : TapeItem;

/// <summary>
/// A place on a tape: before every item of media time <paramref name="At"/>, or right behind the item
/// <paramref name="After"/> of that time. Written as <c>12500</c>, or <c>12500.873</c>.
/// </summary>
/// <param name="At">Media time, ms; from 0.</param>
/// <param name="After">Number of the item in the room's log; 0: none.</param>
[GenerateSerializer, Immutable, Alias("live.tape-position"), JsonConverter(typeof(TapePositionJsonConverter))]
public readonly record struct TapePosition(long At, long After)
{
    /// <summary>Reads what <see cref="ToString"/> writes.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out TapePosition position)
    {
        position = default;
        var dot = text.IndexOf('.');
        var after = 0L;
        if (!TryNumber(dot < 0 ? text : text[..dot], out var at)
            || (dot >= 0 && !TryNumber(text[(dot + 1)..], out after)))
        {
            return false;
        }

        position = new TapePosition(at, after);
        return true;
    }

    public override string ToString()
        => After == 0
            ? At.ToString(CultureInfo.InvariantCulture)
            : string.Create(CultureInfo.InvariantCulture, $"{At}.{After}");

    private static bool TryNumber(ReadOnlySpan<char> text, out long number)
        => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}

/// <summary>A position is a string, as it is no number one could calculate with.</summary>
public sealed class TapePositionJsonConverter : JsonConverter<TapePosition>
{
    public override TapePosition Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        => reader.TokenType == JsonTokenType.String && TapePosition.TryParse(reader.GetString(), out var position)
            ? position
            : throw new JsonException("A position on a tape is a string as an answer gave it.");

    public override void Write(Utf8JsonWriter writer, TapePosition value, JsonSerializerOptions options)
        => writer.WriteStringValue(value.ToString());
}

/// <summary>Asks for what lies from <paramref name="From"/> on, before media time <paramref name="To"/> (null: to the
/// end), at most <paramref name="Limit"/> items.</summary>
[GenerateSerializer, Immutable, Alias("live.tape-query")]
public sealed record TapeQuery(TapePosition From, long? To, int Limit)
{
    /// <summary>Items in one answer.</summary>
    public const int MaxLimit = 500;
}

/// <summary>
/// A piece of a tape, in order. <paramref name="Next"/> is where to go on, null when nothing more was there in the
/// asked range.
/// </summary>
[GenerateSerializer, Immutable, Alias("live.tape-page")]
public sealed record TapePage(ImmutableArray<TapeItem> Items, TapePosition? Next);
