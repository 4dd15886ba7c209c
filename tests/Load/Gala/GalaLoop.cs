using System.Diagnostics;
using System.Net;
using System.Text.Unicode;
using RedNote.Load.Crowd;
using RedNote.Load.Fanout;
using RedNote.Load.Measure;
using RedNote.Load.Wire;

namespace RedNote.Load.Gala;

/// <summary>
/// Everybody at the gala on one thread: residents who tap, talk, vote and buy on schedule whatever the server does, and
/// passers who come, look on and go. Takes down every answer. Not thread-safe.
/// </summary>
internal sealed class GalaLoop(
    GalaOptions options, string roomId, GalaStage stage, CancellationToken stop) : HubLoop(roomId, stop)
{
    /// <summary>Calls made before what has come is read again.</summary>
    private const int CallsAtOnce = 256;

    private const int TextBytes = 24;

    /// <summary>One in so many says what others say, and is merged.</summary>
    private const int OneInCommon = 10;

    /// <summary>Buys that one deal gets before the host goes on to the next.</summary>
    private const int BuysPerDeal = 2_500;

    private readonly string _room = roomId;
    private readonly GalaPace _pace = options.Pace();
    private readonly GalaMix _mix = new(options.Residents);
    private readonly GalaCalls _calls = new();
    private readonly GalaPassers _passers = new(options.Residents, options.Passers);
    private readonly byte[] _text = new byte[TextBytes];
    private readonly byte[] _record = new byte[512];
    private readonly byte[] _rest = new byte[256];
    private readonly OpenLoop[] _schedules = [.. GalaMix.Shares.Select(options.Pace().Schedule)];
    private readonly long[] _taps = new long[options.Residents];
    private readonly long[] _seqs = new long[options.Connections];
    private long _likeCalls;
    private long _start;
    private GalaPoll? _poll;
    private GalaDeal? _deal;

    /// <summary>By <see cref="GalaKind"/>.</summary>
    public GalaFigures[] Figures { get; } = [.. Enum.GetValues<GalaKind>().Select(static _ => new GalaFigures())];

    /// <summary>Likes that the answers say were counted.</summary>
    public long LikesAccepted { get; private set; }

    /// <summary>Every deal that somebody was sent to.</summary>
    public List<GalaDeal> Deals { get; } = [];

    /// <summary>From a frame's own time to its arrival at a resident.</summary>
    public Histogram FrameLatency { get; } = new();

    public long Frames { get; private set; }

    /// <summary>Frames of residents before which some are missing.</summary>
    public long Gaps { get; private set; }

    /// <summary>The likes that the newest frame with counters showed.</summary>
    public long LikesShown { get; private set; }

    /// <summary>How late calls left, apart from the server.</summary>
    public Histogram Lateness { get; } = new();

    /// <summary>Calls without an answer.</summary>
    public int Open => _calls.Count + _passers.Coming;

    public void OpenConnections(IPEndPoint server, string[] paths, Action<double> progress)
    {
        _passers.Server = server;
        _passers.Paths = paths;
        OpenAll(server, paths, progress);
    }

    /// <summary>The evening; <paramref name="each"/> is called about once a second, with the time.</summary>
    public void Run(Action<double> each)
    {
        _start = Stopwatch.GetTimestamp();
        Array.ForEach(_schedules, schedule => schedule.Start(_start));
        var next = 0.0;
        while (Now() is var now && now < options.Seconds + 1)
        {
            Pump(Act(now) ? 0 : 1);
            if (now >= next)
            {
                each(now);
                next = Math.Floor(now) + 1;
            }
        }

        while (Act(options.Seconds + 1))
        {
            Pump(0);
        }

        Finish();
    }

    /// <summary>Goes on until something is so; false if it is not in that time.</summary>
    public bool Await(Func<bool> isSo, TimeSpan limit)
    {
        var since = Stopwatch.GetTimestamp();
        while (!isSo() && Stopwatch.GetElapsedTime(since) < limit)
        {
            Pump(5);
        }

        return isSo();
    }

    protected override void TakeJoined(HubConnection connection, ReadOnlySpan<byte> record)
    {
        _seqs[connection.Id] = JsonBits.Number(record, "\"seq\":"u8);
        if (_passers.TryArrive(connection.Id, out var due))
        {
            var took = Stopwatch.GetElapsedTime(due);
            Figures[(int)GalaKind.Join].Answer("joined", 1, _pace.IsBurst(Seconds(due)), took);
        }
    }

    protected override void TakeAnswer(HubConnection connection, ReadOnlySpan<byte> record)
    {
        if (!_calls.TryTake((int)JsonBits.Number(record, "\"invocationId\":\""u8), out var call))
        {
            return;
        }

        var answer = AnswerIn(record);
        var took = Stopwatch.GetElapsedTime(call.Due);
        Figures[(int)call.Kind].Answer(answer, call.Count, _pace.IsBurst(Seconds(call.Due)), took);
        switch (call.Kind)
        {
            case GalaKind.Like:
                LikesAccepted += JsonBits.Number(record, "\"accepted\":"u8);
                break;
            case GalaKind.Vote:
                TakeBallot((GalaPoll)call.Item!, call.Choice, answer);
                break;
            case GalaKind.Buy:
                TakeOrder((GalaDeal)call.Item!, call.Who, answer, JsonBits.Number(record, "\"orderId\":\""u8));
                break;
        }
    }

    protected override void TakeInvocation(HubConnection connection, ReadOnlySpan<byte> record)
    {
        if (connection.Id >= options.Residents || record.IndexOf("\"target\":\"frame\""u8) is < 0 or >= 30)
        {
            return;
        }

        Frames++;
        var seq = JsonBits.Number(record, "\"seq\":"u8);
        ref var last = ref _seqs[connection.Id];
        if (seq != last + 1 && JsonBits.Number(record, "\"from\":"u8) is var from && (from == 0 || from > last + 1))
        {
            Gaps++;
        }

        last = Math.Max(last, seq);
        var at = DateTimeOffset.FromUnixTimeMilliseconds(JsonBits.Number(record, "\"at\":"u8));
        FrameLatency.Record((long)(DateTimeOffset.UtcNow - at).TotalMicroseconds);
        if (connection.Id == 0)
        {
            LikesShown = Math.Max(LikesShown, JsonBits.Number(record, "\"likes\":"u8));
        }
    }

    private static string AnswerIn(ReadOnlySpan<byte> record)
    {
        if (JsonBits.Word(record, "\"error\":\""u8) is { } error)
        {
            var end = error.IndexOf(':', StringComparison.Ordinal);
            return end < 0 ? error : error[..end];
        }

        return JsonBits.Word(record, "\"reason\":\""u8) ?? JsonBits.Word(record, "\"status\":\""u8)
            ?? (record.IndexOf("\"accepted\":"u8) >= 0 ? "accepted" : "nothing");
    }

    private double Now() => Seconds(Stopwatch.GetTimestamp());

    private double Seconds(long timestamp) => (double)(timestamp - _start) / Stopwatch.Frequency;

    private long Timestamp(double seconds) => _start + (long)(seconds * Stopwatch.Frequency);

    /// <summary>Makes the calls that are due, but not too many at once; true: there are more.</summary>
    private bool Act(double now)
    {
        var calls = 0;
        for (var kind = GalaKind.Danmaku; kind <= GalaKind.Buy; kind++)
        {
            var schedule = _schedules[(int)kind];
            for (; calls < CallsAtOnce && schedule.TryTake(Timestamp(now), out var number); calls++)
            {
                Call(kind, number, schedule.DueAt(number));
            }
        }

        // Resident r calls r / residents after every full second, with the taps of the second before.
        for (; 1 + ((double)_likeCalls / options.Residents) is var at && at <= now && calls < CallsAtOnce; _likeCalls++)
        {
            calls += TapsDue(_mix.Turn(_likeCalls % options.Residents), at);
        }

        ComeAndGo(now);
        return calls == CallsAtOnce;
    }

    private int TapsDue(int resident, double at)
    {
        var shares = _pace.CountBy(Math.Min(at, options.Seconds)) * GalaMix.Shares[(int)GalaKind.Like];
        var count = (int)(_mix.TapsOf(resident, (long)shares) - _taps[resident]);
        if (count == 0)
        {
            return 0;
        }

        // A call has 50 at most; a viewer with more has the rest for the next call. The options see to it that it is
        // never so in a burst of the whole length.
        count = Math.Min(count, GalaMix.MostTaps);
        _taps[resident] += count;
        var id = _calls.Add(new GalaCall(GalaKind.Like, Timestamp(at), resident, count, null, 0));
        Utf8.TryWrite(_rest, $"{count},null", out var length);
        Send(id, "Like", length);
        return 1;
    }

    private void Call(GalaKind kind, long number, long due)
    {
        var who = _mix.Turn(number);
        var call = new GalaCall(kind, due, who, 1, null, (int)(number % GalaPoll.Options));
        switch (kind)
        {
            case GalaKind.Danmaku:
                Talk(call, number);
                break;
            case GalaKind.Vote:
                Vote(call);
                break;
            default:
                Buy(call, number);
                break;
        }
    }

    private void Talk(GalaCall call, long number)
    {
        DanmakuMarker.Write(_text, (int)(number % 100_000_000));
        var text = number % OneInCommon == 0 ? "What a beautiful evening"u8 : _text;
        var id = _calls.Add(call);
        "{\"text\":\""u8.CopyTo(_rest);
        text.CopyTo(_rest.AsSpan(9));
        "\"}"u8.CopyTo(_rest.AsSpan(9 + text.Length));
        Send(id, "SendDanmaku", text.Length + 11);
    }

    /// <summary>Everybody once per poll; when all have voted, the next poll that is open.</summary>
    private void Vote(GalaCall call)
    {
        if ((_poll is null || _poll.Sent >= options.Residents) && stage.TryTakePoll(out var next))
        {
            Leave(_poll);
            _poll = next;
        }

        _poll!.Sent++;
        var id = _calls.Add(call with { Item = _poll });
        Utf8.TryWrite(_rest, $"\"{_poll.Id}\",[{call.Choice}]", out var length);
        Send(id, "Vote", length);
    }

    private void Buy(GalaCall call, long number)
    {
        if ((_deal is null || _deal.Sent >= BuysPerDeal) && stage.TryTakeDeal(out var next))
        {
            Leave(_deal);
            Deals.Add(next!);
            _deal = next;
        }

        _deal!.Sent++;
        var id = _calls.Add(call with { Item = _deal });
        Utf8.TryWrite(_rest, $"\"{_deal.Id}\",{{\"quantity\":1,\"key\":\"g{number}\"}}", out var length);
        Send(id, "Buy", length);
    }

    /// <summary>Sends a call whose arguments behind the room's are <see cref="_rest"/>.</summary>
    private void Send(int id, string target, int rest)
    {
        ref readonly var call = ref _calls[id];
        Utf8.TryWrite(_record, $$"""
            {"type":1,"invocationId":"{{id}}","target":"{{target}}","arguments":["{{_room}}",
            """, out var length);
        _rest.AsSpan(0, rest).CopyTo(_record.AsSpan(length));
        "]}\u001e"u8.CopyTo(_record.AsSpan(length + rest));
        Figures[(int)call.Kind].Sent(call.Count);
        Lateness.Record((long)Stopwatch.GetElapsedTime(call.Due).TotalMicroseconds);
        if (!Connections[call.Who].Send(_record.AsSpan(0, length + rest + 3)))
        {
            Problem ??= $"the connection of viewer {call.Who} took no more";
        }
    }

    private void TakeBallot(GalaPoll poll, int choice, string answer)
    {
        poll.Told[choice] += answer == "accepted" ? 1 : 0;
        poll.Answered++;
        CloseIfDone(poll);
    }

    private void TakeOrder(GalaDeal deal, int who, string answer, long order)
    {
        deal.Take(answer, order, who);
        deal.Answered++;
        CloseIfDone(deal);
    }

    private void Leave(GalaItem? item)
    {
        if (item is not null)
        {
            item.IsOver = true;
            CloseIfDone(item);
        }
    }

    private void CloseIfDone(GalaItem item)
    {
        if (!item.IsOver || item.Answered < item.Sent)
        {
            return;
        }

        if (item is GalaPoll poll)
        {
            stage.Close(poll);
        }
        else
        {
            stage.Close((GalaDeal)item);
        }
    }

    /// <summary>The last ones are closed too, once all were answered.</summary>
    private void Finish()
    {
        Leave(_poll);
        Leave(_deal);
    }

    private void ComeAndGo(double now)
    {
        for (; _passers.Acts < (long)(Math.Min(now, options.Seconds) * options.Churn); _passers.Acts++)
        {
            var due = Timestamp((double)(_passers.Acts + 1) / options.Churn);
            switch (_passers.Next(due, out var passer))
            {
                case GalaPasser.Leaves:
                    Utf8.TryWrite(_record, $$"""
                        {"type":1,"target":"LeaveRoom","arguments":["{{_room}}"]}
                        """, out var length);
                    _record[length] = 0x1e;
                    Connections[passer].Send(_record.AsSpan(0, length + 1));
                    break;
                case GalaPasser.ClosesPage:
                    Figures[(int)GalaKind.Join].Sent(1);
                    Reopen(passer, _passers.Server, _passers.Paths[passer]);
                    break;
                case GalaPasser.Comes:
                    Figures[(int)GalaKind.Join].Sent(1);
                    Connections[passer].Send(JoinOf(passer));
                    break;
            }
        }
    }
}
