using System.Net.WebSockets;
using System.Text;
using RedNote.Frontend.Live;
using RedNote.Frontend.Tests.Fakes;
using static RedNote.Frontend.Tests.Live.Direct.WireFrames;

namespace RedNote.Frontend.Tests.Live.Direct;

public sealed class ConnectionGateTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly FakeSink _sink = new();
    private readonly ManualTime _time = new();
    private readonly ConnectionGate _gate;
    private int _aborts;

    public ConnectionGateTests() => _gate = new ConnectionGate(_sink, Patience, _time, () => _aborts++);

    private List<string> Sent => Read(_sink.Bytes);

    [Fact]
    public async Task Write_BeforeTheHandshakesAnswer_WaitsForIt()
    {
        var early = _gate.Write(Frame("early")).AsTask();
        await _gate.WriteHub(Frame("", Ping));
        Assert.False(early.IsCompleted);
        Assert.Equal(["9:"], Sent);

        await _gate.WriteHub(Frame("handshake"));

        await Done(early);
        Assert.Equal(["9:", "handshake", "early"], Sent);
    }

    [Fact]
    public async Task Write_BetweenFragments_WaitsForTheLastOne()
    {
        await Open();
        var fragments = Message("abcdefghi", 3);
        await _gate.WriteHub(fragments[0]);
        var broadcast = _gate.Write(Frame("broadcast")).AsTask();
        await _gate.WriteHub(fragments[1]);
        await _gate.WriteHub(Frame("p", Ping));
        Assert.False(broadcast.IsCompleted);

        await _gate.WriteHub(fragments[2]);

        await Done(broadcast);
        Assert.Equal(["handshake", "9:p", "abcdefghi", "broadcast"], Sent);
        Assert.True(_gate.Write(Frame("next")).AsTask().IsCompletedSuccessfully);
    }

    [Fact]
    public async Task Waiters_ComeInTheirOrder_TheHubAmongThem()
    {
        await Open();
        _sink.Takes = _ => 0;
        var first = _gate.Write(Frame("1")).AsTask();
        var second = _gate.Write(Frame("2")).AsTask();
        var hub = _gate.WriteHub(Frame("hub")).AsTask();
        var third = _gate.Write(Frame("3")).AsTask();
        Assert.False(first.IsCompleted || second.IsCompleted || hub.IsCompleted || third.IsCompleted);
        _sink.Takes = length => length;

        _sink.Release();

        await Done(Task.WhenAll(first, second, hub, third));
        Assert.Equal(["handshake", "1", "2", "hub", "3"], Sent);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public async Task Write_TakenInPart_TheRestGoesOnceAndFirst(int taken)
    {
        await Open();
        _sink.Takes = _ => taken;
        var partly = _gate.Write(Frame("partly")).AsTask();
        _sink.Takes = length => length;
        var behind = _gate.Write(Frame("behind")).AsTask();
        Assert.Equal(Frame("handshake").Length + taken, _sink.Bytes.Length);

        _sink.Release();

        await Done(Task.WhenAll(partly, behind));
        Assert.Equal(["handshake", "partly", "behind"], Sent);
    }

    [Fact]
    public async Task WriteHub_TakenInPart_TheRestGoesOnceAndFirst()
    {
        await Open();
        _sink.Takes = _ => 3;
        var hub = _gate.WriteHub(Frame("partly")).AsTask();
        _sink.Takes = length => length;
        var behind = _gate.Write(Frame("behind")).AsTask();

        _sink.Release();

        await Done(Task.WhenAll(hub, behind));
        Assert.Equal(["handshake", "partly", "behind"], Sent);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Write_ConnectionBreaks_NothingFollowsAndItIsAbortedOnce(bool atOnce)
    {
        await Open();
        _sink.Takes = _ => atOnce ? -1 : 1;
        var broken = _gate.Write(Frame("broken")).AsTask();
        var behind = _gate.Write(Frame("behind")).AsTask();
        if (!atOnce)
        {
            _sink.Fail();
        }

        await Done(Task.WhenAll(broken, behind));

        await NothingFollows();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task WriteHub_ConnectionBreaks_FailsAndNothingFollows(bool inMidMessage)
    {
        await Open();
        if (inMidMessage)
        {
            await _gate.WriteHub(Frame("begun", final: false));
        }

        _sink.Takes = _ => 1;
        var hub = _gate.WriteHub(Frame("broken", inMidMessage ? Continuation : Text)).AsTask();
        var behind = _gate.Write(Frame("behind")).AsTask();
        _sink.Fail();

        await Assert.ThrowsAsync<IOException>(() => hub.WaitAsync(HubClient.Patience));
        await Done(behind);
        await NothingFollows();
    }

    [Fact]
    public async Task Write_AfterAClose_IsDropped()
    {
        await Open();
        await _gate.WriteHub(Frame("begun", final: false));
        var waiting = _gate.Write(Frame("waiting")).AsTask();
        await _gate.WriteHub(Frame("end", Continuation));
        await Done(waiting);
        _sink.Takes = _ => 0;
        var close = _gate.WriteHub(Frame("", CloseFrame)).AsTask();
        var behind = _gate.Write(Frame("behind")).AsTask();
        _sink.Release();

        await Done(Task.WhenAll(close, behind));
        await Done(_gate.Write(Frame("after")).AsTask());

        Assert.Equal(["handshake", "begunend", "waiting", "8:"], Sent);
        Assert.Equal(0, _aborts);
    }

    [Fact]
    public async Task Close_LetsNobodyWait()
    {
        var broadcast = _gate.Write(Frame("broadcast")).AsTask();

        _gate.Close();

        await Done(broadcast);
        await Done(_gate.Write(Frame("later")).AsTask());
        Assert.Empty(_sink.Bytes);
        Assert.Equal(0, _aborts);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Write_NothingTakenForTooLong_AbortsTheConnection(bool hub)
    {
        await Open();
        _sink.Takes = _ => 0;
        var stalled = hub ? _gate.WriteHub(Frame("stalled")).AsTask() : _gate.Write(Frame("stalled")).AsTask();
        var behind = _gate.Write(Frame("behind")).AsTask();
        _time.Advance(Patience - TimeSpan.FromTicks(1));
        Assert.False(stalled.IsCompleted || behind.IsCompleted);
        Assert.Equal(0, _aborts);

        _time.Advance(TimeSpan.FromTicks(1));

        await Done(behind);
        var failure = await Record.ExceptionAsync(() => stalled.WaitAsync(HubClient.Patience));
        Assert.Equal(hub, failure is IOException);
        Assert.Equal(1, _aborts);
        Assert.Equal(["handshake"], Sent);
    }

    [Fact]
    public async Task WriteHub_WhatIsNotOneFrame_LeavesTheConnectionToSignalR()
    {
        await Open();
        byte[] two = [.. Frame("one"), .. Frame("two")];
        await _gate.WriteHub(two);

        await Done(_gate.Write(Frame("broadcast")).AsTask());
        await _gate.WriteHub(Frame("hub"));

        Assert.Equal(["handshake", "one", "two", "hub"], Sent);
        Assert.Equal(0, _aborts);
    }

    [Fact]
    public async Task FramesOfTheFrameworksOwnWebSocket_AreOneWriteEach()
    {
        var stream = new DirectStream(new MemoryStream(), _gate, new CallIntake(Stream.Null, TimeProvider.System));
        using var socket = WebSocket.CreateFromStream(stream, new WebSocketCreationOptions { IsServer = true });
        var text = new string('x', 70_000);
        var broadcasts = new List<Task>();
        foreach (var (start, count) in new[] { (0, 100), (100, 4_000), (4_100, 65_900) })
        {
            broadcasts.Add(_gate.Write(Frame($"b{start}")).AsTask());
            Assert.All(broadcasts, broadcast => Assert.False(broadcast.IsCompleted));
            await socket.SendAsync(
                Encoding.UTF8.GetBytes(text[start..(start + count)]), WebSocketMessageType.Text,
                endOfMessage: start + count == text.Length, CancellationToken.None);
        }

        await Done(Task.WhenAll(broadcasts));
        await Done(_gate.Write(Frame("last")).AsTask());

        Assert.Equal([text, "b0", "b100", "b4100", "last"], Sent);
    }

    private static Task Done(Task task) => task.WaitAsync(HubClient.Patience);

    private Task Open() => Done(_gate.WriteHub(Frame("handshake")).AsTask());

    private async Task NothingFollows()
    {
        var before = _sink.Bytes;
        _sink.Takes = length => length;
        await Done(_gate.Write(Frame("later")).AsTask());
        await Assert.ThrowsAsync<IOException>(async () => await _gate.WriteHub(Frame("later")));
        await Assert.ThrowsAsync<IOException>(async () => await _gate.WriteHub(Frame("", CloseFrame)));
        _gate.Close();
        Assert.Equal(before, _sink.Bytes);
        Assert.Equal(1, _aborts);
    }
}
