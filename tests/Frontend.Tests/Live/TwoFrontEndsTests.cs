#if ORLEANS_EMBEDDED
namespace RedNote.Frontend.Tests.Live;

/// <summary>Two front ends on one silo: viewers of both see the same, whichever they use.</summary>
public sealed class TwoFrontEndsTests(TwoFrontEnds both) : IClassFixture<TwoFrontEnds>
{
    private readonly TestServer _first = both.First;
    private readonly TestServer _second = both.Second;

    [Fact]
    public async Task Danmaku_SentOnOne_ReachesViewersOfBoth()
    {
        var (room, _) = await _first.LiveRoom();
        await using var here = await _first.Connect(await _first.Guest("Here"));
        await using var there = await _second.Connect(await _second.Guest("There"));
        await here.Invoke("JoinRoom", room, null);
        await there.Invoke("JoinRoom", room, null);

        // One after the other: on a busy machine one frame may hold both, and a frame is waited for once.
        foreach (var (sender, text) in new[] { (here, "from here"), (there, "from there") })
        {
            await sender.Invoke("SendDanmaku", room, new { text });
            await here.Frame(room, f => RoomHubTests.Texts(f).Contains(text), $"'{text}' here");
            await there.Frame(room, f => RoomHubTests.Texts(f).Contains(text), $"'{text}' there");
        }
    }

    [Fact]
    public async Task Viewers_OfBoth_AreCountedTogether()
    {
        var (room, _) = await _first.LiveRoom();
        await using var here = await _first.Connect(await _first.Guest());
        await using var there = await _second.Connect(await _second.Guest());
        await here.Invoke("JoinRoom", room, null);
        await there.Invoke("JoinRoom", room, null);

        await here.Frame(
            room,
            f => f.TryGetProperty("counters", out var counters) && counters.GetProperty("viewers").GetInt32() == 2,
            "two viewers");
    }

    [Fact]
    public async Task Viewer_CutOffOnOne_ResumesOnTheOther()
    {
        var (room, _) = await _first.LiveRoom();
        var user = await _first.Guest();
        await using var sender = await _first.Connect(await _first.Guest());
        await sender.Invoke("JoinRoom", room, null);
        var before = await _first.Connect(user);
        var joined = await before.Invoke("JoinRoom", room, null);
        await before.DisposeAsync();
        await sender.Invoke("SendDanmaku", room, new { text = "meanwhile" });
        await sender.Frame(room, f => RoomHubTests.Texts(f).Contains("meanwhile"), "the danmaku");

        await using var after = await _second.Connect(user);
        var again = await after.Invoke("JoinRoom", room, new
        {
            epoch = joined.GetProperty("epoch").GetInt64(),
            seq = joined.GetProperty("seq").GetInt64(),
        });

        Assert.True(again.GetProperty("recovered").GetBoolean());
        Assert.Equal(["meanwhile"], again.GetProperty("missed").EnumerateArray().SelectMany(RoomHubTests.Texts));
    }

    [Fact]
    public async Task Danmaku_KeyRepeatedOnTheOther_GetsTheFirstVerdict()
    {
        var (room, _) = await _first.LiveRoom();
        var user = await _first.Guest();
        await using var here = await _first.Connect(user);
        await using var there = await _second.Connect(user);

        var first = await here.Invoke("SendDanmaku", room, new { text = "once", key = "k1" });
        var again = await there.Invoke("SendDanmaku", room, new { text = "once", key = "k1" });
        var other = await there.Invoke("SendDanmaku", room, new { text = "else", key = "k1" });

        Assert.Equal(first.GetProperty("seq").GetInt64(), again.GetProperty("seq").GetInt64());
        Assert.Equal("conflict", other.GetProperty("reason").GetString());
    }
}
#endif
