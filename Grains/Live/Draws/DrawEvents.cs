using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace RedNote.Live;

/// <summary>
/// The seed of a draw: 64 lower-case hex characters that nobody outside may see before the cut-off. It prints as
/// nothing, so that an event that gets into a message or a line of a log does not give it away.
/// </summary>
[JsonConverter(typeof(DrawSeedJsonConverter))]
public readonly record struct DrawSeed(string Hex)
{
    public override string ToString() => "(secret)";
}

/// <summary>A seed in the log is its text.</summary>
public sealed class DrawSeedJsonConverter : JsonConverter<DrawSeed>
{
    public override DrawSeed Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        => new(reader.GetString() ?? throw new JsonException("A draw has a seed."));

    public override void Write(Utf8JsonWriter writer, DrawSeed value, JsonSerializerOptions options)
        => writer.WriteStringValue(value.Hex);
}

/// <summary>Something that happened to a lucky draw.</summary>
public abstract record DrawEvent(long At) : LiveRoomEvent(At);

/// <summary>A draw opened.</summary>
/// <param name="At">When, Unix ms.</param>
/// <param name="DrawId">Names it within the room.</param>
/// <param name="MediaAt">Media time, ms.</param>
/// <param name="Prize">1 to 120 characters.</param>
/// <param name="Winners">How many can win.</param>
/// <param name="Condition">Who may enter.</param>
/// <param name="ClosesAt">The cut-off, Unix ms.</param>
/// <param name="Seed">Decides who wins; secret until the result is in the log.</param>
/// <param name="Key">The host's key.</param>
/// <param name="Check">A hash of what was asked for, to tell a repeat from a conflict.</param>
public sealed record DrawOpened(
    long At,
    DrawId DrawId,
    long MediaAt,
    string Prize,
    int Winners,
    DrawCondition Condition,
    long ClosesAt,
    DrawSeed Seed,
    string Key,
    long Check) : DrawEvent(At), IMediaEvent
{
    /// <summary>What is published of it when it opens.</summary>
    public Draw ToDraw() => new RunningDraw(this).Card(closed: false);
}

/// <summary>Users sent the pass-phrase of an open draw for the first time. Of its own, as the danmaku's text may be
/// blanked later.</summary>
public sealed record DrawPhraseSaid(long At, DrawId DrawId, ImmutableArray<UserId> Users) : DrawEvent(At);

/// <summary>Users entered a draw.</summary>
public sealed record DrawEntered(long At, DrawId DrawId, ImmutableArray<UserId> Users) : DrawEvent(At);

/// <summary>The cut-off: from here on the entrants do not change.</summary>
/// <param name="At">When, Unix ms; before the announced time if the show ended.</param>
/// <param name="DrawId">The draw.</param>
/// <param name="Entrants">How many there are.</param>
public sealed record DrawClosed(long At, DrawId DrawId, int Entrants) : DrawEvent(At);

/// <summary>A piece of the frozen entrant list; together they are all of it, in order.</summary>
/// <param name="At">When, Unix ms.</param>
/// <param name="DrawId">The draw.</param>
/// <param name="First">Place of the first of them in the list, from 0.</param>
/// <param name="Users">Sorted ordinally as strings.</param>
public sealed record DrawListed(long At, DrawId DrawId, int First, ImmutableArray<UserId> Users) : DrawEvent(At);

/// <summary>The result, with the seed and all that proves it.</summary>
/// <param name="At">When, Unix ms.</param>
/// <param name="MediaAt">Media time, ms.</param>
/// <param name="Draw">The draw as it is published from here on.</param>
public sealed record DrawDecided(long At, long MediaAt, Draw Draw) : DrawEvent(At), IMediaEvent;
