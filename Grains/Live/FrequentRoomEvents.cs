using System.Globalization;
using System.Text.Json;
using RedNote.Journal;

namespace RedNote.Live;

/// <summary>Writes danmaku into a room's log: nearly all that a busy room writes.</summary>
internal sealed class FrequentRoomEvents : IFrequentEvents<LiveRoomEvent>
{
    private static readonly JsonEncodedText Kind = JsonEncodedText.Encode(JournalJson.Kind);
    private static readonly JsonEncodedText Sent = JsonEncodedText.Encode("room.danmaku_sent");
    private static readonly JsonEncodedText At = JsonEncodedText.Encode("at");
    private static readonly JsonEncodedText Seq = JsonEncodedText.Encode("seq");
    private static readonly JsonEncodedText UserId = JsonEncodedText.Encode("userId");
    private static readonly JsonEncodedText Name = JsonEncodedText.Encode("name");
    private static readonly JsonEncodedText Text = JsonEncodedText.Encode("text");
    private static readonly JsonEncodedText Color = JsonEncodedText.Encode("color");
    private static readonly JsonEncodedText MediaAt = JsonEncodedText.Encode("mediaAt");
    private static readonly JsonEncodedText Key = JsonEncodedText.Encode("key");
    private static readonly JsonEncodedText Check = JsonEncodedText.Encode("check");

    public bool TryWrite(LiveRoomEvent raised, Utf8JsonWriter writer)
    {
        if (raised is not DanmakuSent { Mode: DanmakuMode.Scroll, HeldId: null } sent)
        {
            return false;
        }

        Span<char> user = stackalloc char[20];
        sent.UserId.Value.TryFormat(user, out var length, provider: CultureInfo.InvariantCulture);
        writer.WriteStartObject();
        writer.WriteString(Kind, Sent);
        writer.WriteNumber(At, sent.At);
        writer.WriteNumber(Seq, sent.Seq);
        writer.WriteString(UserId, user[..length]);
        writer.WriteString(Name, sent.Name);
        writer.WriteString(Text, sent.Text);
        writer.WriteString(Color, sent.Color);
        writer.WriteNumber(MediaAt, sent.MediaAt);
        if (sent.Key is { } key)
        {
            writer.WriteString(Key, key);
        }

        if (sent.Check is { } check)
        {
            writer.WriteNumber(Check, check);
        }

        writer.WriteEndObject();
        return true;
    }
}
