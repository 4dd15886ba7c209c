using System.Collections.Concurrent;
using System.Text.Json;
using RedNote.Load.Servers;

namespace RedNote.Load.Gala;

/// <summary>
/// The host: has polls and deals open in turn. When nobody is sent to one any more and all were answered, it is
/// compared with what they were told, closed, and another is opened in its place. Over REST, beside the loop's thread.
/// </summary>
internal sealed class GalaStage(IRoomServer server, CancellationToken ct)
{
    /// <summary>A room has five open at most.</summary>
    private const int OpenPolls = 5;
    private const int OpenDeals = 4;

    /// <summary>A room keeps 200 of each; from there on the last ones stay, and repeated votes are told so.</summary>
    private const int MostOfAKind = 195;

    private const int EnoughStock = 4_000;
    private const int SmallStock = 50;

    private readonly ConcurrentQueue<GalaPoll> _readyPolls = new();
    private readonly ConcurrentQueue<GalaDeal> _readyDeals = new();
    private readonly ConcurrentQueue<string> _problems = new();
    private readonly ConcurrentQueue<Task> _work = new();
    private int _polls;
    private int _deals;
    private int _ballots;
    private int _orders;
    private volatile bool _ending;

    /// <summary>The first thing that was not right, or null.</summary>
    public string? Problem => _problems.TryPeek(out var first) ? first : null;

    public int Polls => _polls;

    public int Deals => _deals;

    /// <summary>Ballots that the closed polls have.</summary>
    public int Ballots => _ballots;

    /// <summary>Orders that hold pieces of the deals that were looked at.</summary>
    public int Orders => _orders;

    public async Task Begin()
    {
        for (var i = 0; i < OpenPolls; i++)
        {
            await OpenPoll();
        }

        for (var i = 0; i < OpenDeals; i++)
        {
            await OpenDeal();
        }
    }

    /// <summary>Another poll, if one is open.</summary>
    public bool TryTakePoll(out GalaPoll? poll) => _readyPolls.TryDequeue(out poll);

    public bool TryTakeDeal(out GalaDeal? deal) => _readyDeals.TryDequeue(out deal);

    /// <summary>All its voters were answered: nothing of it changes any more.</summary>
    public void Close(GalaPoll poll) => _work.Enqueue(Try($"poll {poll.Id}", async () =>
    {
        await Compare(poll);
        if (!_ending)
        {
            await OpenPoll();
        }
    }));

    public void Close(GalaDeal deal) => _work.Enqueue(Try($"deal {deal.Id}", async () =>
    {
        await Compare(deal);
        if (!_ending)
        {
            await OpenDeal();
        }
    }));

    /// <summary>No other is opened; completes when all that were closed are compared.</summary>
    public async Task End()
    {
        _ending = true;
        while (_work.TryDequeue(out var work))
        {
            await work;
        }
    }

    private async Task OpenPoll()
    {
        var number = Interlocked.Increment(ref _polls);
        if (number > MostOfAKind)
        {
            Interlocked.Decrement(ref _polls);
            return;
        }

        var poll = await server.Post(
            $"api/rooms/{server.RoomId}/polls",
            new
            {
                question = $"Question {number}?",
                options = (string[])["A", "B", "C", "D"],
                seconds = 3_600,
                key = $"poll{number}",
            },
            ct);
        _readyPolls.Enqueue(new GalaPoll(poll.GetProperty("pollId").GetString()!));
    }

    /// <summary>One of which there is enough, and one of which there is not, in turn.</summary>
    private async Task OpenDeal()
    {
        var number = Interlocked.Increment(ref _deals);
        if (number > MostOfAKind)
        {
            Interlocked.Decrement(ref _deals);
            return;
        }

        var stock = number % 2 == 1 ? EnoughStock : SmallStock;
        var deal = await server.OpenDeal(
            new
            {
                title = $"Deal {number}",
                price = new { amount = 1_990, currency = "CNY" },
                stock,
                perBuyer = 100,
                seconds = 86_400,
                payWithinSeconds = 86_400,
                key = $"deal{number}",
            },
            ct);
        _readyDeals.Enqueue(new GalaDeal(deal, stock));
    }

    private async Task Compare(GalaPoll poll)
    {
        var closed = await server.Post($"api/rooms/{server.RoomId}/polls/{poll.Id}/close", new { }, ct);
        var counts = closed.GetProperty("counts").EnumerateArray().Select(count => count.GetInt32()).ToArray();
        var voters = closed.GetProperty("voters").GetInt32();
        Interlocked.Add(ref _ballots, voters);
        Require(
            counts.SequenceEqual(poll.Told) && voters == poll.Told.Sum() && closed.GetProperty("closed").GetBoolean(),
            $"poll {poll.Id}: voters were told {string.Join('+', poll.Told)}, and it says {closed}");
    }

    private async Task Compare(GalaDeal deal)
    {
        var path = $"api/rooms/{server.RoomId}/deals/{deal.Id}";
        var board = await server.Get(path + "/board", ct);
        var card = board.GetProperty("deal");
        int Count(JsonElement of, string name) => of.GetProperty(name).GetInt32();

        Interlocked.Add(ref _orders, Count(board, "orders"));
        Require(deal.Twice == 0, $"order {deal.Twice} was given to two");
        Require(
            Count(card, "stock") == deal.Stock && Count(card, "left") + Count(card, "reserved") == deal.Stock
            && Count(card, "left") >= 0 && Count(card, "sold") == 0,
            $"deal {deal.Id}: {card} does not add up");
        Require(
            Count(board, "orders") == deal.Accepted.Count && Count(card, "reserved") == deal.Accepted.Count
            && Count(board, "waiting") == deal.Waiting.Count,
            $"deal {deal.Id}: buyers were told of {deal.Accepted.Count} orders and {deal.Waiting.Count} that wait, and "
            + $"the board says {board.GetProperty("orders")} and {board.GetProperty("waiting")}");
        await server.Post(path + "/end", new { }, ct);
    }

    private void Require(bool isSo, string problem)
    {
        if (!isSo)
        {
            _problems.Enqueue(problem);
        }
    }

    private async Task Try(string what, Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (Exception failure) when (failure is HttpRequestException or LoadException or JsonException)
        {
            _problems.Enqueue($"{what}: {failure.Message}");
        }
    }
}
