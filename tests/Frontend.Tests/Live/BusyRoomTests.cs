using System.Text.Json;

namespace RedNote.Frontend.Tests.Live;

/// <summary>What viewers get while a room is busy, over real connections.</summary>
public sealed class BusyRoomTests(ServerFixture fixture) : IClassFixture<ServerFixture>
{
    private readonly TestServer _server = fixture.Server;

    [Fact]
    public async Task JoinRoom_WhileFramesFlow_FramesFollowTheAnswerWithoutAGap()
    {
        var (room, _) = await _server.LiveRoom();
        await using var sender = await _server.Connect(await _server.Guest());
        using var stop = new CancellationTokenSource();
        var sending = KeepSending(sender, room, stop.Token);

        for (var i = 0; i < 20; i++)
        {
            await using var joiner = await _server.Connect(await _server.Guest());
            var joined = await joiner.Invoke("JoinRoom", room, null);
            for (var n = 0; n < 3; n++)
            {
                await joiner.Frame(room);
            }

            var frames = joiner.Everything.SkipWhile(message => !message.TryGetProperty("result", out _)).Skip(1);
            Assert.Equal(
                Enumerable.Range(1, 3).Select(n => joined.GetProperty("seq").GetInt64() + n),
                frames.Take(3).Select(message => message.GetProperty("arguments")[1].GetProperty("seq").GetInt64()));
            Assert.DoesNotContain(
                joiner.Everything.TakeWhile(message => !message.TryGetProperty("result", out _)),
                message => HubClient.IsCall(message, "frame", room));
        }

        await stop.CancelAsync();
        await sending;
    }

    [Fact]
    public async Task SlowViewer_IsSentFewerFramesThatStandForAll_AndOthersEveryOne()
    {
        var (room, _) = await _server.LiveRoom();
        await using var sender = await _server.Connect(await _server.Guest());
        var slowUser = await _server.Guest();
        await using var slow = await HubClient.Connect(_server.Address, slowUser.Token, receiveBufferBytes: 16 * 1024);
        await sender.Invoke("JoinRoom", room, null);
        var joined = await slow.Invoke("JoinRoom", room, null);
        slow.Pause();

        // More than the server's send buffer can hold, some megabytes on loopback. The sender takes every frame before
        // it goes on: two frames hold what it sends at once, and so many a viewer may be behind.
        var text = new string('长', 190);
        for (var batch = 0; batch < 36; batch++)
        {
            var ids = new List<string>();
            for (var i = 0; i < 250; i++)
            {
                ids.Add(await sender.Send("SendDanmaku", room, new { text = $"{(batch * 250) + i}{text}" }));
            }

            var seq = 0L;
            foreach (var id in ids)
            {
                seq = (await sender.Result(id)).GetProperty("seq").GetInt64();
            }

            await sender.Frame(room, f => Seqs(f).Contains(seq), $"danmaku {seq}");
        }

        slow.Resume();
        await sender.Invoke("SendDanmaku", room, new { text = "the last" });
        await sender.Frame(room, f => RoomHubTests.Texts(f).Contains("the last"), "the last danmaku");
        await slow.Frame(room, f => RoomHubTests.Texts(f).Contains("the last"), "the last danmaku, by the slow one");

        var all = Frames(sender, room);
        Assert.All(all, frame => Assert.False(frame.TryGetProperty("from", out _)));
        var few = Frames(slow, room);
        Assert.True(few.Count < all.Count, $"{few.Count} of {all.Count}");
        Assert.Contains(few, frame => frame.TryGetProperty("from", out _));
        var expected = joined.GetProperty("seq").GetInt64() + 1;
        foreach (var frame in few)
        {
            var seq = frame.GetProperty("seq").GetInt64();
            Assert.Equal(expected, frame.TryGetProperty("from", out var from) ? from.GetInt64() : seq);
            expected = seq + 1;
        }

        var shown = few.Sum(frame => RoomHubTests.Texts(frame).Count());
        var skipped = few.Sum(frame => frame.TryGetProperty("shed", out var shed)
            && shed.TryGetProperty("skipped", out var count) ? count.GetInt32() : 0);
        Assert.Equal(9_001, shown + skipped);
        Assert.DoesNotContain(slow.Everything, message => HubClient.IsCall(message, "resync", room));
    }

    private static IEnumerable<long> Seqs(JsonElement frame)
        => frame.TryGetProperty("danmaku", out var danmaku)
            ? danmaku.EnumerateArray().Select(item => item.GetProperty("seq").GetInt64())
            : [];

    private static List<JsonElement> Frames(HubClient client, string room)
        => [.. client.Everything.Where(message => HubClient.IsCall(message, "frame", room))
            .Select(message => message.GetProperty("arguments")[1])];

    private static async Task KeepSending(HubClient sender, string room, CancellationToken stop)
    {
        for (var i = 0; !stop.IsCancellationRequested; i++)
        {
            await sender.Invoke("SendDanmaku", room, new { text = $"n{i}" });
        }
    }
}
