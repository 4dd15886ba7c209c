using System.Buffers;
using System.Text;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Protocol;
using RedNote.Frontend.Deals;
using RedNote.Frontend.Live;
using RedNote.Frontend.Tests.Fakes;
using RedNote.Frontend.Users;

namespace RedNote.Frontend.Tests.Live;

public sealed class RoomHubProtocolTests
{
    private readonly RoomHubProtocol _protocol = new();

    [Fact]
    public async Task WriteMessage_AnswerToAJoin_LetsItsFramesFollowAndNotBefore()
    {
        var parts = new LiveParts();
        var writer = new SignallingWriter();
        var viewer = new Viewer(Sample.Room, writer, parts.Encoder, parts.Options, parts.Metrics);
        var ticket = viewer.BeginJoin();
        viewer.Answer(ticket, 1, 0, parts.NoFrames);
        viewer.Push(parts.Shared(Sample.Frame(1)));
        var answer = new RoomJoined(Sample.Snapshot(0)) { Ticket = ticket };
        Assert.False(writer.Written.Task.IsCompleted);

        var output = new ArrayBufferWriter<byte>();
        _protocol.WriteMessage(CompletionMessage.WithResult("1", answer), output);

        Assert.Equal(1, await writer.Written.Task.WaitAsync(HubClient.Patience));
        var text = Encoding.UTF8.GetString(output.WrittenSpan);
        Assert.Contains("\"recovered\":false", text, StringComparison.Ordinal);
        Assert.DoesNotContain("icket", text, StringComparison.Ordinal);
    }

    [Fact]
    public void TryParseMessage_ArgumentsThatDoNotFit_IsABindingFailureWithACode()
    {
        var input = Message("""{"type":1,"invocationId":"1","target":"Like","arguments":["7"]}""");

        Assert.True(_protocol.TryParseMessage(ref input, new LikeBinder(), out var message));

        var failure = Assert.IsType<InvocationBindingFailureMessage>(message);
        Assert.StartsWith("invalid: ", failure.BindingFailure.SourceException.Message, StringComparison.Ordinal);
        Assert.IsType<HubException>(failure.BindingFailure.SourceException);
    }

    [Theory]
    [InlineData(LiveOptions.MaxMessageBytes, true)]
    [InlineData(LiveOptions.MaxMessageBytes - 1, false)]
    public void TryParseMessage_NoEndInSight_IsTooLargeAtTheLimit(int length, bool refused)
    {
        var input = new ReadOnlySequence<byte>(Encoding.UTF8.GetBytes(new string('x', length)));

        var failure = Record.Exception(() => _protocol.TryParseMessage(ref input, new LikeBinder(), out _));

        Assert.Equal(
            refused,
            failure is HubException { Message: var text } && text.StartsWith("too_large: ", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("1.5")]
    [InlineData("\"\\ud800\"")]
    [InlineData("1e400")]
    public void TryParseMessage_WhateverTheReaderThrows_IsRefusedWithACode(string type)
    {
        var input = Message($"{{\"type\":{type}}}");

        var failure = Assert.Throws<HubException>(
            () => _protocol.TryParseMessage(ref input, new LikeBinder(), out _));

        Assert.StartsWith("invalid: ", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void TryParseMessage_KindThatIsNotKnown_IsPassedOver()
    {
        ReadOnlySequence<byte> input = new(
            [.. Message("{\"type\":77}").ToArray(), .. Message("{\"type\":7}").ToArray()]);

        Assert.True(_protocol.TryParseMessage(ref input, new LikeBinder(), out var unknown));
        Assert.IsType<PingMessage>(unknown);
        Assert.True(_protocol.TryParseMessage(ref input, new LikeBinder(), out var next));
        Assert.IsType<CloseMessage>(next);
        Assert.True(input.IsEmpty);
    }

    [Theory]
    [InlineData("Unknown hub method 'X'", "not_found: ")]
    [InlineData("Failed to invoke 'X' due to an error on the server. HubException: invalid: Why.", "invalid: Why.")]
    [InlineData("Failed to invoke 'X'. HubException: Client sent 1 stream(s), Hub method expects 0.", "invalid: ")]
    [InlineData("The client attempted to invoke the non-streaming 'X' method with a streaming one.", "invalid: ")]
    [InlineData("An unexpected error occurred.", "internal_error: ")]
    [InlineData("try_again: As it is.", "try_again: As it is.")]
    public void WriteMessage_AnyError_IsACodeAndAText(string error, string coded)
    {
        var output = new ArrayBufferWriter<byte>();
        _protocol.WriteMessage(CompletionMessage.WithError("1", error), output);
        _protocol.WriteMessage(new CloseMessage(error), output);

        var messages = Encoding.UTF8.GetString(output.WrittenSpan)
            .Split('\x1e', StringSplitOptions.RemoveEmptyEntries);
        Assert.All(messages, message => Assert.Contains($"\"error\":\"{coded}", message, StringComparison.Ordinal));
        Assert.Equal(2, messages.Length);
    }

    private static ReadOnlySequence<byte> Message(string text) => new([.. Encoding.UTF8.GetBytes(text), 0x1e]);

    private sealed class LikeBinder : IInvocationBinder
    {
        public IReadOnlyList<Type> GetParameterTypes(string methodName)
            => [typeof(string), typeof(int), typeof(string)];

        public Type GetReturnType(string invocationId) => typeof(object);

        public Type GetStreamItemType(string streamId) => typeof(object);
    }

    private sealed class SignallingWriter : IFrameWriter
    {
        public TaskCompletionSource<long> Written { get; } = new();

        public ValueTask Write(SharedMessage message)
        {
            Written.TrySetResult(((SharedFrame)message).Frame.Seq);
            return ValueTask.CompletedTask;
        }

        public ValueTask WriteOrder(OrderNotice notice) => ValueTask.CompletedTask;

        public ValueTask WriteNotification(NotificationNews news) => ValueTask.CompletedTask;

        public ValueTask WriteSampled(RoomId room, System.Collections.Immutable.ImmutableArray<long> seqs)
            => ValueTask.CompletedTask;

        public ValueTask WriteResync(RoomId room, RedNote.Live.RoomHead head) => throw new NotSupportedException();
    }
}
