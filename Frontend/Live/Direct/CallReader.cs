using System.Text.Json;
using RedNote.Live;

namespace RedNote.Frontend.Live;

/// <summary>Which call a record holds.</summary>
internal enum DirectCall
{
    /// <summary>Another, or none that is as expected: SignalR's own reader has to look at it.</summary>
    None,
    JoinRoom,
    SendDanmaku,
    Like,
    Vote,
}

/// <summary>
/// Reads the calls that come by the thousand out of a record of the JSON hub protocol. Only what is exactly as the
/// protocol's clients write it is taken; whatever is odd about the rest is for SignalR's reader to find and to say.
/// </summary>
internal ref struct CallReader
{
    /// <summary>As many as a poll has options.</summary>
    public const int MaxChoices = 16;

    private Utf8JsonReader _arguments;

    /// <summary>Under which the client expects the answer; null: it expects none.</summary>
    public string? InvocationId { get; private set; }

    public DirectCall Call { get; private set; }

    /// <param name="record">A record without its separator.</param>
    /// <param name="reader">At the arguments of the call.</param>
    public static bool TryRead(ReadOnlySpan<byte> record, out CallReader reader)
    {
        reader = default;
        try
        {
            return reader.ReadEnvelope(record) && reader.Call != DirectCall.None;
        }
        catch (Exception failure) when (IsOdd(failure))
        {
            return false;
        }
    }

    public bool TryReadDanmaku(out string room, out DanmakuDraft draft)
    {
        (room, draft) = ("", null!);
        try
        {
            return ReadString(out room) && ReadDraft(out draft) && ReadEnd();
        }
        catch (Exception failure) when (IsOdd(failure))
        {
            return false;
        }
    }

    public bool TryReadLike(out string room, out int count, out string? key)
    {
        (room, count, key) = ("", 0, null);
        try
        {
            return ReadString(out room) && _arguments.Read() && _arguments.TokenType == JsonTokenType.Number
                && _arguments.TryGetInt32(out count) && ReadStringOrNull(out key) && ReadEnd();
        }
        catch (Exception failure) when (IsOdd(failure))
        {
            return false;
        }
    }

    /// <param name="room">The room's id, as it came.</param>
    /// <param name="poll">The poll's id, as it came.</param>
    /// <param name="choices">Takes <see cref="MaxChoices"/>.</param>
    /// <param name="count">How many there are.</param>
    public bool TryReadVote(out string room, out string poll, scoped Span<int> choices, out int count)
    {
        (room, poll, count) = ("", "", 0);
        try
        {
            if (!ReadString(out room) || !ReadString(out poll) || !_arguments.Read()
                || _arguments.TokenType != JsonTokenType.StartArray)
            {
                return false;
            }

            while (_arguments.Read() && _arguments.TokenType == JsonTokenType.Number && count < choices.Length)
            {
                if (!_arguments.TryGetInt32(out choices[count++]))
                {
                    return false;
                }
            }

            return _arguments.TokenType == JsonTokenType.EndArray && ReadEnd();
        }
        catch (Exception failure) when (IsOdd(failure))
        {
            return false;
        }
    }

    public bool TryReadJoin(JsonSerializerOptions options, out string room, out ResumePoint? since)
    {
        (room, since) = ("", null);
        try
        {
            if (!ReadString(out room) || !_arguments.Read())
            {
                return false;
            }

            since = JsonSerializer.Deserialize<ResumePoint>(ref _arguments, options);
            return ReadEnd();
        }
        catch (Exception failure) when (IsOdd(failure))
        {
            return false;
        }
    }

    /// <summary>Whether the reader threw it: for what is no JSON, of another type, or no text.</summary>
    private static bool IsOdd(Exception failure)
        => failure is JsonException or InvalidOperationException or FormatException;

    private bool ReadEnvelope(ReadOnlySpan<byte> record)
    {
        var reader = new Utf8JsonReader(record);
        var (isCall, hasArguments, properties) = (false, false, 0);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            return false;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            properties++;
            if (reader.ValueTextEquals("arguments"u8))
            {
                hasArguments = reader.Read() && reader.TokenType == JsonTokenType.StartArray;
                _arguments = reader;
                reader.Skip();
            }
            else if (reader.ValueTextEquals("invocationId"u8))
            {
                // An empty one means none to SignalR, and null is an error.
                InvocationId = reader.Read() ? reader.GetString() : null;
                if (string.IsNullOrEmpty(InvocationId))
                {
                    return false;
                }
            }
            else if (reader.ValueTextEquals("target"u8))
            {
                reader.Read();
                Call = Target(ref reader);
            }
            else if (reader.ValueTextEquals("type"u8))
            {
                const int Invocation = 1;
                isCall = reader.Read() && reader.TryGetInt32(out var type) && type == Invocation;
            }
            else
            {
                // Streams, headers, or what only later versions know.
                return false;
            }
        }

        // Each once: which of two counts, and for what, is not for this reader to say.
        return isCall && hasArguments && properties == (InvocationId is null ? 3 : 4)
            && reader.TokenType == JsonTokenType.EndObject && reader.BytesConsumed == record.Length;
    }

    private static DirectCall Target(ref Utf8JsonReader reader)
        => reader.TokenType != JsonTokenType.String ? DirectCall.None
            : reader.ValueTextEquals("SendDanmaku"u8) ? DirectCall.SendDanmaku
            : reader.ValueTextEquals("Like"u8) ? DirectCall.Like
            : reader.ValueTextEquals("Vote"u8) ? DirectCall.Vote
            : reader.ValueTextEquals("JoinRoom"u8) ? DirectCall.JoinRoom
            : DirectCall.None;

    private bool ReadDraft(out DanmakuDraft draft)
    {
        draft = null!;
        if (!_arguments.Read() || _arguments.TokenType != JsonTokenType.StartObject)
        {
            return false;
        }

        string? text = null, mode = null, color = null, key = null;
        while (_arguments.Read() && _arguments.TokenType == JsonTokenType.PropertyName)
        {
            var known = _arguments.ValueTextEquals("text"u8) ? ReadStringOrNull(out text)
                : _arguments.ValueTextEquals("mode"u8) ? ReadStringOrNull(out mode)
                : _arguments.ValueTextEquals("color"u8) ? ReadStringOrNull(out color)
                : _arguments.ValueTextEquals("key"u8) && ReadStringOrNull(out key);
            if (!known)
            {
                return false;
            }
        }

        draft = new DanmakuDraft(text, mode, color, key);
        return _arguments.TokenType == JsonTokenType.EndObject;
    }

    private bool ReadString(out string text)
    {
        text = "";
        if (!_arguments.Read() || _arguments.TokenType != JsonTokenType.String)
        {
            return false;
        }

        text = _arguments.GetString()!;
        return true;
    }

    private bool ReadStringOrNull(out string? text)
    {
        text = null;
        if (!_arguments.Read() || _arguments.TokenType is not (JsonTokenType.String or JsonTokenType.Null))
        {
            return false;
        }

        text = _arguments.GetString();
        return true;
    }

    private bool ReadEnd() => _arguments.Read() && _arguments.TokenType == JsonTokenType.EndArray;
}
