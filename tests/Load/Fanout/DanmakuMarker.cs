using System.Buffers.Text;

namespace RedNote.Load.Fanout;

/// <summary>
/// Numbers the danmaku of a run in their text, so that a receiver finds them in any server's bytes without parsing
/// JSON: <c>@@</c> and eight digits. When number n was due follows from n alone.
/// </summary>
public static class DanmakuMarker
{
    public const int MinTextBytes = 16;
    private const int Digits = 8;

    private static ReadOnlySpan<byte> Mark => "@@"u8;

    /// <summary>Fills the text: the mark, then letters that differ from text to text (no near-duplicates).</summary>
    public static void Write(Span<byte> text, int number)
    {
        Mark.CopyTo(text);
        var rest = number;
        for (var i = Mark.Length + Digits - 1; i >= Mark.Length; i--)
        {
            text[i] = (byte)('0' + (rest % 10));
            rest /= 10;
        }

        var state = (uint)number;
        foreach (ref var letter in text[(Mark.Length + Digits)..])
        {
            state = (state * 1664525) + 1013904223;
            letter = (byte)('a' + ((state >> 24) % 26));
        }
    }

    /// <summary>Takes the next number out of a record and moves past it; false: there is none.</summary>
    public static bool TryTake(ref ReadOnlySpan<byte> record, out int number)
    {
        number = 0;
        for (var at = record.IndexOf(Mark); at >= 0; at = record.IndexOf(Mark))
        {
            record = record[(at + Mark.Length)..];
            if (record.Length >= Digits && Utf8Parser.TryParse(record[..Digits], out number, out var used)
                && used == Digits)
            {
                record = record[Digits..];
                return true;
            }
        }

        return false;
    }
}
