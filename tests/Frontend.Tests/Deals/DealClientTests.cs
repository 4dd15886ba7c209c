using RedNote.Frontend.Tests.Node;

namespace RedNote.Frontend.Tests.Deals;

/// <summary>Deals with the official JavaScript client (deal.mjs).</summary>
public sealed class DealClientTests(ServerFixture fixture) : IClassFixture<ServerFixture>
{
    [Fact]
    public async Task Deal_WithTheOfficialClient_IsBoughtToldAndPaid()
    {
        NodeScript.SkipWithoutNode();
        var result = await NodeScript.Run("deal.mjs", new() { ["BASE_URLS"] = fixture.Server.Address.ToString() });

        // The two connections are on their own: either key may have been first.
        var answers = result.GetProperty("answers").EnumerateArray().ToList();
        Assert.All(answers, answer => Assert.Contains(Shop.Status(answer), (string[])["accepted", "limit_reached"]));
        Assert.Single(answers.Where(one => Shop.Status(one) == "accepted").Select(Shop.OrderId).Distinct());
        var waiting = result.GetProperty("waiting");
        Assert.Equal(("waiting", 1), (Shop.Status(waiting)!, waiting.GetProperty("position").GetInt32()));
        Assert.Equal("paid", Shop.Status(result.GetProperty("paid")));
        Assert.Equal("invalid", Shop.Status(result.GetProperty("invalid")));
        Assert.Equal(1, result.GetProperty("deal").GetProperty("sold").GetInt32());
        var told = result.GetProperty("told");
        var order = Shop.OrderId(answers.First(one => Shop.Status(one) == "accepted"));
        Assert.All(told.GetProperty("first").EnumerateArray(), news => Assert.Equal(order, Shop.OrderId(news)));
        Assert.All(
            told.GetProperty("bea").EnumerateArray(),
            news => Assert.Equal(Shop.OrderId(waiting), Shop.OrderId(news)));
    }
}
