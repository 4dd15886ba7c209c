using System.Globalization;
using System.Text;
using RedNote.Load.Crowd;

namespace RedNote.Load.Fanout;

/// <summary>
/// The bytes of the hub call that sends a danmaku. Its number is written into the text (<see cref="DanmakuMarker"/>),
/// by which receivers know it, and into the invocation id, by which its verdict is known.
/// </summary>
public sealed class DanmakuCall
{
    private const string Head = "{\"type\":1,\"invocationId\":\"";
    private const string IdFormat = "D8";

    private readonly byte[] _bytes;
    private readonly Range _text;

    public DanmakuCall(string roomId, int textBytes)
    {
        var head = $"{Head}00000000\",\"target\":\"SendDanmaku\",\"arguments\":[\"{roomId}\",{{\"text\":\"";
        _text = head.Length..(head.Length + textBytes);
        _bytes = Encoding.ASCII.GetBytes($"{head}{new string('x', textBytes)}\"}}]}}\u001e");
    }

    /// <summary>The call for a number up to eight digits; valid until the next one.</summary>
    public ReadOnlySpan<byte> Numbered(int number)
    {
        number.TryFormat(_bytes.AsSpan(Head.Length), out _, IdFormat, CultureInfo.InvariantCulture);
        DanmakuMarker.Write(_bytes.AsSpan(_text), number);
        return _bytes;
    }

    /// <summary>The number that a verdict is for.</summary>
    public static int NumberOf(ReadOnlySpan<byte> verdict) => (int)JsonBits.Number(verdict, "\"invocationId\":\""u8);
}
