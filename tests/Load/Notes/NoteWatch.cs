using System.Diagnostics;
using System.Net;
using System.Text;
using RedNote.Load.Crowd;
using RedNote.Load.Wire;

namespace RedNote.Load.Notes;

/// <summary>Connections that watch one note.</summary>
internal sealed class NoteWatch(string note, int watchers, CancellationToken stop) : HubLoop(stop)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly byte[] _watch = Encoding.ASCII.GetBytes(
        $"{{\"type\":1,\"invocationId\":\"join\",\"target\":\"WatchNote\",\"arguments\":[\"{note}\"]}}\u001e");

    private readonly long[] _likes = new long[watchers];

    /// <summary>Counts that came.</summary>
    public long Heard { get; private set; }

    public void Open(IPEndPoint server, string[] paths) => OpenAll(server, paths, static _ => { });

    /// <summary>Reads what is there.</summary>
    public void Tend() => Pump(0);

    /// <summary>Waits until everybody has been told that number, and answers how long it took.</summary>
    public TimeSpan Settle(long likes)
    {
        var began = Stopwatch.GetTimestamp();
        while (Array.Exists(_likes, told => told != likes))
        {
            Pump(5);
            if (Stopwatch.GetElapsedTime(began) > Patience)
            {
                Problem ??= $"{_likes.Count(told => told != likes)} watchers were not told that {likes} like the note";
                break;
            }
        }

        return Stopwatch.GetElapsedTime(began);
    }

    protected override ReadOnlySpan<byte> JoinOf(int connection) => _watch;

    protected override void TakeAnswer(HubConnection connection, ReadOnlySpan<byte> record)
        => Complain("a watcher was answered ", record);

    protected override void TakeInvocation(HubConnection connection, ReadOnlySpan<byte> record)
    {
        if (record.IndexOf("\"target\":\"note\""u8) >= 0)
        {
            Heard++;
            _likes[connection.Id] = JsonBits.Number(record, "\"likes\":"u8);
        }
    }
}
