using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace RedNote.Frontend.Tests.Live;

/// <summary>Order in a room, as a client sees it.</summary>
public sealed class ModerationRoutesTests(ServerFixture fixture) : IClassFixture<ServerFixture>
{
    private readonly TestServer _server = fixture.Server;

    [Fact]
    public async Task Danmaku_ThatSayTheSame_AreMergedAndShownAgainWithTheirCount()
    {
        var (room, _) = await _server.LiveRoom();
        await using var ann = await _server.Connect(await _server.Guest("Ann"));
        await using var bob = await _server.Connect(await _server.Guest("Bob"));
        await ann.Invoke("JoinRoom", room, null);
        var first = await ann.Invoke("SendDanmaku", room, new { text = "Nice show!" });
        var second = await bob.Invoke("SendDanmaku", room, new { text = "ｎｉｃｅ  SHOW", key = "k" });
        Assert.Equal("merged", Text(second, "status"));
        Assert.Equal(Seq(first), Seq(second));
        Assert.Equal(second.ToString(), (await bob.Invoke(
            "SendDanmaku", room, new { text = "ｎｉｃｅ  SHOW", key = "k" })).ToString());

        await ann.Frame(room, frame => Danmaku(frame).Any(one => Seq(one) == Seq(first)
            && one.TryGetProperty("count", out var count) && count.GetInt32() == 2), "the count of two");
        var tape = await TestServer.Json(await _server.Http.GetAsync($"/api/rooms/{room}/tape"));
        var item = tape.GetProperty("items").EnumerateArray().Single(one => Text(one, "kind") == "danmaku");
        Assert.Equal(2, item.GetProperty("count").GetInt32());
    }

    [Fact]
    public async Task Mute_WithSeconds_TellsWhenItEnds()
    {
        var (room, host) = await _server.LiveRoom();
        var loud = await _server.Guest("Loud");
        await using var client = await _server.Connect(loud);
        await client.Invoke("JoinRoom", room, null);
        var path = $"/api/rooms/{room}/mutes/{loud.Id}";
        await Done(host.Http.PutAsJsonAsync(path, new { seconds = 600 }));
        var frame = await client.Frame(room, f => Events(f, "muted").Any(), "the mute");
        Assert.True(Events(frame, "muted").First().GetProperty("until").GetInt64() > 0);
        var verdict = await client.Invoke("SendDanmaku", room, new { text = "hey" });
        Assert.Equal("muted", Text(verdict, "reason"));
        Assert.InRange(verdict.GetProperty("retryAfterMs").GetInt64(), 1, 600_000);
        await Refusal.Is(
            await host.Http.PutAsJsonAsync(path, new { seconds = -1 }), HttpStatusCode.BadRequest, "invalid");
    }

    [Fact]
    public async Task Moderator_MayMuteReviewAndRecall_UntilTheyAreNone()
    {
        var (room, host) = await _server.LiveRoom();
        var (mod, ann) = (await _server.Guest("Mod"), await _server.Guest("Ann"));
        await using var sender = await _server.Connect(ann);
        await using var viewer = await _server.Connect(await _server.Guest("Viewer"));
        await viewer.Invoke("JoinRoom", room, null);
        await Done(host.Http.PutAsync($"/api/rooms/{room}/moderators/{mod.Id}", null));
        var joined = await sender.Invoke("JoinRoom", room, null);
        Assert.Equal(mod.Id, Assert.Single(joined.GetProperty("moderators").EnumerateArray()).GetString());

        var settings = await host.Http.PatchAsJsonAsync($"/api/rooms/{room}/settings", new { hold = "all" });
        Assert.Equal("all", Text(await TestServer.Json(settings), "hold"));
        var held = await sender.Invoke("SendDanmaku", room, new { text = "may I?" });
        Assert.Equal("held", Text(held, "status"));
        Assert.False(held.TryGetProperty("seq", out _));
        var id = held.GetProperty("heldId").GetInt64();
        var queue = await TestServer.Json(await mod.Http.GetAsync($"/api/rooms/{room}/held"));
        var item = Assert.Single(queue.GetProperty("items").EnumerateArray());
        Assert.Equal((id, "may I?", "review"), (item.GetProperty("heldId").GetInt64(), Text(item, "text"),
            Text(item, "reason")));

        var approved = await TestServer.Json(
            await mod.Http.PostAsync($"/api/rooms/{room}/held/{id}/approve", null));
        var seq = Seq(approved);
        var reviewed = await sender.Frame(room, f => Events(f, "reviewed").Any(), "the review");
        Assert.Equal((id, seq), (Events(reviewed, "reviewed").First().GetProperty("heldId").GetInt64(),
            Seq(Events(reviewed, "reviewed").First())));
        await viewer.Frame(room, f => Danmaku(f).Any(one => Seq(one) == seq), "the danmaku");
        await Refusal.Is(
            await mod.Http.PostAsync($"/api/rooms/{room}/held/{id}/refuse", null),
            HttpStatusCode.NotFound, "not_found");

        await Done(mod.Http.DeleteAsync($"/api/rooms/{room}/danmaku/{seq}"));
        await viewer.Frame(room, f => Events(f, "recalled").Any(one => Seq(one) == seq), "the recall");
        await Done(host.Http.DeleteAsync($"/api/rooms/{room}/moderators/{mod.Id}"));
        await Refusal.Is(
            await mod.Http.GetAsync($"/api/rooms/{room}/held"), HttpStatusCode.Forbidden, "forbidden");
        var audit = await TestServer.Json(await host.Http.GetAsync($"/api/rooms/{room}/audit?limit=4"));
        Assert.Equal(
            ["moderator_removed", "recalled", "approved", "settings_changed"],
            audit.GetProperty("items").EnumerateArray().Select(one => Text(one, "act")));
        Assert.Equal(mod.Id, Text(audit.GetProperty("items")[1], "by"));
        Assert.True(audit.GetProperty("next").GetInt64() > 0);
    }

    [Fact]
    public async Task Recall_ByItsSender_RemovesItForThoseWhoComeLater()
    {
        var (room, _) = await _server.LiveRoom();
        var ann = await _server.Guest("Ann");
        var bob = await _server.Guest("Bob");
        await using var sender = await _server.Connect(ann);
        var seq = Seq(await sender.Invoke("SendDanmaku", room, new { text = "a slip" }));
        await Refusal.Is(
            await bob.Http.DeleteAsync($"/api/rooms/{room}/danmaku/{seq}"), HttpStatusCode.Forbidden, "forbidden");
        await Refusal.Is(
            await ann.Http.DeleteAsync($"/api/rooms/{room}/danmaku/99"), HttpStatusCode.NotFound, "not_found");
        await Refusal.Is(
            await ann.Http.DeleteAsync($"/api/rooms/{room}/danmaku/x"), HttpStatusCode.BadRequest, "invalid");
        await Done(ann.Http.DeleteAsync($"/api/rooms/{room}/danmaku/{seq}"));
        await Done(ann.Http.DeleteAsync($"/api/rooms/{room}/danmaku/{seq}"));

        await using var late = await _server.Connect(bob);
        var joined = await late.Invoke("JoinRoom", room, null);
        Assert.Empty(joined.GetProperty("recent").EnumerateArray());
        var tape = await _server.Http.GetStringAsync($"/api/rooms/{room}/tape");
        Assert.DoesNotContain("a slip", tape, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Shield_PutUp_IsToldToViewersAndHolds()
    {
        var (room, host) = await _server.LiveRoom();
        await using var viewer = await _server.Connect(await _server.Guest());
        await viewer.Invoke("JoinRoom", room, null);
        await host.Http.PatchAsJsonAsync($"/api/rooms/{room}/settings", new { shield = true });
        var frame = await viewer.Frame(room, f => Events(f, "settings").Any(), "the settings");
        var rules = Events(frame, "settings").First().GetProperty("settings");
        Assert.True(rules.GetProperty("shield").GetBoolean());
        Assert.True(rules.GetProperty("followersOnly").GetBoolean());
        Assert.Equal("followers_only", Text(await viewer.Invoke("SendDanmaku", room, new { text = "hi" }), "reason"));
        var down = await host.Http.PatchAsJsonAsync($"/api/rooms/{room}/settings", new { shield = false });
        Assert.Equal(0, (await TestServer.Json(down)).GetProperty("slowModeSeconds").GetInt32());
        Assert.Equal("accepted", Text(await viewer.Invoke("SendDanmaku", room, new { text = "hi" }), "status"));
    }

    [Theory]
    [InlineData("held?limit=0")]
    [InlineData("held?limit=201")]
    [InlineData("audit?limit=x")]
    public async Task Pages_BadLimit_AreInvalid(string path)
    {
        var (room, host) = await _server.LiveRoom();
        await Refusal.Is(
            await host.Http.GetAsync($"/api/rooms/{room}/{path}"), HttpStatusCode.BadRequest, "invalid");
    }

    private static async Task Done(Task<HttpResponseMessage> answer)
        => Assert.Equal(HttpStatusCode.NoContent, (await answer).StatusCode);

    private static long Seq(JsonElement json) => json.GetProperty("seq").GetInt64();

    private static JsonElement[] Danmaku(JsonElement frame)
        => frame.TryGetProperty("danmaku", out var danmaku) ? [.. danmaku.EnumerateArray()] : [];

    private static IEnumerable<JsonElement> Events(JsonElement frame, string kind)
        => frame.TryGetProperty("events", out var events)
            ? events.EnumerateArray().Where(one => Text(one, "kind") == kind)
            : [];

    private static string? Text(JsonElement json, string member) => json.GetProperty(member).GetString();
}
