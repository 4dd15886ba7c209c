using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace RedNote.Frontend.Tests.Deals;

/// <summary>Deals as clients see them, over REST and the hub.</summary>
public sealed class DealTests(ServerFixture fixture) : IClassFixture<ServerFixture>
{
    private readonly TestServer _server = fixture.Server;

    [Fact]
    public async Task Deal_FromOpeningToPaid_IsToldAndAddsUp()
    {
        var shop = await Shop.Open(_server);
        var ann = await _server.Guest("Ann");
        await using var client = await _server.Connect(ann);
        var deal = await shop.Deal(
            ("listPrice", new { amount = 3_900, currency = "CNY" }), ("stock", 3), ("perBuyer", 2));

        var bought = await shop.Buy(client, deal, "k", 2);

        Assert.Equal(("accepted", "reserved"), (Shop.Status(bought), bought.GetProperty("order").GetString()));
        var id = Shop.OrderId(bought);
        var news = await Shop.News(client, id, "reserved");
        Assert.Equal(bought.GetProperty("payBefore").GetInt64(), news.GetProperty("payBefore").GetInt64());
        Assert.Equal(deal, news.GetProperty("dealId").GetString());
        var order = await Shop.Order(ann, id);
        Assert.Equal(
            (shop.Room, "Tea", 2, 3_980L),
            (order.GetProperty("roomId").GetString()!, order.GetProperty("title").GetString()!,
                order.GetProperty("quantity").GetInt32(),
                order.GetProperty("total").GetProperty("amount").GetInt64()));
        await Is(shop, deal, left: 1, reserved: 2, sold: 0);

        var paid = await TestServer.Json(await Shop.Pay(ann, id, "pay-1"));

        Assert.Equal("paid", Shop.Status(paid));
        Assert.False(paid.TryGetProperty("declined", out _));
        await Shop.News(client, id, "paid");
        await Is(shop, deal, left: 1, reserved: 0, sold: 2);
        var board = await shop.Board(deal);
        Assert.Equal(
            (1, 2, 3_980L, 1.0),
            (board.GetProperty("paid").GetInt32(), board.GetProperty("sold").GetInt32(),
                board.GetProperty("gmv").GetProperty("amount").GetInt64(),
                board.GetProperty("conversion").GetDouble()));
        Assert.Equal(2, board.GetProperty("series").EnumerateArray().Sum(s => s.GetProperty("paid").GetInt32()));
    }

    [Fact]
    public async Task Pay_Declined_SaysSoAndCanBeTriedAgain()
    {
        var shop = await Shop.Open(_server);
        var ann = await _server.Guest("Ann");
        await using var client = await _server.Connect(ann);
        var order = Shop.OrderId(await shop.Buy(client, await shop.Deal(), "k"));
        for (var i = 0; i < 2; i++)
        {
            var answer = await Shop.Pay(ann, order, "decline-1");
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            var declined = await TestServer.Json(answer);
            Assert.Equal(
                ("reserved", "insufficient_funds"),
                (Shop.Status(declined)!, declined.GetProperty("declined").GetString()!));
        }

        Assert.Equal("paid", Shop.Status(await TestServer.Json(await Shop.Pay(ann, order, "again"))));
        Assert.Equal("paid", Shop.Status(await Shop.Order(ann, order)));
    }

    [Fact]
    public async Task Pay_ProviderIsSlow_IsPayingAndToldWhenItIsPaid()
    {
        var shop = await Shop.Open(_server);
        var ann = await _server.Guest("Ann");
        await using var client = await _server.Connect(ann);
        var order = Shop.OrderId(await shop.Buy(client, await shop.Deal(), "k"));
        await Shop.News(client, order, "reserved");

        Assert.Contains(
            Shop.Status(await TestServer.Json(await Shop.Pay(ann, order, "slow-1"))), (string[])["paying", "paid"]);

        await Shop.News(client, order, "paid");
        Assert.Equal("paid", Shop.Status(await Shop.Order(ann, order)));
    }

    [Fact]
    public async Task Cancel_TheLineMovesUpAndItsBuyersAreTold()
    {
        var shop = await Shop.Open(_server);
        var buyers = await Task.WhenAll(Enumerable.Range(0, 3).Select(i => _server.Guest($"Buyer {i}")));
        var clients = await Task.WhenAll(buyers.Select(_server.Connect));
        var deal = await shop.Deal(("stock", 1));
        var answers = new List<JsonElement>();
        foreach (var client in clients)
        {
            answers.Add(await shop.Buy(client, deal, "k"));
        }

        Assert.Equal(["accepted", "waiting", "waiting"], answers.Select(Shop.Status));
        Assert.Equal([1, 2], answers.Skip(1).Select(answer => answer.GetProperty("position").GetInt32()));
        var orders = answers.ConvertAll(Shop.OrderId);
        Assert.Equal(2, (await Shop.Order(buyers[2], orders[2])).GetProperty("position").GetInt32());

        var cancelled = await TestServer.Json(await Shop.Cancel(buyers[0], orders[0]));
        Assert.Equal("cancelled", Shop.Status(cancelled));
        Assert.Equal("cancelled", Shop.Status(await TestServer.Json(await Shop.Cancel(buyers[0], orders[0]))));

        await Shop.News(clients[0], orders[0], "cancelled");
        Assert.True((await Shop.News(clients[1], orders[1], "reserved")).TryGetProperty("payBefore", out _));
        await clients[2].Next(
            message => HubClient.IsPush(message, "order")
                && message.GetProperty("arguments")[0].TryGetProperty("position", out var position)
                && position.GetInt32() == 1,
            "the first place");
        (await shop.Do(deal, "end")).EnsureSuccessStatusCode();
        await Shop.News(clients[2], orders[2], "expired");
        await Is(shop, deal, left: 0, reserved: 1, sold: 0);
        await Task.WhenAll(clients.Select(client => client.DisposeAsync().AsTask()));
    }

    [Fact]
    public async Task Prepared_IsSeenByTheHostAloneUntilItIsBegun()
    {
        var shop = await Shop.Open(_server);
        var ann = await _server.Guest("Ann");
        await using var client = await _server.Connect(ann);
        var deal = await shop.Deal(("prepared", true));
        var path = $"/api/rooms/{shop.Room}/deals";

        Assert.Equal(HttpStatusCode.NotFound, (await ann.Http.GetAsync($"{path}/{deal}")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await _server.Http.GetAsync($"{path}/{deal}")).StatusCode);
        foreach (var (reader, expected) in new[] { (ann, 0), (shop.Host, 1) })
        {
            var seen = await reader.Http.GetFromJsonAsync<JsonElement>(path);
            Assert.Equal(expected, seen.GetProperty("items").GetArrayLength());
        }

        Assert.False((await shop.Card(deal)).TryGetProperty("startsAt", out _));
        Assert.Equal("not_started", Shop.Status(await shop.Buy(client, deal, "k")));
        await Refusal.Is(await shop.Do(deal, "begin", ann), HttpStatusCode.Forbidden, "forbidden");

        Assert.Equal("open", State(await TestServer.Json(await shop.Do(deal, "begin"))));
        Assert.Equal("open", State(await TestServer.Json(await shop.Do(deal, "begin"))));

        Assert.Equal("accepted", Shop.Status(await shop.Buy(client, deal, "k")));
        Assert.Equal("open", State(await ann.Http.GetFromJsonAsync<JsonElement>($"{path}/{deal}")));
        Assert.Equal("ended", State(await TestServer.Json(await shop.Do(deal, "end"))));
        Assert.Equal("ended", State(await TestServer.Json(await shop.Do(deal, "end"))));
        await Refusal.Is(await shop.Do(deal, "begin"), HttpStatusCode.Conflict, "wrong_state");
    }

    [Fact]
    public async Task Post_RepeatedKey_GivesTheSameDealAndOtherContentIsAConflict()
    {
        var shop = await Shop.Open(_server);
        var first = await TestServer.Json(await shop.Post(Shop.Terms()));
        var again = await shop.Post(Shop.Terms());
        Assert.Equal(HttpStatusCode.Created, again.StatusCode);
        Assert.Equal(
            first.GetProperty("dealId").GetString(),
            (await TestServer.Json(again)).GetProperty("dealId").GetString());
        await Refusal.Is(await shop.Post(Shop.Terms(("stock", 11))), HttpStatusCode.Conflict, "conflict");
    }

    [Fact]
    public async Task Sale_TellsOpenDealsAndTheirRooms()
    {
        var shop = await Shop.Open(_server);
        var deal = await shop.Deal();
        var since = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var sale = await _server.Http.GetFromJsonAsync<JsonElement>("/api/deals?limit=100");
            var found = sale.GetProperty("items").EnumerateArray().SingleOrDefault(
                item => item.GetProperty("deal").GetProperty("dealId").GetString() == deal);
            if (found.ValueKind == JsonValueKind.Object)
            {
                var room = found.GetProperty("room");
                Assert.Equal(
                    (shop.Room, "Cooking", "Host", "live"),
                    (room.GetProperty("roomId").GetString()!, room.GetProperty("title").GetString()!,
                        room.GetProperty("hostName").GetString()!, room.GetProperty("state").GetString()!));
                return;
            }

            Assert.True(TimeProvider.System.GetElapsedTime(since) < HubClient.Patience, $"Not on sale: {sale}");
            await Task.Delay(100);
        }
    }

    [Fact]
    public async Task Orders_OfABuyer_ArePagedNewestFirst()
    {
        var shop = await Shop.Open(_server);
        var ann = await _server.Guest("Ann");
        await using var client = await _server.Connect(ann);
        var bought = new HashSet<string>();
        for (var i = 0; i < 3; i++)
        {
            bought.Add(Shop.OrderId(await shop.Buy(client, await shop.Deal(), "k")));
            await NextMillisecond();
        }

        var since = TimeProvider.System.GetTimestamp();
        while ((await Page("")).Items.Length < 3)
        {
            Assert.True(TimeProvider.System.GetElapsedTime(since) < HubClient.Patience, "The orders do not come.");
            await Task.Delay(50);
        }

        // Newest is what was created last by the server's clock, which may be set back between two orders.
        var (all, end) = await Page("");
        Assert.Equal((3, null), (all.Length, end));
        Assert.Equal(bought, all.Select(Shop.OrderId).ToHashSet());
        var created = all.Select(order => order.GetProperty("createdAt").GetInt64()).ToArray();
        Assert.Equal(created.OrderDescending(), created);
        var (first, next) = await Page("?limit=2");
        var (rest, last) = await Page($"?after={next}");
        Assert.Equal((2, null), (first.Length, last));
        Assert.Equal(all.Select(Shop.OrderId), first.Concat(rest).Select(Shop.OrderId));
        await Refusal.Is(await ann.Http.GetAsync("/api/orders?limit=101"), HttpStatusCode.BadRequest, "invalid");
        await Refusal.Is(await ann.Http.GetAsync("/api/orders?after=x"), HttpStatusCode.BadRequest, "invalid");
        await Refusal.Is(await _server.Http.GetAsync("/api/orders"), HttpStatusCode.Unauthorized, "unauthorized");

        async Task<(JsonElement[] Items, string? Next)> Page(string query)
        {
            var page = await ann.Http.GetFromJsonAsync<JsonElement>("/api/orders" + query);
            return (
                [.. page.GetProperty("items").EnumerateArray()],
                page.TryGetProperty("next", out var next) ? next.GetString() : null);
        }
    }

    /// <summary>Waits until the clock shows another millisecond: what is created in one has no order.</summary>
    private static async Task NextMillisecond()
    {
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        while (TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds() == now)
        {
            await Task.Delay(1);
        }
    }

    private static string? State(JsonElement deal) => deal.GetProperty("state").GetString();

    private static async Task Is(Shop shop, string deal, int left, int reserved, int sold)
    {
        var card = await shop.Card(deal);
        Assert.Equal(
            (left, reserved, sold),
            (card.GetProperty("left").GetInt32(), card.GetProperty("reserved").GetInt32(),
                card.GetProperty("sold").GetInt32()));
    }
}
