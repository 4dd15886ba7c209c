using System.Net;
using System.Text.Json;

namespace RedNote.Frontend.Tests.Live;

public sealed class RoomStatsTests(ServerFixture fixture) : IClassFixture<ServerFixture>
{
    private readonly TestServer _server = fixture.Server;

    [Fact]
    public async Task Stats_OfARoomWithEveryKindOfVerdict_AddUpAndNameTheReasons()
    {
        var (room, host) = await _server.LiveRoom();
        await using var client = await _server.Connect(await _server.Guest());
        await client.Invoke("JoinRoom", room, null);
        for (var i = 0; i < 3; i++)
        {
            await client.Invoke("SendDanmaku", room, new { text = $"hello {i}", key = $"k{i}" });
        }

        await client.Invoke("SendDanmaku", room, new { text = "hello 0", key = "k0" });
        await client.Invoke("SendDanmaku", room, new { text = "other", key = "k0" });
        await client.Invoke("SendDanmaku", room, new { text = "  " });
        await client.Invoke("SendDanmaku", room, new { text = new string('x', 201) });
        await client.Invoke("SendDanmaku", room, new { text = "x", color = "red" });
        await client.Invoke("SendDanmaku", room, null);

        await Until(host, room, "shown", 3);
        var verdicts = await Until(host, room, "received", 8);

        Assert.Equal(
            """{"conflict":1,"empty":1,"invalid":2,"too_long":1}""",
            JsonSerializer.Serialize(verdicts.GetProperty("rejected").EnumerateObject()
                .OrderBy(reason => reason.Name, StringComparer.Ordinal)
                .ToDictionary(reason => reason.Name, reason => reason.Value.GetInt64())));
        Assert.Equal(1, verdicts.GetProperty("repeated").GetInt64());
        foreach (var name in new[] { "pending", "merged", "sampled", "held" })
        {
            Assert.Equal(0, verdicts.GetProperty(name).GetInt64());
        }
    }

    [Fact]
    public async Task Stats_ForOthers_AreRefused()
    {
        var (room, host) = await _server.LiveRoom();
        var other = await _server.Guest();
        await Refusal.Is(
            await other.Http.GetAsync($"/api/rooms/{room}/stats"), HttpStatusCode.Forbidden, "forbidden");
        await Refusal.Is(
            await _server.Http.GetAsync($"/api/rooms/{room}/stats"), HttpStatusCode.Unauthorized, "unauthorized");
        await Refusal.Is(await host.Http.GetAsync("/api/rooms/1/stats"), HttpStatusCode.NotFound, "not_found");
    }

    /// <summary>The totals once one of them is so; what a front end refuses it tells a little later.</summary>
    private static async Task<JsonElement> Until(TestUser host, string room, string name, long value)
    {
        var deadline = DateTime.UtcNow + HubClient.Patience;
        while (true)
        {
            var stats = await TestServer.Json(await host.Http.GetAsync($"/api/rooms/{room}/stats"));
            var verdicts = stats.GetProperty("verdicts");
            if (verdicts.GetProperty(name).GetInt64() == value)
            {
                return verdicts;
            }

            Assert.True(DateTime.UtcNow < deadline, $"{name} never is {value}: {stats}");
            await Task.Delay(TimeSpan.FromMilliseconds(20));
        }
    }
}
