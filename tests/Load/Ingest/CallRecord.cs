using System.Globalization;
using System.Text;
using RedNote.Load.Crowd;

namespace RedNote.Load.Ingest;

/// <summary>The bytes of a hub call. The number by which its answer is known is written into them before each send.
/// </summary>
/// <param name="target">The method.</param>
/// <param name="arguments">Its arguments as JSON, without the brackets.</param>
internal sealed class CallRecord(string target, string arguments)
{
    /// <summary>Numbers have two digits.</summary>
    public const int MaxSlots = 64;

    private const string Head = "{\"type\":1,\"invocationId\":\"";

    private readonly byte[] _bytes = Encoding.ASCII.GetBytes(
        $"{Head}00\",\"target\":\"{target}\",\"arguments\":[{arguments}]}}\u001e");

    public Span<byte> Bytes => _bytes;

    /// <summary>Its bytes with that number.</summary>
    public ReadOnlySpan<byte> Numbered(int slot)
    {
        slot.TryFormat(_bytes.AsSpan(Head.Length), out _, "D2", CultureInfo.InvariantCulture);
        return _bytes;
    }

    /// <summary>The number that an answer bears.</summary>
    public static int SlotOf(ReadOnlySpan<byte> answer) => (int)JsonBits.Number(answer, "\"invocationId\":\""u8);
}
