#if ORLEANS_EMBEDDED
namespace RedNote.Frontend.Tests.Deals;

/// <summary>A buyer's connections may be on any front end.</summary>
public sealed class DealFrontEndsTests(TwoFrontEnds both) : IClassFixture<TwoFrontEnds>
{
    private readonly TestServer _first = both.First;
    private readonly TestServer _second = both.Second;

    [Fact]
    public async Task Buy_KeyRepeatedOnAnotherConnectionOrFrontEnd_IsTheSameOrder()
    {
        var shop = await Shop.Open(_first);
        var ann = await _first.Guest("Ann");
        var deal = await shop.Deal();
        string order;
        await using (var before = await _first.Connect(ann))
        {
            order = Shop.OrderId(await shop.Buy(before, deal, "k"));
        }

        await using var again = await _first.Connect(ann);
        await using var there = await _second.Connect(ann);
        foreach (var client in new[] { again, there })
        {
            var repeated = await shop.Buy(client, deal, "k");
            Assert.Equal(("accepted", order), (Shop.Status(repeated)!, Shop.OrderId(repeated)));
            Assert.Equal("reserved", repeated.GetProperty("order").GetString());
            Assert.Equal("limit_reached", Shop.Status(await shop.Buy(client, deal, "other")));
            Assert.Equal("conflict", Shop.Status(await shop.Buy(client, deal, "k", 2)));
        }

        (await Shop.Pay(ann, order, "p")).EnsureSuccessStatusCode();
        Assert.Equal("paid", (await shop.Buy(there, deal, "k")).GetProperty("order").GetString());
        Assert.Equal(9, (await shop.Card(deal)).GetProperty("left").GetInt32());
    }

    [Fact]
    public async Task Order_Changes_AllConnectionsOfTheBuyerAreToldAndNobodyElse()
    {
        var shop = await Shop.Open(_first);
        var ann = await _first.Guest("Ann");
        var deal = await shop.Deal();
        await using var here = await _first.Connect(ann);
        await using var alsoHere = await _first.Connect(ann);
        await using var there = await _second.Connect(ann);
        await using var stranger = await _second.Connect(await _second.Guest("Stranger"));
        foreach (var client in new[] { there, stranger })
        {
            // Who looks at the room is told of orders in it, wherever they are placed.
            await client.Invoke("JoinRoom", shop.Room, null);
        }

        var order = Shop.OrderId(await shop.Buy(here, deal, "k"));
        foreach (var client in new[] { here, alsoHere, there })
        {
            await Shop.News(client, order, "reserved");
        }

        (await Shop.Pay(ann, order, "p")).EnsureSuccessStatusCode();
        foreach (var client in new[] { here, alsoHere, there })
        {
            await Shop.News(client, order, "paid");
        }

        await stranger.Invoke("Like", shop.Room, 1, null);
        Assert.DoesNotContain(stranger.Everything, message => HubClient.IsPush(message, "order"));
    }

    [Fact]
    public async Task Order_AskedForOnAnotherFrontEnd_IsToldThereFromThenOn()
    {
        var shop = await Shop.Open(_first);
        var ann = await _first.Guest("Ann");
        var deal = await shop.Deal();
        await using var here = await _first.Connect(ann);
        var order = Shop.OrderId(await shop.Buy(here, deal, "k"));
        await using var there = await _second.Connect(ann);
        using var http = new HttpClient { BaseAddress = _second.Address };
        http.DefaultRequestHeaders.Authorization = ann.Http.DefaultRequestHeaders.Authorization;
        (await http.GetAsync($"/api/orders/{order}")).EnsureSuccessStatusCode();

        (await Shop.Cancel(ann, order)).EnsureSuccessStatusCode();

        await Shop.News(there, order, "cancelled");
    }
}
#endif
