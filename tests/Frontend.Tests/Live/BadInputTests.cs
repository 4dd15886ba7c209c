using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;

namespace RedNote.Frontend.Tests.Live;

/// <summary>
/// What no well-behaved client sends: each gets its documented code, the server stays up, and a viewer of the same room
/// notices nothing.
/// </summary>
public sealed class BadInputTests(ServerFixture fixture) : IClassFixture<ServerFixture>, IAsyncLifetime
{
    private readonly TestServer _server = fixture.Server;
    private string _room = "";
    private HubClient _bystander = null!;
    private HubClient _client = null!;

    public async ValueTask InitializeAsync()
    {
        (_room, _) = await _server.LiveRoom();
        _bystander = await _server.Connect(await _server.Guest("Bystander"));
        await _bystander.Invoke("JoinRoom", _room, null);
        _client = await _server.Connect(await _server.Guest("Clumsy"));
    }

    /// <summary>The bystander is served as if nothing had happened, and saw nothing of it.</summary>
    public async ValueTask DisposeAsync()
    {
        var verdict = await _bystander.Invoke("SendDanmaku", _room, new { text = "all is well" });
        Assert.Equal("accepted", verdict.GetProperty("status").GetString());
        await _bystander.Frame(_room, f => RoomHubTests.Texts(f).Contains("all is well"), "the bystander's danmaku");
        Assert.DoesNotContain(_bystander.Log, message => message.ToString().Contains("bad", StringComparison.Ordinal)
            || message.ToString().Contains("resync", StringComparison.Ordinal));
        await _bystander.DisposeAsync();
        await _client.DisposeAsync();
    }

    [Theory]
    [InlineData("""{"text":""}""", "empty")]
    [InlineData("""{"text":"  \u202e "}""", "empty")]
    [InlineData("""{"text":null}""", "empty")]
    [InlineData("""{}""", "empty")]
    [InlineData("""{"text":"bad\u0007"}""", "invalid")]
    [InlineData("""{"text":"bad","color":"red"}""", "invalid")]
    [InlineData("""{"text":"bad","color":"#12345g"}""", "invalid")]
    [InlineData("""{"text":"bad","color":""}""", "invalid")]
    [InlineData("""{"text":"bad","mode":"sideways"}""", "invalid")]
    [InlineData("""{"text":"bad","key":"no spaces"}""", "invalid")]
    [InlineData("""{"text":"bad","key":""}""", "invalid")]
    [InlineData("null", "invalid")]
    public async Task SendDanmaku_BadDraft_IsRejectedWithItsReason(string draft, string reason)
    {
        var verdict = await _client.Invoke("SendDanmaku", _room, JsonDocument.Parse(draft).RootElement);

        Assert.Equal("rejected", verdict.GetProperty("status").GetString());
        Assert.Equal(reason, verdict.GetProperty("reason").GetString());
    }

    [Theory]
    [InlineData(201)]
    [InlineData(10_000)]
    public async Task SendDanmaku_LongText_IsTooLong(int length)
    {
        var verdict = await _client.Invoke("SendDanmaku", _room, new { text = new string('长', length) });

        Assert.Equal("too_long", verdict.GetProperty("reason").GetString());
    }

    [Fact]
    public async Task SendDanmaku_ExactlyTheLimitInScalars_IsAccepted()
    {
        var text = string.Concat(Enumerable.Repeat("😀", 200));
        var verdict = await _client.Invoke("SendDanmaku", _room, new { text });

        Assert.Equal("accepted", verdict.GetProperty("status").GetString());
    }

    [Theory]
    [InlineData("9000000000000000000", "not_found")]
    [InlineData("abc", "invalid")]
    [InlineData("", "invalid")]
    [InlineData("-5", "invalid")]
    [InlineData(null, "invalid")]
    public async Task UnknownRoom_EveryCommand_IsRefused(string? room, string code)
    {
        var verdict = await _client.Invoke("SendDanmaku", room, new { text = "bad" });
        Assert.Equal(code, verdict.GetProperty("reason").GetString());
        await Fails(code, () => _client.Invoke("JoinRoom", room, null));
        await Fails(code, () => _client.Invoke("Like", room, 1, null));
    }

    [Theory]
    [InlineData(0, null)]
    [InlineData(51, null)]
    [InlineData(-1, null)]
    [InlineData(1, "no spaces")]
    public async Task Like_BadArguments_IsInvalid(int count, string? key)
        => await Fails("invalid", () => _client.Invoke("Like", _room, count, key));

    [Fact]
    public async Task RoomNotLive_DanmakuAndLikes_AreRefused()
    {
        var host = await _server.Guest("Host");
        var created = await TestServer.Json(await host.Http.PostAsJsonAsync("/api/rooms", new { title = "Later" }));
        var room = created.GetProperty("roomId").GetString();

        var verdict = await _client.Invoke("SendDanmaku", room, new { text = "bad" });
        Assert.Equal("not_live", verdict.GetProperty("reason").GetString());
        await Fails("not_live", () => _client.Invoke("Like", room, 1, null));
    }

    [Fact]
    public async Task Invocation_ArgumentsOfTheWrongNumberOrKind_IsInvalidAndTheConnectionGoesOn()
    {
        await Fails("invalid", () => _client.Invoke("Like", _room, 5));
        await Fails("invalid", () => _client.Invoke("Like", _room, "many", null));
        await Fails("invalid", () => _client.Invoke("JoinRoom"));
        await Fails("invalid", () => _client.Invoke("SendDanmaku", 5, new { text = "bad" }));
        await Fails("invalid", () => _client.Invoke("SendDanmaku", _room, "bad"));
        await Fails("invalid", () => _client.Invoke("JoinRoom", _room, new { epoch = -1, seq = -1 }));
        await Assert.ThrowsAsync<HubCallException>(() => _client.Invoke("DropTables"));

        Assert.Equal(1, (await _client.Invoke("Like", _room, 1, null)).GetProperty("accepted").GetInt32());
    }

    [Theory]
    [InlineData("this is no JSON")]
    [InlineData("{\"type\":\"one\"}")]
    [InlineData("[1,2,3]")]
    [InlineData("{\"type\":1,\"target\":\"Like\",\"arguments\":{}}")]
    [InlineData("{}")]
    public async Task Frame_Malformed_ClosesThatConnectionWithACode(string text)
    {
        await _client.SendRaw(text);

        var close = await _client.Close();
        Assert.Contains("invalid: ", close.GetProperty("error").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Frame_TooLarge_ClosesThatConnectionWithACode()
    {
        await _client.SendRaw(
            $$"""{"type":1,"target":"SendDanmaku","arguments":["{{_room}}",{"text":"{{new string('x', 33_000)}}"}]}""");

        var close = await _client.Close();
        Assert.Contains("too_large: ", close.GetProperty("error").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Frame_LargeYetAllowed_IsServed()
    {
        var verdict = await _client.Invoke("SendDanmaku", _room, new { text = new string('x', 32_000) });

        Assert.Equal("too_long", verdict.GetProperty("reason").GetString());
    }

    [Fact]
    public async Task JoinRoom_TooManyRooms_IsInvalid()
    {
        for (var i = 0; i < 20; i++)
        {
            var (room, _) = await _server.LiveRoom();
            await _client.Invoke("JoinRoom", room, null);
        }

        await Fails("invalid", () => _client.Invoke("JoinRoom", _room, null));
    }

    [Theory]
    [InlineData("")]
    [InlineData("forged")]
    public async Task Hub_WithoutAGoodToken_IsUnauthorized(string token)
    {
        await Assert.ThrowsAnyAsync<System.Net.WebSockets.WebSocketException>(
            () => HubClient.Connect(_server.Address, token));
        var answer = await _server.Http.PostAsync($"/hub/negotiate?negotiateVersion=1&access_token={token}", null);
        await Refusal.Is(answer, HttpStatusCode.Unauthorized, "unauthorized");
    }

    [Fact]
    public async Task Rest_WhatHttpItselfRefuses_IsAProblemToo()
    {
        var guest = await _server.Guest();
        await Refusal.Is(await _server.Http.GetAsync("/api/nothing"), HttpStatusCode.NotFound, "not_found");
        await Refusal.Is(
            await _server.Http.PutAsync("/api/auth/guest", null),
            HttpStatusCode.MethodNotAllowed, "method_not_allowed");
        await Refusal.Is(
            await Post("/api/auth/guest", "{\"name\":", "application/json"), HttpStatusCode.BadRequest, "invalid");
        await Refusal.Is(
            await Post("/api/auth/guest", "{\"name\":5}", "application/json"), HttpStatusCode.BadRequest, "invalid");
        await Refusal.Is(await Post("/api/auth/guest", "", "application/json"), HttpStatusCode.BadRequest, "invalid");
        await Refusal.Is(
            await Post("/api/auth/guest", "name=Ann", "text/plain"),
            HttpStatusCode.UnsupportedMediaType, "unsupported_media_type");
        var large = "{\"name\":\"" + new string('x', 300_000) + "\"}";
        await Refusal.Is(
            await Post("/api/auth/guest", large, "application/json"),
            HttpStatusCode.RequestEntityTooLarge, "too_large");
        guest.Http.DefaultRequestHeaders.Authorization = new("Bearer", "forged");
        await Refusal.Is(await guest.Http.GetAsync("/api/me"), HttpStatusCode.Unauthorized, "unauthorized");
    }

    private async Task<HttpResponseMessage> Post(string path, string body, string type)
    {
        using var content = new StringContent(body, Encoding.UTF8, type);
        return await _server.Http.PostAsync(path, content);
    }

    private static async Task Fails(string code, Func<Task> call)
    {
        var failure = await Assert.ThrowsAsync<HubCallException>(call);
        Assert.Contains($"{code}: ", failure.Message, StringComparison.Ordinal);
    }
}
