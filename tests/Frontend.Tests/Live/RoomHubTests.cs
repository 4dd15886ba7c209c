using System.Text.Json;

namespace RedNote.Frontend.Tests.Live;

public sealed class RoomHubTests(ServerFixture fixture) : IClassFixture<ServerFixture>
{
    private readonly TestServer _server = fixture.Server;

    [Fact]
    public async Task SendDanmaku_InLiveRoom_ReachesEveryViewerOnceUnderItsVerdictsSeq()
    {
        var (room, _) = await _server.LiveRoom();
        var ann = await _server.Guest("Ann");
        await using var sender = await _server.Connect(ann);
        await using var viewer = await _server.Connect(await _server.Guest("Bea"));
        await sender.Invoke("JoinRoom", room, null);
        await viewer.Invoke("JoinRoom", room, null);

        var verdict = await sender.Invoke(
            "SendDanmaku", room, new { text = " hello 你好 ", mode = "top", color = "#ff2442" });

        Assert.Equal("accepted", verdict.GetProperty("status").GetString());
        var seq = verdict.GetProperty("seq").GetInt64();
        foreach (var client in new[] { sender, viewer })
        {
            var frame = await client.Frame(room, f => f.TryGetProperty("danmaku", out _), "a frame with danmaku");
            var danmaku = Assert.Single(frame.GetProperty("danmaku").EnumerateArray());
            Assert.Equal(seq, danmaku.GetProperty("seq").GetInt64());
            Assert.Equal("hello 你好", danmaku.GetProperty("text").GetString());
            Assert.Equal("Ann", danmaku.GetProperty("name").GetString());
            Assert.Equal(ann.Id, danmaku.GetProperty("userId").GetString());
            Assert.Equal("top", danmaku.GetProperty("mode").GetString());
            Assert.Equal("#ff2442", danmaku.GetProperty("color").GetString());
        }
    }

    [Fact]
    public async Task JoinRoom_Answers_SnapshotOfTheContract()
    {
        var (room, host) = await _server.LiveRoom("Tea 茶");
        await using var client = await _server.Connect(await _server.Guest());

        var joined = await client.Invoke("JoinRoom", room, null);

        Assert.Equal("Tea 茶", joined.GetProperty("room").GetProperty("title").GetString());
        Assert.Equal("live", joined.GetProperty("room").GetProperty("state").GetString());
        Assert.Equal(host.Id, joined.GetProperty("room").GetProperty("hostId").GetString());
        Assert.Equal("Host", joined.GetProperty("room").GetProperty("hostName").GetString());
        Assert.Equal(0, joined.GetProperty("counters").GetProperty("likes").GetInt64());
        Assert.Equal("CNY", joined.GetProperty("counters").GetProperty("sales").GetProperty("currency").GetString());
        Assert.Equal(0, joined.GetProperty("settings").GetProperty("slowModeSeconds").GetInt32());
        Assert.False(joined.GetProperty("recovered").GetBoolean());
        Assert.False(joined.TryGetProperty("pinned", out _));
        foreach (var list in new[] { "recent", "polls", "draws", "deals", "missed" })
        {
            Assert.Equal(JsonValueKind.Array, joined.GetProperty(list).ValueKind);
        }
    }

    [Fact]
    public async Task JoinRoom_Since_GivesWhatWasMissedAndGoesOnFromThere()
    {
        var (room, _) = await _server.LiveRoom();
        await using var sender = await _server.Connect(await _server.Guest());
        var cut = await _server.Connect(await _server.Guest());
        await sender.Invoke("JoinRoom", room, null);
        var first = await cut.Invoke("JoinRoom", room, null);
        var seen = (Epoch: first.GetProperty("epoch").GetInt64(), Seq: first.GetProperty("seq").GetInt64());
        await cut.DisposeAsync();
        for (var i = 0; i < 5; i++)
        {
            var verdict = await sender.Invoke("SendDanmaku", room, new { text = $"n{i}" });
            await sender.Frame(room, f => Texts(f).Contains($"n{i}"), $"danmaku {i}");
        }

        await using var back = await _server.Connect(await _server.Guest());
        var again = await back.Invoke("JoinRoom", room, new { epoch = seen.Epoch, seq = seen.Seq });

        Assert.True(again.GetProperty("recovered").GetBoolean());
        var missed = again.GetProperty("missed").EnumerateArray().ToList();
        Assert.Equal(["n0", "n1", "n2", "n3", "n4"], missed.SelectMany(Texts));
        var seqs = missed.Select(f => f.GetProperty("seq").GetInt64()).ToList();
        Assert.Equal(Enumerable.Range(1, missed.Count).Select(n => seen.Seq + n), seqs);

        await sender.Invoke("SendDanmaku", room, new { text = "after" });
        var next = await back.Frame(room);
        Assert.Equal(again.GetProperty("seq").GetInt64() + 1, next.GetProperty("seq").GetInt64());
    }

    [Fact]
    public async Task Danmaku_OfOneClient_KeepTheirOrder()
    {
        var (room, _) = await _server.LiveRoom();
        await using var client = await _server.Connect(await _server.Guest());
        await client.Invoke("JoinRoom", room, null);

        var ids = new List<string>();
        for (var i = 0; i < 100; i++)
        {
            ids.Add(await client.Send("SendDanmaku", room, new { text = $"n{i}" }));
        }

        var seqs = new List<long>();
        foreach (var id in ids)
        {
            seqs.Add((await client.Result(id)).GetProperty("seq").GetInt64());
        }

        Assert.Equal(seqs.Order(), seqs);
        Assert.Equal(100, seqs.Distinct().Count());
    }

    [Fact]
    public async Task Like_FromManyCalls_CountsEachOnce()
    {
        var (room, _) = await _server.LiveRoom();
        await using var client = await _server.Connect(await _server.Guest());
        await client.Invoke("JoinRoom", room, null);

        var ids = new List<string>();
        for (var i = 1; i <= 50; i++)
        {
            ids.Add(await client.Send("Like", room, i, null));
        }

        for (var i = 1; i <= 50; i++)
        {
            Assert.Equal(i, (await client.Result(ids[i - 1])).GetProperty("accepted").GetInt32());
        }

        await client.Frame(
            room,
            f => f.TryGetProperty("counters", out var counters) && counters.GetProperty("likes").GetInt64() == 1275,
            "1,275 likes");
    }

    [Fact]
    public async Task Like_KeyRepeated_CountsOnce()
    {
        var (room, _) = await _server.LiveRoom();
        await using var client = await _server.Connect(await _server.Guest());

        await client.Invoke("Like", room, 7, "k1");
        var again = await client.Invoke("Like", room, 7, "k1");
        var other = await client.Invoke("Like", room, 1, null);

        Assert.Equal(7, again.GetProperty("accepted").GetInt32());
        Assert.Equal(1, other.GetProperty("accepted").GetInt32());
        var joined = await client.Invoke("JoinRoom", room, null);
        Assert.Equal(8, joined.GetProperty("counters").GetProperty("likes").GetInt64());
    }

    [Fact]
    public async Task LeaveRoom_Viewer_GetsNoMoreFrames()
    {
        var (room, _) = await _server.LiveRoom();
        await using var leaver = await _server.Connect(await _server.Guest());
        await using var stayer = await _server.Connect(await _server.Guest());
        await leaver.Invoke("JoinRoom", room, null);
        await stayer.Invoke("JoinRoom", room, null);
        await leaver.Invoke("LeaveRoom", room);

        await stayer.Invoke("SendDanmaku", room, new { text = "bye" });
        await stayer.Frame(room, f => Texts(f).Contains("bye"), "the danmaku");

        // The answer to a call made after the frame went out comes after any frame that was sent before it.
        await leaver.Invoke("LeaveRoom", room);
        Assert.DoesNotContain(leaver.Log, message => message.ToString().Contains("bye", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Viewers_JoinAndLeave_AreCounted()
    {
        var (room, _) = await _server.LiveRoom();
        await using var first = await _server.Connect(await _server.Guest());
        await first.Invoke("JoinRoom", room, null);
        await first.Frame(room, f => Viewers(f) == 1, "one viewer");

        var second = await _server.Connect(await _server.Guest());
        await second.Invoke("JoinRoom", room, null);
        await first.Frame(room, f => Viewers(f) == 2, "two viewers");
        await second.DisposeAsync();

        await first.Frame(room, f => Viewers(f) == 1, "one viewer again");
    }

    [Fact]
    public async Task Rename_OnThisServer_ShowsInTheNextDanmaku()
    {
        var (room, _) = await _server.LiveRoom();
        var user = await _server.Guest("Old");
        await using var client = await _server.Connect(user);
        await client.Invoke("JoinRoom", room, null);
        await client.Invoke("SendDanmaku", room, new { text = "one" });

        using var body = new StringContent("{\"name\":\"New\"}", System.Text.Encoding.UTF8, "application/json");
        (await user.Http.PatchAsync("/api/me", body)).EnsureSuccessStatusCode();
        await client.Invoke("SendDanmaku", room, new { text = "two" });

        var frame = await client.Frame(room, f => Texts(f).Contains("two"), "the second danmaku");
        Assert.Equal("New", frame.GetProperty("danmaku").EnumerateArray().Last().GetProperty("name").GetString());
    }

    internal static IEnumerable<string?> Texts(JsonElement frame)
        => frame.TryGetProperty("danmaku", out var danmaku)
            ? danmaku.EnumerateArray().Select(d => d.GetProperty("text").GetString())
            : [];

    private static int Viewers(JsonElement frame)
        => frame.TryGetProperty("counters", out var counters) ? counters.GetProperty("viewers").GetInt32() : -1;
}
