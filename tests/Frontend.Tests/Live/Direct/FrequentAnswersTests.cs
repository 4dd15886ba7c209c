using System.Buffers;
using System.Text;
using Microsoft.AspNetCore.SignalR.Protocol;
using RedNote.Frontend.Live;
using RedNote.Live;

namespace RedNote.Frontend.Tests.Live.Direct;

/// <summary>What is written by hand is what the protocol would have written; the rest is left to it.</summary>
public sealed class FrequentAnswersTests
{
    private static readonly RoomHubProtocol Protocol = new();

    [Theory]
    [InlineData("0", 1L)]
    [InlineData("12345678901234567890", long.MaxValue)]
    [InlineData("7", -1L)]
    [InlineData("8", null)]
    public void TryWrite_Accepted_IsAsTheProtocolWritesIt(string callId, long? seq)
    {
        var accepted = seq is { } number ? Verdict.Accept(number) : Verdict.Done;
        var written = new ArrayBufferWriter<byte>();
        Assert.True(FrequentAnswers.TryWrite(callId, accepted, written));

        var expected = new ArrayBufferWriter<byte>();
        Protocol.WriteMessage(CompletionMessage.WithResult(callId, accepted), expected);
        Assert.Equal(Encoding.UTF8.GetString(expected.WrittenSpan), Encoding.UTF8.GetString(written.WrittenSpan));
    }

    public static TheoryData<string, object> Others() => new()
    {
        { "1\"", Verdict.Done },
        { "1", Verdict.Merge(3) },
        { "1", Verdict.Hold(3) },
        { "1", Verdict.Reject(RejectReason.Muted, 5) },
        { "1", Verdict.Accept(1) with { QuestionId = new QuestionId(4) } },
        { "1", Verdict.Accept(1) with { Unmet = DrawConditionKind.Voted } },
        { "1", Verdict.Accept(1) with { Reason = RejectReason.Muted } },
        { "1", Verdict.Accept(1) with { RetryAfterMs = 3 } },
        { "1", Verdict.Accept(1) with { HeldId = 3 } },
        { "1", new LikeResult(3) },
        { "1\"", Verdict.Accept(1) },
        { "é", Verdict.Accept(1) },
        { "123456789012345678901", Verdict.Accept(1) },
    };

    [Theory]
    [MemberData(nameof(Others))]
    public void TryWrite_AnythingElse_WritesNothing(string callId, object told)
    {
        var output = new ArrayBufferWriter<byte>();
        Assert.False(FrequentAnswers.TryWrite(callId, told, output));
        Assert.Equal(0, output.WrittenCount);
        Protocol.WriteAnswer(callId, told, output);
        Assert.NotEqual(0, output.WrittenCount);
    }
}
