using System.Diagnostics;
using System.Net;
using RedNote.Load.Crowd;
using RedNote.Load.Fanout;
using RedNote.Load.Measure;
using RedNote.Load.Wire;

namespace RedNote.Load.Ramp;

/// <summary>
/// A storm of viewers who join one room as fast as they can, and two people who talk meanwhile on schedule: one in that
/// room (connection 0) and one in another (connection 1). One thread; not thread-safe.
/// </summary>
internal sealed class RampLoop(
    string stormRoom, string otherRoom, RampOptions options, TimeSpan quiet, TimeSpan atMost, CancellationToken stop)
    : HubLoop(stormRoom, stop)
{
    private const int Talkers = 2;
    private const int TextBytes = 40;
    private const int Kept = 1 << 16;

    private readonly byte[] _joinOther = JoinOf(otherRoom);
    private readonly Talk[] _talks =
        [new(stormRoom, options.Talk, quiet + atMost), new(otherRoom, options.Talk, quiet + atMost)];

    private bool _storm;

    /// <summary>Verdicts of what was due while the viewers came: in their room, and in the other.</summary>
    public (Histogram Theirs, Histogram Other) Meanwhile => (_talks[0].Meanwhile, _talks[1].Meanwhile);

    /// <summary>Verdicts before that.</summary>
    public (Histogram Theirs, Histogram Other) Before => (_talks[0].Before, _talks[1].Before);

    /// <summary>From the first connection to the last snapshot.</summary>
    public TimeSpan Took { get; private set; }

    /// <summary>Sends that have no verdict.</summary>
    public long Unanswered => _talks.Sum(talk => talk.Sent - talk.Answered);

    /// <summary>Sends that were not accepted.</summary>
    public long Refused => _talks.Sum(talk => talk.Refused);

    protected override int MaxJoining => options.Parallel;

    /// <summary>The two talk for a while, then everybody comes; ends when all are in and the last verdict is there.
    /// </summary>
    public void Run(IPEndPoint server, string[] paths, Action onStorm, Action<string, double> progress)
    {
        OpenAll(server, paths[..Talkers], static _ => { });
        var began = Stopwatch.GetTimestamp();
        Array.ForEach(_talks, talk => talk.Schedule.Start(began));
        while (Stopwatch.GetElapsedTime(began) is var passed && passed < quiet)
        {
            Speak();
            progress("quiet", passed / quiet);
            Pump(1);
        }

        onStorm();
        _storm = true;
        var since = Stopwatch.GetTimestamp();
        OpenAll(server, paths, share =>
        {
            Speak();
            progress("storm", share);
        });
        Took = Stopwatch.GetElapsedTime(since);
        for (var last = Stopwatch.GetTimestamp(); Unanswered > 0 && Stopwatch.GetElapsedTime(last) < atMost;)
        {
            Pump(5);
        }
    }

    protected override ReadOnlySpan<byte> JoinOf(int connection)
        => connection == 1 ? _joinOther : base.JoinOf(connection);

    protected override void TakeAnswer(HubConnection connection, ReadOnlySpan<byte> record)
        => _talks[connection.Id].Take((int)JsonBits.Number(record, "\"invocationId\":\""u8), record);

    protected override void TakeInvocation(HubConnection connection, ReadOnlySpan<byte> record)
    {
    }

    private void Speak()
    {
        var now = Stopwatch.GetTimestamp();
        for (var talker = 0; talker < Talkers; talker++)
        {
            while (_talks[talker].Schedule.TryTake(now, out var number))
            {
                Connections[talker].Send(_talks[talker].Next(number, _storm));
            }
        }
    }

    /// <summary>What one of them says, and how soon it is answered.</summary>
    private sealed class Talk(string room, int perSecond, TimeSpan atMost)
    {
        private readonly long[] _due = new long[Kept];
        private readonly bool[] _inStorm = new bool[Kept];

        public OpenLoop Schedule { get; } = new(new OpenLoop.Phase(atMost, perSecond));

        public Histogram Before { get; } = new();

        public Histogram Meanwhile { get; } = new();

        public long Sent { get; private set; }

        public long Answered { get; private set; }

        public long Refused { get; private set; }

        public byte[] Next(long number, bool inStorm)
        {
            var slot = (int)(number % Kept);
            _due[slot] = Schedule.DueAt(number);
            _inStorm[slot] = inStorm;
            Sent++;
            var text = new byte[TextBytes];
            DanmakuMarker.Write(text, (int)number);
            return System.Text.Encoding.ASCII.GetBytes(
                $"{{\"type\":1,\"invocationId\":\"{slot}\",\"target\":\"SendDanmaku\",\"arguments\":[\"{room}\","
                + $"{{\"text\":\"{System.Text.Encoding.ASCII.GetString(text)}\"}}]}}\u001e");
        }

        public void Take(int slot, ReadOnlySpan<byte> record)
        {
            Answered++;
            Refused += record.IndexOf("\"status\":\"accepted\""u8) >= 0 ? 0 : 1;
            var took = (long)Stopwatch.GetElapsedTime(_due[slot]).TotalMicroseconds;
            (_inStorm[slot] ? Meanwhile : Before).Record(took);
        }
    }
}
