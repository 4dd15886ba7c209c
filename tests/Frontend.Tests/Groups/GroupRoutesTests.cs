using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace RedNote.Frontend.Tests.Groups;

public sealed class GroupRoutesTests(ServerFixture fixture) : IClassFixture<ServerFixture>
{
    private readonly TestServer _server = fixture.Server;

    [Fact]
    public async Task Create_WithMembers_IsInEverybodysListUnderTheirServerNames()
    {
        var (ann, bea) = (await _server.Guest("Ann"), await _server.Guest("Bea"));
        var circle = await Circle.Open(
            _server, new { name = " Tea ", memberIds = new[] { ann.Id, bea.Id, ann.Id }, joinPolicy = "approval" });
        var group = await circle.Get(ann, "");

        Assert.Equal(
            ("Tea", "group", "approval"), (Text(group, "name"), Text(group, "kind"), Text(group, "joinPolicy")));
        Assert.Equal(
            (circle.Owner.Id, "member", 3),
            (Text(group, "ownerId"), Text(group, "myRole"), group.GetProperty("members").GetInt32()));
        var members = await circle.Get(bea, "/members");
        Assert.Equal(
            ["Ann", "Bea", "Owner"],
            members.GetProperty("items").EnumerateArray().Select(one => Text(one, "name")).Order());
        foreach (var user in new[] { circle.Owner, ann, bea })
        {
            Assert.Equal("Tea", Text(await circle.InList(user), "name"));
        }
    }

    [Fact]
    public async Task List_OfAMember_BeginsWithTheNewestMessage()
    {
        var ann = await _server.Guest("Ann");
        var first = await Circle.Open(_server, null, ann);
        var second = await Circle.Open(_server, null, ann);
        foreach (var circle in new[] { second, first })
        {
            await circle.InList(ann);
            await using var client = await circle.Enter(circle.Owner);
            await circle.Say(client, "hello");
        }

        var list = await ann.Http.GetFromJsonAsync<JsonElement>("/api/me/groups");

        Assert.Equal(
            [first.Id, second.Id], list.GetProperty("items").EnumerateArray().Select(one => Text(one, "groupId")));
        Assert.All(
            list.GetProperty("items").EnumerateArray(), one => Assert.Equal(1, one.GetProperty("unread").GetInt32()));
    }

    [Fact]
    public async Task Create_BadInput_IsRefused()
    {
        var ann = await _server.Guest("Ann");
        object[] bad =
        [
            new { },
            new { name = " " },
            new { name = new string('x', 41) },
            new { name = "a\0b" },
            new { name = "x", joinPolicy = "secret" },
            new { name = "x", memberIds = new[] { "x" } },
            new { name = "x", memberIds = new[] { "123" } },
            new { name = "x", memberIds = Enumerable.Range(1, 500).Select(n => $"{n}") },
        ];
        foreach (var body in bad)
        {
            await Refusal.Is(
                await ann.Http.PostAsJsonAsync("/api/groups", body), HttpStatusCode.BadRequest, "invalid");
        }

        await Refusal.Is(
            await _server.Http.PostAsJsonAsync("/api/groups", new { name = "x" }),
            HttpStatusCode.Unauthorized, "unauthorized");
        Assert.Empty((await ann.Http.GetFromJsonAsync<JsonElement>("/api/me/groups")).GetProperty("items")
            .EnumerateArray());
    }

    [Fact]
    public async Task Conversation_WhoeverAsksAndBothAtOnce_IsTheSame()
    {
        var (ann, bea) = (await _server.Guest("Ann"), await _server.Guest("Bea"));
        Task<HttpResponseMessage> Ask(TestUser by, TestUser with)
            => by.Http.PostAsJsonAsync("/api/conversations", new { userId = with.Id });
        var answers = await Task.WhenAll(
            Enumerable.Range(0, 8).Select(n => n % 2 == 0 ? Ask(ann, bea) : Ask(bea, ann)));
        var groups = await Task.WhenAll(answers.Select(TestServer.Json));

        Assert.All(answers, answer => Assert.True(answer.IsSuccessStatusCode));
        var id = Assert.Single(groups.Select(group => Text(group, "groupId")).Distinct())!;
        Assert.All(groups, group => Assert.Equal("direct", Text(group, "kind")));
        var circle = new Circle(_server, id, ann);
        Assert.Equal("Bea", Text(await circle.Get(ann, ""), "name"));
        var theirView = await circle.Get(bea, "");
        Assert.Equal(("Ann", ann.Id), (Text(theirView, "name"), Text(theirView, "peerId")));
        Assert.Equal(HttpStatusCode.OK, (await Ask(bea, ann)).StatusCode);
        await using var mine = await circle.Enter(ann);
        await using var theirs = await circle.Enter(bea);
        await circle.HearMessage(theirs, await circle.Say(mine, "psst"));
        foreach (var user in new[] { ann, bea })
        {
            await circle.InList(user);
            var list = await user.Http.GetFromJsonAsync<JsonElement>("/api/me/groups");
            Assert.Single(list.GetProperty("items").EnumerateArray());
        }

        var stranger = await _server.Guest("Stranger");
        await Refusal.Is(await stranger.Http.GetAsync(circle.Path), HttpStatusCode.NotFound, "not_found");
        await Refusal.Is(await stranger.Http.GetAsync(circle.Path + "/messages"), HttpStatusCode.NotFound, "not_found");
        await Refusal.Is(await circle.Join(ann, stranger.Id), HttpStatusCode.Conflict, "wrong_state");
        await Refusal.Is(await circle.Remove(ann, ann.Id), HttpStatusCode.Conflict, "wrong_state");
        await Refusal.Is(await circle.Role(ann, bea.Id, "admin"), HttpStatusCode.Conflict, "wrong_state");
        await Refusal.Is(
            await ann.Http.PatchAsJsonAsync(circle.Path, new { name = "x" }), HttpStatusCode.Conflict, "wrong_state");
    }

    [Fact]
    public async Task Conversation_WithNobody_IsRefused()
    {
        var ann = await _server.Guest("Ann");
        foreach (var bad in new object[] { new { }, new { userId = "x" }, new { userId = ann.Id } })
        {
            await Refusal.Is(
                await ann.Http.PostAsJsonAsync("/api/conversations", bad), HttpStatusCode.BadRequest, "invalid");
        }

        await Refusal.Is(
            await ann.Http.PostAsJsonAsync("/api/conversations", new { userId = "404" }),
            HttpStatusCode.NotFound, "not_found");
    }

    [Fact]
    public async Task Join_WithApproval_IsAskedForAndGranted()
    {
        var (ann, bea) = (await _server.Guest("Ann"), await _server.Guest("Bea"));
        var circle = await Circle.Open(_server, new { name = "Tea", joinPolicy = "approval" });
        await using var owner = await circle.Enter(circle.Owner);

        var asked = await TestServer.Json(await circle.Join(ann, ann.Id));
        await circle.Do(circle.Join(bea, bea.Id));

        Assert.Equal("requested", Text(asked, "status"));
        await circle.Hear(owner, "member", e => Text(e, "change") == "requested" && Text(e, "userId") == ann.Id);
        var requests = await circle.Get(circle.Owner, "/requests");
        Assert.Equal(
            [ann.Id, bea.Id], requests.GetProperty("items").EnumerateArray().Select(one => Text(one, "userId")));
        await Refusal.Is(await ann.Http.GetAsync(circle.Path + "/requests"), HttpStatusCode.Forbidden, "forbidden");
        var granted = await TestServer.Json(await circle.Join(circle.Owner, ann.Id));
        Assert.Equal("joined", Text(granted, "status"));
        await circle.Do(circle.Remove(circle.Owner, bea.Id));
        Assert.Empty((await circle.Get(circle.Owner, "/requests")).GetProperty("items").EnumerateArray());
        await circle.InList(ann);
        await Refusal.Is(await bea.Http.GetAsync(circle.Path + "/messages"), HttpStatusCode.Forbidden, "forbidden");
    }

    [Fact]
    public async Task Invite_UsedUpRevokedOrMadeUp_LetsNobodyIn()
    {
        var people = await Task.WhenAll(Enumerable.Range(0, 3).Select(n => _server.Guest($"P{n}")));
        var circle = await Circle.Open(_server, new { name = "Tea", joinPolicy = "invite" });
        await Refusal.Is(await circle.Join(people[0], people[0].Id), HttpStatusCode.Forbidden, "forbidden");
        var made = await circle.Owner.Http.PostAsJsonAsync($"{circle.Path}/invites", new { uses = 1 });
        Assert.Equal(HttpStatusCode.Created, made.StatusCode);
        var code = Text(await TestServer.Json(made), "code")!;
        Task<HttpResponseMessage> Use(TestUser user, string with) => user.Http.PostAsync($"/api/invites/{with}", null);

        var joined = await TestServer.Json(await Use(people[0], code));
        Assert.Equal(("joined", circle.Id), (Text(joined, "status"), Text(joined.GetProperty("group"), "groupId")));
        await Refusal.Is(await Use(people[1], code), HttpStatusCode.NotFound, "not_found");
        var other = Text(await TestServer.Json(
            await circle.Owner.Http.PostAsJsonAsync($"{circle.Path}/invites", new { seconds = 60 })), "code")!;
        var list = await circle.Get(circle.Owner, "/invites");
        Assert.Equal([other], list.GetProperty("items").EnumerateArray().Select(one => Text(one, "code")));
        await circle.Do(circle.Owner.Http.DeleteAsync($"{circle.Path}/invites/{other}"));
        foreach (var bad in new[] { other, "x", $"{circle.Id}-0123456789abcdef", "404-0123456789abcdef" })
        {
            await Refusal.Is(await Use(people[1], bad), HttpStatusCode.NotFound, "not_found");
        }

        await Refusal.Is(
            await people[0].Http.PostAsJsonAsync($"{circle.Path}/invites", new { }),
            HttpStatusCode.Forbidden, "forbidden");
        await Refusal.Is(
            await circle.Owner.Http.PostAsJsonAsync($"{circle.Path}/invites", new { seconds = 0 }),
            HttpStatusCode.BadRequest, "invalid");
    }

    [Fact]
    public async Task Change_ByWhoMay_IsTold()
    {
        var ann = await _server.Guest("Ann");
        var circle = await Circle.Open(_server, null, ann);
        await using var client = await circle.Enter(ann);
        await Refusal.Is(
            await ann.Http.PatchAsJsonAsync(circle.Path, new { name = "Mine" }), HttpStatusCode.Forbidden, "forbidden");
        await Refusal.Is(
            await circle.Owner.Http.PatchAsJsonAsync(circle.Path, new { announcement = new string('x', 1_001) }),
            HttpStatusCode.BadRequest, "invalid");

        var changed = await TestServer.Json(await circle.Owner.Http.PatchAsJsonAsync(
            circle.Path, new { name = "Coffee", announcement = "At noon" }));

        Assert.Equal("Coffee", Text(changed, "name"));
        Assert.Equal("Coffee", Text(await circle.Hear(client, "renamed"), "name"));
        var told = await circle.Hear(client, "announcement");
        Assert.Equal("At noon", Text(told.GetProperty("announcement"), "text"));
    }

    [Fact]
    public async Task Messages_PageSearchDigest_GiveWhatWasSaid()
    {
        var ann = await _server.Guest("Ann");
        var circle = await Circle.Open(_server, null, ann);
        await using var owner = await circle.Enter(circle.Owner);
        for (var n = 1; n <= 9; n++)
        {
            await circle.Say(owner, n == 4 ? "明天喝茶吗？" : $"line {n} https://example.com/{n}");
        }

        var last = await circle.Get(ann, "/messages?limit=3");
        var before = await circle.Get(ann, "/messages?before=7&limit=2");
        var after = await circle.Get(ann, "/messages?after=7");
        Assert.Equal([7, 8, 9], Seqs(last));
        Assert.Equal([5, 6], Seqs(before));
        Assert.Equal([8, 9], Seqs(after));
        Assert.Equal(
            (true, true, false), (HasMore(last), HasMore(before), HasMore(after)));
        foreach (var word in new[] { "茶", "喝茶", "明天" })
        {
            Assert.Equal([4], Seqs(await circle.Get(ann, $"/search?q={word}")));
        }

        Assert.Equal([9, 8], Seqs(await circle.Get(ann, "/search?q=line&limit=2")));
        Assert.Equal([7], Seqs(await circle.Get(ann, "/search?q=line&limit=1&before=8")));
        var digest = await circle.Get(ann, "/digest?since=2");
        Assert.Equal((7, 9), (digest.GetProperty("messages").GetInt32(), digest.GetProperty("upTo").GetInt32()));
        Assert.Equal([4], digest.GetProperty("questions").EnumerateArray().Select(Circle.Seq));
        Assert.Equal(6, digest.GetProperty("links").GetArrayLength());
        foreach (var bad in new[]
        {
            "/messages?before=2&after=1", "/messages?limit=0", "/messages?limit=201", "/messages?before=x",
            "/search", "/search?q=", "/search?q=x&limit=51", "/receipts", "/receipts?seq=0", "/digest?since=-1",
            "/members?limit=501", "/members?after=x",
        })
        {
            await Refusal.Is(await ann.Http.GetAsync(circle.Path + bad), HttpStatusCode.BadRequest, "invalid");
        }

        await Refusal.Is(
            await ann.Http.GetAsync(circle.Path + "/receipts?seq=99"), HttpStatusCode.NotFound, "not_found");
    }

    private static string? Text(JsonElement json, string name) => json.GetProperty(name).GetString();

    private static bool HasMore(JsonElement page) => page.GetProperty("hasMore").GetBoolean();

    private static IEnumerable<long> Seqs(JsonElement page)
        => page.GetProperty("items").EnumerateArray().Select(Circle.Seq);
}
