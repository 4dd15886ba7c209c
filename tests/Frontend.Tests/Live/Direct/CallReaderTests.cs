using System.Text;
using System.Text.Json;
using RedNote.Frontend.Live;
using RedNote.Live;

namespace RedNote.Frontend.Tests.Live.Direct;

public sealed class CallReaderTests
{
    private static readonly JsonSerializerOptions Payloads = new RoomHubProtocol().Payloads;

    [Theory]
    [InlineData("""{"arguments":["7",{"text":"hi","mode":"top","color":"#ff0000","key":"k"}],"invocationId":"9" """ +
        """,  "target":"SendDanmaku","type":1}""")]
    [InlineData("""{"type":1,"invocationId":"9","target":"SendDanmaku","arguments":["7", """ +
        """{"key":"k","color":"#ff0000","mode":"top","text":"hi"}]}""")]
    [InlineData(""" { "type" : 1 , "target" : "SendDanmaku" , "invocationId" : "9" , "arguments" : [ "7" , """ +
        """{ "text" : "\u0068i" , "mode" : "top" , "color" : "#ff0000" , "key" : "k" } ] }""")]
    public void Danmaku_AsClientsWriteIt_IsRead(string record)
    {
        var call = Read(record, DirectCall.SendDanmaku);

        Assert.True(call.TryReadDanmaku(out var room, out var draft));
        Assert.Equal(("9", "7"), (call.InvocationId, room));
        Assert.Equal(new DanmakuDraft("hi", "top", "#ff0000", "k"), draft);
    }

    [Theory]
    [InlineData("""{"text":"弹幕 🍵 \n"}""", "弹幕 🍵 \n", null)]
    [InlineData("""{"text":"\ud83c\udf75","mode":null,"color":null,"key":null}""", "🍵", null)]
    [InlineData("""{"text":null,"key":"k"}""", null, "k")]
    [InlineData("{}", null, null)]
    public void Danmaku_WithLessInIt_IsRead(string given, string? text, string? key)
    {
        var record = """{"arguments":["7",""" + given + """],"invocationId":"9","target":"SendDanmaku","type":1}""";

        var call = Read(record, DirectCall.SendDanmaku);

        Assert.True(call.TryReadDanmaku(out _, out var draft));
        Assert.Equal(new DanmakuDraft(text, null, null, key), draft);
    }

    [Theory]
    [InlineData("""{"arguments":["7",50,null],"invocationId":"9","target":"Like","type":1}""", "9", 50, null)]
    [InlineData("""{"type":1,"target":"Like","arguments":["7",-3,"k"]}""", null, -3, "k")]
    public void Like_AsClientsWriteIt_IsRead(string record, string? id, int likes, string? key)
    {
        var call = Read(record, DirectCall.Like);

        Assert.True(call.TryReadLike(out var room, out var count, out var readKey));
        Assert.Equal((id, "7", likes, key), (call.InvocationId, room, count, readKey));
    }

    [Theory]
    [InlineData("[]", new int[0])]
    [InlineData("[0]", new[] { 0 })]
    [InlineData("[3,-1,2147483647]", new[] { 3, -1, int.MaxValue })]
    [InlineData("[0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15]",
        new[] { 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15 })]
    public void Vote_AsClientsWriteIt_IsRead(string given, int[] chosen)
    {
        var call = Read(
            """{"arguments":["7","8",""" + given + """],"invocationId":"9","target":"Vote","type":1}""",
            DirectCall.Vote);

        var choices = new int[CallReader.MaxChoices];
        Assert.True(call.TryReadVote(out var room, out var poll, choices, out var count));
        Assert.Equal(("7", "8"), (room, poll));
        Assert.Equal(chosen, choices[..count]);
    }

    [Theory]
    [InlineData("null", null)]
    [InlineData("""{"epoch":3,"seq":40}""", 40L)]
    public void Join_AsClientsWriteIt_IsRead(string given, long? seq)
    {
        var call = Read(
            """{"arguments":["7",""" + given + """],"invocationId":"9","target":"JoinRoom","type":1}""",
            DirectCall.JoinRoom);

        Assert.True(call.TryReadJoin(Payloads, out var room, out var since));
        Assert.Equal("7", room);
        Assert.Equal(seq is null ? null : new ResumePoint(3, 40, null), since);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("7")]
    [InlineData("{}")]
    [InlineData("""{"type":6}""")]
    [InlineData("""{"type":1,"target":"Like","arguments":["7",1,null]""")]
    [InlineData("""{"type":1,"target":"Like","arguments":["7",1,null]} """)]
    [InlineData("""{"type":1,"target":"Like","arguments":["7",1,null]}{}""")]
    [InlineData("""{"type":1,"target":"Like","arguments":["7",1,null],}""")]
    [InlineData("""{"type":1,"target":"Like","arguments":["7",1,null],"headers":{}}""")]
    [InlineData("""{"type":1,"target":"Like","arguments":["7",1,null],"streamIds":[]}""")]
    [InlineData("""{"type":1,"target":"Like","arguments":["7",1,null],"more":0}""")]
    [InlineData("""{"type":1,"target":"Like","arguments":["7",1,null],"invocationId":null}""")]
    [InlineData("""{"type":1,"target":"Like","arguments":["7",1,null],"invocationId":""}""")]
    [InlineData("""{"type":1,"target":"Like","arguments":["7",1,null],"invocationId":9}""")]
    [InlineData("""{"type":1,"target":"Like","arguments":["7",1,null],"invocationId":"\ud800"}""")]
    [InlineData("""{"type":1,"target":"Vote","arguments":["7",1,null],"target":"Like"}""")]
    [InlineData("""{"type":1,"target":"Like","arguments":[],"arguments":["7",1,null]}""")]
    [InlineData("""{"type":1,"target":"Like","arguments":["7",1,null],"invocationId":"1","invocationId":"2"}""")]
    [InlineData("""{"type":4,"target":"Like","arguments":["7",1,null],"type":1}""")]
    [InlineData("""{"type":1,"target":"like","arguments":["7",1,null]}""")]
    [InlineData("""{"type":1,"target":["Like"],"arguments":["7",1,null]}""")]
    [InlineData("""{"type":1,"target":null,"arguments":["7",1,null]}""")]
    [InlineData("""{"type":1,"target":"Like"}""")]
    [InlineData("""{"type":1,"arguments":["7",1,null]}""")]
    [InlineData("""{"target":"Like","arguments":["7",1,null]}""")]
    [InlineData("""{"type":"1","target":"Like","arguments":["7",1,null]}""")]
    [InlineData("""{"type":1.5,"target":"Like","arguments":["7",1,null]}""")]
    [InlineData("""{"type":4,"target":"Like","arguments":["7",1,null]}""")]
    [InlineData("""{"type":1,"target":"Like","arguments":{"0":"7"}}""")]
    [InlineData("""{"type":1,"target":"Like","arguments":["7"]}""")]
    [InlineData("""{"type":1,"target":"Like","arguments":["7",1]}""")]
    [InlineData("""{"type":1,"target":"Like","arguments":["7",1,null,null]}""")]
    [InlineData("""{"type":1,"target":"Like","arguments":[null,1,null]}""")]
    [InlineData("""{"type":1,"target":"Like","arguments":[7,1,null]}""")]
    [InlineData("""{"type":1,"target":"Like","arguments":["7","1",null]}""")]
    [InlineData("""{"type":1,"target":"Like","arguments":["7",1.0,null]}""")]
    [InlineData("""{"type":1,"target":"Like","arguments":["7",2147483648,null]}""")]
    [InlineData("""{"type":1,"target":"Like","arguments":["7",1e99,null]}""")]
    [InlineData("""{"type":1,"target":"Like","arguments":["7",1,7]}""")]
    [InlineData("""{"type":1,"target":"Like","arguments":["7",1,"\udc00"]}""")]
    [InlineData("""{"type":1,"target":"Vote","arguments":["7","8",null]}""")]
    [InlineData("""{"type":1,"target":"Vote","arguments":["7","8",["0"]]}""")]
    [InlineData("""{"type":1,"target":"Vote","arguments":["7","8",[[0]]]}""")]
    [InlineData("""{"type":1,"target":"Vote","arguments":["7","8",[0],1]}""")]
    [InlineData("""{"type":1,"target":"Vote","arguments":["7","8",[0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16]]}""")]
    [InlineData("""{"type":1,"target":"JoinRoom","arguments":["7"]}""")]
    [InlineData("""{"type":1,"target":"JoinRoom","arguments":["7",3]}""")]
    [InlineData("""{"type":1,"target":"JoinRoom","arguments":["7",{"epoch":"x"}]}""")]
    [InlineData("""{"type":1,"target":"JoinRoom","arguments":["7",null,1]}""")]
    [InlineData("""{"type":1,"target":"SendDanmaku","arguments":["7",null]}""")]
    [InlineData("""{"type":1,"target":"SendDanmaku","arguments":["7","hi"]}""")]
    [InlineData("""{"type":1,"target":"SendDanmaku","arguments":["7",{"text":7}]}""")]
    [InlineData("""{"type":1,"target":"SendDanmaku","arguments":["7",{"text":"hi","more":1}]}""")]
    [InlineData("""{"type":1,"target":"SendDanmaku","arguments":["7",{"Text":"hi"}]}""")]
    [InlineData("""{"type":1,"target":"SendDanmaku","arguments":["7",{"text":"a\ud800b"}]}""")]
    [InlineData("""{"type":1,"target":"SendDanmaku","arguments":["7",{"text":"hi"},null]}""")]
    [InlineData("""{"type":1,"target":"LeaveRoom","arguments":["7"]}""")]
    public void OddRecords_AreLeftToSignalR(string record) => Assert.False(Accepts(Encoding.UTF8.GetBytes(record)));

    [Theory]
    [InlineData("""{"type":1,"target":"SendDanmaku","arguments":["7",{"text":"a?b"}]}""")]
    [InlineData("""{"type":1,"target":"SendDanmaku","arguments":["?",{"text":"a"}]}""")]
    [InlineData("""{"type":1,"target":"Like?","arguments":["7",1,null]}""")]
    [InlineData("""{"type":1,"target":"Like","arguments":["7",1,null],"invocationId":"?"}""")]
    public void BrokenUtf8_IsLeftToSignalR(string record)
    {
        var bytes = Encoding.UTF8.GetBytes(record);
        bytes[Array.IndexOf(bytes, (byte)'?')] = 0xff;

        Assert.False(Accepts(bytes));
    }

    /// <summary>Whether the short way would carry the call out.</summary>
    internal static bool Accepts(byte[] record)
        => CallReader.TryRead(record, out var call) && call.Call switch
        {
            DirectCall.SendDanmaku => call.TryReadDanmaku(out _, out _),
            DirectCall.Like => call.TryReadLike(out _, out _, out _),
            DirectCall.Vote => call.TryReadVote(out _, out _, new int[CallReader.MaxChoices], out _),
            DirectCall.JoinRoom => call.TryReadJoin(Payloads, out _, out _),
            _ => false,
        };

    private static CallReader Read(string record, DirectCall expected)
    {
        Assert.True(CallReader.TryRead(Encoding.UTF8.GetBytes(record), out var call));
        Assert.Equal(expected, call.Call);
        return call;
    }
}
