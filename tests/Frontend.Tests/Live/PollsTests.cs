using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace RedNote.Frontend.Tests.Live;

/// <summary>Polls, PKs, questions and pins as clients meet them: routes, hub methods, frames.</summary>
public sealed class PollsTests(ServerFixture fixture) : IClassFixture<ServerFixture>
{
    private readonly TestServer _server = fixture.Server;

    [Fact]
    public async Task Poll_OpenedVotedClosed_EverybodySeesTheSame()
    {
        var (room, host) = await _server.LiveRoom();
        await using var early = await _server.Connect(await _server.Guest());
        var bea = await _server.Guest("Bea");
        await using var late = await _server.Connect(bea);
        await early.Invoke("JoinRoom", room, null);
        var poll = await Open(room, host,
            new { question = "哪个?", options = new[] { "a", "b", "c" }, multiple = true, seconds = 60, key = "k" });
        var id = Text(poll, "pollId")!;
        Assert.Equal((true, false, 0), (poll.GetProperty("multiple").GetBoolean(),
            poll.GetProperty("closed").GetBoolean(), poll.GetProperty("voters").GetInt32()));
        Assert.False(poll.TryGetProperty("myChoices", out _));
        var opened = await early.Frame(room, f => Events(f, "poll_opened").Any(), "poll_opened");
        Assert.Equal("哪个?", Text(Events(opened, "poll_opened").Single().GetProperty("poll"), "question"));

        Assert.Equal("accepted", Text(await early.Invoke("Vote", room, id, new[] { 2, 0 }), "status"));
        Assert.Equal("already_voted", Text(await early.Invoke("Vote", room, id, new[] { 2, 0 }), "reason"));
        Assert.Equal("invalid_choice", Text(await late.Invoke("Vote", room, id, new[] { 3 }), "reason"));
        Assert.Equal("invalid_choice", Text(await late.Invoke("Vote", room, id, new[] { 0, 0 }), "reason"));
        Assert.Equal("invalid_choice", Text(await late.Invoke("Vote", room, id, null), "reason"));
        Assert.Equal("not_found", Text(await late.Invoke("Vote", room, "77", new[] { 0 }), "reason"));
        Assert.Equal("invalid", Text(await late.Invoke("Vote", room, "x", new[] { 0 }), "reason"));
        Assert.Equal("accepted", Text(await late.Invoke("Vote", room, id, new[] { 0 }), "status"));
        var tally = await early.Frame(room, f => f.TryGetProperty("polls", out var p)
            && p[0].GetProperty("voters").GetInt32() == 2, "a tally");
        Assert.Equal([2, 0, 1], Numbers(tally.GetProperty("polls")[0], "counts"));

        var joined = (await late.Invoke("JoinRoom", room, null)).GetProperty("polls")[0];
        Assert.Equal([0], Numbers(joined, "myChoices"));
        Assert.Equal([2, 0, 1], Numbers(joined, "counts"));
        var ballots = await TestServer.Json(await host.Http.GetAsync($"/api/rooms/{room}/polls/{id}/ballots?limit=1"));
        var next = Text(ballots, "next");
        var rest = await TestServer.Json(await host.Http.GetAsync(
            $"/api/rooms/{room}/polls/{id}/ballots?after={next}"));
        Assert.Single(rest.GetProperty("items").EnumerateArray());
        Assert.False(rest.TryGetProperty("next", out _));

        var closed = await TestServer.Json(await host.Http.PostAsync($"/api/rooms/{room}/polls/{id}/close", null));
        Assert.True(closed.GetProperty("closed").GetBoolean());
        await early.Frame(room, f => Events(f, "poll_closed").Any(), "poll_closed");
        await using var third = await _server.Connect(await _server.Guest());
        Assert.Equal("poll_closed", Text(await third.Invoke("Vote", room, id, new[] { 0 }), "reason"));
        var mine = await TestServer.Json(await bea.Http.GetAsync($"/api/rooms/{room}/polls/{id}"));
        Assert.Equal([0], Numbers(mine, "myChoices"));
        var kinds = (await TestServer.Json(await _server.Http.GetAsync($"/api/rooms/{room}/tape"))).GetProperty("items")
            .EnumerateArray().Select(item => Text(item, "kind"));
        Assert.Equal(["started", "poll_opened", "poll_closed"], kinds);
    }

    [Fact]
    public async Task OpenPoll_KeyAgainOrBadBody_IsAsTheContractSays()
    {
        var (room, host) = await _server.LiveRoom();
        var path = $"/api/rooms/{room}/polls";
        var body = new { question = "Which?", options = new[] { "a", "b" }, seconds = 60, key = "k" };
        var first = await Open(room, host, body);
        Assert.Equal(Text(first, "pollId"), Text(await Open(room, host, body), "pollId"));
        await Refusal.Is(await host.Http.PostAsJsonAsync(path, body with { seconds = 61 }), HttpStatusCode.Conflict,
            "conflict");
        var guest = await _server.Guest();
        await Refusal.Is(await guest.Http.PostAsJsonAsync(path, body), HttpStatusCode.Forbidden, "forbidden");
        await Refusal.Is(await _server.Http.PostAsJsonAsync(path, body), HttpStatusCode.Unauthorized, "unauthorized");
        foreach (var bad in new object[]
        {
            body with { question = "" }, body with { options = ["a"] },
                body with { options = [.. "abcdefghijk".Select(c => $"{c}")] },
            body with { options = ["a", new string('x', 41)] }, body with { seconds = 0 }, body with { key = "a b" },
            body with { seconds = 90_000_000 },
        })
        {
            await Refusal.Is(await host.Http.PostAsJsonAsync(path, bad), HttpStatusCode.BadRequest, "invalid");
        }

        for (var i = 1; i < 5; i++)
        {
            await Open(room, host, body with { key = $"k{i}" });
        }

        await Refusal.Is(await host.Http.PostAsJsonAsync(path, body with { key = "k6" }), HttpStatusCode.Conflict,
            "wrong_state");
    }

    [Fact]
    public async Task Ballots_OfAnAnonymousPoll_AreNobodysToRead()
    {
        var (room, host) = await _server.LiveRoom();
        var poll = Text(await Open(room, host,
            new { question = "Q", options = new[] { "a", "b" }, anonymous = true, seconds = 60, key = "k" }), "pollId");
        await using var voter = await _server.Connect(await _server.Guest());
        await voter.Invoke("Vote", room, poll, new[] { 1 });
        await Refusal.Is(await host.Http.GetAsync($"/api/rooms/{room}/polls/{poll}/ballots"),
            HttpStatusCode.Forbidden, "forbidden");
        var mine = (await voter.Invoke("JoinRoom", room, null)).GetProperty("polls")[0];
        Assert.Equal([1], Numbers(mine, "myChoices"));
    }

    [Fact]
    public async Task Pk_CheeredByManyCalls_SumsExactly()
    {
        var (room, host) = await _server.LiveRoom();
        await using var viewer = await _server.Connect(await _server.Guest());
        await viewer.Invoke("JoinRoom", room, null);
        var opened = await host.Http.PostAsJsonAsync($"/api/rooms/{room}/pk",
            new { left = "红", right = "蓝", seconds = 60, key = "k" });
        Assert.Equal(HttpStatusCode.Created, opened.StatusCode);
        var pk = Text(await TestServer.Json(opened), "pkId");
        var calls = new List<string>();
        for (var i = 1; i <= 50; i++)
        {
            calls.Add(await viewer.Send("Cheer", room, pk, i % 2 == 0 ? "left" : "right", i, null));
        }

        for (var i = 1; i <= 50; i++)
        {
            Assert.Equal(i, (await viewer.Result(calls[i - 1])).GetProperty("accepted").GetInt32());
        }

        await viewer.Invoke("Cheer", room, pk, "left", 5, "c");
        Assert.Equal(5, (await viewer.Invoke("Cheer", room, pk, "left", 5, "c")).GetProperty("accepted").GetInt32());
        await viewer.Frame(
            room, f => f.TryGetProperty("pks", out var pks) && pks[0].GetProperty("leftPoints").GetInt64() == 655,
                "650 + 5");
        var closed = await TestServer.Json(await host.Http.PostAsync($"/api/rooms/{room}/pk/{pk}/close", null));
        Assert.Equal(
            ("left", 655L, 625L),
            (Text(closed, "winner"), closed.GetProperty("leftPoints").GetInt64(),
                closed.GetProperty("rightPoints").GetInt64()));
        await viewer.Frame(room, f => Events(f, "pk_closed").Any(), "pk_closed");
        var refused = await Assert.ThrowsAsync<HubCallException>(() => viewer.Invoke("Cheer", room, pk, "left", 1,
            null));
        Assert.StartsWith("poll_closed", refused.Message, StringComparison.Ordinal);
        refused = await Assert.ThrowsAsync<HubCallException>(() => viewer.Invoke("Cheer", room, pk, "up", 1, null));
        Assert.StartsWith("invalid", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Questions_AskedUpvotedAnsweredDismissed_AsTheContractSays()
    {
        var (room, host) = await _server.LiveRoom();
        var ann = await _server.Guest();
        await using var asker = await _server.Connect(ann);
        await using var other = await _server.Connect(await _server.Guest());
        await asker.Invoke("JoinRoom", room, null);
        var first = await asker.Invoke("Ask", room, " when? ", "k");
        Assert.Equal(("accepted", "1"), (Text(first, "status"), Text(first, "questionId")));
        Assert.Equal("1", Text(await asker.Invoke("Ask", room, "when?", "k"), "questionId"));
        Assert.Equal("conflict", Text(await asker.Invoke("Ask", room, "why?", "k"), "reason"));
        Assert.Equal("too_long", Text(await asker.Invoke("Ask", room, new string('x', 201), null), "reason"));
        Assert.Equal("empty", Text(await asker.Invoke("Ask", room, " ", null), "reason"));
        Assert.Equal("2", Text(await asker.Invoke("Ask", room, "why?", null), "questionId"));
        Assert.Equal("accepted", Text(await other.Invoke("UpvoteQuestion", room, "2"), "status"));
        Assert.Equal("already_voted", Text(await other.Invoke("UpvoteQuestion", room, "2"), "reason"));
        Assert.Equal("not_found", Text(await other.Invoke("UpvoteQuestion", room, "3"), "reason"));
        await asker.Frame(room, f => f.TryGetProperty("questions", out _), "upvotes");
        var path = $"/api/rooms/{room}/questions";
        var page = await TestServer.Json(await _server.Http.GetAsync(path + "?limit=1"));
        Assert.Equal("2", Text(page.GetProperty("items")[0], "questionId"));
        page = await TestServer.Json(await _server.Http.GetAsync(path + "?limit=1&after=" + Text(page, "next")));
        Assert.Equal("1", Text(page.GetProperty("items")[0], "questionId"));
        foreach (var query in new[] { "sort=x", "state=x", "after=x", "limit=0" })
        {
            await Refusal.Is(await _server.Http.GetAsync($"{path}?{query}"), HttpStatusCode.BadRequest, "invalid");
        }

        await Refusal.Is(await ann.Http.PostAsJsonAsync(path + "/1/answer", new { }), HttpStatusCode.Forbidden,
            "forbidden");
        var answered = await TestServer.Json(await host.Http.PostAsJsonAsync(path + "/1/answer",
            new { text = "at 8" }));
        Assert.Equal(("answered", "at 8"), (Text(answered, "state"), Text(answered, "answer")));
        Assert.Equal(HttpStatusCode.OK, (await host.Http.PostAsync(path + "/2/answer", null)).StatusCode);
        await asker.Frame(room, f => Events(f, "question_answered").Any(), "question_answered");
        await asker.Invoke("Ask", room, "gone?", null);
        Assert.Equal(HttpStatusCode.NoContent, (await ann.Http.DeleteAsync(path + "/3")).StatusCode);
        await Refusal.Is(await ann.Http.DeleteAsync(path + "/3"), HttpStatusCode.NotFound, "not_found");
        page = await TestServer.Json(await _server.Http.GetAsync(path + "?state=answered&sort=new"));
        Assert.Equal(["2", "1"], page.GetProperty("items").EnumerateArray().Select(item => Text(item, "questionId")));
    }

    [Fact]
    public async Task Pin_TextPollAndNothing_IsShownToWhoJoins()
    {
        var (room, host) = await _server.LiveRoom();
        await using var viewer = await _server.Connect(await _server.Guest());
        await viewer.Invoke("JoinRoom", room, null);
        var path = $"/api/rooms/{room}/pin";
        var pinned = await TestServer.Json(await host.Http.PutAsJsonAsync(path, new { text = " tonight " }));
        Assert.Equal("tonight", Text(pinned, "text"));
        await viewer.Frame(room, f => Events(f, "pinned").Any(), "pinned");
        Assert.Equal("tonight", Text((await viewer.Invoke("JoinRoom", room, null)).GetProperty("pinned"), "text"));
        var poll = Text(await Open(room, host,
            new { question = "Q", options = new[] { "a", "b" }, seconds = 60, key = "k" }), "pollId");
        Assert.Equal(poll, Text(await TestServer.Json(await host.Http.PutAsJsonAsync(path, new { pollId = poll })),
            "pollId"));
        await Refusal.Is(await host.Http.PutAsJsonAsync(path, new { dealId = "5" }), HttpStatusCode.NotFound,
            "not_found");
        await Refusal.Is(await host.Http.PutAsJsonAsync(path, new { pollId = "5" }), HttpStatusCode.NotFound,
            "not_found");
        await Refusal.Is(await host.Http.PutAsJsonAsync(path, new { text = "a", pollId = poll }),
            HttpStatusCode.BadRequest, "invalid");
        await Refusal.Is(await host.Http.PutAsJsonAsync(path, new { pollId = "x" }), HttpStatusCode.BadRequest,
            "invalid");
        var guest = await _server.Guest();
        await Refusal.Is(await guest.Http.PutAsJsonAsync(path, new { text = "a" }), HttpStatusCode.Forbidden,
            "forbidden");
        Assert.Equal(HttpStatusCode.NoContent, (await host.Http.PutAsJsonAsync(path, new { })).StatusCode);
        await viewer.Frame(room, f => Events(f, "unpinned").Any(), "unpinned");
        await host.Http.PutAsJsonAsync(path, new { text = "again" });
        Assert.Equal(HttpStatusCode.NoContent, (await host.Http.PutAsync(path, null)).StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, (await host.Http.DeleteAsync(path)).StatusCode);
        Assert.False((await viewer.Invoke("JoinRoom", room, null)).TryGetProperty("pinned", out _));
    }

    private static async Task<JsonElement> Open(string room, TestUser host, object body)
    {
        var answer = await host.Http.PostAsJsonAsync($"/api/rooms/{room}/polls", body);
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        return await TestServer.Json(answer);
    }

    private static IEnumerable<JsonElement> Events(JsonElement frame, string kind)
        => frame.TryGetProperty("events", out var events)
            ? events.EnumerateArray().Where(one => Text(one, "kind") == kind)
            : [];

    private static int[] Numbers(JsonElement json, string member)
        => [.. json.GetProperty(member).EnumerateArray().Select(number => number.GetInt32())];

    private static string? Text(JsonElement json, string member) => json.GetProperty(member).GetString();
}
