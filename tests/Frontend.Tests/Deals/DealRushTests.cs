using System.Net.Http.Json;
using System.Text.Json;
using RedNote.Frontend.Tests.Node;

namespace RedNote.Frontend.Tests.Deals;

/// <summary>Many buyers and few pieces; the big ones are a scenario of the load program (<c>rush</c>).</summary>
public sealed class DealRushTests
{
    private const int Stock = 20;

    /// <summary>Answers before the server is killed; some of them say that there is an order.</summary>
    private const int KillAfter = 10;

    [Fact]
    public async Task Rush_EverybodyPressesThrice_SellsTheStockAndAnswersAll()
    {
        await using var server = await TestServer.Start();
        var shop = await Shop.Open(server);
        var deal = await shop.Deal(("stock", Stock));
        var buyers = await Gather(server, shop, deal, 300);

        await Task.WhenAll(buyers.Select(buyer => buyer.Press(server.Address)));

        Assert.All(buyers, buyer => Assert.Equal(3, buyer.Answers.Count));
        Assert.Empty(buyers.SelectMany(buyer => buyer.Wrong()));
        Assert.Equal(Stock, buyers.Sum(buyer => buyer.Accepted.Count()));
        var card = await shop.Card(deal);
        Assert.Equal(
            (0, Stock, 10 * Stock),
            (card.GetProperty("left").GetInt32(), card.GetProperty("reserved").GetInt32(),
                card.GetProperty("waiting").GetInt32()));
        Assert.Equal(10 * Stock, buyers.Sum(buyer => buyer.Waiting.Count()));
    }

    [Fact]
    public async Task Rush_ServerKilledInTheMiddle_KeepsEveryAcceptedOrder()
    {
        await using var process = await FrontendProcess.Start(new() { ["RedNote__Limits__Off"] = "true" });
        var host = await Guest(process.Address, "Host");
        var room = (await Post(host, "/api/rooms", new { title = "Rush" })).GetProperty("roomId").GetString()!;
        await Post(host, $"/api/rooms/{room}/start", new { });
        var deal = (await Post(host, $"/api/rooms/{room}/deals", Shop.Terms(("stock", Stock))))
            .GetProperty("dealId").GetString()!;
        var users = await Task.WhenAll(Enumerable.Range(0, 100).Select(i => Guest(process.Address, $"Buyer {i}")));
        var buyers = users.Select(user => new RushBuyer(user, room, deal)).ToList();

        var answers = 0;
        var killed = new TaskCompletionSource<Task>();
        buyers.ForEach(buyer => buyer.Answered = () =>
        {
            if (Interlocked.Increment(ref answers) == KillAfter)
            {
                killed.SetResult(process.Kill());
            }
        });
        // A few at a time, so that most are yet to come when the server dies.
        var pressing = Parallel.ForEachAsync(
            buyers, new ParallelOptions { MaxDegreeOfParallelism = 8 },
            async (buyer, _) => await buyer.Press(process.Address));
        await (await killed.Task.WaitAsync(HubClient.Patience));
        var before = buyers.SelectMany(buyer => buyer.Accepted).ToHashSet();
        Assert.Contains(buyers, buyer => buyer.Answers.Count < 3);
        await process.Restart();
        await pressing.WaitAsync(HubClient.Patience);
        await Task.WhenAll(buyers.Select(buyer => buyer.Press(process.Address)));

        Assert.Empty(buyers.SelectMany(buyer => buyer.Wrong()));
        Assert.Equal(Stock, buyers.Sum(buyer => buyer.Accepted.Count()));
        Assert.Subset(buyers.SelectMany(buyer => buyer.Accepted).ToHashSet(), before);
        foreach (var buyer in buyers.Where(buyer => buyer.Accepted.Any()))
        {
            Assert.Equal("reserved", Shop.Status(await Shop.Order(buyer.User, buyer.Accepted.Single())));
        }
    }

    private static async Task<List<RushBuyer>> Gather(TestServer server, Shop shop, string deal, int count)
    {
        var users = await Task.WhenAll(Enumerable.Range(0, count).Select(i => server.Guest($"Buyer {i}")));
        return [.. users.Select(user => new RushBuyer(user, shop.Room, deal))];
    }

    private static async Task<TestUser> Guest(Uri server, string name)
    {
        using var http = new HttpClient { BaseAddress = server };
        var session = await TestServer.Json(await http.PostAsJsonAsync("/api/auth/guest", new { name }));
        return TestServer.UserAt(server, session);
    }

    private static async Task<JsonElement> Post(TestUser user, string path, object body)
    {
        var answer = await user.Http.PostAsJsonAsync(path, body);
        answer.EnsureSuccessStatusCode();
        return await TestServer.Json(answer);
    }
}
