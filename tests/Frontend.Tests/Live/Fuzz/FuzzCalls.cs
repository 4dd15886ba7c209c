using System.Globalization;
using System.Reflection;
using Microsoft.AspNetCore.SignalR;
using RedNote.Frontend.Live;

namespace RedNote.Frontend.Tests.Live.Fuzz;

/// <summary>A call as it was made.</summary>
/// <param name="Id">Names it on its connection.</param>
/// <param name="Target">The method.</param>
/// <param name="Arguments">Each as JSON.</param>
internal sealed record FuzzCall(string Id, string Target, string[] Arguments);

/// <summary>
/// Calls of every method that the hub has: some as a client would make them, some with one argument that is anything,
/// some with anything at all.
/// </summary>
internal sealed class FuzzCalls(FuzzJson json, FuzzRoom room)
{
    private static readonly MethodInfo[] Methods =
    [
        .. typeof(RoomHub).GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly)
            .Where(method => !typeof(Hub).GetMethods().Any(of => of.Name == method.Name))
            .OrderBy(method => method.Name, StringComparer.Ordinal),
    ];

    private static readonly string[] Words =
    [
        "hello", "hello!", "HELLO", "ｈｅｌｌｏ", "niiiice", "niiice", "好好好", "666", "😀😀", "a b c", "advert",
        "a.d.v.e.r.t",
    ];

    private long _id;

    public static IEnumerable<string> Targets => Methods.Select(method => method.Name);

    public FuzzCall Next()
    {
        while (true)
        {
            // What is larger than a message may be ends the connection; that is for others to try.
            if (Any() is var call && call.Arguments.Sum(argument => argument.Length) < 8_000)
            {
                return call;
            }
        }
    }

    /// <summary>A call that counts for nothing if it gets through: of a room or group that is not there.</summary>
    public FuzzCall NextElsewhere()
    {
        var call = Next();
        return call with
        {
            Arguments = [.. call.Arguments.Select(
                it => it == Quote(room.Room) || it == Quote(room.Group) ? Quote("404") : it)],
        };
    }

    /// <summary>The message of a call, its members in any order and among others.</summary>
    public string Write(FuzzCall call)
    {
        List<(string, string)> members =
        [
            ("type", json.Chance(3) ? "4" : "1"), ("invocationId", $"\"{call.Id}\""), ("target", $"\"{call.Target}\""),
            ("arguments", $"[{string.Join(',', call.Arguments)}]"),
        ];
        if (json.Chance(10))
        {
            members.Add(("headers", FuzzJson.Object(("a", "\"b\""))));
        }

        if (json.Chance(10))
        {
            members.Add((json.Pick("extra", "Type", "id", ""), json.Value()));
        }

        var all = members.ToArray();
        if (json.Chance(30))
        {
            json.Random.Shuffle(all);
        }

        return FuzzJson.Object(all);
    }

    private FuzzCall Any()
    {
        // Joins bring the whole room along, and groups have many methods; fewer of them leave time for the rest.
        var method = json.Pick(Methods);
        var isOfGroup = method.GetParameters().Any(parameter => parameter.Name == "groupId");
        if ((method.Name == "JoinRoom" || isOfGroup) && json.Chance(60))
        {
            method = json.Pick(Methods);
        }

        var arguments = method.GetParameters().Select(Plausible).ToList();
        switch (json.Random.Next(10))
        {
            case 0 or 1:
                arguments[json.Random.Next(arguments.Count)] = json.Value();
                break;
            case 2:
                arguments = [.. Enumerable.Range(0, json.Random.Next(6)).Select(_ => json.Value())];
                break;
            case 3 when json.Chance(50):
                arguments.RemoveAt(json.Random.Next(arguments.Count));
                break;
            case 3:
                arguments.Insert(json.Random.Next(arguments.Count + 1), json.Value());
                break;
        }

        var target = json.Chance(2) ? json.Pick("DropTables", "", "joinroom ", "Dispose", "OnConnectedAsync", "Equals")
            : json.Chance(2) ? method.Name.ToLowerInvariant() : method.Name;
        return new FuzzCall((++_id).ToString(CultureInfo.InvariantCulture), target, [.. arguments]);
    }

    private string Plausible(ParameterInfo parameter) => parameter.Name switch
    {
        "roomId" => json.Chance(85) ? Quote(room.Room) : json.Pick(Quote(room.Scheduled), Quote("404"), json.Value()),
        "groupId" => json.Chance(85) ? Quote(room.Group) : json.Pick(Quote("404"), json.Value()),
        "noteId" => json.Chance(85) ? Quote(room.Note) : json.Pick(Quote("404"), json.Value()),
        "message" => json.Chance(90) ? Message() : json.Value(),
        "seq" => json.Chance(90) ? json.Random.Next(1, 60).ToString(CultureInfo.InvariantCulture) : json.Value(),
        "afterSeq" => json.Pick("null", "0", "5", "100000"),
        "emoji" => json.Chance(80) ? json.Pick("\"👍\"", "\"🍰\"", "\"❤️\"") : json.Value(),
        "on" => json.Pick("true", "false"),
        "pollId" => Quote(json.Pick([.. room.Polls, room.GroupPoll])),
        "pkId" => Quote(room.Pk),
        "drawId" => Quote(room.Draw),
        "dealId" => Quote(json.Pick([.. room.Deals])),
        "order" => json.Chance(90) ? Order() : json.Value(),
        "questionId" => Quote(json.Random.Next(1, 40).ToString(CultureInfo.InvariantCulture)),
        "side" => json.Pick("\"left\"", "\"right\""),
        "count" => json.Random.Next(1, 51).ToString(CultureInfo.InvariantCulture),
        "choices" => json.Pick("[0]", "[1]", "[2]", "[0,1]", "[]", "[0,0]", "[31]", "[-1]", "null"),
        "key" => Key(),
        "text" => Text(),
        "danmaku" => Danmaku(),
        "since" => json.Chance(70) ? "null" : FuzzJson.Object(
            ("epoch", json.Pick("0", "1", "2")), ("seq", json.Pick("0", "5", "100000")), ("danmakuSeq", "null")),
        _ => throw new NotSupportedException($"The fuzzer does not know the argument {parameter.Name}."),
    };

    private string Order() => FuzzJson.Object(
        ("quantity", json.Chance(85) ? json.Pick("1", "1", "2", "3") : json.Value()),
        ("key", json.Chance(90) ? Quote($"k{json.Random.Next(30)}") : json.Value()));

    private string Message()
    {
        // Keys are each user's own, and few, so that they come again with the same and with other content.
        List<(string, string)> members =
        [
            ("text", json.Chance(90) ? Text() : json.Value()),
            ("key", json.Chance(90) ? Quote($"m{json.Random.Next(200)}") : json.Value()),
        ];
        if (json.Chance(20))
        {
            members.Add(("replyTo", json.Chance(70) ? json.Pick("1", "2", "null") : json.Value()));
        }

        if (json.Chance(20))
        {
            members.Add(("mentions", json.Chance(70) ? json.Pick("[]", "null", "[\"1\"]") : json.Value()));
        }

        if (json.Chance(20))
        {
            members.Add(("card", json.Chance(70)
                ? FuzzJson.Object(("kind", json.Pick("\"room\"", "\"deal\"", "\"poll\"")), ("id", Quote(room.Room)))
                : json.Value()));
        }

        return FuzzJson.Object([.. members]);
    }

    private string Danmaku()
    {
        List<(string, string)> members = [("text", json.Chance(90) ? Text() : json.Value())];
        if (json.Chance(40))
        {
            members.Add(("mode", json.Chance(80) ? json.Pick("\"top\"", "\"reverse\"", "null") : json.Value()));
        }

        if (json.Chance(40))
        {
            members.Add(("color", json.Chance(80) ? json.Pick("\"#00ff00\"", "null") : json.Value()));
        }

        if (json.Chance(40))
        {
            members.Add(("key", json.Chance(80) ? Key() : json.Value()));
        }

        if (json.Chance(10))
        {
            members.Add((json.Pick("userId", "name", "seq", "at", "extra"), json.Value()));
        }

        return FuzzJson.Object([.. members]);
    }

    private string Text() => json.Random.Next(10) switch
    {
        0 => json.String(),
        1 when json.Chance(20) => Quote(new string('x', 201)),
        < 4 => Quote(json.Pick(Words)),
        _ => Quote($"{json.Pick(Words)} {json.Random.Next(100_000)}"),
    };

    private string Key() => json.Random.Next(10) switch
    {
        < 6 => "null",
        < 9 => Quote($"k{json.Random.Next(12)}"),
        _ => json.Value(),
    };

    private static string Quote(string text) => $"\"{text}\"";
}

/// <summary>What there is to call for.</summary>
/// <param name="Room">Live.</param>
/// <param name="Scheduled">Not live.</param>
/// <param name="Polls">Open.</param>
/// <param name="Pk">Open.</param>
/// <param name="Draw">Open.</param>
/// <param name="Deals">One to buy from, one with a condition that nobody meets, one that is not open yet.</param>
/// <param name="Group">Whoever wants to joins it.</param>
/// <param name="GroupPoll">Open; the group's first message shows it.</param>
/// <param name="Note">Written by the host.</param>
internal sealed record FuzzRoom(
    string Room, string Scheduled, string[] Polls, string Pk, string Draw, string[] Deals, string Group,
    string GroupPoll, string Note)
{
    /// <summary>Pieces of the deal to buy from.</summary>
    public const int Stock = 20;

    public static async Task<FuzzRoom> Open(TestServer server, TestUser host, string room)
    {
        async Task<string> Make(string what, object body, string id)
            => (await TestServer.Json(await System.Net.Http.Json.HttpClientJsonExtensions.PostAsJsonAsync(
                host.Http, what, body))).GetProperty(id).GetString()!;

        var polls = new List<string>();
        for (var i = 0; i < 3; i++)
        {
            polls.Add(await Make(
                $"/api/rooms/{room}/polls",
                new
                {
                    question = "Which?",
                    options = new[] { "a", "b", "c" },
                    multiple = i == 1,
                    seconds = 600,
                    key = $"p{i}",
                },
                "pollId"));
        }

        var group = await Make("/api/groups", new { name = "Fuzz" }, "groupId");
        var poll = await TestServer.Json(await System.Net.Http.Json.HttpClientJsonExtensions.PostAsJsonAsync(
            host.Http, $"/api/groups/{group}/polls",
            new { question = "Which?", options = new[] { "a", "b", "c" }, seconds = 600, key = "p" }));
        return new FuzzRoom(
            room,
            await Make("/api/rooms", new { title = "Later" }, "roomId"),
            [.. polls],
            await Make($"/api/rooms/{room}/pk", new { left = "l", right = "r", seconds = 600, key = "pk" }, "pkId"),
            await Make(
                $"/api/rooms/{room}/draws", new { prize = "tea", winners = 2, seconds = 600, key = "d" }, "drawId"),
            [await Deal("none", false), await Deal("followed", false), await Deal("none", true)],
            group,
            poll.GetProperty("poll").GetProperty("pollId").GetString()!,
            await Make("/api/notes", new { title = "Fuzz", key = "n" }, "noteId"));

        Task<string> Deal(string kind, bool prepared) => Make(
            $"/api/rooms/{room}/deals",
            new
            {
                title = "Tea",
                price = new { amount = 1_990, currency = "CNY" },
                stock = Stock,
                perBuyer = 10,
                seconds = 3_600,
                condition = new { kind },
                prepared,
                key = $"{kind}-{prepared}",
            },
            "dealId");
    }
}
