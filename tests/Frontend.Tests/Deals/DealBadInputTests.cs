using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace RedNote.Frontend.Tests.Deals;

/// <summary>What is wrong has its documented code, and changes nothing.</summary>
public sealed class DealBadInputTests(ServerFixture fixture) : IClassFixture<ServerFixture>
{
    private readonly TestServer _server = fixture.Server;

    [Fact]
    public async Task Buy_WrongQuantityKeyOrId_IsAnAnswerAndChangesNothing()
    {
        var shop = await Shop.Open(_server);
        var other = await Shop.Open(_server);
        var deal = await shop.Deal();
        var elsewhere = await other.Deal();
        await using var client = await _server.Connect(await _server.Guest("Ann"));
        var before = await shop.All(deal) + await other.All(elsewhere);

        object[] quantities = [0, -1, 1_000_000_000, 1_001, 1.5, "1", 99_999_999_999, true, new int[1]];
        foreach (var quantity in quantities)
        {
            Assert.Equal("invalid", Shop.Status(await shop.Buy(client, deal, "k", quantity)));
        }

        foreach (var order in new object?[]
            { null, new { }, new { quantity = 1 }, new { key = "k" }, new { quantity = 1, key = "a b" } })
        {
            Assert.Equal("invalid", Shop.Status(await client.Invoke("Buy", shop.Room, deal, order)));
        }

        foreach (var (room, id, status) in new[]
        {
            (shop.Room, "4711", "not_found"), (shop.Room, elsewhere, "not_found"), (other.Room, deal, "not_found"),
            ("424242", deal, "not_found"), (shop.Room, "x", "invalid"), ("", deal, "invalid"),
            (shop.Room, "-1", "invalid"), (shop.Room, "0", "invalid"), (shop.Room, $"0{deal}", "invalid"),
            (shop.Room, "9223372036854775807", "not_found"), (shop.Room, "9223372036854775808", "invalid"),
        })
        {
            Assert.Equal(status, Shop.Status(await client.Invoke("Buy", room, id, new { quantity = 1, key = "k" })));
        }

        Assert.Equal(before, await shop.All(deal) + await other.All(elsewhere));
        Assert.Equal("accepted", Shop.Status(await shop.Buy(client, deal, "k")));
    }

    [Fact]
    public async Task Buy_BeforeTheStartAfterTheEndOrTooMuch_IsRefusedAndBindsNoKey()
    {
        var shop = await Shop.Open(_server);
        await using var client = await _server.Connect(await _server.Guest("Ann"));
        var later = await shop.Deal(
            ("startsAt", DateTimeOffset.UtcNow.AddHours(1).ToUnixTimeMilliseconds()));
        var over = await shop.Deal();
        await shop.Do(over, "end");
        var open = await shop.Deal();
        var before = await shop.All(later) + await shop.All(over) + await shop.All(open);

        var tooSoon = await shop.Buy(client, later, "k");
        Assert.Equal("not_started", Shop.Status(tooSoon));
        Assert.InRange(tooSoon.GetProperty("retryAfterMs").GetInt64(), 3_000_000, 3_600_000);
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal("ended", Shop.Status(await shop.Buy(client, over, $"k{i}")));
        }

        Assert.Equal("limit_reached", Shop.Status(await shop.Buy(client, open, "k", 2)));
        Assert.Equal(before, await shop.All(later) + await shop.All(over) + await shop.All(open));
        Assert.Equal("accepted", Shop.Status(await shop.Buy(client, open, "k")));
    }

    [Fact]
    public async Task Buy_KeyOfAnotherQuantity_IsAConflictAndTheOrderStays()
    {
        var shop = await Shop.Open(_server);
        var ann = await _server.Guest("Ann");
        await using var client = await _server.Connect(ann);
        var deal = await shop.Deal(("perBuyer", 5));
        var order = Shop.OrderId(await shop.Buy(client, deal, "k", 2));
        var before = await shop.All(deal) + await Shop.Order(ann, order);

        Assert.Equal("conflict", Shop.Status(await shop.Buy(client, deal, "k", 1)));
        Assert.Equal("conflict", Shop.Status(await shop.Buy(client, deal, "k", 5)));
        Assert.Equal(order, Shop.OrderId(await shop.Buy(client, deal, "k", 2)));

        Assert.Equal(before, await shop.All(deal) + await Shop.Order(ann, order));
    }

    [Fact]
    public async Task Pay_TwiceOrAnothersOrder_IsRefusedAndPaidOnce()
    {
        var shop = await Shop.Open(_server);
        var (ann, bea) = (await _server.Guest("Ann"), await _server.Guest("Bea"));
        await using var client = await _server.Connect(ann);
        var deal = await shop.Deal(("stock", 2));
        var order = Shop.OrderId(await shop.Buy(client, deal, "k"));

        await Refusal.Is(await Shop.Pay(bea, order, "p"), HttpStatusCode.NotFound, "not_found");
        await Refusal.Is(await Shop.Cancel(bea, order), HttpStatusCode.NotFound, "not_found");
        await Refusal.Is(await bea.Http.GetAsync($"/api/orders/{order}"), HttpStatusCode.NotFound, "not_found");
        Assert.Equal("reserved", Shop.Status(await Shop.Order(ann, order)));
        (await Shop.Pay(ann, order, "p")).EnsureSuccessStatusCode();
        var before = await shop.All(deal) + await Shop.Order(ann, order);

        Assert.Equal("paid", Shop.Status(await TestServer.Json(await Shop.Pay(ann, order, "p"))));
        await Refusal.Is(await Shop.Pay(ann, order, "q"), HttpStatusCode.Conflict, "wrong_state");
        await Refusal.Is(await Shop.Pay(bea, order, "p"), HttpStatusCode.NotFound, "not_found");
        await Refusal.Is(await Shop.Cancel(ann, order), HttpStatusCode.Conflict, "wrong_state");

        Assert.Equal(before, await shop.All(deal) + await Shop.Order(ann, order));
        Assert.Equal(1_990, (await shop.Board(deal)).GetProperty("gmv").GetProperty("amount").GetInt64());
    }

    [Fact]
    public async Task Pay_ExpiredCancelledOrWaiting_IsRefused()
    {
        var shop = await Shop.Open(_server);
        var (ann, bea) = (await _server.Guest("Ann"), await _server.Guest("Bea"));
        await using var first = await _server.Connect(ann);
        await using var second = await _server.Connect(bea);
        var quick = await shop.Deal(("payWithinSeconds", 1));
        var expired = Shop.OrderId(await shop.Buy(first, quick, "k"));
        await Shop.Until(ann, expired, "expired");
        var before = await shop.All(quick);

        await Refusal.Is(await Shop.Pay(ann, expired, "p"), HttpStatusCode.Conflict, "order_expired");
        await Refusal.Is(await Shop.Cancel(ann, expired), HttpStatusCode.Conflict, "wrong_state");
        Assert.Equal(before, await shop.All(quick));

        var deal = await shop.Deal(("stock", 1));
        var taken = Shop.OrderId(await shop.Buy(first, deal, "k"));
        var waiting = Shop.OrderId(await shop.Buy(second, deal, "k"));
        await Refusal.Is(await Shop.Pay(bea, waiting, "p"), HttpStatusCode.Conflict, "wrong_state");
        (await Shop.Cancel(bea, waiting)).EnsureSuccessStatusCode();
        await Refusal.Is(await Shop.Pay(bea, waiting, "p"), HttpStatusCode.Conflict, "wrong_state");
        Assert.Equal("reserved", Shop.Status(await Shop.Order(ann, taken)));
    }

    [Fact]
    public async Task Orders_WrongIdsAndKeys_AreRefused()
    {
        var ann = await _server.Guest("Ann");
        foreach (var id in new[] { "x", "0", "-1", "01", "9223372036854775808" })
        {
            await Refusal.Is(await Shop.Pay(ann, id, "p"), HttpStatusCode.BadRequest, "invalid");
            await Refusal.Is(await ann.Http.GetAsync($"/api/orders/{id}"), HttpStatusCode.BadRequest, "invalid");
        }

        foreach (var id in new[] { "1", "67108863", "67108864", "67108865", "9223372036854775807" })
        {
            await Refusal.Is(await Shop.Pay(ann, id, "p"), HttpStatusCode.NotFound, "not_found");
            await Refusal.Is(await Shop.Cancel(ann, id), HttpStatusCode.NotFound, "not_found");
            await Refusal.Is(await ann.Http.GetAsync($"/api/orders/{id}"), HttpStatusCode.NotFound, "not_found");
        }

        foreach (var key in new[] { "", "a b", new string('k', 65), null })
        {
            var problem = await Refusal.Is(
                await Shop.Pay(ann, "67108865", key!), HttpStatusCode.BadRequest, "invalid");
            Assert.True(problem.GetProperty("errors").TryGetProperty("key", out _));
        }

        var nobody = await _server.Http.PostAsJsonAsync("/api/orders/67108865/pay", new { key = "p" });
        await Refusal.Is(nobody, HttpStatusCode.Unauthorized, "unauthorized");
    }

    [Theory]
    [InlineData("title", "")]
    [InlineData("title", "1234567890123456789012345678901234567890123456789012345678901")]
    [InlineData("stock", 0)]
    [InlineData("stock", -1)]
    [InlineData("stock", 10_000_001)]
    [InlineData("stock", null)]
    [InlineData("perBuyer", 0)]
    [InlineData("perBuyer", 1_001)]
    [InlineData("seconds", 0)]
    [InlineData("seconds", 2_592_001)]
    [InlineData("payWithinSeconds", 0)]
    [InlineData("payWithinSeconds", 86_401)]
    [InlineData("startsAt", 0)]
    [InlineData("startsAt", -1)]
    [InlineData("startsAt", 4_102_444_800_000)]
    [InlineData("key", "a b")]
    [InlineData("key", null)]
    [InlineData("price", null)]
    public async Task Post_OneMemberWrong_IsNamed(string member, object? value)
    {
        var shop = await Shop.Open(_server);
        var problem = await Refusal.Is(
            await shop.Post(Shop.Terms((member, value))), HttpStatusCode.BadRequest, "invalid");
        Assert.Equal(member, Assert.Single(problem.GetProperty("errors").EnumerateObject()).Name);
        var deals = await shop.Host.Http.GetFromJsonAsync<JsonElement>($"/api/rooms/{shop.Room}/deals");
        Assert.Equal(0, deals.GetProperty("items").GetArrayLength());
    }

    [Fact]
    public async Task Post_WrongMoneyConditionOrCaller_IsRefusedByTheCode()
    {
        var shop = await Shop.Open(_server);
        foreach (var (name, value) in new (string, object)[]
        {
            ("price", new { amount = -1, currency = "CNY" }),
            ("price", new { amount = 1_000_000_001, currency = "CNY" }),
            ("price", new { amount = 5, currency = "yuan" }), ("price", new { amount = 5 }), ("price", new { }),
            ("listPrice", new { amount = 5_000, currency = "USD" }), ("condition", new { kind = "lucky" }),
            ("condition", new { kind = "watched", value = 0 }), ("condition", new { kind = "password" }),
        })
        {
            var problem = await Refusal.Is(
                await shop.Post(Shop.Terms((name, value))), HttpStatusCode.BadRequest, "invalid");
            Assert.Contains(problem.GetProperty("errors").EnumerateObject(), error => error.Name == name);
        }

        await Refusal.Is(
            await shop.Post(Shop.Terms(("prepared", true), ("startsAt", 1_800_000_000_000))),
            HttpStatusCode.BadRequest, "invalid");
        await Refusal.Is(
            await shop.Post(Shop.Terms(), await _server.Guest("Ann")), HttpStatusCode.Forbidden, "forbidden");
        await Refusal.Is(
            await shop.Host.Http.PostAsJsonAsync("/api/rooms/424242/deals", Shop.Terms()),
            HttpStatusCode.NotFound, "not_found");
        await Refusal.Is(
            await _server.Http.PostAsJsonAsync($"/api/rooms/{shop.Room}/deals", Shop.Terms()),
            HttpStatusCode.Unauthorized, "unauthorized");
    }

    [Fact]
    public async Task Deal_OfAnotherRoomOrNobodysHost_IsNotFoundOrForbidden()
    {
        var (shop, other) = (await Shop.Open(_server), await Shop.Open(_server));
        var deal = await shop.Deal();
        var before = await shop.All(deal);
        var wrong = other with { Host = shop.Host };
        foreach (var path in new[] { "", "/board" })
        {
            await Refusal.Is(
                await shop.Host.Http.GetAsync($"/api/rooms/{other.Room}/deals/{deal}{path}"),
                HttpStatusCode.NotFound, "not_found");
            await Refusal.Is(
                await shop.Host.Http.GetAsync($"/api/rooms/{shop.Room}/deals/4711{path}"),
                HttpStatusCode.NotFound, "not_found");
        }

        await Refusal.Is(await wrong.Do(deal, "end"), HttpStatusCode.NotFound, "not_found");
        await Refusal.Is(await wrong.Do(deal, "begin"), HttpStatusCode.NotFound, "not_found");
        await Refusal.Is(await shop.Do(deal, "end", other.Host), HttpStatusCode.Forbidden, "forbidden");
        await Refusal.Is(
            await other.Host.Http.GetAsync($"/api/rooms/{shop.Room}/deals/{deal}/board"),
            HttpStatusCode.Forbidden, "forbidden");
        await Refusal.Is(
            await _server.Http.GetAsync("/api/rooms/424242/deals"), HttpStatusCode.NotFound, "not_found");
        await Refusal.Is(await _server.Http.GetAsync("/api/deals?limit=0"), HttpStatusCode.BadRequest, "invalid");
        Assert.Equal(before, await shop.All(deal));
    }
}
