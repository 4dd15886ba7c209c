using System.Net;
using System.Text.Json;

namespace RedNote.Frontend.Tests.Live;

/// <summary>The tape as clients read it.</summary>
public sealed class RoomTapeTests(ServerFixture fixture) : IClassFixture<ServerFixture>
{
    private readonly TestServer _server = fixture.Server;

    [Fact]
    public async Task Tape_OfAShow_HoldsWhatWasSentByMediaTime()
    {
        var (room, host) = await _server.LiveRoom();
        var viewer = await _server.Guest("小红");
        await using var client = await _server.Connect(viewer);
        await client.Invoke("JoinRoom", room, null);
        var sent = await client.Invoke("SendDanmaku", room, new { text = "好美", mode = "top", color = "#ff2442" });
        await client.Invoke("Like", room, 7, null);
        await host.Http.PostAsync($"/api/rooms/{room}/end", null);

        var tape = await Tape(room, "");

        Assert.False(tape.TryGetProperty("next", out _));
        var items = tape.GetProperty("items").EnumerateArray().ToList();
        Assert.Equal(["started", "danmaku", "likes", "ended"], items.Select(item => Text(item, "kind")));
        Assert.Equal(0, items[0].GetProperty("at").GetInt64());
        Assert.Equal(7, items[2].GetProperty("count").GetInt64());
        var danmaku = items[1];
        Assert.Equal(
            ("好美", "top", "#ff2442", "小红", viewer.Id),
            (Text(danmaku, "text"), Text(danmaku, "mode"), Text(danmaku, "color"), Text(danmaku, "name"),
                Text(danmaku, "userId")));
        Assert.Equal(sent.GetProperty("seq").GetInt64(), danmaku.GetProperty("seq").GetInt64());
        var startedAt = (await TestServer.Json(await _server.Http.GetAsync($"/api/rooms/{room}")))
            .GetProperty("startedAt").GetInt64();
        Assert.Equal(startedAt + danmaku.GetProperty("at").GetInt64(), danmaku.GetProperty("sentAt").GetInt64());
    }

    [Fact]
    public async Task Tape_NextAsFrom_GoesOnWithoutLossOrRepetition()
    {
        var (room, _) = await _server.LiveRoom();
        await using var client = await _server.Connect(await _server.Guest());
        await client.Invoke("JoinRoom", room, null);
        var sends = Enumerable.Range(0, 20).Select(i => client.Invoke("SendDanmaku", room, new { text = $"{i}" }));
        await Task.WhenAll(sends);

        List<long> seqs = [];
        for (string? from = "0"; from is not null;)
        {
            var page = await Tape(room, $"?limit=3&from={from}");
            seqs.AddRange(page.GetProperty("items").EnumerateArray()
                .Where(item => Text(item, "kind") == "danmaku").Select(item => item.GetProperty("seq").GetInt64()));
            from = page.TryGetProperty("next", out var next) ? next.GetString() : null;
        }

        Assert.Equal(Enumerable.Range(1, 20).Select(seq => (long)seq), seqs);
        Assert.Empty((await Tape(room, "?from=0&to=0")).GetProperty("items").EnumerateArray());
    }

    [Theory]
    [InlineData("from=-1", "from")]
    [InlineData("from=soon", "from")]
    [InlineData("from=1.2.3", "from")]
    [InlineData("to=-1", "to")]
    [InlineData("from=10&to=9", "to")]
    [InlineData("limit=0", "limit")]
    [InlineData("limit=501", "limit")]
    public async Task Tape_BadQuery_NamesTheParameter(string query, string parameter)
    {
        var (room, _) = await _server.LiveRoom();
        var problem = await Refusal.Is(
            await _server.Http.GetAsync($"/api/rooms/{room}/tape?{query}"), HttpStatusCode.BadRequest, "invalid");
        Assert.True(problem.GetProperty("errors").TryGetProperty(parameter, out _));
    }

    [Theory]
    [InlineData("9000000000000000000", HttpStatusCode.NotFound, "not_found")]
    [InlineData("12x", HttpStatusCode.BadRequest, "invalid")]
    public async Task Tape_OfNoRoom_IsRefused(string room, HttpStatusCode status, string code)
        => await Refusal.Is(await _server.Http.GetAsync($"/api/rooms/{room}/tape"), status, code);

    private async Task<JsonElement> Tape(string room, string query)
        => await TestServer.Json(await _server.Http.GetAsync($"/api/rooms/{room}/tape{query}"));

    private static string? Text(JsonElement element, string name) => element.GetProperty(name).GetString();
}
