using System.Globalization;
using System.Text.Json;
using RedNote.Load.Measure;
using RedNote.Load.Servers;
using Spectre.Console;

namespace RedNote.Load.Rush;

/// <summary>The end of a rush: who holds pieces pays or does not, and the line moves up until every piece is paid.
/// </summary>
internal static class RushPayday
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    /// <summary>What is not right; null: that is.</summary>
    public static async Task<IEnumerable<string?>> Run(
        RushPlan plan, IRoomServer server, RushScenario.Rush rush, int price, CancellationToken ct)
    {
        var path = $"api/rooms/{server.RoomId}/deals/{rush.Deal}";
        await using var payments = new RushPayments(server.Process.Address, ct);
        var owners = Enumerable.Range(0, plan.Buyers).Where(buyer => rush.Book.OrderOf(buyer) != 0).ToArray();
        var served = new List<long>();
        RushLoop? pushed = null;
        await OwnThread.Run(() => pushed = Drive(plan, rush, owners, payments, served), ct);
        await payments.DisposeAsync();
        var board = await server.Get(path + "/board", ct);
        AnsiConsole.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{string.Join(", ", payments.Done.CountBy(done => done.Value))}; {served.Count:N0} served from the line; "
            + $"{pushed!.News:N0} news, {pushed.Tickers:N0} tickers"));
        return
        [
            pushed.Problem, payments.Problem, WrongBoard(plan, board, payments, price), WrongLine(rush.Book, served),
        ];
    }

    /// <summary>Everybody with an order is connected, hears of it, and does something about it.</summary>
    private static RushLoop Drive(
        RushPlan plan, RushScenario.Rush rush, int[] owners, RushPayments payments, List<long> served)
    {
        using var loop = rush.Open(owners);
        foreach (var buyer in owners)
        {
            if (rush.Book.Accepted.Contains(rush.Book.OrderOf(buyer)))
            {
                payments.Add(Token(rush, buyer), rush.Book.OrderOf(buyer));
            }
        }

        loop.Await(
            () =>
            {
                while (loop.TryTakeReserved(out var reserved))
                {
                    // One that was declined holds its pieces again: it has not come from the line.
                    if (rush.Book.Waiting.Contains(reserved.Order))
                    {
                        served.Add(reserved.Order);
                        payments.Add(Token(rush, reserved.Buyer), reserved.Order);
                    }
                }

                return payments.Done.Values.Count(static status => status == "paid") >= plan.Stock;
            },
            Patience);

        // What is under way yet: the last tickers, and the farewell to those who waited in vain.
        loop.Await(static () => false, TimeSpan.FromSeconds(2));
        return loop;
    }

    private static string Token(RushScenario.Rush rush, int buyer)
        => Uri.UnescapeDataString(rush.Paths[buyer][(rush.Paths[buyer].IndexOf('=') + 1)..]);

    private static string? WrongBoard(RushPlan plan, JsonElement board, RushPayments payments, int price)
    {
        var paid = payments.Done.Values.Count(static status => status == "paid");
        var deal = board.GetProperty("deal");
        return paid == plan.Stock && board.GetProperty("paid").GetInt32() == paid
            && board.GetProperty("gmv").GetProperty("amount").GetInt64() == (long)paid * price
            && deal.GetProperty("sold").GetInt32() == plan.Stock && deal.GetProperty("left").GetInt32() == 0
            && deal.GetProperty("state").GetString() == "sold_out"
                ? null
                : $"{paid} were paid, and the board says {deal}";
    }

    /// <summary>Nobody in the line was passed over: those who were served are the first ones of it.</summary>
    private static string? WrongLine(RushBook book, List<long> served)
    {
        var first = book.Waiting.Order().Take(served.Count);
        return served.Order().SequenceEqual(first) ? null : "the line was not served in order";
    }
}
