using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text;
using RedNote.Load.Crowd;
using RedNote.Load.Fanout;
using RedNote.Load.Measure;
using RedNote.Load.Wire;

namespace RedNote.Load.Chat;

/// <summary>Members who have a group open; the first of them write in turn, on schedule. One thread.</summary>
internal sealed class ChatLoop(
    string groupId, ChatOptions options, ChatBook book, OpenLoop schedule, CancellationToken stop)
    : HubLoop(stop)
{
    private const int TextBytes = 60;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>What a message says behind its number; no quotes and no backslashes.</summary>
    public Func<long, string> Words { get; init; } = static _ => "";

    /// <summary>Messages under way: sent on this connection and not answered.</summary>
    private readonly HashSet<long> _underWay = [];

    public void Open(IPEndPoint server, string[] paths, Action<double> progress) => OpenAll(server, paths, progress);

    /// <summary>Sends until the schedule, or a number, is reached.</summary>
    public void Talk(long until, Action<double> progress)
    {
        while (schedule.Taken < until && Problem is null && book.Problem is null)
        {
            var now = Stopwatch.GetTimestamp();
            while (schedule.Taken < until && schedule.TryTake(now, out var number))
            {
                Send(number);
            }

            progress((double)schedule.Taken / schedule.Total);
            Pump(schedule.WaitMs(Stopwatch.GetTimestamp(), 5));
        }
    }

    /// <summary>Sends again, with their keys, those that have no answer.</summary>
    public void Retry()
    {
        for (var number = 0L; number < schedule.Taken; number++)
        {
            if (!book.IsAnswered(number))
            {
                Send(number);
            }
        }
    }

    /// <summary>Waits until everything is answered and everybody has everything.</summary>
    public void Finish()
    {
        var since = Stopwatch.GetTimestamp();
        while ((_underWay.Count > 0 || !book.IsComplete) && Problem is null && book.Problem is null
            && Stopwatch.GetElapsedTime(since) < Patience)
        {
            Pump(5);
        }
    }

    protected override ReadOnlySpan<byte> JoinOf(int connection) => Encoding.ASCII.GetBytes(
        "{\"type\":1,\"invocationId\":\"join\",\"target\":\"OpenGroup\",\"arguments\":[\""
        + $"{groupId}\",{book.Last(connection).ToString(CultureInfo.InvariantCulture)}]}}\u001e");

    protected override void TakeJoined(HubConnection connection, ReadOnlySpan<byte> record)
        => book.TakeOpened(connection.Id, record, Stopwatch.GetTimestamp());

    protected override void TakeAnswer(HubConnection connection, ReadOnlySpan<byte> record)
    {
        var number = JsonBits.Number(record, "\"invocationId\":\""u8);
        _underWay.Remove(number);
        book.TakeAnswer(number, record, Stopwatch.GetTimestamp());
    }

    protected override void TakeInvocation(HubConnection connection, ReadOnlySpan<byte> record)
    {
        if (record.IndexOf("\"target\":\"group\""u8) is < 0 or > 30)
        {
            return;
        }

        if (record.IndexOf("\"kind\":\"gap\""u8) >= 0)
        {
            Complain("a member was told of a gap: ", record);
        }

        book.Take(connection.Id, record, Stopwatch.GetTimestamp());
    }

    private void Send(long number)
    {
        Span<byte> text = stackalloc byte[TextBytes];
        DanmakuMarker.Write(text, (int)number);
        _underWay.Add(number);
        var sent = Connections[(int)(number % options.Senders)].Send(Encoding.UTF8.GetBytes(
            $"{{\"type\":1,\"invocationId\":\"{number}\",\"target\":\"SendMessage\",\"arguments\":[\"{groupId}\","
            + $"{{\"text\":\"{Encoding.ASCII.GetString(text)}{Words(number)}\",\"key\":\"m{number}\"}}]}}\u001e"));
        Problem ??= sent ? null : "the server does not take what is sent";
    }
}
