using System.Text.Json;

namespace RedNote.Frontend.Tests.Live;

/// <summary>A hot room over real connections: a sample is shown, senders are told, the tape has it all.</summary>
public sealed class DisplayBudgetTests : IAsyncLifetime
{
    private TestServer _server = null!;

    public async ValueTask InitializeAsync()
        => _server = await TestServer.Start(new() { ["RedNote:Live:DisplayBudgetPerSecond"] = "5" });

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task Flood_BeyondTheBudget_IsSampledToldMarkedAndCounted()
    {
        var (room, host) = await _server.LiveRoom();
        await using var sender = await _server.Connect(await _server.Guest());
        await using var viewer = await _server.Connect(await _server.Guest());
        await using var owner = await _server.Connect(host);
        await viewer.Invoke("JoinRoom", room, null);
        var ids = new List<string>();
        for (var i = 0; i < 200; i++)
        {
            ids.Add(await sender.Send("SendDanmaku", room, new { text = $"text {i}" }));
        }

        foreach (var id in ids)
        {
            Assert.Equal("accepted", (await sender.Result(id)).GetProperty("status").GetString());
        }

        var verdict = await owner.Invoke("SendDanmaku", room, new { text = "by the host" });
        var last = verdict.GetProperty("seq").GetInt64();
        await viewer.Frame(room, frame => RoomHubTests.Texts(frame).Contains("by the host"), "the host's danmaku");
        var frames = viewer.Everything.Where(message => HubClient.IsCall(message, "frame", room))
            .Select(message => message.GetProperty("arguments")[1]).ToList();
        var shown = frames.Where(frame => frame.TryGetProperty("danmaku", out _))
            .SelectMany(frame => frame.GetProperty("danmaku").EnumerateArray())
            .Select(danmaku => danmaku.GetProperty("seq").GetInt64()).ToHashSet();
        var left = Enumerable.Range(1, 200).Select(seq => (long)seq).Where(seq => !shown.Contains(seq)).ToHashSet();
        Assert.True(left.Count > 100, $"{shown.Count} were shown");
        Assert.Contains(last, shown);

        var told = new HashSet<long>();
        while (told.Count < left.Count)
        {
            var notice = await sender.Call("sampled", room);
            told.UnionWith(notice.GetProperty("arguments")[1].EnumerateArray().Select(seq => seq.GetInt64()));
        }

        Assert.Equal(left.Order(), told.Order());
        await CheckTape(room, left);
        var stats = await TestServer.Json(await host.Http.GetAsync($"/api/rooms/{room}/stats"));
        var totals = stats.GetProperty("verdicts");
        Assert.Equal(left.Count, totals.GetProperty("sampled").GetInt32());
        Assert.Equal(left.Count, frames.Sum(Sampled));
        Assert.Equal(201, totals.GetProperty("received").GetInt32());
    }

    private static int Sampled(JsonElement frame)
        => frame.TryGetProperty("shed", out var shed) ? shed.GetProperty("sampled").GetInt32() : 0;

    private async Task CheckTape(string room, HashSet<long> left)
    {
        var tape = await TestServer.Json(await _server.Http.GetAsync($"/api/rooms/{room}/tape?limit=500"));
        var danmaku = tape.GetProperty("items").EnumerateArray()
            .Where(item => item.GetProperty("kind").GetString() == "danmaku").ToList();
        Assert.Equal(201, danmaku.Count);
        Assert.All(danmaku, item => Assert.Equal(
            left.Contains(item.GetProperty("seq").GetInt64()), item.TryGetProperty("sampled", out _)));
    }
}
