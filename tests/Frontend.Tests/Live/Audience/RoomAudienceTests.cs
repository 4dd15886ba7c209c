using System.Net;
using RedNote.Frontend.Live;
using RedNote.Frontend.Tests.Fakes;
using RedNote.Live;

namespace RedNote.Frontend.Tests.Live;

/// <summary>What a front end tells a room of who is there.</summary>
public sealed class RoomAudienceTests
{
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(4);
    private readonly ManualTime _time = new();
    private readonly RoomAudience _audience;

    public RoomAudienceTests() => _audience = new RoomAudience(Lease, _time);

    [Fact]
    public void Report_SeveralConnections_TellsTheFirstAndTheLast()
    {
        _audience.Enter(new UserId(5));
        _audience.Enter(new UserId(5));
        _audience.Enter(new UserId(6));
        _audience.Leave(new UserId(6));
        _audience.Leave(new UserId(7));
        Assert.Equal("1: +5 -6", Tell());
        _audience.Leave(new UserId(5));
        Assert.False(_audience.HasNews);
        _audience.Leave(new UserId(5));
        Assert.Equal("2: -5", Tell());
        Assert.Equal("", Tell());
    }

    [Fact]
    public void Report_NotAnswered_IsSaidAgainAsItIsThen()
    {
        _audience.Enter(new UserId(5));
        _audience.Enter(new UserId(6));
        var report = _audience.Begin();
        _audience.Leave(new UserId(6));
        _audience.Failed(report);
        Assert.Equal("2: +5 -6", Tell());
    }

    [Fact]
    public void Report_AnotherEpochOrALongPause_TellsEverybodyAgain()
    {
        _audience.Enter(new UserId(6));
        _audience.Enter(new UserId(5));
        Assert.Equal("1: +5 +6", Tell(epoch: 3));
        Assert.Equal("", Tell(epoch: 3));
        Assert.Equal("", Tell(epoch: 4));
        Assert.Equal("2: +5 +6", Tell(epoch: 4));
        _time.Advance(Lease);
        Assert.Equal("", Tell(epoch: 4));
        Assert.Equal("3: +5 +6", Tell(epoch: 4));
    }

    [Fact]
    public void Report_ManyUsers_IsBounded()
    {
        for (var i = 1; i <= AudienceChange.MaxUsers + 10; i++)
        {
            _audience.Enter(new UserId(i));
        }

        Assert.Equal(AudienceChange.MaxUsers, _audience.Begin().Change!.Came.Length);
        Assert.Equal(10, _audience.Begin().Change!.Came.Length);
        Assert.Null(_audience.Begin().Change);
    }

    [Fact]
    public async Task Patrol_UsersComeAndGo_TheRoomIsTold()
    {
        var parts = new LiveParts();
        parts.Grain.OnReport = _ => new RoomHead(1, 0);
        var port = parts.Port();
        port.Audience.Enter(new UserId(5));
        await port.Patrol();
        Assert.Equal([new UserId(5)], parts.Grain.Reports.Single().Audience!.Came);
        port.Audience.Leave(new UserId(5));
        await port.Patrol();
        Assert.Equal([new UserId(5)], parts.Grain.Reports[^1].Audience!.Left);
        await port.Patrol();
        Assert.Equal(2, parts.Grain.Reports.Count);
    }

    private string Tell(long epoch = 1)
    {
        var report = _audience.Begin();
        _audience.Told(report, epoch);
        return report.Change is not { } change
            ? ""
            : $"{change.Number}: " + string.Join(
                ' ', change.Came.Order(ById).Select(user => $"+{user}").Concat(change.Left.Select(user => $"-{user}")));
    }

    private static IComparer<UserId> ById { get; } =
        Comparer<UserId>.Create((left, right) => left.Value.CompareTo(right.Value));
}

/// <summary>Fans and watch time over REST.</summary>
public sealed class RoomFansTests(ServerFixture fixture) : IClassFixture<ServerFixture>
{
    private readonly TestServer _server = fixture.Server;

    [Fact]
    public async Task Fans_AfterDanmakuAndLikes_AreRankedWithTheirNames()
    {
        var (room, _) = await _server.LiveRoom();
        var ann = await _server.Guest("Ann");
        var bea = await _server.Guest("Bea");
        await using var first = await _server.Connect(ann);
        await using var second = await _server.Connect(bea);
        await first.Invoke("SendDanmaku", room, new { text = "hello" });
        await second.Invoke("SendDanmaku", room, new { text = "hello there" });
        await second.Invoke("Like", room, 7, null);

        var fans = await TestServer.Json(await _server.Http.GetAsync($"/api/rooms/{room}/fans"));

        Assert.Equal(
            [(1, bea.Id, "Bea", 17L), (2, ann.Id, "Ann", 10)],
            fans.GetProperty("items").EnumerateArray().Select(fan => (
                fan.GetProperty("rank").GetInt32(), fan.GetProperty("userId").GetString()!,
                fan.GetProperty("name").GetString()!, fan.GetProperty("points").GetInt64())));
        var me = await TestServer.Json(await ann.Http.GetAsync($"/api/rooms/{room}/me"));
        Assert.Equal((10, 2), (me.GetProperty("points").GetInt64(), me.GetProperty("rank").GetInt32()));
        Assert.Equal(HttpStatusCode.NotFound, (await _server.Http.GetAsync("/api/rooms/4711/fans")).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await _server.Http.GetAsync(
            $"/api/rooms/{room}/fans?limit=101")).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await _server.Http.GetAsync($"/api/rooms/{room}/me")).StatusCode);
    }

    [Fact]
    public async Task Likes_AMilestone_IsToldOnce()
    {
        var (room, _) = await _server.LiveRoom();
        await using var viewer = await _server.Connect(await _server.Guest());
        await viewer.Invoke("JoinRoom", room, null);
        for (var i = 0; i < 21; i++)
        {
            await viewer.Invoke("Like", room, 50, null);
        }

        var frame = await viewer.Frame(
            room, one => one.TryGetProperty("events", out _), "a frame with a milestone");
        var told = frame.GetProperty("events").EnumerateArray().Single();
        Assert.Equal("like_milestone", told.GetProperty("kind").GetString());
        Assert.Equal(1_000, told.GetProperty("likes").GetInt64());
        var tape = await TestServer.Json(await _server.Http.GetAsync($"/api/rooms/{room}/tape"));
        Assert.Single(
            tape.GetProperty("items").EnumerateArray(),
            item => item.GetProperty("kind").GetString() == "like_milestone");
    }
}
