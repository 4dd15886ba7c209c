using System.Buffers;
using System.Buffers.Text;
using RedNote.Live;

namespace RedNote.Frontend.Live;

/// <summary>
/// The answers that are given most, by the thousand a second: a danmaku was accepted, or a vote. Written byte for byte
/// as the JSON protocol writes them, for a fifth of the cost.
/// </summary>
internal static class FrequentAnswers
{
    /// <summary>Most bytes of an answer beside the call's id: the fixed parts, and a number of 19 digits.</summary>
    private const int MaxBytes = 96;

    /// <summary>Longer ids are left to the protocol.</summary>
    private const int MaxId = 20;

    private static readonly SearchValues<char> Digits = SearchValues.Create("0123456789");

    /// <summary>Writes the answer if it is of that kind, and the call's id a number as clients' ids are.</summary>
    public static bool TryWrite(string callId, object told, IBufferWriter<byte> output)
    {
        if (told is not Verdict { Status: VerdictStatus.Accepted } verdict
            || verdict.Reason is not null || verdict.RetryAfterMs is not null || verdict.HeldId is not null
            || verdict.Unmet is not null || verdict.QuestionId is not null
            || callId.Length > MaxId || callId.AsSpan().ContainsAnyExcept(Digits))
        {
            return false;
        }

        var target = output.GetSpan(MaxBytes + MaxId);
        var written = Put("{\"type\":3,\"invocationId\":\""u8, target);
        foreach (var digit in callId)
        {
            target[written++] = (byte)digit;
        }

        written += Put("\",\"result\":{\"status\":\"accepted\""u8, target[written..]);
        if (verdict.Seq is { } seq)
        {
            written += Put(",\"seq\":"u8, target[written..]);
            Utf8Formatter.TryFormat(seq, target[written..], out var length);
            written += length;
        }

        written += Put("}}\u001e"u8, target[written..]);
        output.Advance(written);
        return true;
    }

    private static int Put(ReadOnlySpan<byte> part, Span<byte> target)
    {
        part.CopyTo(target);
        return part.Length;
    }
}
