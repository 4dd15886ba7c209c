using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using RedNote.Frontend.Tests.Groups;

namespace RedNote.Frontend.Tests.Users;

/// <summary>Notifications over REST.</summary>
public sealed class NotificationTests(ServerFixture fixture) : IClassFixture<ServerFixture>
{
    private readonly TestServer _server = fixture.Server;

    private static async Task<JsonElement> List(TestUser user, string query = "")
    {
        var answer = await user.Http.GetAsync("/api/me/notifications" + query);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return await TestServer.Json(answer);
    }

    /// <summary>Waits for a list: notices come after what they are about.</summary>
    internal static async Task<JsonElement> Until(TestUser user, string what, Func<JsonElement, bool> condition)
    {
        var since = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var list = await List(user);
            if (condition(list))
            {
                return list;
            }

            Assert.True(
                TimeProvider.System.GetElapsedTime(since) < HubClient.Patience, $"Waited for {what}: {list}");
            await Task.Delay(5);
        }
    }

    private static JsonElement[] Items(JsonElement list) => [.. list.GetProperty("items").EnumerateArray()];

    private static int Unread(JsonElement list) => list.GetProperty("unread").GetInt32();

    private static string Id(JsonElement item) => item.GetProperty("id").GetString()!;

    [Fact]
    public async Task Follow_ByAnother_IsThereUntilRead()
    {
        var (ann, bea) = (await _server.Guest("Ann"), await _server.Guest("Bea"));
        var empty = await List(ann);
        Assert.Equal((0, 0, false), (Items(empty).Length, Unread(empty), empty.GetProperty("hasMore").GetBoolean()));

        await bea.Http.PutAsync($"/api/users/{ann.Id}/follow", null);

        var list = await Until(ann, "a follower", all => Items(all).Length == 1);
        var item = Items(list)[0];
        Assert.Equal(1, Unread(list));
        Assert.Equal(
            ("follow", bea.Id, "Bea", 1, false),
            (item.GetProperty("kind").GetString(), item.GetProperty("from").GetString(),
                item.GetProperty("fromName").GetString(), item.GetProperty("count").GetInt32(),
                item.GetProperty("read").GetBoolean()));

        var answer = await ann.Http.PostAsJsonAsync("/api/me/notifications/read", new { upTo = Id(item) });
        Assert.Equal("""{"unread":0}""", await answer.Content.ReadAsStringAsync());
        list = await List(ann);
        Assert.Equal((0, true), (Unread(list), Items(list)[0].GetProperty("read").GetBoolean()));
        Assert.Equal(0, Unread(await List(bea)));
    }

    [Fact]
    public async Task Messages_ReadInTheGroup_AreReadHereToo()
    {
        var ann = await _server.Guest("Ann");
        var circle = await Circle.Open(_server, members: ann);
        await circle.InList(ann);
        await using var owner = await circle.Enter(circle.Owner);
        var seq = await circle.Say(owner, "first");
        seq = await circle.Say(owner, "second");
        await circle.Say(owner, "third");

        var list = await Until(ann, "messages", all => Items(all).Any(item => Kind(item) == "group"));
        var item = Items(list).Single(one => Kind(one) == "group");
        Assert.Equal(circle.Id, item.GetProperty("groupId").GetString());
        Assert.Equal(3, item.GetProperty("count").GetInt32());
        var unread = Unread(list);

        await using var reader = await circle.Enter(ann);
        await reader.Invoke("MarkRead", circle.Id, seq + 1);

        list = await List(ann);
        Assert.Equal(unread - 1, Unread(list));
        Assert.True(Items(list).Single(one => Kind(one) == "group").GetProperty("read").GetBoolean());

        static string? Kind(JsonElement one) => one.GetProperty("kind").GetString();
    }

    [Fact]
    public async Task Messages_OfMoreGroupsThanAreAsked_CountAsTheyAre()
    {
        await using var server = await TestServer.Start(new() { ["RedNote:Notices:AskedGroups"] = "1" });
        var ann = await server.Guest("Ann");
        await using var reader = await server.Connect(ann);
        List<Circle> circles = [await Circle.Open(server, members: ann), await Circle.Open(server, members: ann)];
        var unread = 0;
        foreach (var circle in circles)
        {
            await circle.InList(ann);
            await using var owner = await circle.Enter(circle.Owner);
            await circle.Say(owner, "hello");
            unread = Unread(await Until(ann, "the message", all => Items(all).Any(item => IsAbout(item, circle))));
        }

        foreach (var circle in circles)
        {
            await reader.Invoke("MarkRead", circle.Id, 1);
        }

        // The group that said something last is asked.
        var list = await List(ann);
        Assert.Equal(unread - 1, Unread(list));
        Assert.Equal(
            [true, false],
            circles.AsEnumerable().Reverse()
                .Select(circle => Items(list).Single(item => IsAbout(item, circle)).GetProperty("read").GetBoolean()));

        static bool IsAbout(JsonElement item, Circle circle) => item.GetProperty("kind").GetString() == "group"
            && item.GetProperty("groupId").GetString() == circle.Id;
    }

    [Fact]
    public async Task Message_ChangedAndTakenBack_IsShownAsItIs()
    {
        var ann = await _server.Guest("Ann");
        var circle = await Circle.Open(_server, members: ann);
        await circle.InList(ann);
        await using var owner = await circle.Enter(circle.Owner);
        var seq = await circle.Say(owner, "the-secret");
        await Until(ann, "the text", all => Text(all) == "the-secret");

        await owner.Invoke("EditMessage", circle.Id, seq, "other words");
        Assert.Equal("other words", Text(await List(ann)));
        await owner.Invoke("RecallMessage", circle.Id, seq);
        Assert.Null(Text(await List(ann)));

        static string? Text(JsonElement all)
            => Items(all).FirstOrDefault(one => one.GetProperty("kind").GetString() == "group")
                is { ValueKind: JsonValueKind.Object } item && item.TryGetProperty("text", out var text)
                    ? text.GetString()
                    : null;
    }

    [Fact]
    public async Task List_InPages_GoesOnWhereThePageEnded()
    {
        var ann = await _server.Guest("Ann");
        for (var i = 0; i < 3; i++)
        {
            await Circle.Open(_server, members: ann);
        }

        var all = await Until(ann, "three groups", list => Items(list).Length == 3);
        var first = await List(ann, "?limit=2");
        Assert.True(first.GetProperty("hasMore").GetBoolean());
        var rest = await List(ann, $"?limit=2&after={Id(Items(first)[1])}");
        Assert.False(rest.GetProperty("hasMore").GetBoolean());
        Assert.Equal(Items(all).Select(Id), Items(first).Concat(Items(rest)).Select(Id));
        Assert.Equal(3, Unread(first));

        var answer = await ann.Http.PostAsJsonAsync(
            "/api/me/notifications/read", new { upTo = Id(Items(rest)[0]) });
        Assert.Equal("""{"unread":2}""", await answer.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("?limit=0")]
    [InlineData("?limit=101")]
    [InlineData("?limit=x")]
    [InlineData("?after=x")]
    [InlineData("?after=-1")]
    [InlineData("?after=0")]
    [InlineData("?after=9223372036854775808")]
    public async Task List_BadInput_IsRefused(string query)
    {
        var ann = await _server.Guest("Ann");
        await Refusal.Is(
            await ann.Http.GetAsync("/api/me/notifications" + query), HttpStatusCode.BadRequest, "invalid");
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"upTo":null}""")]
    [InlineData("""{"upTo":"0"}""")]
    [InlineData("""{"upTo":"x"}""")]
    [InlineData("""{"upTo":7}""")]
    [InlineData("[]")]
    public async Task MarkRead_BadInput_IsRefused(string body)
    {
        var ann = await _server.Guest("Ann");
        using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        await Refusal.Is(
            await ann.Http.PostAsync("/api/me/notifications/read", content), HttpStatusCode.BadRequest, "invalid");
    }

    [Fact]
    public async Task Notifications_WithoutAToken_AreNobodys()
    {
        await Refusal.Is(
            await _server.Http.GetAsync("/api/me/notifications"), HttpStatusCode.Unauthorized, "unauthorized");
        await Refusal.Is(
            await _server.Http.PostAsJsonAsync("/api/me/notifications/read", new { upTo = "1" }),
            HttpStatusCode.Unauthorized, "unauthorized");
    }
}
