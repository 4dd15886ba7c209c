using System.Net.Http.Json;
using System.Text;
using System.Text.Json;

namespace RedNote.Frontend.Tests.Live.Direct;

/// <summary>A client sees no difference, whichever way its bytes take.</summary>
public sealed class DirectWayTests(DirectServers servers) : IClassFixture<DirectServers>
{
    public static TheoryData<Way> Ways => [Way.Off, Way.Stream, Way.Socket, Way.Tls];

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Viewer_WhileItSendsItself_GetsEveryFrameAfterItsSnapshotOnceAndInOrder(Way way)
    {
        var (server, hub) = await servers.Get(way);
        var (room, _) = await server.LiveRoom();
        await using var client = await Connect(server, hub);
        await using var other = await Connect(server, hub);
        await other.Invoke("JoinRoom", room, null);
        var others = new List<string>();
        for (var i = 0; i < 10; i++)
        {
            others.Add(await other.Send("SendDanmaku", room, new { text = $"other {i}" }));
        }

        var joined = await client.Invoke("JoinRoom", room, null);
        var own = new List<string>();
        for (var i = 0; i < 60; i++)
        {
            own.Add(await client.Send("SendDanmaku", room, new { text = $"own {i}" }));
            own.Add(await client.Send("Like", room, 1, null));
            others.Add(await other.Send("SendDanmaku", room, new { text = $"more {i}" }));
        }

        var verdicts = new List<JsonElement>();
        foreach (var id in own)
        {
            verdicts.Add(await client.Result(id));
        }

        foreach (var id in others)
        {
            await other.Result(id);
        }

        var last = verdicts[^2].GetProperty("seq").GetInt64();
        await client.Frame(room, f => Seqs(f).Contains(last), "its own last danmaku");
        var messages = client.Everything.ToList();
        var answer = messages.FindIndex(message => message.TryGetProperty("result", out _));
        var frames = messages.Select((message, i) => (message, i))
            .Where(at => HubClient.IsCall(at.message, "frame", room)).ToList();
        Assert.All(frames, at => Assert.True(at.i > answer, "A frame came before the answer."));
        Assert.Equal(
            Enumerable.Range(1, frames.Count).Select(n => joined.GetProperty("seq").GetInt64() + n),
            frames.Select(at => at.message.GetProperty("arguments")[1].GetProperty("seq").GetInt64()));
        var said = verdicts.Where((_, i) => i % 2 == 0).Select(verdict => verdict.GetProperty("seq").GetInt64());
        Assert.Equal(said.Order(), said);
        var shown = frames.SelectMany(at => Seqs(at.message.GetProperty("arguments")[1])).ToList();
        Assert.Equal(shown.Distinct().Count(), shown.Count);
        Assert.Subset(shown.ToHashSet(), said.ToHashSet());
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Calls_GoodAndBad_HaveTheSameAnswers(Way way)
    {
        var (server, hub) = await servers.Get(way);
        var (room, host) = await server.LiveRoom();
        var opened = await TestServer.Json(await host.Http.PostAsJsonAsync(
            $"/api/rooms/{room}/polls", new { question = "?", options = new[] { "a", "b" }, seconds = 60, key = "k" }));
        var poll = opened.GetProperty("pollId").GetString()!;
        await using var client = await Connect(server, hub);

        async Task<string> Answer(string target, params object?[] arguments)
        {
            try
            {
                return (await client.Invoke(target, arguments)).GetRawText();
            }
            catch (HubCallException refusal)
            {
                return refusal.Message;
            }
        }

        const string NoRoomId = "invalid: A room id is a string that holds a positive decimal integer.";
        const string Unfit = "invalid: These are not the arguments of ";
        Assert.Contains("\"state\":\"live\"", await Answer("JoinRoom", room, null), StringComparison.Ordinal);
        Assert.Equal("not_found: There is no such room.", await Answer("JoinRoom", "999999999", null));
        Assert.Equal(NoRoomId, await Answer("JoinRoom", "x", null));
        Assert.Equal(
            "invalid: A resume point has no negative numbers.",
            await Answer("JoinRoom", room, new { epoch = 1, seq = -1 }));
        Assert.Equal($"{Unfit}JoinRoom; absent ones are null.", await Answer("JoinRoom", room));
        Assert.Equal("""{"status":"accepted","seq":1}""", await Answer("SendDanmaku", room, new { text = " hi " }));
        Assert.Equal(
            """{"status":"rejected","reason":"empty"}""", await Answer("SendDanmaku", room, new { text = " " }));
        Assert.Equal("""{"status":"rejected","reason":"invalid"}""", await Answer("SendDanmaku", room, null));
        Assert.Equal(
            """{"status":"rejected","reason":"invalid"}""", await Answer("SendDanmaku", "x", new { text = "a" }));
        Assert.Equal(
            """{"status":"rejected","reason":"too_long"}""",
            await Answer("SendDanmaku", room, new { text = new string('x', 201) }));
        Assert.Equal($"{Unfit}SendDanmaku; absent ones are null.", await Answer("SendDanmaku", room, new { text = 7 }));
        Assert.Equal("""{"accepted":50}""", await Answer("Like", room, 50, null));
        Assert.Equal("""{"accepted":3}""", await Answer("Like", room, 3, "k1"));
        Assert.Equal("""{"accepted":3}""", await Answer("Like", room, 3, "k1"));
        Assert.Equal(NoRoomId, await Answer("Like", "0", 1, null));
        Assert.Equal(
            "invalid: A call has 1 to 50 likes, and a key 1 to 64 of A-Z a-z 0-9 _ -.",
            await Answer("Like", room, 51, null));
        Assert.Equal($"{Unfit}Like; absent ones are null.", await Answer("Like", room, "1", null));
        Assert.Equal("""{"status":"accepted"}""", await Answer("Vote", room, poll, new[] { 1 }));
        Assert.Equal(
            """{"status":"rejected","reason":"already_voted"}""", await Answer("Vote", room, poll, new[] { 1 }));
        Assert.Equal("""{"status":"rejected","reason":"not_found"}""", await Answer("Vote", room, "77", new[] { 0 }));
        Assert.StartsWith("invalid: ", await Answer("Nothing"), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Calls_ManyInOneMessage_AreAllAnsweredInOrderAndThoseWithoutAnIdAreNot(Way way)
    {
        const int Calls = 200;
        var (server, hub) = await servers.Get(way);
        var (room, _) = await server.LiveRoom();
        await using var client = await Connect(server, hub);
        await client.Invoke("JoinRoom", room, null);

        var all = new StringBuilder();
        for (var i = 0; i < Calls; i++)
        {
            all.Append($$"""{"type":1,"target":"Like","arguments":["{{room}}",2,null]}""").Append('\x1e');
            all.Append($$$"""{"arguments":["{{{room}}}",{"text":"n{{{i}}}"}],"invocationId":"d{{{i}}}",""")
                .Append("\"target\":\"SendDanmaku\",\"type\":1}\x1e");
        }

        await client.SendBytes(Encoding.UTF8.GetBytes(all.ToString()));

        var seqs = new List<long>();
        for (var i = 0; i < Calls; i++)
        {
            seqs.Add((await client.Result($"d{i}")).GetProperty("seq").GetInt64());
        }

        Assert.Equal(Enumerable.Range(1, Calls).Select(n => (long)n), seqs);
        await client.Frame(
            room,
            f => f.TryGetProperty("counters", out var counters)
                && counters.GetProperty("likes").GetInt64() == 2 * Calls && counters.GetProperty("danmaku").GetInt64()
                == Calls,
            "everything to be counted");
        var answers = client.Everything.Where(message => message.TryGetProperty("type", out var type)
            && type.GetInt32() == 3);
        Assert.Equal(Calls + 1, answers.Count());
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Client_ThatStopsReading_GetsEveryAnswerWhenItReadsAgain(Way way)
    {
        // Answers of some 25 KB each, so that they are more than the network and the server hold.
        const int Joins = 80;
        var (server, hub) = await servers.Get(way);
        var (room, _) = await server.LiveRoom();
        await using var sender = await Connect(server, hub);
        await sender.Invoke("JoinRoom", room, null);
        for (var i = 0; i < 50; i++)
        {
            await sender.Invoke("SendDanmaku", room, new { text = $"{i}{new string('长', 120)}" });
        }

        // A snapshot holds what has been shown.
        await sender.Frame(room, f => Seqs(f).Contains(50), "the last danmaku");

        await using var stalled = await HubClient.Connect(hub, (await server.Guest()).Token, 16 * 1024);
        stalled.Pause();
        var ids = new List<string>();
        for (var i = 0; i < Joins; i++)
        {
            ids.Add(await stalled.Send("JoinRoom", room, new { epoch = 0, seq = 0, danmakuSeq = 0 }));
            ids.Add(await stalled.Send("Like", room, 1, null));
        }

        // Others do not wait for it.
        await sender.Invoke("SendDanmaku", room, new { text = "meanwhile" });
        await sender.Frame(room, f => RoomHubTests.Texts(f).Contains("meanwhile"), "a frame beside the stalled one");
        stalled.Resume();

        for (var i = 0; i < ids.Count; i += 2)
        {
            Assert.InRange((await stalled.Result(ids[i])).GetProperty("recent").GetArrayLength(), 50, 51);
            Assert.Equal(1, (await stalled.Result(ids[i + 1])).GetProperty("accepted").GetInt32());
        }
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Clients_CutOffInMidTraffic_LeaveTheOthersUndisturbed(Way way)
    {
        var (server, hub) = await servers.Get(way);
        var (room, _) = await server.LiveRoom();
        await using var stayer = await Connect(server, hub);
        var joined = await stayer.Invoke("JoinRoom", room, null);
        for (var round = 0; round < 8; round++)
        {
            var leaver = await Connect(server, hub);
            await leaver.Invoke("JoinRoom", room, null);
            for (var i = 0; i < 20; i++)
            {
                await leaver.Send("SendDanmaku", room, new { text = $"r{round} {i}" });
            }

            await leaver.DisposeAsync();
            var verdict = await stayer.Invoke("SendDanmaku", room, new { text = $"s{round}" });
            Assert.Equal("accepted", verdict.GetProperty("status").GetString());
            await stayer.Frame(room, f => RoomHubTests.Texts(f).Contains($"s{round}"), $"round {round}");
        }

        var seqs = stayer.Everything.Where(message => HubClient.IsCall(message, "frame", room))
            .Select(message => message.GetProperty("arguments")[1].GetProperty("seq").GetInt64()).ToList();
        Assert.Equal(Enumerable.Range(1, seqs.Count).Select(n => joined.GetProperty("seq").GetInt64() + n), seqs);
        using var patience = new CancellationTokenSource(HubClient.Patience);
        while ((await stayer.Invoke("JoinRoom", room, null)).GetProperty("counters").GetProperty("viewers").GetInt32()
            != 1)
        {
            Assert.False(patience.IsCancellationRequested, "The others are still counted.");
        }
    }

    private static async Task<HubClient> Connect(TestServer server, Uri hub)
        => await HubClient.Connect(hub, (await server.Guest()).Token);

    private static IEnumerable<long> Seqs(JsonElement frame)
        => frame.TryGetProperty("danmaku", out var danmaku)
            ? danmaku.EnumerateArray().Select(one => one.GetProperty("seq").GetInt64())
            : [];
}
