using System.Diagnostics;
using System.Globalization;
using System.Text;
using RedNote.Load.Measure;
using RedNote.Load.Wire;

namespace RedNote.Load.Chat;

/// <summary>One member who opens a group again and again, each time as somebody who was away for a few messages.
/// </summary>
internal sealed class HistoryLoop(string groupId, long afterSeq, CancellationToken stop) : HubLoop(stop)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private int _answered;

    /// <summary>Opens the group so many times, one after the other.</summary>
    public Histogram Open(System.Net.IPEndPoint server, string path, int times)
    {
        var took = new Histogram();
        OpenAll(server, [path], static _ => { });
        for (var i = 0; i < times && Problem is null; i++)
        {
            var since = Stopwatch.GetTimestamp();
            var wanted = _answered + 1;
            Connections[0].Send(Call(i.ToString(CultureInfo.InvariantCulture)));
            while (_answered < wanted && Problem is null)
            {
                Pump(1);
                Problem ??= Stopwatch.GetElapsedTime(since) > Patience ? "the group does not open" : null;
            }

            took.Record((long)Stopwatch.GetElapsedTime(since).TotalMicroseconds);
        }

        return took;
    }

    protected override ReadOnlySpan<byte> JoinOf(int connection) => Call("join");

    protected override void TakeAnswer(HubConnection connection, ReadOnlySpan<byte> record)
    {
        _answered++;
        if (record.IndexOf("\"lastSeq\":"u8) < 0)
        {
            Complain("opening the group was answered ", record);
        }
    }

    protected override void TakeInvocation(HubConnection connection, ReadOnlySpan<byte> record)
    {
    }

    private byte[] Call(string id) => Encoding.ASCII.GetBytes(
        $"{{\"type\":1,\"invocationId\":\"{id}\",\"target\":\"OpenGroup\",\"arguments\":[\"{groupId}\","
        + $"{afterSeq.ToString(CultureInfo.InvariantCulture)}]}}\u001e");
}
