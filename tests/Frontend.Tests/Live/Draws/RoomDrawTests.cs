using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using RedNote.Frontend.Tests.Node;
using RedNote.Silo.Operations;

namespace RedNote.Frontend.Tests.Live;

/// <summary>Lucky draws as clients see them: over REST, the hub and the frames.</summary>
public sealed class RoomDrawTests(ServerFixture fixture) : IClassFixture<ServerFixture>
{
    private readonly TestServer _server = fixture.Server;

    [Fact]
    public async Task Draw_FromOpeningToResult_IsToldAndCanBeRecomputedByAnybody()
    {
        NodeScript.SkipWithoutNode();
        var (room, host) = await _server.LiveRoom();
        var viewers = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => _server.Guest($"Viewer {i}")));
        var clients = await Task.WhenAll(viewers.Select(_server.Connect));
        await clients[0].Invoke("JoinRoom", room, null);

        var opened = await Open(host, room, winners: 3, seconds: 2);
        var drawId = opened.GetProperty("drawId").GetString()!;
        var told = await Event(clients[0], room, "draw_opened");
        Assert.Equal(opened.GetRawText(), told.GetProperty("draw").GetRawText());
        foreach (var client in clients)
        {
            var verdict = await client.Invoke("EnterDraw", room, drawId);
            Assert.Equal("accepted", verdict.GetProperty("status").GetString());
        }

        var again = await clients[1].Invoke("EnterDraw", room, drawId);
        Assert.Equal("accepted", again.GetProperty("status").GetString());
        var tooEarly = await _server.Http.GetAsync(Path(room, drawId) + "/entrants");
        Assert.Equal(HttpStatusCode.Conflict, tooEarly.StatusCode);

        var result = (await Event(clients[0], room, "draw_result")).GetProperty("draw");

        Assert.Equal(20, result.GetProperty("entrants").GetInt32());
        Assert.Equal(opened.GetProperty("commitment").GetString(), result.GetProperty("commitment").GetString());
        var late = await clients[1].Invoke("EnterDraw", room, drawId);
        Assert.Equal("draw_closed", late.GetProperty("reason").GetString());
        var joined = await clients[2].Invoke("JoinRoom", room, null);
        Assert.Equal(result.GetRawText(), Assert.Single(joined.GetProperty("draws").EnumerateArray()).GetRawText());
        var seed = result.GetProperty("seed").GetString()!;
        foreach (var message in clients.SelectMany(client => client.Everything).TakeWhile(m => !IsResult(m)))
        {
            Assert.DoesNotContain(seed, message.GetRawText());
        }

        await Recompute(room, drawId, result, viewers);
        await Task.WhenAll(clients.Select(client => client.DisposeAsync().AsTask()));

        static bool IsResult(JsonElement message)
            => message.GetRawText().Contains("draw_result", StringComparison.Ordinal);
    }

    [Fact]
    public async Task EnterDraw_ConditionNotMet_SaysWhich()
    {
        var (room, host) = await _server.LiveRoom();
        var ann = await _server.Guest("Ann");
        await using var client = await _server.Connect(ann);
        var password = Id(await Open(host, room, 1, 600, new { kind = "password", value = "我要口红" }, "p"));
        var followed = Id(await Open(host, room, 1, 600, new { kind = "followed" }, "f"));
        var watched = Id(await Open(host, room, 1, 600, new { kind = "watched", value = 1 }, "w"));

        await Refused(password, "invalid", "password");
        await Refused(followed, "followers_only", "followed");
        await Refused(watched, "invalid", "watched");

        await client.Invoke("JoinRoom", room, null);
        await client.Invoke("SendDanmaku", room, new { text = "我要口红" });
        (await ann.Http.PutAsync($"/api/users/{host.Id}/follow", null)).EnsureSuccessStatusCode();
        await Accepted(password);
        await Accepted(followed);
        await Until(
            "a second was watched", async () => (await Enter(watched)).GetProperty("status").GetString() == "accepted");
        var me = await TestServer.Json(await ann.Http.GetAsync($"/api/rooms/{room}/me"));
        Assert.InRange(me.GetProperty("watchSeconds").GetInt64(), 1, 60);

        Task<JsonElement> Enter(string draw) => client.Invoke("EnterDraw", room, draw);
        async Task Accepted(string draw)
            => Assert.Equal("accepted", (await Enter(draw)).GetProperty("status").GetString());
        async Task Refused(string draw, string reason, string unmet)
        {
            var verdict = await Enter(draw);
            Assert.Equal(
                ("rejected", reason, unmet),
                (verdict.GetProperty("status").GetString()!, verdict.GetProperty("reason").GetString()!,
                    verdict.GetProperty("unmet").GetString()!));
        }
    }

    [Fact]
    public async Task EnterDraw_NoSuchThing_IsRefusedInWords()
    {
        var (room, _) = await _server.LiveRoom();
        await using var client = await _server.Connect(await _server.Guest());
        Assert.Equal("not_found", await Reason(room, "123456"));
        Assert.Equal("not_found", await Reason("424242", "123456"));
        Assert.Equal("invalid", await Reason(room, "x"));
        Assert.Equal("invalid", await Reason("", "1"));
        Assert.Equal("invalid", await Reason(room, "-1"));

        async Task<string?> Reason(string roomId, string drawId)
            => (await client.Invoke("EnterDraw", roomId, drawId)).GetProperty("reason").GetString();
    }

    [Fact]
    public async Task Open_WrongRequests_AreRefusedByTheCode()
    {
        var (room, host) = await _server.LiveRoom();
        Assert.Equal("invalid", await Code(host, new { prize = "", winners = 0, seconds = 0, key = "a b" }));
        Assert.Equal("invalid", await Code(host, Body(winners: 1_001)));
        Assert.Equal("invalid", await Code(host, Body(condition: new { kind = "watched", value = "soon" })));
        Assert.Equal("invalid", await Code(host, Body(condition: new { kind = "password" })));
        Assert.Equal("invalid", await Code(host, Body(condition: new { kind = "lucky" })));
        Assert.Equal("forbidden", await Code(await _server.Guest(), Body()));
        var draw = await Open(host, room, 1, 600, new { kind = "watched", value = "90" });
        Assert.Equal(90, draw.GetProperty("condition").GetProperty("value").GetInt32());
        Assert.Equal(Id(draw), Id(await Open(host, room, 1, 600, new { kind = "watched", value = 90 })));
        Assert.Equal("conflict", await Code(host, Body()));
        foreach (var key in "bcde")
        {
            await Open(host, room, 1, 600, key: key.ToString());
        }

        Assert.Equal("rate_limited", await Code(host, Body(key: "f")));
        (await host.Http.PostAsync($"/api/rooms/{room}/end", null)).EnsureSuccessStatusCode();
        Assert.Equal("wrong_state", await Code(host, Body(key: "g")));
        Assert.Equal(HttpStatusCode.Unauthorized, (await _server.Http.PostAsJsonAsync(
            $"/api/rooms/{room}/draws", Body())).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await _server.Http.GetAsync(Path(room, "4711"))).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await _server.Http.GetAsync(
            Path(room, Id(draw)) + "/entrants?limit=5001")).StatusCode);

        async Task<string?> Code(TestUser user, object body)
            => (await TestServer.Json(await user.Http.PostAsJsonAsync($"/api/rooms/{room}/draws", body)))
                .GetProperty("code").GetString();
    }

    private async Task Recompute(string room, string drawId, JsonElement result, TestUser[] viewers)
    {
        var script = await NodeScript.Run("verify-draw.mjs", new()
        {
            ["BASE_URLS"] = _server.Address.ToString(),
            ["ROOM"] = room,
            ["DRAW"] = drawId,
        });
        Assert.Empty(script.GetProperty("wrong").EnumerateArray());
        Assert.Equal(Texts(result.GetProperty("winnerIds")), Texts(script.GetProperty("winners")));
        Assert.Equal(
            viewers.Select(viewer => viewer.Id).Order(StringComparer.Ordinal), Texts(script.GetProperty("entrants")));

        var folder = Directory.CreateTempSubdirectory("rednote-test-");
        var draw = System.IO.Path.Combine(folder.FullName, "draw.json");
        var list = System.IO.Path.Combine(folder.FullName, "entrants.json");
        var published = await _server.Http.GetStringAsync(Path(room, drawId));
        await File.WriteAllTextAsync(draw, published);
        await File.WriteAllTextAsync(list, await _server.Http.GetStringAsync(Path(room, drawId) + "/entrants"));
        Assert.Equal(0, await OperationsHost.Run(["draw", "verify", "--draw", draw, "--entrants", list]));
        var winners = Texts(result.GetProperty("winnerIds"));
        var loser = viewers.Select(viewer => viewer.Id).First(id => !winners.Contains(id));
        await File.WriteAllTextAsync(draw, published.Replace(winners[0], loser, StringComparison.Ordinal));
        Assert.Equal(1, await OperationsHost.Run(["draw", "verify", "--draw", draw, "--entrants", list]));
        folder.Delete(recursive: true);
    }

    private static List<string> Texts(JsonElement array)
        => [.. array.EnumerateArray().Select(item => item.GetString()!)];

    private static string Path(string room, string drawId) => $"/api/rooms/{room}/draws/{drawId}";

    private static string Id(JsonElement draw) => draw.GetProperty("drawId").GetString()!;

    private static object Body(int winners = 1, object? condition = null, string key = "k")
        => new { prize = "A lipstick", winners, seconds = 600, condition, key };

    private static async Task<JsonElement> Open(
        TestUser host, string room, int winners, int seconds, object? condition = null, string key = "k")
    {
        var answer = await host.Http.PostAsJsonAsync(
            $"/api/rooms/{room}/draws", new { prize = "A lipstick", winners, seconds, condition, key });
        Assert.True(answer.StatusCode == HttpStatusCode.Created, await answer.Content.ReadAsStringAsync());
        return await TestServer.Json(answer);
    }

    private static async Task<JsonElement> Event(HubClient client, string room, string kind)
    {
        var frame = await client.Frame(
            room,
            one => one.TryGetProperty("events", out var events)
                && events.EnumerateArray().Any(e => e.GetProperty("kind").GetString() == kind),
            $"a frame with {kind}");
        return frame.GetProperty("events").EnumerateArray().Single(e => e.GetProperty("kind").GetString() == kind);
    }

    private static async Task Until(string what, Func<Task<bool>> condition)
    {
        var end = DateTime.UtcNow.AddSeconds(30);
        while (!await condition())
        {
            Assert.True(
                DateTime.UtcNow < end, string.Create(CultureInfo.InvariantCulture, $"Waited 30 s in vain: {what}"));
            await Task.Delay(50);
        }
    }
}
