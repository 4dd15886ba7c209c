using System.Buffers;
using System.Text;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Protocol;
using RedNote.Frontend.Live;
using RedNote.Frontend.Tests.Live.Fuzz;
using RedNote.Live;

namespace RedNote.Frontend.Tests.Live.Direct;

/// <summary>Whatever the short way takes, SignalR would have read as the same call.</summary>
public sealed class CallReaderLikeSignalRTests
{
    private const int Records = 30_000;

    private static readonly string[] Strings =
        ["\"7\"", "\"\"", "\"hi\"", "\"弹幕 🍵\"", "\"\\ud83c\\udf75\\n\"", "\"\\u0000\"", "\"\\ud800\"", "\"\\/\""];

    private static readonly string[] Numbers =
        ["0", "1", "-1", "50", "2147483647", "2147483648", "1.5", "1.0", "1e1", "-0", "01", "\"1\""];

    private static readonly string[] Odd = ["null", "true", "{}", "[]", "7", "\"x\"", "[7]"];

    private readonly RoomHubProtocol _protocol = new();
    private readonly int _seed = FuzzSeed.Next();

    [Fact]
    public void AnyRecord_TakenHere_IsTheSameToSignalR()
    {
        var random = new Random(_seed);
        var taken = 0;
        for (var i = 0; i < Records; i++)
        {
            var record = Record(random);
            var bytes = Encoding.UTF8.GetBytes(record);
            if (random.Next(8) == 0)
            {
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            }

            // What has a separator in it is not one record.
            if (!bytes.AsSpan().Contains((byte)0x1e) && Direct(bytes) is { } direct)
            {
                taken++;
                var expected = SignalR(bytes);
                Assert.True(
                    direct == expected,
                    $"{FuzzSeed.Again(_seed)}: {Encoding.UTF8.GetString(bytes)}\n{direct}\ninstead of\n{expected}");
            }
        }

        Assert.InRange(taken, Records / 5, Records * 4 / 5);
    }

    private string? Direct(byte[] record)
    {
        if (!CallReader.TryRead(record, out var call))
        {
            return null;
        }

        var id = call.InvocationId;
        switch (call.Call)
        {
            case DirectCall.SendDanmaku:
                return call.TryReadDanmaku(out var room, out var draft) ? Show(id, "SendDanmaku", room, draft) : null;
            case DirectCall.Like:
                return call.TryReadLike(out room, out var count, out var key)
                    ? Show(id, "Like", room, count, key) : null;
            case DirectCall.Vote:
                var choices = new int[CallReader.MaxChoices];
                return call.TryReadVote(out room, out var poll, choices, out var chosen)
                    ? Show(id, "Vote", room, poll, choices[..chosen]) : null;
            default:
                return call.TryReadJoin(_protocol.Payloads, out room, out var since)
                    ? Show(id, "JoinRoom", room, since) : null;
        }
    }

    private string SignalR(byte[] record)
    {
        var input = new ReadOnlySequence<byte>([.. record, 0x1e]);
        try
        {
            return _protocol.TryParseMessage(ref input, new Methods(), out var message)
                && message is InvocationMessage { Headers: null, StreamIds: null } call
                    ? Show(call.InvocationId, call.Target, call.Arguments)
                    : $"{message}";
        }
        catch (HubException refusal)
        {
            return refusal.Message;
        }
    }

    private static string Show(string? id, string target, params object?[] arguments)
        => $"{id ?? "-"} {target}({string.Join(" | ", arguments.Select(Show))})";

    private static string Show(object? argument) => argument switch
    {
        null => "null",
        int[] numbers => $"[{string.Join(",", numbers)}]",
        _ => $"{argument.GetType().Name} {argument}",
    };

    private static string Record(Random random)
    {
        var target = Pick(random, "SendDanmaku", "Like", "Vote", "JoinRoom");
        var arguments = Arguments(target, random);
        if (random.Next(12) == 0)
        {
            arguments[random.Next(arguments.Count)] = Pick(random, Odd);
        }

        if (random.Next(20) == 0)
        {
            arguments.Add(Pick(random, Odd));
        }

        var parts = new List<string>
        {
            "\"type\":1", $"\"target\":\"{target}\"", $"\"arguments\":[{string.Join(',', arguments)}]",
        };
        if (random.Next(4) != 0)
        {
            parts.Add($"\"invocationId\":{(random.Next(10) == 0 ? Pick(random, Odd) : $"\"{random.Next(99)}\"")}");
        }

        if (random.Next(12) == 0)
        {
            parts.Add(Pick(random, "\"headers\":{}", "\"streamIds\":[]", "\"x\":1", "\"\\u0074ype\":1", parts[^1]));
        }

        var order = parts.ToArray();
        random.Shuffle(order);
        return $"{{{string.Join(Pick(random, ",", ", ", ",\n"), order)}}}";
    }

    private static List<string> Arguments(string target, Random random) => target switch
    {
        "SendDanmaku" => [Text(random), Draft(random)],
        "Like" => [Text(random), Pick(random, Numbers), Pick(random, "null", Text(random))],
        "Vote" => [Text(random), Text(random),
            $"[{string.Join(',', Enumerable.Range(0, random.Next(18)).Select(_ => Choice(random)))}]"],
        _ => [Text(random), Pick(random, "null", Point(random))],
    };

    private static string Draft(Random random)
    {
        var names = new List<string> { "text", "mode", "color", "key" };
        if (random.Next(10) == 0)
        {
            names.Add(Pick(random, "text", "Text", "more", "t\\u0065xt"));
        }

        var parts = names.Where(_ => random.Next(3) != 0)
            .Select(name => $"\"{name}\":{(random.Next(4) == 0 ? "null" : Text(random))}").ToArray();
        random.Shuffle(parts);
        return $"{{{string.Join(',', parts)}}}";
    }

    private static string Point(Random random)
    {
        string[] parts =
            [$"\"epoch\":{Choice(random)}", $"\"seq\":{Choice(random)}", $"\"danmakuSeq\":{Choice(random)}"];
        random.Shuffle(parts);
        return $"{{{string.Join(',', parts[..random.Next(4)])}}}";
    }

    private static string Choice(Random random) => random.Next(30) == 0 ? Pick(random, Numbers) : $"{random.Next(20)}";

    private static string Text(Random random) => random.Next(3) != 0 ? "\"7\"" : Pick(random, Strings);

    private static string Pick(Random random, params string[] options) => options[random.Next(options.Length)];

    /// <summary>The hub's methods, as SignalR finds them.</summary>
    private sealed class Methods : IInvocationBinder
    {
        public IReadOnlyList<Type> GetParameterTypes(string methodName) => methodName switch
        {
            "SendDanmaku" => [typeof(string), typeof(DanmakuDraft)],
            "Like" => [typeof(string), typeof(int), typeof(string)],
            "Vote" => [typeof(string), typeof(string), typeof(int[])],
            "JoinRoom" => [typeof(string), typeof(ResumePoint)],
            _ => throw new HubException("There is no such method."),
        };

        public Type GetReturnType(string invocationId) => typeof(object);

        public Type GetStreamItemType(string streamId) => typeof(object);
    }
}
