using System.Globalization;
using System.Net.WebSockets;
using System.Text;

namespace RedNote.Frontend.Tests.Live.Fuzz;

/// <summary>Frames that are no calls, or hardly: the server may end the connection over them, with a code.</summary>
internal sealed class FuzzFrames(FuzzJson json, FuzzCalls calls)
{
    private static readonly string[] MemberNames =
    [
        "type", "invocationId", "target", "arguments", "item", "result", "error", "streamIds", "headers", "sequenceId",
        "allowReconnect",
    ];

    public byte[] Next() => json.Random.Next(9) switch
    {
        0 => FuzzClient.Bytes(json.Value()),
        1 => FuzzClient.Bytes(json.Pick(
            "", "{", "}", "{}", "[", "\"", "{\"type\":1", "{'type':1}", "{\"type\":1,}", "nul", "\u0000", "{}{}")),
        2 => FuzzClient.Bytes(FuzzJson.Object(Members())),
        3 => OneMemberChanged(),
        4 => Deep(),
        5 => Cut(),
        6 => OneByteChanged(),
        7 => Random(),
        _ => Large(),
    };

    /// <summary>Sends whole messages in pieces that have nothing to do with where they end.</summary>
    public async Task Scatter(FuzzClient client, byte[] bytes)
    {
        var rest = bytes.AsMemory();
        while (rest.Length > 0)
        {
            var piece = json.Chance(40) ? rest : rest[..json.Random.Next(1, Math.Min(rest.Length, 9_000) + 1)];
            rest = rest[piece.Length..];

            // A message of text must not end inside a character, which WebSockets look at themselves.
            var type = piece.Span.IndexOfAnyExceptInRange((byte)0, (byte)0x7f) >= 0 || json.Chance(30)
                ? WebSocketMessageType.Binary
                : WebSocketMessageType.Text;
            await client.Send(piece, type);
        }
    }

    private (string, string)[] Members()
    {
        List<(string, string)> members = [];
        foreach (var name in MemberNames.Where(_ => json.Chance(50)))
        {
            var isType = name == "type" && json.Chance(80);
            members.Add((name, isType ? json.Random.Next(1, 10).ToString(CultureInfo.InvariantCulture) : json.Value()));
        }

        return [.. members];
    }

    private byte[] OneMemberChanged()
    {
        var call = calls.NextElsewhere();
        (string Name, string Value)[] members =
        [
            ("type", "1"), ("invocationId", $"\"g{call.Id}\""), ("target", $"\"{call.Target}\""),
            ("arguments", $"[{string.Join(',', call.Arguments)}]"), ("streamIds", "[]"),
        ];
        members[json.Random.Next(members.Length)].Value = json.Value();
        return FuzzClient.Bytes(FuzzJson.Object(members));
    }

    private byte[] Deep()
    {
        var depth = json.Pick(60, 63, 64, 65, 1_000, 8_000);
        var (open, close) = json.Chance(50) ? ("[", "]") : ("{\"a\":", "}");
        var nested = string.Concat(Enumerable.Repeat(open, depth)) + "1"
            + string.Concat(Enumerable.Repeat(close, depth));
        return FuzzClient.Bytes(
            $"{{\"type\":1,\"invocationId\":\"deep\",\"target\":\"SendDanmaku\",\"arguments\":[\"404\",{nested}]}}");
    }

    private byte[] Cut()
    {
        var whole = Call();
        return [.. whole.AsSpan(0, json.Random.Next(whole.Length)), 0x1e];
    }

    private byte[] OneByteChanged()
    {
        var whole = Call();
        whole[json.Random.Next(whole.Length)] = (byte)json.Random.Next(256);
        return [.. whole, 0x1e];
    }

    private byte[] Random()
    {
        var bytes = new byte[json.Random.Next(1, 300)];
        json.Random.NextBytes(bytes);
        return [.. bytes, 0x1e];
    }

    private byte[] Large()
    {
        var text = new string('x', json.Pick(32_000, 40_000, 300_000));
        return FuzzClient.Bytes($"{{\"type\":1,\"target\":\"Ask\",\"arguments\":[\"404\",\"{text}\"]}}");
    }

    private byte[] Call() => Encoding.UTF8.GetBytes(
        $"{{\"type\":1,\"invocationId\":\"c{json.Random.Next(9)}\",\"target\":\"{json.Pick([.. FuzzCalls.Targets])}\","
        + $"\"arguments\":[\"404\",{json.String()},null]}}");
}
