using System.Buffers;
using System.Text;
using BenchmarkDotNet.Attributes;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Protocol;
using RedNote.Frontend.Live;
using RedNote.Live;

namespace RedNote.Benchmarks.Micro;

/// <summary>What a connection's bytes cost on the way in and on the way out, as SignalR asks for it.</summary>
[MemoryDiagnoser]
[Config(typeof(InThisProcess))]
public class MessageBenchmarks
{
    private readonly RoomHubProtocol _protocol = new();
    private readonly Binder _binder = new();
    private readonly ArrayBufferWriter<byte> _output = new(1_024);

    private readonly ReadOnlySequence<byte> _danmaku = Message(
        """{"type":1,"invocationId":"17","target":"SendDanmaku","arguments":""" + $$"""
        ["{{Sample.Room}}",{"text":"where can I buy it? 弹幕","mode":"scroll","color":"#ffffff","key":"k17"}]}
        """);

    private readonly ReadOnlySequence<byte> _like = Message(
        $$"""{"type":1,"invocationId":"18","target":"Like","arguments":["{{Sample.Room}}",7,null]}""");

    [Benchmark]
    public HubMessage? ReadSendDanmaku() => Read(_danmaku);

    [Benchmark]
    public HubMessage? ReadLike() => Read(_like);

    [Benchmark]
    public int WriteVerdict()
    {
        _output.ResetWrittenCount();
        _protocol.WriteMessage(CompletionMessage.WithResult("17", Verdict.Accept(1_000_000)), _output);
        return _output.WrittenCount;
    }

    private static ReadOnlySequence<byte> Message(string json) => new(Encoding.UTF8.GetBytes(json.Trim() + "\u001e"));

    private HubMessage? Read(ReadOnlySequence<byte> input)
        => _protocol.TryParseMessage(ref input, _binder, out var message) ? message : null;

    private sealed class Binder : IInvocationBinder
    {
        private readonly Type[] _danmaku = [typeof(string), typeof(DanmakuDraft)];
        private readonly Type[] _like = [typeof(string), typeof(int), typeof(string)];

        public IReadOnlyList<Type> GetParameterTypes(string methodName) => methodName == "Like" ? _like : _danmaku;

        public Type GetReturnType(string invocationId) => typeof(object);

        public Type GetStreamItemType(string streamId) => typeof(object);
    }
}
