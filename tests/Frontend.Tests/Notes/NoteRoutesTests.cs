using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace RedNote.Frontend.Tests.Notes;

/// <summary>Notes over REST and hub, against the whole server.</summary>
public sealed class NoteRoutesTests(ServerFixture fixture) : IClassFixture<ServerFixture>
{
    private static int _keys;
    private readonly TestServer _server = fixture.Server;

    [Fact]
    public async Task Note_Written_IsThereForEverybodyAsTheyStandToIt()
    {
        var (ann, bea) = (await _server.Guest("Ann"), await _server.Guest("Bea"));
        var written = await TestServer.Json(await ann.Http.PostAsJsonAsync("/api/notes", new
        {
            title = " 春茶 ",
            body = "one\r\ntwo",
            images = new[] { "/tea.jpg" },
            tags = new[] { "# #tea", "tea", "\u202E#绿" },
            products = Array.Empty<object>(),
            key = Key(),
        }));
        var id = Text(written, "noteId");

        Assert.Equal(("春茶", "one\ntwo", ann.Id, "Ann"),
            (Text(written, "title"), Text(written, "body"), Text(written, "authorId"), Text(written, "authorName")));
        Assert.Equal(["tea", "绿"], written.GetProperty("tags").EnumerateArray().Select(tag => tag.GetString()));
        Assert.Equal((0, 0, 0), Counts(written));
        Assert.Equal((1, true), Liked(await TestServer.Json(await bea.Http.PutAsync($"/api/notes/{id}/like", null))));
        Assert.Equal((1, true), Liked(await TestServer.Json(await bea.Http.PutAsync($"/api/notes/{id}/like", null))));
        var collected = await TestServer.Json(await ann.Http.PutAsync($"/api/notes/{id}/collect", null));
        Assert.Equal((1, true), (Number(collected, "collects"), collected.GetProperty("collected").GetBoolean()));
        var forBea = await Get(bea, id);
        Assert.Equal((1, 1, 0), Counts(forBea));
        Assert.True(forBea.GetProperty("liked").GetBoolean());
        Assert.False(forBea.GetProperty("collected").GetBoolean());
        var forNobody = await _server.Http.GetFromJsonAsync<JsonElement>($"/api/notes/{id}");
        Assert.False(forNobody.TryGetProperty("liked", out _));
        Assert.Equal((0, false), Liked(await TestServer.Json(await bea.Http.DeleteAsync($"/api/notes/{id}/like"))));
        Assert.Equal((0, false), Liked(await TestServer.Json(await bea.Http.DeleteAsync($"/api/notes/{id}/like"))));
    }

    [Fact]
    public async Task Write_KeyAgain_IsTheSameNoteAndWithOtherContentAConflict()
    {
        var ann = await _server.Guest("Ann");
        var key = Key();
        var first = await ann.Http.PostAsJsonAsync("/api/notes", new { title = "Tea", key });
        var again = await ann.Http.PostAsJsonAsync("/api/notes", new { title = "Tea", key });
        var id = Text(await TestServer.Json(first), "noteId");

        Assert.Equal((HttpStatusCode.Created, HttpStatusCode.Created), (first.StatusCode, again.StatusCode));
        Assert.Equal($"/api/notes/{id}", first.Headers.Location?.ToString());
        Assert.Equal(id, Text(await TestServer.Json(again), "noteId"));
        await Refusal.Is(
            await ann.Http.PostAsJsonAsync("/api/notes", new { title = "Coffee", key }), HttpStatusCode.Conflict,
            "conflict");
        var bea = await _server.Guest("Bea");
        var hers = await bea.Http.PostAsJsonAsync("/api/notes", new { title = "Tea", key });
        Assert.NotEqual(id, Text(await TestServer.Json(hers), "noteId"));
    }

    [Fact]
    public async Task ChangeAndDelete_AreTheAuthorsOwn()
    {
        var (ann, bea) = (await _server.Guest("Ann"), await _server.Guest("Bea"));
        var id = await Written(ann);
        await Refusal.Is(
            await bea.Http.PatchAsJsonAsync($"/api/notes/{id}", new { title = "Mine" }), HttpStatusCode.Forbidden,
            "forbidden");
        await Refusal.Is(await bea.Http.DeleteAsync($"/api/notes/{id}"), HttpStatusCode.Forbidden, "forbidden");
        var changed = await TestServer.Json(
            await ann.Http.PatchAsJsonAsync($"/api/notes/{id}", new { body = "two", tags = new[] { "x" } }));
        Assert.Equal(("Tea", "two"), (Text(changed, "title"), Text(changed, "body")));
        Assert.True(changed.GetProperty("editedAt").GetInt64() > 0);

        Assert.Equal(HttpStatusCode.NoContent, (await ann.Http.DeleteAsync($"/api/notes/{id}")).StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, (await ann.Http.DeleteAsync($"/api/notes/{id}")).StatusCode);
        await Refusal.Is(await ann.Http.GetAsync($"/api/notes/{id}"), HttpStatusCode.NotFound, "not_found");
        await Refusal.Is(await bea.Http.PutAsync($"/api/notes/{id}/like", null), HttpStatusCode.NotFound, "not_found");
    }

    [Fact]
    public async Task BadInput_IsRefusedWithWhatIsWrong()
    {
        var ann = await _server.Guest("Ann");
        (object Note, string Member)[] bad =
        [
            (new { key = "k" }, "title"),
            (new { title = "a\nb", key = "k" }, "title"),
            (new { title = new string('x', 61), key = "k" }, "title"),
            (new { title = "Tea" }, "key"),
            (new { title = "Tea", key = "a b" }, "key"),
            (new { title = "Tea", body = new string('x', 10_001), key = "k" }, "body"),
            (new { title = "Tea", body = "a\u0000", key = "k" }, "body"),
            (new { title = "Tea", images = new[] { "javascript:alert(1)" }, key = "k" }, "images"),
            (new { title = "Tea", images = Enumerable.Repeat("/a", 19), key = "k" }, "images"),
            (new { title = "Tea", images = new string?[] { null }, key = "k" }, "images"),
            (new { title = "Tea", tags = new[] { "#" }, key = "k" }, "tags"),
            (new { title = "Tea", tags = new[] { "# #" }, key = "k" }, "tags"),
            (new { title = "Tea", tags = new[] { new string('x', 21) }, key = "k" }, "tags"),
            (new { title = "Tea", tags = Enumerable.Range(0, 11).Select(n => $"t{n}"), key = "k" }, "tags"),
            (new { title = "Tea", poll = new { question = "?", options = new[] { "a", "b" } }, key = "k" }, "poll"),
            (new { title = "Tea", products = new[] { new { } }, key = "k" }, "products"),
        ];
        foreach (var (note, member) in bad)
        {
            var problem = await Refusal.Is(
                await ann.Http.PostAsJsonAsync("/api/notes", note), HttpStatusCode.BadRequest, "invalid");
            Assert.True(problem.GetProperty("errors").TryGetProperty(member, out _), problem.GetRawText());
        }

        var id = await Written(ann);
        await Refusal.Is(
            await ann.Http.PatchAsJsonAsync($"/api/notes/{id}", new { title = "" }), HttpStatusCode.BadRequest,
            "invalid");
        Assert.Equal("Tea", Text(await Get(ann, id), "title"));
        await Refusal.Is(await ann.Http.GetAsync("/api/notes/x"), HttpStatusCode.BadRequest, "invalid");
        await Refusal.Is(await ann.Http.PutAsync("/api/notes/0/like", null), HttpStatusCode.BadRequest, "invalid");
        await Refusal.Is(await ann.Http.PutAsync("/api/notes/404/like", null), HttpStatusCode.NotFound, "not_found");
        await Refusal.Is(
            await _server.Http.PutAsync($"/api/notes/{id}/like", null), HttpStatusCode.Unauthorized, "unauthorized");
        await Refusal.Is(
            await _server.Http.PostAsJsonAsync("/api/notes", new { title = "Tea", key = "k" }),
            HttpStatusCode.Unauthorized, "unauthorized");
    }

    [Fact]
    public async Task Likes_ManyAtOnce_AreCountedOnceEach()
    {
        var users = await Task.WhenAll(Enumerable.Range(0, 20).Select(n => _server.Guest($"User {n}")));
        var id = await Written(users[0]);
        await Task.WhenAll(users.SelectMany((user, n) => Enumerable.Range(0, 5).Select(async _ =>
        {
            var answer = await user.Http.PutAsync($"/api/notes/{id}/like", null);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            if (n % 4 == 0)
            {
                await user.Http.PutAsync($"/api/notes/{id}/collect", null);
            }
        })));

        Assert.Equal((20, 5, 0), Counts(await Get(users[0], id)));
    }

    [Fact]
    public async Task Watch_FromNowOn_TellsTheCountsUntilItIsLeft()
    {
        var (ann, bea) = (await _server.Guest("Ann"), await _server.Guest("Bea"));
        var id = await Written(ann);
        await ann.Http.PutAsync($"/api/notes/{id}/like", null);
        await using var client = await _server.Connect(bea);
        await using var other = await _server.Connect(bea);
        await client.Invoke("WatchNote", id);
        await client.Invoke("WatchNote", id);
        await other.Invoke("WatchNote", id);
        await Told(client, id, 1);

        await bea.Http.PutAsync($"/api/notes/{id}/like", null);
        await Told(client, id, 2);
        await Told(other, id, 2);
        await other.Invoke("UnwatchNote", id);
        await other.Invoke("UnwatchNote", id);
        await bea.Http.DeleteAsync($"/api/notes/{id}/like");
        await Told(client, id, 1);
        await ann.Http.DeleteAsync($"/api/notes/{id}");
        var end = await Told(client, id, 0);
        Assert.True(end.GetProperty("deleted").GetBoolean());

        // The answer comes behind everything that was sent before it.
        await Refused("not_found", other.Invoke("WatchNote", id));
        Assert.DoesNotContain(other.Log, message => message.TryGetProperty("target", out var target)
            && target.GetString() == "note" && Number(message.GetProperty("arguments")[1], "likes") != 2);
    }

    [Fact]
    public async Task Watch_Nonsense_IsRefusedWithACode()
    {
        var ann = await _server.Guest("Ann");
        await using var client = await _server.Connect(ann);

        await Refused("not_found", client.Invoke("WatchNote", "404"));
        foreach (var bad in new object?[] { "x", "", "0", null, "99999999999999999999" })
        {
            await Refused("invalid", client.Invoke("WatchNote", bad));
            await Refused("invalid", client.Invoke("UnwatchNote", bad));
        }
    }

    [Fact]
    public async Task Limits_OfWatchingAndWriting_Hold()
    {
        await using var server = await TestServer.Start(new()
        {
            ["RedNote:Limits:Off"] = "false",
            ["RedNote:Limits:Watch:Burst"] = "4",
            ["RedNote:Limits:Watch:PerSecond"] = "0.001",
            ["RedNote:Limits:NewNote:Burst"] = "2",
            ["RedNote:Limits:NewNote:PerSecond"] = "0.001",
            ["RedNote:Notes:Frontend:MaxNotesPerConnection"] = "1",
        });
        var ann = await server.Guest("Ann");
        var (first, second) = (await Written(ann), await Written(ann));
        await Refusal.Is(
            await ann.Http.PostAsJsonAsync("/api/notes", new { title = "Tea", key = "k" }),
            HttpStatusCode.TooManyRequests, "rate_limited");
        await using var client = await server.Connect(ann);
        await client.Invoke("WatchNote", first);
        await Refused("invalid", client.Invoke("WatchNote", second));
        await client.Invoke("UnwatchNote", first);
        await client.Invoke("WatchNote", second);
        await client.Invoke("WatchNote", second);
        await Refused("rate_limited", client.Invoke("WatchNote", second));
    }

    private static string Key() => $"key-{Interlocked.Increment(ref _keys)}";

    private static string Text(JsonElement of, string member) => of.GetProperty(member).GetString()!;

    private static int Number(JsonElement of, string member) => of.GetProperty(member).GetInt32();

    private static (int Likes, int Collects, int Comments) Counts(JsonElement note)
        => (Number(note, "likes"), Number(note, "collects"), Number(note, "comments"));

    private static (int Likes, bool Liked) Liked(JsonElement answer)
        => (Number(answer, "likes"), answer.GetProperty("liked").GetBoolean());

    private static async Task<JsonElement> Get(TestUser user, string id)
        => await user.Http.GetFromJsonAsync<JsonElement>($"/api/notes/{id}");

    private static async Task<string> Written(TestUser author)
    {
        var answer = await author.Http.PostAsJsonAsync("/api/notes", new { title = "Tea", body = "one", key = Key() });
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        return Text(await TestServer.Json(answer), "noteId");
    }

    private static async Task<JsonElement> Told(HubClient client, string id, int likes)
    {
        while (true)
        {
            var counts = (await client.Call("note", id)).GetProperty("arguments")[1];
            if (Number(counts, "likes") == likes)
            {
                return counts;
            }
        }
    }

    private static Task Refused(string code, Task call) => Groups.Circle.Refused(code, call);
}
