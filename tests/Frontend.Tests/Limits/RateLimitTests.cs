using System.Net;
using System.Net.Http.Json;

namespace RedNote.Frontend.Tests.Limits;

public sealed class RateLimitTests
{
    /// <summary>So slow that nothing comes back while a test runs.</summary>
    private const string Slow = "0.001";

    [Theory]
    [InlineData("Guest", "/api/auth/guest", HttpStatusCode.Created)]
    [InlineData("Login", "/api/auth/login", HttpStatusCode.Unauthorized)]
    [InlineData("LoginPerHandle", "/api/auth/login", HttpStatusCode.Unauthorized)]
    [InlineData("Refresh", "/api/auth/refresh", HttpStatusCode.Unauthorized)]
    [InlineData("Request", "/api/auth/refresh", HttpStatusCode.Unauthorized)]
    public async Task Requests_BeyondTheBurst_AreToldWhenToRetry(string limit, string path, HttpStatusCode before)
    {
        await using var server = await TestServer.Start(Limited(limit, burst: 3));
        var body = new { name = "Ann", handle = "somebody", password = "some password", refreshToken = "x" };
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(before, (await server.Http.PostAsJsonAsync(path, body)).StatusCode);
        }

        var refused = await server.Http.PostAsJsonAsync(path, body);

        await Refusal.Is(refused, HttpStatusCode.TooManyRequests, "rate_limited");
        Assert.True(refused.Headers.RetryAfter!.Delta > TimeSpan.Zero);
        Assert.Equal(HttpStatusCode.OK, (await server.Http.GetAsync("/health/live")).StatusCode);
    }

    [Fact]
    public async Task Logins_ForOneHandle_DoNotStopOthers()
    {
        await using var server = await TestServer.Start(Limited("LoginPerHandle", burst: 1));
        foreach (var handle in new[] { "one.handle", "other.handle" })
        {
            var answer = await server.Http.PostAsJsonAsync(
                "/api/auth/login", new { handle, password = "some password" });
            Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        }
    }

    [Fact]
    public async Task Danmaku_BeyondTheBurst_AreRateLimitedOverAllConnectionsOfTheUser()
    {
        await using var server = await TestServer.Start(Limited("Danmaku", burst: 5));
        var (room, _) = await server.LiveRoom();
        var user = await server.Guest();
        await using (var first = await server.Connect(user))
        {
            for (var i = 0; i < 5; i++)
            {
                var verdict = await first.Invoke("SendDanmaku", room, new { text = $"n{i}" });
                Assert.Equal("accepted", verdict.GetProperty("status").GetString());
            }
        }

        await using var second = await server.Connect(user);
        var refused = await second.Invoke("SendDanmaku", room, new { text = "n5" });

        Assert.Equal("rate_limited", refused.GetProperty("reason").GetString());
        Assert.True(refused.GetProperty("retryAfterMs").GetInt64() > 0);
        await using var other = await server.Connect(await server.Guest());
        var accepted = await other.Invoke("SendDanmaku", room, new { text = "mine" });
        Assert.Equal("accepted", accepted.GetProperty("status").GetString());
    }

    [Theory]
    [InlineData("Like")]
    [InlineData("Join")]
    public async Task HubCalls_BeyondTheBurst_AreErrorsWithTheCode(string limit)
    {
        await using var server = await TestServer.Start(Limited(limit, burst: 2));
        var (room, _) = await server.LiveRoom();
        await using var client = await server.Connect(await server.Guest());
        Task Call() => limit == "Like" ? client.Invoke("Like", room, 1, null) : client.Invoke("JoinRoom", room, null);
        await Call();
        await Call();

        var failure = await Assert.ThrowsAsync<HubCallException>(Call);

        Assert.Contains("rate_limited: ", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Vote", "Vote")]
    [InlineData("Vote", "UpvoteQuestion")]
    [InlineData("Ask", "Ask")]
    [InlineData("Entry", "EnterDraw")]
    public async Task VotesAsksAndEntries_BeyondTheBurst_AreRefusedWithATimeToWait(string limit, string method)
    {
        await using var server = await TestServer.Start(Limited(limit, burst: 2));
        var (room, _) = await server.LiveRoom();
        var user = await server.Guest();
        await using var client = await server.Connect(user);
        await using var other = await server.Connect(await server.Guest());
        object?[] arguments = method switch
        {
            "Vote" => [room, "404", new[] { 0 }],
            "Ask" => [room, "why?", null],
            _ => [room, "404"],
        };
        for (var i = 0; i < 2; i++)
        {
            Assert.NotEqual("rate_limited", await Reason(client));
        }

        var refused = await client.Invoke(method, arguments);
        Assert.Equal("rate_limited", refused.GetProperty("reason").GetString());
        Assert.True(refused.GetProperty("retryAfterMs").GetInt64() > 0);
        Assert.NotEqual("rate_limited", await Reason(other));

        async Task<string?> Reason(HubClient hub)
        {
            var verdict = await hub.Invoke(method, arguments);
            return verdict.TryGetProperty("reason", out var reason) ? reason.GetString() : null;
        }
    }

    [Fact]
    public async Task Off_LiftsRatesButNotSizes()
    {
        var settings = Limited("Guest", burst: 1);
        settings["RedNote:Limits:Off"] = "true";
        await using var server = await TestServer.Start(settings);
        for (var i = 0; i < 5; i++)
        {
            await server.Guest();
        }

        var answer = await server.Http.PostAsJsonAsync("/api/auth/guest", new { name = new string('x', 25) });
        await Refusal.Is(answer, HttpStatusCode.BadRequest, "invalid");
    }

    [Fact]
    public async Task Settings_ThatMakeNoSense_StopTheStart()
    {
        var failure = await Assert.ThrowsAnyAsync<Exception>(
            () => TestServer.Start(new() { ["RedNote:Limits:Like:Burst"] = "0" }));

        Assert.Contains("RedNote:Limits:Like", failure.Message, StringComparison.Ordinal);
    }

    private static Dictionary<string, string?> Limited(string limit, int burst) => new()
    {
        ["RedNote:Limits:Off"] = "false",
        [$"RedNote:Limits:{limit}:PerSecond"] = Slow,
        [$"RedNote:Limits:{limit}:Burst"] = $"{burst}",
    };
}
