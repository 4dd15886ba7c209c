using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace RedNote.Frontend.Tests.Deals;

/// <summary>Deals and the room they are in: who may buy, and what viewers see.</summary>
public sealed class DealRoomTests(ServerFixture fixture) : IClassFixture<ServerFixture>
{
    private const string Phrase = "我要口红";

    private readonly TestServer _server = fixture.Server;

    [Fact]
    public async Task Buy_ConditionNotMet_IsNotEligibleAndBindsNoKey()
    {
        var shop = await Shop.Open(_server);
        var ann = await _server.Guest("Ann");
        await using var client = await _server.Connect(ann);
        var said = await shop.Deal(("condition", new { kind = "password", value = Phrase }));
        var followed = await shop.Deal(("condition", new { kind = "followed" }));
        var voted = await shop.Deal(("condition", new { kind = "voted" }));
        var before = await shop.All(said) + await shop.All(followed) + await shop.All(voted);
        foreach (var deal in new[] { said, followed, voted })
        {
            Assert.Equal("not_eligible", Shop.Status(await shop.Buy(client, deal, "k")));
        }

        Assert.Equal(before, await shop.All(said) + await shop.All(followed) + await shop.All(voted));
        await client.Invoke("SendDanmaku", shop.Room, new { text = Phrase });
        (await ann.Http.PutAsync($"/api/users/{shop.Host.Id}/follow", null)).EnsureSuccessStatusCode();
        var poll = await TestServer.Json(await shop.Host.Http.PostAsJsonAsync(
            $"/api/rooms/{shop.Room}/polls",
            new { question = "Which?", options = new[] { "a", "b" }, seconds = 600, key = "p" }));
        await client.Invoke("Vote", shop.Room, poll.GetProperty("pollId").GetString(), new[] { 0 });
        foreach (var deal in new[] { said, followed, voted })
        {
            Assert.Equal("accepted", Shop.Status(await shop.Buy(client, deal, "k")));
        }
    }

    [Fact]
    public async Task Buy_RightBehindThePhrase_IsNotOvertakenByIt()
    {
        var shop = await Shop.Open(_server);
        var deal = await shop.Deal(("condition", new { kind = "password", value = Phrase }), ("stock", 50));
        var clients = await Task.WhenAll(
            Enumerable.Range(0, 20).Select(async i => await _server.Connect(await _server.Guest($"Buyer {i}"))));
        await Task.WhenAll(clients.Select(async client =>
        {
            // Nobody waits for the verdict before pressing.
            await client.Send("SendDanmaku", shop.Room, new { text = Phrase });
            Assert.Equal("accepted", Shop.Status(await shop.Buy(client, deal, "k")));
        }));
        await Task.WhenAll(clients.Select(client => client.DisposeAsync().AsTask()));
    }

    [Fact]
    public async Task Room_ADealFromItsOpeningToItsEnd_IsShownToViewers()
    {
        var shop = await Shop.Open(_server);
        await using var viewer = await _server.Connect(await _server.Guest("Viewer"));
        await viewer.Invoke("JoinRoom", shop.Room, null);
        var deal = await shop.Deal(("stock", 2), ("perBuyer", 2));
        Assert.Equal(deal, (await Event(viewer, shop.Room, "deal_opened")).GetProperty("deal")
            .GetProperty("dealId").GetString());
        var ann = await _server.Guest("小红薯123");
        await using var client = await _server.Connect(ann);

        var order = Shop.OrderId(await shop.Buy(client, deal, "k", 2));

        var announced = await Event(viewer, shop.Room, "order_announced");
        Assert.Equal(
            ("小红薯***", 2, deal),
            (announced.GetProperty("name").GetString()!, announced.GetProperty("quantity").GetInt32(),
                announced.GetProperty("dealId").GetString()!));
        await Ticker(viewer, shop.Room, deal, "open", left: 0, reserved: 2, sold: 0);
        (await Shop.Pay(ann, order, "p")).EnsureSuccessStatusCode();
        await Ticker(viewer, shop.Room, deal, "sold_out", left: 0, reserved: 0, sold: 2);
        var joined = await client.Invoke("JoinRoom", shop.Room, null);
        Assert.Equal(
            ("sold_out", 2),
            (joined.GetProperty("deals")[0].GetProperty("state").GetString()!,
                joined.GetProperty("deals")[0].GetProperty("sold").GetInt32()));
        await Frame(
            viewer, shop.Room,
            frame => frame.TryGetProperty("counters", out var counters)
                && counters.GetProperty("orders").GetInt32() == 1
                && counters.GetProperty("sales").GetProperty("amount").GetInt64() == 3_980,
            "the room's totals");
        await HostHasSold(shop.Host, 1, 3_980);

        // Nothing can come back: who has no order is refused, whether the deal is asked or not.
        await using var late = await _server.Connect(await _server.Guest("Late"));
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal("sold_out", Shop.Status(await shop.Buy(late, deal, $"k{i}")));
        }

        Assert.Equal("paid", (await shop.Buy(client, deal, "k", 2)).GetProperty("order").GetString());
    }

    [Fact]
    public async Task Pin_ADeal_IsToldAndUnknownOnesAreNot()
    {
        var shop = await Shop.Open(_server);
        await using var viewer = await _server.Connect(await _server.Guest("Viewer"));
        await viewer.Invoke("JoinRoom", shop.Room, null);
        var deal = await shop.Deal();
        var path = $"/api/rooms/{shop.Room}/pin";
        await Refusal.Is(
            await shop.Host.Http.PutAsJsonAsync(path, new { dealId = "4711" }), HttpStatusCode.NotFound, "not_found");

        // The room shows a deal as soon as it knows that it can be bought.
        await Event(viewer, shop.Room, "deal_opened");
        var pinned = await TestServer.Json(await shop.Host.Http.PutAsJsonAsync(path, new { dealId = deal }));

        Assert.Equal(deal, pinned.GetProperty("dealId").GetString());
        var told = await Event(viewer, shop.Room, "pinned");
        Assert.Equal(deal, told.GetProperty("pin").GetProperty("dealId").GetString());
    }

    private static async Task HostHasSold(TestUser host, int orders, long amount)
    {
        var since = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var sales = await host.Http.GetFromJsonAsync<JsonElement>("/api/me/sales");
            if (sales.GetProperty("orders").GetInt32() == orders
                && sales.GetProperty("sales").EnumerateArray().Sum(money => money.GetProperty("amount").GetInt64())
                    == amount)
            {
                Assert.Equal(1, sales.GetProperty("rooms").GetInt32());
                return;
            }

            Assert.True(TimeProvider.System.GetElapsedTime(since) < HubClient.Patience, $"{sales}");
            await Task.Delay(50);
        }
    }

    private static async Task<JsonElement> Event(HubClient client, string room, string kind)
    {
        return Find(await Frame(client, room, frame => Find(frame).ValueKind != JsonValueKind.Undefined, kind));

        JsonElement Find(JsonElement frame) => frame.TryGetProperty("events", out var events)
            ? events.EnumerateArray().FirstOrDefault(one => one.GetProperty("kind").GetString() == kind)
            : default;
    }

    private static Task<JsonElement> Ticker(
        HubClient client, string room, string deal, string state, int left, int reserved, int sold)
        => Frame(
            client, room,
            frame => frame.TryGetProperty("deals", out var deals) && deals.EnumerateArray().Any(ticker =>
                ticker.GetProperty("dealId").GetString() == deal && ticker.GetProperty("state").GetString() == state
                && ticker.GetProperty("left").GetInt32() == left && ticker.GetProperty("sold").GetInt32() == sold
                && ticker.GetProperty("reserved").GetInt32() == reserved),
            $"{state} with {sold} sold");

    /// <summary>A frame that has come or comes: one may hold several things that are waited for.</summary>
    private static async Task<JsonElement> Frame(
        HubClient client, string room, Func<JsonElement, bool> that, string what)
    {
        while (true)
        {
            var found = client.Everything.Where(message => HubClient.IsCall(message, "frame", room))
                .Select(message => message.GetProperty("arguments")[1]).FirstOrDefault(that);
            if (found.ValueKind != JsonValueKind.Undefined)
            {
                return found;
            }

            await client.Frame(room, what: what);
        }
    }
}
