using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using RedNote.Frontend.Deals;
using RedNote.Frontend.Live;
using RedNote.Frontend.Tests.Fakes;
using RedNote.Frontend.Users;
using static RedNote.Frontend.Tests.Live.Direct.WireFrames;

namespace RedNote.Frontend.Tests.Live.Direct;

/// <summary>What a client that does not read can make the server keep.</summary>
public sealed class DirectCallsTests(ServerFixture fixture) : IClassFixture<ServerFixture>
{
    private const int MaxUnderWay = 5;

    private readonly TestServer _server = fixture.Server;
    private readonly FakeSink _sink = new();

    [Theory]
    [InlineData("""{"type":1,"invocationId":"#","target":"Like","arguments":["ROOM",1,null]}""")]
    [InlineData("""{"type":1,"invocationId":"#","target":"Like","arguments":["ROOM",51,null]}""")]
    [InlineData("""{"type":1,"invocationId":"#","target":"JoinRoom","arguments":["ROOM",null]}""")]
    [InlineData("""{"type":1,"invocationId":"#","target":"SendDanmaku","arguments":["ROOM",{"text":"#"}]}""")]
    public async Task Take_ClientTakesNoAnswers_TakesNoMoreThanMayBeUnderWay(string call)
    {
        const int Calls = 3 * MaxUnderWay;
        var (room, _) = await _server.LiveRoom();
        var user = await _server.Guest();
        var calls = await Direct(user);
        _sink.Takes = _ => 0;
        var records = Enumerable.Range(0, Calls).Select(i => call.Replace("ROOM", room).Replace("#", $"{i}"));
        var input = new ReadOnlySequence<byte>(Encoding.UTF8.GetBytes(string.Join("\x1e", records) + "\x1e{\"ty"));

        var taken = calls.Take(ref input);
        Assert.Equal(MaxUnderWay, taken);
        await Until(() => _sink.IsHolding, "an answer to be held");
        for (var i = 0; i < 10; i++)
        {
            Assert.Equal(0, calls.Take(ref input));
            await Task.Yield();
        }

        // It reads again, and all that it asks is answered.
        _sink.Holds = false;
        _sink.Release();
        await Until(
            () =>
            {
                taken += calls.Take(ref input);
                return taken == Calls;
            },
            "all calls to be taken");
        await Until(() => Answers() is { Count: Calls }, "all answers");
        Assert.Equal("{\"ty", Encoding.UTF8.GetString(input));
        Assert.Equal(
            Enumerable.Range(0, Calls).Select(i => i.ToString(CultureInfo.InvariantCulture)).Order(),
            Answers().Order());
    }

    [Fact]
    public async Task Take_CallsWithoutAnId_AreCarriedOutAndNotAnswered()
    {
        var (room, _) = await _server.LiveRoom();
        var calls = await Direct(await _server.Guest());
        var taken = 0;
        await Until(
            () =>
            {
                // More of them than may be under way: each makes room for another when it is done.
                var input = new ReadOnlySequence<byte>(Encoding.UTF8.GetBytes(
                    $"{{\"type\":1,\"target\":\"Like\",\"arguments\":[\"{room}\",1,null]}}\x1e"));
                taken += calls.Take(ref input);
                return taken == 10 * MaxUnderWay;
            },
            "calls to be taken");

        await using var viewer = await _server.Connect(await _server.Guest());
        var likes = 0L;
        while (likes < taken)
        {
            likes = (await viewer.Invoke("JoinRoom", room, null)).GetProperty("counters").GetProperty("likes")
                .GetInt64();
        }

        Assert.Equal(taken, likes);
        Assert.Empty(Answers());
    }

    [Theory]
    [InlineData("""{"type":1,"invocationId":"7","target":"Like","arguments":["5",1,null]}""")]
    [InlineData("""{"type":1,"invocationId":"7","target":"JoinRoom","arguments":["5",null]}""")]
    public async Task Take_RulesThatFail_IsAnsweredAndTheNextCallIsTaken(string call)
    {
        var calls = await Direct(await _server.Guest(), new RoomCalls(null!, null!, null!, null!));
        var input = new ReadOnlySequence<byte>(Encoding.UTF8.GetBytes($"{call}\x1e{call}\x1e"));

        Assert.Equal(2, calls.Take(ref input));

        await Until(() => Answers() is { Count: 2 }, "both answers");
        Assert.All(
            Read(_sink.Bytes).Skip(1),
            message => Assert.Contains("\"error\":\"internal_error: ", message, StringComparison.Ordinal));
        Assert.True(input.IsEmpty);
    }

    /// <summary>The short way in of a connection whose bytes end in the sink.</summary>
    private async Task<DirectCalls> Direct(TestUser user, RoomCalls? rules = null)
    {
        var services = _server.Services;
        var gate = new ConnectionGate(_sink, TimeSpan.FromMinutes(1), new ManualTime(), () => { });
        await gate.WriteHub(Frame("{}\x1e"));
        var presence = services.GetRequiredService<UserPresences>()
            .Enter(new UserId(long.Parse(user.Id, CultureInfo.InvariantCulture)));

        // Whoever waits for the name goes on before it counts as known.
        await presence.Name();
        await Until(() => presence.TryName(out _), "the sender's name");
        var writer = new FakeWriter();
        return new DirectCalls(
            new RoomVisitor(
                presence, writer, new OrderMailbox(writer, new DealPortOptions()), new NoticeOptions()),
            gate,
            rules ?? services.GetRequiredService<RoomCalls>(), services.GetRequiredService<HubFailures>(),
            services.GetRequiredService<RoomHubProtocol>(), MaxUnderWay);
    }

    private List<string> Answers()
        => [.. Read(_sink.Bytes).SelectMany(message => message.Split('\x1e', StringSplitOptions.RemoveEmptyEntries))
            .Select(message => JsonDocument.Parse(message).RootElement)
            .Where(message => message.TryGetProperty("invocationId", out _))
            .Select(message => message.GetProperty("invocationId").GetString()!)];

    private static async Task Until(Func<bool> condition, string what)
    {
        var limit = DateTime.UtcNow + HubClient.Patience;
        while (!condition())
        {
            Assert.True(DateTime.UtcNow < limit, $"Waited for {what}.");
            await Task.Yield();
        }
    }
}
