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

        await PaymentsOutliveARestart(process, room, deal, buyers.First(buyer => buyer.Accepted.Any()));
    }

    private static async Task PaymentsOutliveARestart(
        FrontendProcess process, string room, string deal, RushBuyer buyer)
    {
        var order = buyer.Accepted.Single();
        Assert.Equal("paid", Shop.Status(await TestServer.Json(await Shop.Pay(buyer.User, order, "p"))));
        await process.Restart();
        Assert.Equal("paid", Shop.Status(await TestServer.Json(await Shop.Pay(buyer.User, order, "p"))));
        await Refusal.Is(
            await Shop.Pay(buyer.User, order, "q"), System.Net.HttpStatusCode.Conflict, "wrong_state");
        await using var client = await HubClient.Connect(process.Address, buyer.User.Token);
        var key = buyer.Answers.First(one => Shop.Status(one.Answer) == "accepted").Key;
        var again = await client.Invoke("Buy", room, deal, new { quantity = 1, key });
        Assert.Equal((order, "paid"), (Shop.OrderId(again), again.GetProperty("order").GetString()));
    }

    [Fact]
    public async Task Rush_SomePaySomeCancelSomeForget_StockIsConservedAndTheLineServedInOrder()
    {
        await using var server = await TestServer.Start();
        var shop = await Shop.Open(server);
        await using var viewer = await server.Connect(await server.Guest("Viewer"));
        await viewer.Invoke("JoinRoom", shop.Room, null);
        var deal = await shop.Deal(("stock", Stock), ("payWithinSeconds", 2));
        var buyers = await Gather(server, shop, deal, 100);
        var clients = await Task.WhenAll(buyers.Select(buyer => server.Connect(buyer.User)));
        await Task.WhenAll(buyers.Select(buyer => buyer.Press(server.Address)));

        // Everybody waits until there is something to pay for, or nothing any more.
        await Task.WhenAll(buyers.Select((buyer, i) => Decide(buyer, clients[i], i % 10)));

        var board = await shop.Board(deal);
        Assert.Equal(
            (Stock, Stock, 0, Stock * 1_990L, "sold_out"),
            (board.GetProperty("paid").GetInt32(), board.GetProperty("sold").GetInt32(),
                board.GetProperty("reserved").GetInt32(), board.GetProperty("gmv").GetProperty("amount").GetInt64(),
                board.GetProperty("deal").GetProperty("state").GetString()!));
        var ends = await Task.WhenAll(buyers.Where(buyer => buyer.Waiting.Any()).Select(async buyer =>
            (Id: long.Parse(buyer.Waiting.Single()), Told: await Fate(clients[buyers.IndexOf(buyer)], buyer))));
        var served = ends.OrderBy(end => end.Id).Select(end => end.Told).ToList();
        Assert.Equal(served.OrderByDescending(wasServed => wasServed), served);
        Assert.Contains(true, served);
        Assert.Contains(false, served);
        await IsConserved(viewer, shop.Room, deal);
        await Task.WhenAll(clients.Select(client => client.DisposeAsync().AsTask()));
    }

    /// <summary>Seven of ten pay, one is declined first and gives up, one takes it back, one forgets.</summary>
    private static async Task Decide(RushBuyer buyer, HubClient client, int which)
    {
        var order = buyer.Accepted.Concat(buyer.Waiting).Distinct().Single();
        var holds = buyer.Accepted.Any() || await Fate(client, buyer);
        if (holds && which < 7)
        {
            // Somebody slow may find the order gone; the piece goes to another then.
            await Shop.Pay(buyer.User, order, "pay");
        }
        else if (holds && which < 9)
        {
            await Shop.Pay(buyer.User, order, which == 7 ? "decline" : "late-");
            await Shop.Cancel(buyer.User, order);
        }
    }

    /// <summary>Whether an order that waited got its pieces; false: it waited in vain.</summary>
    private static async Task<bool> Fate(HubClient client, RushBuyer buyer)
    {
        var order = buyer.Waiting.Single();
        return await News(client, order) == "reserved";

        static async Task<string?> News(HubClient client, string order)
        {
            while (true)
            {
                var news = client.Everything.Where(message => HubClient.IsPush(message, "order"))
                    .Select(message => message.GetProperty("arguments")[0])
                    .Where(news => Shop.OrderId(news) == order).Select(Shop.Status)
                    .FirstOrDefault(status => status is "reserved" or "expired");
                if (news is not null)
                {
                    return news;
                }

                await client.Next(message => HubClient.IsPush(message, "order"), $"the fate of order {order}");
            }
        }
    }

    /// <summary>In everything that the room ever showed.</summary>
    private static async Task IsConserved(HubClient viewer, string room, string deal)
    {
        await viewer.Frame(
            room, frame => Tickers(frame).Any(ticker => ticker.GetProperty("sold").GetInt32() == Stock),
            "everything being sold");
        var tickers = viewer.Everything.Where(message => HubClient.IsCall(message, "frame", room))
            .SelectMany(message => Tickers(message.GetProperty("arguments")[1])).ToList();
        // One of the time that those have who forget to pay, and the last; how many more is a matter of pace.
        Assert.True(tickers.Count >= 2, $"{tickers.Count} tickers");
        Assert.All(tickers, ticker => Assert.Equal(
            Stock,
            ticker.GetProperty("left").GetInt32() + ticker.GetProperty("sold").GetInt32()
                + ticker.GetProperty("reserved").GetInt32()));

        IEnumerable<JsonElement> Tickers(JsonElement frame)
            => frame.TryGetProperty("deals", out var deals)
                ? deals.EnumerateArray().Where(ticker => ticker.GetProperty("dealId").GetString() == deal)
                : [];
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
