using System.Net;
using System.Net.Http.Json;

namespace RedNote.Frontend.Tests.Deals;

/// <summary>How often people may buy and pay.</summary>
public sealed class DealLimitTests
{
    [Fact]
    public async Task Buy_BeyondTheBurst_IsRateLimitedOverAllConnectionsAndChangesNothing()
    {
        await using var server = await TestServer.Start(Limited("Buy", burst: 3));
        var shop = await Shop.Open(server);
        var deal = await shop.Deal();
        var ann = await server.Guest("Ann");
        await using var first = await server.Connect(ann);
        for (var i = 0; i < 3; i++)
        {
            await shop.Buy(first, deal, "k");
        }

        await using var second = await server.Connect(ann);
        var refused = await shop.Buy(second, deal, "other");

        Assert.Equal("rate_limited", Shop.Status(refused));
        Assert.True(refused.GetProperty("retryAfterMs").GetInt64() > 0);
        await using var other = await server.Connect(await server.Guest("Bea"));
        Assert.Equal("accepted", Shop.Status(await shop.Buy(other, deal, "k")));
    }

    [Fact]
    public async Task Pay_BeyondTheBurst_IsToldWhenToRetry()
    {
        await using var server = await TestServer.Start(Limited("Pay", burst: 2));
        var ann = await server.Guest("Ann");
        for (var i = 0; i < 2; i++)
        {
            await Refusal.Is(await Shop.Pay(ann, "67108865", "p"), HttpStatusCode.NotFound, "not_found");
        }

        var refused = await ann.Http.PostAsJsonAsync("/api/orders/67108865/cancel", new { });
        await Refusal.Is(refused, HttpStatusCode.TooManyRequests, "rate_limited");
        Assert.True(refused.Headers.RetryAfter!.Delta > TimeSpan.Zero);
    }

    [Fact]
    public async Task Buy_DefaultLimits_LetAHurriedPersonPressTenTimesAtOnce()
    {
        await using var server = await TestServer.Start(new() { ["RedNote:Limits:Off"] = "false" });
        var shop = await Shop.Open(server);
        var deal = await shop.Deal();
        await using var client = await server.Connect(await server.Guest("Ann"));
        for (var i = 0; i < 10; i++)
        {
            Assert.Equal("accepted", Shop.Status(await shop.Buy(client, deal, "k")));
        }
    }

    private static Dictionary<string, string?> Limited(string limit, int burst) => new()
    {
        ["RedNote:Limits:Off"] = "false",
        [$"RedNote:Limits:{limit}:PerSecond"] = "0.001",
        [$"RedNote:Limits:{limit}:Burst"] = $"{burst}",
    };
}
