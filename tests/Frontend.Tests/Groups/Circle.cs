using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace RedNote.Frontend.Tests.Groups;

/// <summary>A group, and what people do in it.</summary>
internal sealed record Circle(TestServer Server, string Id, TestUser Owner)
{
    private static int _keys;

    public string Path => $"/api/groups/{Id}";

    public static async Task<Circle> Open(TestServer server, object? terms = null, params TestUser[] members)
    {
        var owner = await server.Guest("Owner");
        var answer = await owner.Http.PostAsJsonAsync(
            "/api/groups", terms ?? new { name = "Tea", memberIds = members.Select(member => member.Id) });
        var group = await TestServer.Json(answer);
        Assert.True(answer.StatusCode == HttpStatusCode.Created, group.GetRawText());
        return new Circle(server, group.GetProperty("groupId").GetString()!, owner);
    }

    public static string Key() => $"key-{Interlocked.Increment(ref _keys)}";

    public static string Status(JsonElement answer) => answer.GetProperty("status").GetString()!;

    public static string? Reason(JsonElement answer)
        => answer.TryGetProperty("reason", out var reason) ? reason.GetString() : null;

    public static long Seq(JsonElement answer) => answer.GetProperty("seq").GetInt64();

    /// <summary>Is the call refused with that code?</summary>
    public static async Task Refused(string code, Task call)
    {
        var refusal = await Assert.ThrowsAsync<HubCallException>(() => call);
        Assert.StartsWith(code + ": ", refusal.Message, StringComparison.Ordinal);
    }

    /// <summary>A connection that has the group open.</summary>
    public async Task<HubClient> Enter(TestUser user, TestServer? server = null, long? afterSeq = null)
    {
        var client = await (server ?? Server).Connect(user);
        await client.Invoke("OpenGroup", Id, afterSeq);
        return client;
    }

    public Task<JsonElement> Send(HubClient client, string text, string? key = null)
        => client.Invoke("SendMessage", Id, new { text, key = key ?? Key() });

    /// <summary>Sends something that is taken, and gives its number.</summary>
    public async Task<long> Say(HubClient client, string text)
    {
        var answer = await Send(client, text);
        Assert.True(Status(answer) == "accepted", answer.GetRawText());
        return Seq(answer);
    }

    /// <summary>An event that came, or comes.</summary>
    public async Task<JsonElement> Hear(HubClient client, string kind, Func<JsonElement, bool>? that = null)
    {
        bool IsIt(JsonElement happened)
            => happened.GetProperty("kind").GetString() == kind && (that is null || that(happened));
        if (Heard(client).Where(IsIt).Select(happened => (JsonElement?)happened).FirstOrDefault() is { } known)
        {
            return known;
        }

        var call = await client.Next(
            message => HubClient.IsCall(message, "group", Id)
                && message.GetProperty("arguments")[1].EnumerateArray().Any(IsIt),
            $"an event {kind}");
        return call.GetProperty("arguments")[1].EnumerateArray().First(IsIt);
    }

    /// <summary>The events that have come, as far as anybody has looked.</summary>
    public IEnumerable<JsonElement> Heard(HubClient client)
        => client.Everything.Where(message => HubClient.IsCall(message, "group", Id))
            .SelectMany(message => message.GetProperty("arguments")[1].EnumerateArray());

    /// <summary>Numbers of the messages that have come, as they came.</summary>
    public IEnumerable<long> Seqs(HubClient client)
        => Heard(client).Where(happened => happened.GetProperty("kind").GetString() == "message")
            .Select(happened => Seq(happened.GetProperty("message")));

    public async Task<JsonElement> HearMessage(HubClient client, long seq)
        => (await Hear(client, "message", happened => Seq(happened.GetProperty("message")) == seq))
            .GetProperty("message");

    public async Task<JsonElement> Get(TestUser user, string path)
    {
        var answer = await user.Http.GetAsync(Path + path);
        var json = await TestServer.Json(answer);
        Assert.True(answer.IsSuccessStatusCode, json.GetRawText());
        return json;
    }

    public async Task Do(Task<HttpResponseMessage> call)
    {
        var answer = await call;
        Assert.True(
            answer.IsSuccessStatusCode, $"{answer.StatusCode} {await answer.Content.ReadAsStringAsync()} in {Id}");
    }

    public Task<HttpResponseMessage> Join(TestUser by, string user)
        => by.Http.PutAsync($"{Path}/members/{user}", null);

    public Task<HttpResponseMessage> Remove(TestUser by, string user)
        => by.Http.DeleteAsync($"{Path}/members/{user}");

    public Task<HttpResponseMessage> Role(TestUser by, string user, string role)
        => by.Http.PutAsJsonAsync($"{Path}/members/{user}/role", new { role });

    public Task<HttpResponseMessage> Mute(TestUser by, string user, int seconds = 60)
        => by.Http.PutAsJsonAsync($"{Path}/mutes/{user}", new { seconds });

    /// <summary>The group in that user's list; undefined when it is not.</summary>
    public async Task<JsonElement> Listed(TestUser user)
        => (await user.Http.GetFromJsonAsync<JsonElement>("/api/me/groups")).GetProperty("items").EnumerateArray()
            .FirstOrDefault(one => one.GetProperty("groupId").GetString() == Id);

    /// <summary>Waits until the group is in the user's list, or in it no more: the inbox is told after the group.
    /// </summary>
    public async Task<JsonElement> InList(TestUser user, bool isIn = true)
    {
        var since = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var listed = await Listed(user);
            if (listed.ValueKind != JsonValueKind.Undefined == isIn)
            {
                return listed;
            }

            Assert.True(
                TimeProvider.System.GetElapsedTime(since) < HubClient.Patience, $"Waited for {Id} in the list: {isIn}");
            await Task.Delay(5);
        }
    }
}
