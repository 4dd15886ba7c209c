using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace RedNote.Frontend.Tests.Live.Fuzz;

/// <summary>
/// Whatever is sent to a room's routes: each request is answered as the wire contract says, strangers change nothing,
/// and the server stays up.
/// </summary>
public sealed partial class RestFuzzTests : IAsyncLifetime
{
    private const int Requests = 3_000;
    private const int AtOnce = 8;
    private const string Note = "/api/notes/{id}";

    private static readonly string[] Members =
    [
        "title", "cover", "startsAt", "slowModeSeconds", "followersOnly", "blockedWords", "hold", "shield", "seconds",
        "question", "options", "multiple", "anonymous", "key", "left", "right", "text", "pollId", "questionId",
        "dealId", "prize", "winners", "condition", "kind", "value", "price", "listPrice", "stock", "perBuyer",
        "payWithinSeconds", "prepared", "extra", "body", "images", "tags",
    ];

    private readonly int _seed = FuzzSeed.Next();
    private readonly LogCapture _log = new();
    private TestServer _server = null!;

    public async ValueTask InitializeAsync()
        => _server = await TestServer.Start(configure: builder => builder.Logging.AddProvider(_log));

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task Rooms_RandomRequestsOfTheirHosts_AreAnsweredAsDocumentedAndTheTotalsHold()
    {
        var statuses = new Dictionary<int, int>();
        await Fuzz(async (json, n) =>
        {
            var (id, host) = await _server.LiveRoom();
            var room = await FuzzRoom.Open(_server, host, id);
            await using var viewer = await _server.Connect(await _server.Guest("Viewer"));
            await viewer.Invoke("SendDanmaku", id, new { text = "one" });
            await viewer.Invoke("Ask", id, "why?", null);
            for (var i = 0; i < Requests / AtOnce; i++)
            {
                // The show goes on: to end it would end the game, and so it is with the note.
                var status = await Send(
                    json, host.Http, room,
                    route => route is not ("POST /api/rooms/{id}/end" or "DELETE /api/notes/{id}"));
                lock (statuses)
                {
                    statuses[status] = statuses.GetValueOrDefault(status) + 1;
                }
            }

            // A host may have set, before the next frame, that not every danmaku is shown.
            var verdicts = (await HubFuzzTests.Settled(host, id, 1)).GetProperty("verdicts");
            Assert.Equal(1, verdicts.GetProperty("received").GetInt64());
            Assert.Equal(1, HubFuzzTests.Settled(verdicts));
        });
        Assert.All(new[] { 200, 201, 204, 400, 404, 409 }, status => Assert.Contains(status, statuses.Keys));
    }

    [Fact]
    public async Task Rooms_RandomRequestsOfStrangers_ChangeNothing()
    {
        var (id, host) = await _server.LiveRoom();
        var room = await FuzzRoom.Open(_server, host, id);
        await using var viewer = await _server.Connect(await _server.Guest("Viewer"));
        await viewer.Invoke("SendDanmaku", id, new { text = "one" });
        await viewer.Invoke("Ask", id, "why?", null);
        await host.Http.PutAsJsonAsync($"/api/rooms/{id}/pin", new { text = "pinned" });
        await HubFuzzTests.Settled(host, id, 1);
        var before = await All(host, room);

        await Fuzz(async (json, n) =>
        {
            using var nobody = new HttpClient { BaseAddress = _server.Address };
            var stranger = await _server.Guest("Stranger");
            for (var i = 0; i < Requests / AtOnce; i++)
            {
                await Send(json, json.Chance(70) ? stranger.Http : nobody, room, static _ => true);
            }
        });

        Assert.Equal(before, await All(host, room));
    }

    private async Task Fuzz(Func<FuzzJson, int, Task> work)
    {
        try
        {
            await Task.WhenAll(
                Enumerable.Range(0, AtOnce).Select(n => Task.Run(() => work(new FuzzJson(new Random(_seed + n)), n))));
            Assert.Empty(_log.Troubles);
        }
        catch (Exception failure)
        {
            throw new InvalidOperationException(
                $"{FuzzSeed.Again(_seed)}: {failure.Message}\n{string.Join('\n', _log.Troubles.Take(10))}", failure);
        }
    }

    /// <summary>Sends one request to a room's route, and gives the status of its answer.</summary>
    private async Task<int> Send(FuzzJson json, HttpClient http, FuzzRoom room, Func<string, bool> isAllowed)
    {
        var routes = Routes().Where(route => isAllowed($"{route.Verb} {route.Pattern}")).ToArray();
        var (verb, pattern) = json.Pick(routes);
        var path = Parameter().Replace(
            pattern, match => Uri.EscapeDataString(Argument(json, room, pattern, match.Groups[1].Value)));
        if (json.Chance(30))
        {
            path += $"?limit={Plain(json)}&after={Plain(json)}&from={Plain(json)}&sort={Plain(json)}"
                + $"&before={Plain(json)}";
        }

        using var request = new HttpRequestMessage(new HttpMethod(verb), path);
        var body = "";
        if (json.Chance(80) && verb is not "GET")
        {
            body = json.Chance(90) ? Body(json, room) : json.Pick("", "{", "{}}", "\u0000", "[[[[", "nul");
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
            request.Content.Headers.ContentType = json.Chance(97)
                ? new MediaTypeHeaderValue("application/json")
                : new MediaTypeHeaderValue("text/plain");
        }

        using var answer = await http.SendAsync(request);
        return await DocumentedAnswers.Check(answer, $"{verb} {path} {body}");
    }

    /// <summary>Everything that the host can see of the room, and what the note says.</summary>
    private static async Task<string> All(TestUser host, FuzzRoom room)
    {
        var all = new StringBuilder();
        foreach (var what in new[] { "", "/settings", "/audit", "/held", "/questions", "/tape", "/stats", "/deals" })
        {
            all.AppendLine(await host.Http.GetStringAsync($"/api/rooms/{room.Room}{what}"));
        }

        var note = await host.Http.GetFromJsonAsync<JsonElement>($"/api/notes/{room.Note}");
        foreach (var member in new[] { "title", "body", "images", "tags" })
        {
            all.AppendLine(note.GetProperty(member).GetRawText());
        }

        return all.ToString();
    }

    private (string Verb, string Pattern)[] Routes() =>
    [
        .. _server.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(route => route.RoutePattern.RawText!.StartsWith("/api/rooms/{id}", StringComparison.Ordinal)
                || route.RoutePattern.RawText!.StartsWith(Note, StringComparison.Ordinal))
            .SelectMany(route => route.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods
                .Select(verb => (verb, route.RoutePattern.RawText!))),
    ];

    private static string Argument(FuzzJson json, FuzzRoom room, string pattern, string name)
        => json.Chance(20) ? Plain(json) : name switch
        {
            "id" => pattern.StartsWith(Note, StringComparison.Ordinal) ? room.Note : room.Room,
            "pollId" => json.Pick(room.Polls),
            "pkId" => room.Pk,
            "drawId" => room.Draw,
            "dealId" => json.Pick(room.Deals),
            _ => json.Pick("1", "2", "3", "77"),
        };

    /// <summary>A word for an address; it is not empty, as that would be another address.</summary>
    private static string Plain(FuzzJson json)
    {
        var text = json.Value(0).Trim('"');
        return text.Length is 0 or > 300 ? "x" : text.Replace('/', '_').Replace("..", "_", StringComparison.Ordinal);
    }

    private static string Body(FuzzJson json, FuzzRoom room)
    {
        if (json.Chance(10))
        {
            return json.Value();
        }

        return FuzzJson.Object([.. Members.Where(_ => json.Chance(60))
            .Select(name => (name, json.Chance(7) ? json.Value() : Plausible(json, room, name)))]);
    }

    private static string Plausible(FuzzJson json, FuzzRoom room, string name) => name switch
    {
        "followersOnly" or "shield" or "multiple" or "anonymous" or "prepared" => json.Pick("true", "false", "null"),
        "seconds" or "winners" or "slowModeSeconds" => json.Chance(70)
            ? json.Pick("1", "5", "60")
            : json.Pick("0", "-1", "601", "1001", "86401", "2592001", "2147483647", "-2147483648"),
        "startsAt" => "null",
        "stock" or "perBuyer" or "payWithinSeconds" => json.Chance(85)
            ? json.Pick("1", "7", "300")
            : json.Pick("0", "-1", "1001", "86401", "10000001", "2147483648", "1.5"),
        "price" or "listPrice" => json.Chance(85)
            ? json.Pick("{\"amount\":1990,\"currency\":\"CNY\"}", "{\"amount\":0,\"currency\":\"CNY\"}")
            : json.Pick("{}", "{\"amount\":-1,\"currency\":\"CNY\"}", "{\"amount\":5,\"currency\":\"yen\"}", "5"),
        "images" => json.Chance(85) ? "[\"/a.png\"]" : json.Pick("[]", "[\"ftp://a\"]", "[null]"),
        "tags" => json.Chance(85) ? json.Pick("[\"a\",\"#b\"]", "[]") : json.Pick("[\"#\"]", "[null]", "[1]"),
        "blockedWords" or "options" => json.Pick("[\"a\",\"b\"]", "[\"b\",\"c\",\"d\"]"),
        "hold" => json.Pick("\"off\"", "\"words\"", "\"all\""),
        "key" => $"\"k{json.Random.Next(500)}\"",
        "pollId" => json.Pick("null", $"\"{json.Pick(room.Polls)}\""),
        "questionId" => json.Pick("null", "\"1\""),
        "dealId" or "cover" => "null",
        "condition" => json.Pick("null", "{\"kind\":\"voted\"}", "{\"kind\":\"password\",\"value\":\"tea\"}"),
        _ => json.Pick("\"tea\"", "\"green tea\"", "null"),
    };

    [GeneratedRegex("\\{([a-zA-Z]+)[^}]*\\}")]
    private static partial Regex Parameter();
}
