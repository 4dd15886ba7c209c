using System.Diagnostics;
using System.Net;
using System.Text;
using RedNote.Load.Crowd;
using RedNote.Load.Measure;
using RedNote.Load.Wire;

namespace RedNote.Load.Rush;

/// <summary>
/// Buyers of one deal on one thread, each with a connection of its own, and one more that looks at the room. Takes down
/// every answer, every change of an order, and every number that the room shows. Not thread-safe.
/// </summary>
/// <param name="roomId">The room.</param>
/// <param name="dealId">The deal.</param>
/// <param name="book">Where answers are taken down.</param>
/// <param name="buyers">Who is here; each is the connection of that place.</param>
/// <param name="stop">Ends everything.</param>
public sealed class RushLoop(string roomId, string dealId, RushBook book, int[] buyers, CancellationToken stop)
    : HubLoop(roomId, stop)
{
    private readonly byte[][] _press =
    [
        .. Enumerable.Range(0, RushBook.Presses).Select(press => Encoding.ASCII.GetBytes(
            $"{{\"type\":1,\"invocationId\":\"{press}\",\"target\":\"Buy\",\"arguments\":[\"{roomId}\",\"{dealId}\","
            + $"{{\"quantity\":1,\"key\":\"{(press < RushBook.Presses - 1 ? "first" : "second")}\"}}]}}\u001e")),
    ];

    private readonly byte[] _ofThisDeal = Encoding.ASCII.GetBytes($"{{\"dealId\":\"{dealId}\",\"left\":");
    private readonly long[] _sentAt = new long[buyers.Length * RushBook.Presses];
    private readonly Dictionary<long, string> _statuses = [];
    private readonly Queue<(int Buyer, long Order)> _reserved = new();
    private int _sent;
    private int _back;

    /// <summary>From a press to its answer.</summary>
    public Histogram Latency { get; } = new();

    /// <summary>Times that the room showed the deal's numbers.</summary>
    public int Tickers { get; private set; }

    /// <summary>What the numbers of every ticker have to add up to.</summary>
    public int Stock { get; init; }

    /// <summary>What has become of orders, as their buyers were told last over the hub.</summary>
    public IReadOnlyDictionary<long, string> Statuses => _statuses;

    /// <summary>Times that a buyer was told of an order.</summary>
    public int News { get; private set; }

    /// <summary>Opens a connection for each buyer, and then the one that looks on.</summary>
    /// <param name="server">Where it listens.</param>
    /// <param name="paths">Of all buyers there are, and of the one who looks on.</param>
    public void Open(IPEndPoint server, string[] paths)
        => OpenAll(server, [.. buyers.Select(buyer => paths[buyer]), paths[^1]], static _ => { });

    /// <summary>Everybody here presses what is not answered yet, and presses again until it is.</summary>
    /// <param name="isEnough">Asked again and again; true: stops.</param>
    public void Press(Func<bool> isEnough)
    {
        while (!isEnough() && Closed == 0 && PressAll(isEnough) > 0)
        {
            PumpWhile(() => _back < _sent && Closed == 0 && !isEnough(), 5);
        }
    }

    /// <summary>Goes on until something is so; false if it is not in that time.</summary>
    public bool Await(Func<bool> isSo, TimeSpan limit)
    {
        var since = Stopwatch.GetTimestamp();
        PumpWhile(() => !isSo() && Stopwatch.GetElapsedTime(since) < limit, 5);
        return isSo();
    }

    /// <summary>A buyer who was told that an order holds pieces, each once.</summary>
    public bool TryTakeReserved(out (int Buyer, long Order) reserved) => _reserved.TryDequeue(out reserved);

    public override void OnReady(HubConnection connection)
    {
        if (connection.Id < buyers.Length)
        {
            SetJoined(connection);
        }
        else
        {
            base.OnReady(connection);
        }
    }

    protected override void TakeAnswer(HubConnection connection, ReadOnlySpan<byte> record)
    {
        _back++;
        var press = (int)JsonBits.Number(record, "\"invocationId\":\""u8);
        Latency.Record((long)Stopwatch.GetElapsedTime(
            _sentAt[(connection.Id * RushBook.Presses) + press]).TotalMicroseconds);
        var order = JsonBits.Number(record, "\"orderId\":\""u8);
        var status = JsonBits.Word(record, "\"status\":\""u8);
        if (status is null)
        {
            status = record.IndexOf("\"error\":\"try_again: "u8) >= 0 ? "try_again" : "error";
        }

        book.Take(buyers[connection.Id], press, status, order);
    }

    protected override void TakeInvocation(HubConnection connection, ReadOnlySpan<byte> record)
    {
        if (record.IndexOf("\"target\":\"order\""u8) is >= 0 and < 30)
        {
            TakeNews(buyers[connection.Id], record);
        }
        else if (connection.Id == buyers.Length && record.IndexOf(_ofThisDeal) is >= 0 and var at)
        {
            TakeTicker(record[at..]);
        }
    }

    /// <summary>All first presses, all second ones, all third ones: how many.</summary>
    private int PressAll(Func<bool> isEnough)
    {
        var pressed = 0;
        for (var at = 0; at < _sentAt.Length && !isEnough(); at++)
        {
            var (press, connection) = Math.DivRem(at, buyers.Length);
            if (!book.IsAnswered(buyers[connection], press))
            {
                _sentAt[(connection * RushBook.Presses) + press] = Stopwatch.GetTimestamp();
                _sent += Connections[connection].Send(_press[press]) ? 1 : 0;
                pressed++;
                if (pressed % 64 == 0)
                {
                    Pump(0);
                }
            }
        }

        return pressed;
    }

    private void TakeNews(int buyer, ReadOnlySpan<byte> record)
    {
        News++;
        var order = JsonBits.Number(record, "\"orderId\":\""u8);
        var status = JsonBits.Word(record, "\"status\":\""u8)!;
        if (status == "reserved" && _statuses.GetValueOrDefault(order) is null or "waiting")
        {
            _reserved.Enqueue((buyer, order));
        }

        _statuses[order] = status;
    }

    private void TakeTicker(ReadOnlySpan<byte> ticker)
    {
        Tickers++;
        var (left, sold) = (JsonBits.Number(ticker, "\"left\":"u8), JsonBits.Number(ticker, "\"sold\":"u8));
        var reserved = JsonBits.Number(ticker, "\"reserved\":"u8);
        if (left < 0 || left + sold + reserved != Stock)
        {
            Problem ??= $"the room showed {left} left, {sold} sold and {reserved} reserved of {Stock}";
        }
    }

    private void PumpWhile(Func<bool> isSo, int milliseconds)
    {
        while (isSo())
        {
            Pump(milliseconds);
        }
    }
}
