using System.Diagnostics;
using System.Net;
using RedNote.Load.Wire;

namespace RedNote.Load.Idle;

/// <summary>Viewers of a quiet room: they join, answer pings and do nothing. Not thread-safe.</summary>
internal sealed class IdleLoop(string roomId, CancellationToken stop) : HubLoop(roomId, stop)
{
    public void Open(IPEndPoint server, string[] paths, Action<double> progress) => OpenAll(server, paths, progress);

    /// <summary>Stays for so long; <paramref name="each"/> is called once a second.</summary>
    public void Stay(TimeSpan time, Action each)
    {
        var since = Stopwatch.GetTimestamp();
        var next = 1;
        while (Stopwatch.GetElapsedTime(since) is var passed && passed < time)
        {
            Pump(20);
            if (passed.TotalSeconds >= next)
            {
                next++;
                each();
            }
        }
    }

    protected override void TakeAnswer(HubConnection connection, ReadOnlySpan<byte> record)
    {
    }

    protected override void TakeInvocation(HubConnection connection, ReadOnlySpan<byte> record)
    {
    }
}

/// <summary>Visitors who look into one room after the other, each for as long as a snapshot takes. Not thread-safe.
/// </summary>
internal sealed class VisitLoop(string[] rooms, int visitors, CancellationToken stop) : HubLoop(rooms[0], stop)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly byte[][] _joins = [.. rooms.Select(JoinOf)];
    private readonly byte[][] _leaves =
    [
        .. rooms.Select(room => System.Text.Encoding.ASCII.GetBytes(
            $"{{\"type\":1,\"target\":\"LeaveRoom\",\"arguments\":[\"{room}\"]}}\u001e")),
    ];

    private readonly int[] _at = [.. Enumerable.Range(0, visitors)];
    private int _visited;

    /// <summary>Every room is visited once.</summary>
    public void Run(IPEndPoint server, string[] paths, Action<double> progress)
    {
        OpenAll(server, paths[..visitors], static _ => { });
        var since = Stopwatch.GetTimestamp();
        while (_visited < rooms.Length)
        {
            Pump(20);
            progress((double)_visited / rooms.Length);
            if (Problem is not null || Stopwatch.GetElapsedTime(since) > Patience)
            {
                throw new LoadException($"{_visited} of {rooms.Length} rooms were visited. {Problem}");
            }
        }
    }

    protected override ReadOnlySpan<byte> JoinOf(int connection) => _joins[_at[connection]];

    protected override void TakeJoined(HubConnection connection, ReadOnlySpan<byte> record)
    {
        _visited++;
        ref var at = ref _at[connection.Id];
        connection.Send(_leaves[at]);
        at += visitors;
        if (at < rooms.Length)
        {
            connection.Send(_joins[at]);
        }
    }

    protected override void TakeAnswer(HubConnection connection, ReadOnlySpan<byte> record)
    {
    }

    protected override void TakeInvocation(HubConnection connection, ReadOnlySpan<byte> record)
    {
    }
}
