using System.Buffers;
using System.IO.Pipelines;
using System.Net.WebSockets;
using System.Text;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Protocol;
using RedNote.Frontend.Live;
using RedNote.Frontend.Tests.Fakes;
using RedNote.Frontend.Tests.Live.Fuzz;
using static RedNote.Frontend.Tests.Live.Direct.WireFrames;

namespace RedNote.Frontend.Tests.Live.Direct;

/// <summary>What a client sends is carried out once and in its order, whichever way each message takes.</summary>
public sealed class CallIntakeTests
{
    private const string Handshake = "{\"protocol\":\"json\",\"version\":1}\x1e";

    private readonly int _seed = FuzzSeed.Next();

    [Fact]
    public async Task Calls_AfterTheHandshake_GoNoFurther()
    {
        var run = new IntakeRun(new Random(_seed));
        run.Say(Frame(Handshake));
        run.Settle();
        foreach (var number in Enumerable.Range(0, 100))
        {
            run.Say(Frame(Call(number)));
        }

        await run.ToEnd();

        Assert.Equal(Enumerable.Range(0, 100).Select(n => $"c{n}"), run.Log);
        Assert.Equal(Handshake, run.Handed);
    }

    [Fact]
    public async Task Message_WithACallAndMore_IsHandedOnWithoutTheCall()
    {
        var run = new IntakeRun(new Random(_seed));
        run.Say(Frame(Handshake));
        run.Settle();
        run.Say(Frame(Call(1) + Call(2) + Other(3) + Call(4)));
        run.Say(Frame(Call(5) + Other(6) + "{\"type\":6" + new string(' ', 200) + "}\x1e"));

        await run.ToEnd();

        Assert.Equal(["c1", "c2", "o3", "c4", "c5", "o6"], run.Log);
        Assert.StartsWith(Handshake + Other(3) + Call(4), run.Handed, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnyMessages_InAnyPieces_AreCarriedOutOnceAndInOrder()
    {
        for (var round = 0; round < 300; round++)
        {
            var random = new Random(_seed + round);
            var run = new IntakeRun(random) { Refuses = random.Next(3) == 0 };
            run.Say(Frame(Handshake));
            var expected = new List<string>();
            for (var number = 0; number < 60; number++)
            {
                Say(run, random, number, expected);
            }

            try
            {
                await run.ToEnd();
                Assert.Equal(expected, run.Log);
            }
            catch (Exception failure)
            {
                throw new InvalidOperationException($"{FuzzSeed.Again(_seed + round)}: {failure.Message}", failure);
            }
        }
    }

    [Fact]
    public async Task ClientThatOnlyCalls_IsSeenAliveByTheHub()
    {
        var time = new ManualTime();
        var run = new IntakeRun(new Random(_seed), time);
        run.Say(Frame(Handshake));
        run.Settle();
        run.Say(Frame(Call(1)));
        run.Settle(() => time.Advance(CallIntake.SignOfLife));
        run.Say(Frame(Call(2)));
        run.Settle();
        run.Say(Frame(Call(3)));

        await run.ToEnd();

        Assert.Equal(["c1", "c2", "c3"], run.Log);
        Assert.Equal(Handshake + Call(2), run.Handed);
    }

    [Fact]
    public async Task Handshake_WithMoreInItsMessage_HasNoShortWay()
    {
        var first = Handshake + Call(1);
        var run = new IntakeRun(new Random(_seed));
        run.Say(Frame(first));
        run.Settle();
        run.Say(Frame(Call(2)));

        await run.ToEnd();

        Assert.Equal(["c1", "c2"], run.Log);
        Assert.Equal(first + Call(2), run.Handed);
    }

    [Theory]
    [InlineData(new byte[] { 0x81, 3, 1, 2, 3 })]
    [InlineData(new byte[] { 0x81, 0xff, 0xff, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4 })]
    [InlineData(new byte[] { 0xc1, 0x81, 0, 0, 0, 0, 7 })]
    [InlineData(new byte[] { 0x83, 0x81, 0, 0, 0, 0, 7 })]
    [InlineData(new byte[] { 0x81, 0x8a, 0, 0, 0, 0, 1, 2, 3 })]
    [InlineData(new byte[] { 0x88, 0xff, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1, 2, 3, 4 })]
    [InlineData(new byte[] { 0x89, 0xff, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1, 2, 3, 4 })]
    [InlineData(new byte[] { 0x81, 0xff, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1, 2, 3, 4 })]
    [InlineData(new byte[] { 0x82, 0xff, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xf2, 1, 2, 3, 4 })]
    [InlineData(new byte[] { 0x81, 0xfe, 0x10 })]
    [InlineData(new byte[] { 0x81 })]
    public async Task Bytes_ThatAreNoMessage_EndTheConnectionAsTheyWouldWithout(byte[] bytes)
    {
        var run = new IntakeRun(new Random(_seed));
        run.Say(Frame(Handshake));
        run.Settle();
        run.Say(Frame(Call(1)));
        run.SayRaw(bytes);

        await Assert.ThrowsAsync<WebSocketException>(run.ToEnd);

        Assert.Equal(["c1"], run.Log);

        var first = new IntakeRun(new Random(_seed));
        first.SayRaw(bytes);
        await Assert.ThrowsAnyAsync<Exception>(first.ToEnd);
        Assert.Empty(first.Log);
    }

    [Fact]
    public async Task Call_ThatIsNoText_EndsTheConnection()
    {
        var call = Frame(Call(1));
        call[^4] = 0xff;
        var run = new IntakeRun(new Random(_seed));
        run.Say(Frame(Handshake));
        run.Settle();
        run.Say(call);

        await Assert.ThrowsAsync<WebSocketException>(run.ToEnd);

        Assert.Empty(run.Log);
    }

    [Fact]
    public async Task EmptyMessage_BeforeTheHandshake_TakesNothingAway()
    {
        var run = new IntakeRun(new Random(_seed));
        run.Say(Frame(""));
        run.Say(Frame(Handshake));
        run.Settle();
        run.Say(Frame(Call(1)));

        await run.ToEnd();

        Assert.Equal(["c1"], run.Log);
    }

    [Fact]
    public async Task Calls_AfterTheHubIsDone_AreNotCarriedOut()
    {
        var run = new IntakeRun(new Random(_seed));
        run.Say(Frame(Handshake));
        run.Settle();
        run.Say(Frame(Call(1)));
        run.Settle(run.EndHub);
        run.Say(Frame(Call(2)));

        await run.ToEnd();

        Assert.Equal(["c1"], run.Log);
        Assert.Equal(Handshake + Call(2), run.Handed);
    }

    [Theory]
    [InlineData(125)]
    [InlineData(126)]
    [InlineData(CallIntake.MaxMessageBytes - 8)]
    [InlineData(CallIntake.MaxMessageBytes - 7)]
    public async Task Message_OfAnyLength_IsTakenUpToTheMost(int length)
    {
        var message = Call(1)[..^1].PadRight(length - 1) + "\x1e";
        var run = new IntakeRun(new Random(_seed));
        run.Say(Frame(Handshake));
        run.Settle();
        run.Say(Frame(message));
        run.Settle();
        run.Say(Frame(Call(2)));

        await run.ToEnd();

        Assert.Equal(["c1", "c2"], run.Log);
        Assert.Equal(Handshake + (length > CallIntake.MaxMessageBytes - 8 ? message : ""), run.Handed);
    }

    [Fact]
    public async Task Call_BetweenFragments_EndsTheConnection()
    {
        var run = new IntakeRun(new Random(_seed));
        run.Say(Frame(Handshake));
        run.Settle();
        run.Say(Frame("{\"type\":6}\x1e", final: false));
        run.Settle();
        run.Say(Frame(Call(1)));

        await Assert.ThrowsAsync<WebSocketException>(run.ToEnd);

        Assert.Empty(run.Log);
    }

    private static string Call(int number)
        => $"{{\"target\":\"Call\",\"type\":1,\"arguments\":[],\"invocationId\":\"{number}\"}}\x1e";

    private static string Other(int number)
        => $"{{\"type\":1,\"invocationId\":\"{number}\",\"target\":\"Other\",\"arguments\":[]}}\x1e";

    private static void Say(IntakeRun run, Random random, int number, List<string> expected)
    {
        switch (random.Next(12))
        {
            case 0:
                run.Say(Frame("{\"type\":6}\x1e"));
                break;
            case 1:
                run.Say(Frame("ping", Ping));
                break;
            case 2:
                run.Say(Frame(Other(number)));
                expected.Add($"o{number}");
                break;
            case 3:
                // Longer than what is looked at here, and than what is read at once.
                run.Say(Frame(Call(number)[..^1] + new string(' ', random.Next(30_000)) + "\x1e"));
                expected.Add($"c{number}");
                break;
            case 4:
                var pieces = Message(Call(number) + Call(number), random.Next(2, 5));
                run.Say(pieces[0]);
                run.Say(Frame("", Ping));
                pieces.Skip(1).ToList().ForEach(run.Say);
                expected.AddRange([$"c{number}", $"c{number}"]);
                break;
            case 5:
                // A record in two messages.
                var cut = random.Next(1, 6);
                run.Say(Frame(Call(number) + Call(number)[..cut]));
                run.Say(Frame(Call(number)[cut..] + Call(number)));
                expected.AddRange([$"c{number}", $"c{number}", $"c{number}"]);
                break;
            case 6:
                run.Say(Frame(Call(number) + Other(number) + Call(number)));
                expected.AddRange([$"c{number}", $"o{number}", $"c{number}"]);
                break;
            default:
                run.Say(Frame(Call(number)));
                expected.Add($"c{number}");
                break;
        }
    }
}

/// <summary>A client's bytes on their way through the intake, a WebSocket and the hub's reader.</summary>
internal sealed class IntakeRun : ICallTaker
{
    private readonly Random _random;
    private readonly PieceStream _pieces;
    private readonly CallIntake _intake;
    private readonly ConnectionProtocol _protocol = new(new RoomHubProtocol());
    private readonly StringBuilder _handed = new();
    private long _handedBytes;
    private long _readBytes;
    private readonly Random _taken;
    private int _taking;
    private volatile bool _isOver;

    public IntakeRun(Random random, TimeProvider? time = null)
    {
        _random = random;
        _taken = new Random(random.Next());
        _pieces = new PieceStream(new Random(random.Next()));
        _intake = new CallIntake(_pieces, time ?? new ManualTime());
    }

    /// <summary>What was carried out: calls, and what the hub was told of.</summary>
    public List<string> Log { get; } = [];

    /// <summary>Whether there are calls that it does not take now.</summary>
    public bool Refuses { get; init; }

    /// <summary>What came out of the WebSocket.</summary>
    public string Handed => _handed.ToString();

    /// <summary>A frame as a client sends it: the same with a mask.</summary>
    public void Say(byte[] frame)
    {
        Assert.True(WebSocketHeader.TryRead(frame, out var header));
        var key = new byte[4];
        _random.NextBytes(key);
        var bytes = (byte[])[.. frame[..header.HeaderBytes], .. key, .. frame[header.HeaderBytes..]];
        bytes[1] |= 0x80;
        for (var i = 0; i < header.PayloadBytes; i++)
        {
            bytes[header.HeaderBytes + key.Length + i] ^= key[i % key.Length];
        }

        SayRaw(bytes);
    }

    public void SayRaw(byte[] bytes) => _pieces.Add(bytes);

    /// <summary>Waits until all before has been read, and does something.</summary>
    public void Settle(Action? then = null) => _pieces.Add(async Task () =>
    {
        var limit = DateTime.UtcNow + HubClient.Patience;
        while (Volatile.Read(ref _readBytes) < _handedBytes)
        {
            Assert.True(DateTime.UtcNow < limit, "The hub did not read to the end.");
            await Task.Yield();
        }

        then?.Invoke();
    });

    /// <summary>Until the client has said everything.</summary>
    public Task ToEnd() => Task.Run(Read).WaitAsync(HubClient.Patience);

    /// <summary>The hub is done with the connection, and reads no more.</summary>
    public void EndHub()
    {
        _isOver = true;
        _protocol.End();
    }

    /// <summary>Calls, here or in the hub's reader.</summary>
    int ICallTaker.Take(ref ReadOnlySequence<byte> input)
    {
        Assert.Equal(1, Interlocked.Increment(ref _taking));
        var taken = 0;
        while (input.PositionOf((byte)0x1e) is { } end && !(Refuses && _taken.Next(10) == 0))
        {
            var record = Encoding.UTF8.GetString(input.Slice(0, end)).TrimEnd();
            if (!record.StartsWith("{\"target\":\"Call\"", StringComparison.Ordinal))
            {
                break;
            }

            Log.Add($"c{record.Split('"')[^2]}");
            input = input.Slice(input.GetPosition(1, end));
            taken++;
        }

        Interlocked.Decrement(ref _taking);
        return taken;
    }

    private async Task Read()
    {
        SayRaw([0x88, 0x80, 0, 0, 0, 0]);
        var pipe = new Pipe();
        using var gate = new DirectStream(
            _pieces, new ConnectionGate(new FakeSink(), TimeSpan.FromMinutes(1), new ManualTime(), () => { }), _intake);
        using var socket = WebSocket.CreateFromStream(gate, new WebSocketCreationOptions { IsServer = true });
        var reading = ReadHandshakeAndAll(pipe.Reader);
        try
        {
            while (true)
            {
                var read = await socket.ReceiveAsync(Memory<byte>.Empty, default);
                var memory = pipe.Writer.GetMemory(4096);
                if (read.MessageType != WebSocketMessageType.Close)
                {
                    read = await socket.ReceiveAsync(memory, default);
                }

                if (read.MessageType == WebSocketMessageType.Close)
                {
                    break;
                }

                _handed.Append(Encoding.UTF8.GetString(memory.Span[..read.Count]));
                _handedBytes += read.Count;
                pipe.Writer.Advance(read.Count);
                await pipe.Writer.FlushAsync();
            }
        }
        finally
        {
            await pipe.Writer.CompleteAsync();
            await reading.WaitAsync(HubClient.Patience);
        }
    }

    /// <summary>As SignalR does.</summary>
    private async Task ReadHandshakeAndAll(PipeReader reader)
    {
        var isShaken = false;
        while (true)
        {
            var read = await reader.ReadAsync();
            var buffer = read.Buffer;
            if (!isShaken && HandshakeProtocol.TryParseRequestMessage(ref buffer, out _))
            {
                isShaken = true;
                _protocol.Shorten(this, _intake);
            }

            while (isShaken && !_isOver && !buffer.IsEmpty
                && _protocol.TryParseMessage(ref buffer, NoArguments.Binder, out var message))
            {
                if (message is InvocationMessage { Target: "Call", InvocationId: var call })
                {
                    Log.Add($"c{call}");
                }
                else if (message is InvocationMessage { InvocationId: var id })
                {
                    // The hub takes its time to begin with it.
                    await Task.Yield();
                    Log.Add($"o{id}");
                }
            }

            Volatile.Write(ref _readBytes, _readBytes + read.Buffer.Length - buffer.Length);
            reader.AdvanceTo(buffer.Start, buffer.End);
            if (read.IsCompleted)
            {
                return;
            }
        }
    }
}

/// <summary>Gives bytes in pieces of any length, with and without waiting.</summary>
internal sealed class PieceStream(Random random) : MemoryStream
{
    private readonly Queue<object> _script = [];
    private ReadOnlyMemory<byte> _now;

    public void Add(object step) => _script.Enqueue(step);

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (_now.IsEmpty && _script.TryDequeue(out var step))
        {
            if (step is Func<Task> what)
            {
                await what();
            }
            else
            {
                _now = (byte[])step;
                while (random.Next(3) > 0 && _script.TryPeek(out var next) && next is byte[] more)
                {
                    _script.Dequeue();
                    _now = (byte[])[.. _now.Span, .. more];
                }
            }
        }

        if (random.Next(3) == 0)
        {
            await Task.Yield();
        }

        var count = Math.Min(Math.Min(_now.Length, buffer.Length), random.Next(2) == 0 ? 20_000 : random.Next(1, 200));
        _now[..count].CopyTo(buffer);
        _now = _now[count..];
        return count;
    }
}

/// <summary>Methods without arguments.</summary>
internal sealed class NoArguments : IInvocationBinder
{
    public static NoArguments Binder { get; } = new();

    public IReadOnlyList<Type> GetParameterTypes(string methodName) => [];

    public Type GetReturnType(string invocationId) => typeof(object);

    public Type GetStreamItemType(string streamId) => typeof(object);
}
