using System.Diagnostics;
using RedNote.Load.Crowd;
using RedNote.Load.Fanout;
using RedNote.Load.Measure;

namespace RedNote.Load.Chat;

/// <summary>
/// What every member who looks on was told, message by message: each once, in the order of their numbers, none missing;
/// and what senders were answered. Knows messages by the number in their text (<see cref="DanmakuMarker"/>).
/// </summary>
/// <param name="viewers">Connections that look on.</param>
/// <param name="warmup">The first so many messages are not timed.</param>
/// <param name="schedule">When each message is due.</param>
public sealed class ChatBook(int viewers, int warmup, OpenLoop schedule)
{
    private readonly long[] _last = new long[viewers];
    private readonly long[] _seqs = new long[schedule.Total];

    /// <summary>From when a message was due to when a member has it.</summary>
    public Histogram Delivery { get; } = new();

    /// <summary>From when it was due to its answer.</summary>
    public Histogram Answer { get; } = new();

    /// <summary>Messages that were answered, each once.</summary>
    public int Answered { get; private set; }

    public long Deliveries { get; private set; }

    /// <summary>The first thing that is not as it has to be, or null.</summary>
    public string? Problem { get; private set; }

    /// <summary>The last number that a connection has.</summary>
    public long Last(int viewer) => _last[viewer];

    public bool IsAnswered(long number) => _seqs[number] > 0;

    /// <summary>Whether everybody has every message.</summary>
    public bool IsComplete => _last.All(last => last == schedule.Total);

    /// <summary>Looks at everything in a record that is a message.</summary>
    public void Take(int viewer, ReadOnlySpan<byte> record, long now)
    {
        while (record.IndexOf("\"message\":{\"seq\":"u8) is >= 0 and var at)
        {
            record = record[at..];
            TakeMessage(viewer, ref record, now);
        }
    }

    /// <summary>As <see cref="Take"/>, for the messages that came with the answer to opening the group.</summary>
    public void TakeOpened(int viewer, ReadOnlySpan<byte> record, long now)
    {
        var messages = record.IndexOf("\"messages\":["u8);
        for (record = messages < 0 ? [] : record[messages..]; record.IndexOf("{\"seq\":"u8) is >= 0 and var at;)
        {
            record = record[at..];
            TakeMessage(viewer, ref record, now);
        }
    }

    /// <summary>The answer to a message of that number; the same may be answered again, if it says the same.</summary>
    public void TakeAnswer(long number, ReadOnlySpan<byte> record, long now)
    {
        var seq = JsonBits.Number(record, "\"seq\":"u8);
        if (record.IndexOf("\"status\":\"accepted\""u8) < 0 || seq == 0)
        {
            Complain($"message {number} was answered {System.Text.Encoding.UTF8.GetString(record)}");
            return;
        }

        if (_seqs[number] != 0 && _seqs[number] != seq)
        {
            Complain($"message {number} is {_seqs[number]} and then {seq}");
        }

        if (_seqs[number] == 0)
        {
            _seqs[number] = seq;
            Answered++;
            Answer.Record((long)Stopwatch.GetElapsedTime(schedule.DueAt(number), now).TotalMicroseconds);
        }
    }

    /// <summary>At the end: every number was given once, to a message that was sent.</summary>
    public string? WrongNumbers()
        => _seqs.Order().SequenceEqual(Enumerable.Range(1, _seqs.Length).Select(seq => (long)seq))
            ? null
            : "the numbers that senders were told are not 1, 2, 3 ...";

    private void TakeMessage(int viewer, ref ReadOnlySpan<byte> record, long now)
    {
        var seq = JsonBits.Number(record, "\"seq\":"u8);
        if (!DanmakuMarker.TryTake(ref record, out var number) || number >= _seqs.Length)
        {
            Complain($"message {seq} is none that was sent");
            record = [];
            return;
        }

        if (seq != _last[viewer] + 1)
        {
            Complain($"member {viewer} got {seq} after {_last[viewer]}");
        }

        if (_seqs[number] != 0 && _seqs[number] != seq)
        {
            Complain($"message {number} was answered {_seqs[number]} and is shown as {seq}");
        }

        _last[viewer] = seq;
        Deliveries++;
        if (number >= warmup)
        {
            Delivery.Record((long)Stopwatch.GetElapsedTime(schedule.DueAt(number), now).TotalMicroseconds);
        }
    }

    private void Complain(string what) => Problem ??= what;
}
