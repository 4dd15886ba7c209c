using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace RedNote.Frontend.Tests.Live;

public sealed class RoomRoutesTests(ServerFixture fixture) : IClassFixture<ServerFixture>
{
    private readonly TestServer _server = fixture.Server;

    [Fact]
    public async Task Create_ThenStartAndEnd_GoesThroughTheStates()
    {
        var host = await _server.Guest("Host");
        var answer = await host.Http.PostAsJsonAsync("/api/rooms", new { title = " Tea 茶 ", cover = "/c.png" });

        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        var room = await TestServer.Json(answer);
        var id = room.GetProperty("roomId").GetString();
        Assert.Equal($"/api/rooms/{id}", answer.Headers.Location?.ToString());
        Assert.Equal(
            ("Tea 茶", "scheduled", host.Id, "Host"),
            (Text(room, "title"), Text(room, "state"), Text(room, "hostId"), Text(room, "hostName")));
        Assert.False(room.TryGetProperty("startedAt", out _));

        var live = await TestServer.Json(await host.Http.PostAsync($"/api/rooms/{id}/start", null));
        Assert.Equal("live", Text(live, "state"));
        Assert.True(live.GetProperty("startedAt").GetInt64() > 0);
        var again = await TestServer.Json(await host.Http.PostAsync($"/api/rooms/{id}/start", null));
        Assert.Equal(live.GetProperty("startedAt").GetInt64(), again.GetProperty("startedAt").GetInt64());

        var ended = await TestServer.Json(await host.Http.PostAsync($"/api/rooms/{id}/end", null));
        Assert.Equal("ended", Text(ended, "state"));
        await Refusal.Is(
            await host.Http.PostAsync($"/api/rooms/{id}/start", null), HttpStatusCode.Conflict, "wrong_state");
        Assert.Equal("ended", Text(await TestServer.Json(await _server.Http.GetAsync($"/api/rooms/{id}")), "state"));
    }

    [Theory]
    [InlineData("""{"title":""}""", "title")]
    [InlineData("""{}""", "title")]
    [InlineData("""{"title":"t","cover":"javascript:x"}""", "cover")]
    [InlineData("""{"title":"t","startsAt":-5}""", "startsAt")]
    public async Task Create_BadInput_NamesTheMember(string body, string member)
    {
        var host = await _server.Guest();
        using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");

        var problem = await Refusal.Is(
            await host.Http.PostAsync("/api/rooms", content), HttpStatusCode.BadRequest, "invalid");

        Assert.True(problem.GetProperty("errors").TryGetProperty(member, out _));
    }

    [Fact]
    public async Task HostCommands_ByAnother_AreForbiddenAndChangeNothing()
    {
        var (room, host) = await _server.LiveRoom();
        var other = await _server.Guest("Other");

        foreach (var (method, path, body) in HostCommands(room, host.Id))
        {
            var answer = await Send(other.Http, method, path, body);
            await Refusal.Is(answer, HttpStatusCode.Forbidden, "forbidden");
            await Refusal.Is(await Send(_server.Http, method, path, body), HttpStatusCode.Unauthorized, "unauthorized");
        }

        var after = await TestServer.Json(await _server.Http.GetAsync($"/api/rooms/{room}"));
        Assert.Equal("live", Text(after, "state"));
        var settings = await TestServer.Json(await host.Http.GetAsync($"/api/rooms/{room}/settings"));
        Assert.Equal(0, settings.GetProperty("slowModeSeconds").GetInt32());
    }

    [Fact]
    public async Task HostCommands_UnknownOrMalformedRoom_AreRefused()
    {
        var host = await _server.Guest();

        foreach (var (method, path, body) in HostCommands("9000000000000000000", host.Id))
        {
            await Refusal.Is(await Send(host.Http, method, path, body), HttpStatusCode.NotFound, "not_found");
        }

        foreach (var (method, path, body) in HostCommands("12x", host.Id))
        {
            await Refusal.Is(await Send(host.Http, method, path, body), HttpStatusCode.BadRequest, "invalid");
        }
    }

    [Fact]
    public async Task Settings_Changed_ReachViewersAndHoldForDanmaku()
    {
        var (room, host) = await _server.LiveRoom();
        await using var viewer = await _server.Connect(await _server.Guest());
        await viewer.Invoke("JoinRoom", room, null);

        var answer = await host.Http.PatchAsJsonAsync(
            $"/api/rooms/{room}/settings", new { slowModeSeconds = 60, blockedWords = new[] { "spam" } });

        var settings = await TestServer.Json(answer);
        Assert.Equal(60, settings.GetProperty("slowModeSeconds").GetInt32());
        Assert.Equal("spam", Assert.Single(settings.GetProperty("blockedWords").EnumerateArray()).GetString());
        var frame = await viewer.Frame(room, f => Kinds(f).Contains("settings"), "the settings event");
        Assert.DoesNotContain("spam", frame.ToString(), StringComparison.Ordinal);
        var blocked = await viewer.Invoke("SendDanmaku", room, new { text = "buy SPAM now" });
        Assert.Equal("blocked_word", Text(blocked, "reason"));
        await viewer.Invoke("SendDanmaku", room, new { text = "hello" });
        var slow = await viewer.Invoke("SendDanmaku", room, new { text = "hello again" });
        Assert.Equal("slow_mode", Text(slow, "reason"));
        Assert.True(slow.GetProperty("retryAfterMs").GetInt64() > 0);
    }

    [Fact]
    public async Task Settings_OutOfRange_AreInvalid()
    {
        var (room, host) = await _server.LiveRoom();

        foreach (var body in new object[] { new { slowModeSeconds = -1 }, new { slowModeSeconds = 100_000 } })
        {
            var answer = await host.Http.PatchAsJsonAsync($"/api/rooms/{room}/settings", body);
            await Refusal.Is(answer, HttpStatusCode.BadRequest, "invalid");
        }
    }

    [Fact]
    public async Task Mute_TakesTheWordAndUnmuteGivesItBack()
    {
        var (room, host) = await _server.LiveRoom();
        var loud = await _server.Guest("Loud");
        await using var client = await _server.Connect(loud);

        var muted = await host.Http.PutAsync($"/api/rooms/{room}/mutes/{loud.Id}", null);
        Assert.Equal(HttpStatusCode.NoContent, muted.StatusCode);
        Assert.Equal("muted", Text(await client.Invoke("SendDanmaku", room, new { text = "hey" }), "reason"));

        var unmuted = await host.Http.DeleteAsync($"/api/rooms/{room}/mutes/{loud.Id}");
        Assert.Equal(HttpStatusCode.NoContent, unmuted.StatusCode);
        Assert.Equal("accepted", Text(await client.Invoke("SendDanmaku", room, new { text = "hey" }), "status"));
    }

    [Fact]
    public async Task List_Live_HoldsTheRoomAndKeepsTheLimit()
    {
        await using var server = await TestServer.Start(
            new() { ["RedNote:Live:Frontend:LobbyMaxAge"] = "00:00:00" });
        var (first, host) = await server.LiveRoom("One");
        var (second, _) = await server.LiveRoom("Two");

        var all = await Ids(server, "/api/rooms?state=live&limit=100");
        Assert.Equal(new[] { first, second }.Order(), all.Order());
        Assert.Single(await Ids(server, "/api/rooms?state=live&limit=1"));

        await host.Http.PostAsync($"/api/rooms/{first}/end", null);
        Assert.Equal([second], await Ids(server, "/api/rooms"));
        Assert.Equal([first], await Ids(server, "/api/rooms?state=ended"));
    }

    [Theory]
    [InlineData("state=sleeping")]
    [InlineData("limit=0")]
    [InlineData("limit=101")]
    [InlineData("limit=x")]
    public async Task List_BadQuery_IsInvalid(string query)
        => await Refusal.Is(await _server.Http.GetAsync("/api/rooms?" + query), HttpStatusCode.BadRequest, "invalid");

    private static IEnumerable<(HttpMethod Method, string Path, string? Body)> HostCommands(string room, string user)
    {
        yield return (HttpMethod.Post, $"/api/rooms/{room}/start", null);
        yield return (HttpMethod.Post, $"/api/rooms/{room}/end", null);
        yield return (HttpMethod.Get, $"/api/rooms/{room}/settings", null);
        yield return (HttpMethod.Patch, $"/api/rooms/{room}/settings", """{"slowModeSeconds":5}""");
        yield return (HttpMethod.Put, $"/api/rooms/{room}/mutes/{user}", null);
        yield return (HttpMethod.Delete, $"/api/rooms/{room}/mutes/{user}", null);
        yield return (HttpMethod.Put, $"/api/rooms/{room}/moderators/{user}", null);
        yield return (HttpMethod.Delete, $"/api/rooms/{room}/moderators/{user}", null);
        yield return (HttpMethod.Get, $"/api/rooms/{room}/held", null);
        yield return (HttpMethod.Post, $"/api/rooms/{room}/held/1/approve", null);
        yield return (HttpMethod.Post, $"/api/rooms/{room}/held/1/refuse", null);
        yield return (HttpMethod.Get, $"/api/rooms/{room}/audit", null);
    }

    private static Task<HttpResponseMessage> Send(HttpClient http, HttpMethod method, string path, string? body)
        => http.SendAsync(new HttpRequestMessage(method, path)
        {
            Content = body is null ? null : new StringContent(body, System.Text.Encoding.UTF8, "application/json"),
        });

    private static async Task<List<string>> Ids(TestServer server, string path)
    {
        var list = await TestServer.Json(await server.Http.GetAsync(path));
        return [.. list.GetProperty("items").EnumerateArray().Select(room => Text(room, "roomId")!)];
    }

    private static IEnumerable<string?> Kinds(JsonElement frame)
        => frame.TryGetProperty("events", out var events) ? events.EnumerateArray().Select(e => Text(e, "kind")) : [];

    private static string? Text(JsonElement json, string member) => json.GetProperty(member).GetString();
}
