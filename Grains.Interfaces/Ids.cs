using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace RedNote;

/// <summary>A typed 64-bit identifier; on the wire a string holding a positive decimal integer.</summary>
public interface IEntityId<TSelf> where TSelf : struct, IEntityId<TSelf>
{
    /// <summary>The number, also the grain's integer key.</summary>
    long Value { get; }

    static abstract TSelf From(long value);
}

/// <summary>Identifies a user; the key of <see cref="Users.IUserGrain"/>.</summary>
[GenerateSerializer, Immutable, Alias("rednote.user-id"), JsonConverter(typeof(EntityIdJsonConverter<UserId>))]
public readonly record struct UserId(long Value) : IEntityId<UserId>
{
    public static UserId From(long value) => new(value);

    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}

/// <summary>Identifies a live room; the key of <see cref="Live.ILiveRoomGrain"/>.</summary>
[GenerateSerializer, Immutable, Alias("rednote.room-id"), JsonConverter(typeof(EntityIdJsonConverter<RoomId>))]
public readonly record struct RoomId(long Value) : IEntityId<RoomId>
{
    public static RoomId From(long value) => new(value);

    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}

/// <summary>Identifies a lucky draw within its room.</summary>
[GenerateSerializer, Immutable, Alias("rednote.draw-id"), JsonConverter(typeof(EntityIdJsonConverter<DrawId>))]
public readonly record struct DrawId(long Value) : IEntityId<DrawId>
{
    public static DrawId From(long value) => new(value);

    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}

/// <summary>Identifies a poll; no other in any room has the same.</summary>
[GenerateSerializer, Immutable, Alias("rednote.poll-id"), JsonConverter(typeof(EntityIdJsonConverter<PollId>))]
public readonly record struct PollId(long Value) : IEntityId<PollId>
{
    public static PollId From(long value) => new(value);

    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}

/// <summary>Identifies a PK; no other in any room has the same.</summary>
[GenerateSerializer, Immutable, Alias("rednote.pk-id"), JsonConverter(typeof(EntityIdJsonConverter<PkId>))]
public readonly record struct PkId(long Value) : IEntityId<PkId>
{
    public static PkId From(long value) => new(value);

    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}

/// <summary>Identifies a question within its room, from 1.</summary>
[GenerateSerializer, Immutable, Alias("rednote.question-id"), JsonConverter(typeof(EntityIdJsonConverter<QuestionId>))]
public readonly record struct QuestionId(long Value) : IEntityId<QuestionId>
{
    public static QuestionId From(long value) => new(value);

    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}

/// <summary>Identifies a group, or a conversation of two; the key of <see cref="Groups.IGroupGrain"/>.</summary>
[GenerateSerializer, Immutable, Alias("rednote.group-id"), JsonConverter(typeof(EntityIdJsonConverter<GroupId>))]
public readonly record struct GroupId(long Value) : IEntityId<GroupId>
{
    public static GroupId From(long value) => new(value);

    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}

/// <summary>Identifies a note; the key of <see cref="Notes.INoteGrain"/>.</summary>
[GenerateSerializer, Immutable, Alias("rednote.note-id"), JsonConverter(typeof(EntityIdJsonConverter<NoteId>))]
public readonly record struct NoteId(long Value) : IEntityId<NoteId>
{
    public static NoteId From(long value) => new(value);

    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}

/// <summary>Identifies a deal; numbers are given away one after the other, as those of orders hold them.</summary>
[GenerateSerializer, Immutable, Alias("rednote.deal-id"), JsonConverter(typeof(EntityIdJsonConverter<DealId>))]
public readonly record struct DealId(long Value) : IEntityId<DealId>
{
    /// <summary>The last number: an order's number has to fit behind it.</summary>
    public const long MaxValue = long.MaxValue >> OrderId.NumberBits;

    public static DealId From(long value) => new(value);

    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}

/// <summary>Identifies an order: its deal, and its number in it, so that nobody has to be asked where it is.</summary>
[GenerateSerializer, Immutable, Alias("rednote.order-id"), JsonConverter(typeof(EntityIdJsonConverter<OrderId>))]
public readonly record struct OrderId(long Value) : IEntityId<OrderId>
{
    /// <summary>Bits of an order's number.</summary>
    public const int NumberBits = 26;

    /// <summary>The last number an order of a deal can have.</summary>
    public const int MaxNumber = (1 << NumberBits) - 1;

    public DealId Deal => new(Value >> NumberBits);

    /// <summary>Which order of the deal it is, from 1.</summary>
    public int Number => (int)(Value & MaxNumber);

    public static OrderId From(long value) => new(value);

    public static OrderId Of(DealId deal, int number) => new((deal.Value << NumberBits) | (uint)number);

    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}

/// <summary>Reads identifiers that come from outside.</summary>
public static class EntityId
{
    /// <summary>The most digits a positive 64-bit integer has.</summary>
    public const int MaxDigits = 19;

    /// <summary>
    /// Accepts 1 to 19 ASCII digits without sign or leading zero, up to <see cref="long.MaxValue"/>: every
    /// identifier has exactly one spelling, so two spellings never name the same room.
    /// </summary>
    public static bool TryParse<TId>(ReadOnlySpan<char> text, out TId id) where TId : struct, IEntityId<TId>
    {
        id = default;
        if (text.Length is 0 or > MaxDigits || text[0] == '0')
        {
            return false;
        }

        if (!long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value))
        {
            return false;
        }

        id = TId.From(value);
        return true;
    }
}

/// <summary>Writes an identifier as a string, as JavaScript cannot hold 64 bits in a number.</summary>
public sealed class EntityIdJsonConverter<TId> : JsonConverter<TId> where TId : struct, IEntityId<TId>
{
    public override TId Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        => reader.TokenType == JsonTokenType.String ? Parse(reader.GetString()) : throw Malformed();

    public override void Write(Utf8JsonWriter writer, TId value, JsonSerializerOptions options)
    {
        Span<char> digits = stackalloc char[20];
        value.Value.TryFormat(digits, out var length, provider: CultureInfo.InvariantCulture);
        writer.WriteStringValue(digits[..length]);
    }

    public override TId ReadAsPropertyName(
        ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => Parse(reader.GetString());

    public override void WriteAsPropertyName(Utf8JsonWriter writer, TId value, JsonSerializerOptions options)
        => writer.WritePropertyName(value.Value.ToString(CultureInfo.InvariantCulture));

    private static TId Parse(string? text) => EntityId.TryParse<TId>(text, out var id) ? id : throw Malformed();

    private static JsonException Malformed() => new("An id is a string that holds a positive decimal integer.");
}
