using System.Text;
using RedNote.Load.Ingest;

namespace RedNote.Load.Tests;

public sealed class IngestTests
{
    [Fact]
    public void Calls_BearTheirNumber_AndAnswersAreFoundByIt()
    {
        var call = new CallRecord("Like", "\"1\",50,null");

        Assert.Equal(
            "{\"type\":1,\"invocationId\":\"07\",\"target\":\"Like\",\"arguments\":[\"1\",50,null]}\u001e",
            Encoding.ASCII.GetString(call.Numbered(7)));
        Assert.Equal(7, CallRecord.SlotOf("{\"type\":3,\"invocationId\":\"07\",\"result\":{\"accepted\":50}}"u8));
        Assert.Equal(63, CallRecord.SlotOf(call.Numbered(63)));
    }

    [Fact]
    public void Danmaku_EachHasATextOfItsOwn_AndOnlyAcceptedOnesCount()
    {
        var calls = new DanmakuCalls("5", 24);
        var texts = Enumerable.Range(0, 100).Select(i => Encoding.ASCII.GetString(calls.Next(0, i % 64))[60..]);

        Assert.Equal(100, texts.Distinct().Count());
        Assert.True(calls.Take(0, 1, "{\"result\":{\"status\":\"accepted\",\"seq\":1}}"u8));
        Assert.False(calls.Take(0, 1, "{\"result\":{\"status\":\"rejected\",\"reason\":\"rate_limited\"}}"u8));
        Assert.Equal(1, calls.Accepted);
    }

    [Fact]
    public void Likes_AnswerWithAnotherCount_IsNotAsItShouldBe()
    {
        var calls = new LikeCalls("5", callers: 2);
        Assert.Contains(",1,null]", Encoding.ASCII.GetString(calls.Next(0, 3)), StringComparison.Ordinal);
        Assert.Contains(",2,null]", Encoding.ASCII.GetString(calls.Next(1, 3)), StringComparison.Ordinal);

        Assert.True(calls.Take(1, 3, "{\"result\":{\"accepted\":2}}"u8));
        Assert.False(calls.Take(0, 3, "{\"result\":{\"accepted\":2}}"u8));
        Assert.Equal(4, calls.Accepted);
    }

    [Fact]
    public void Votes_EverybodyVotesOnceInEachPoll_AndTalliesAreOfAcceptedOnes()
    {
        OpenPoll[] polls = [new("5", "6"), new("5", "7")];
        var calls = new VoteCalls(polls, callers: 3);
        var accepted = "{\"result\":{\"status\":\"accepted\"}}"u8;
        for (var caller = 0; caller < 3; caller++)
        {
            Assert.Contains("\"6\",[", Encoding.ASCII.GetString(calls.Next(caller, 0)), StringComparison.Ordinal);
            Assert.Contains("\"7\",[", Encoding.ASCII.GetString(calls.Next(caller, 1)), StringComparison.Ordinal);
            Assert.True(calls.Next(caller, 2).IsEmpty);
            Assert.True(calls.Take(caller, 0, accepted));
        }

        Assert.True(calls.Take(1, 1, accepted));
        Assert.False(calls.Take(2, 1, "{\"result\":{\"status\":\"rejected\",\"reason\":\"already_voted\"}}"u8));
        Assert.Equal([2, 1], polls[0].Accepted);
        Assert.Equal([1, 0], polls[1].Accepted);
    }

    [Theory]
    [InlineData(65, 80, 80, true)]
    [InlineData(64, 80, 80, false)]
    [InlineData(65, 79, 80, false)]
    [InlineData(65, 80, 79, false)]
    public void Promises_AreSharesOfTheEmptyMethodsRate(double danmaku, double votes, double likes, bool areKept)
    {
        var report = new IngestReport(
            IngestOptions.Parse(new Arguments([])),
            [
                Run(IngestReport.Empty, 100), Run(IngestReport.Cheapest, 1_000), Run("danmaku", danmaku),
                Run("votes", votes), Run("likes", likes), Run("likes", likes),
            ]);

        Assert.Equal(areKept, report.Promises.All(it => it.IsKept));
    }

    [Fact]
    public void Promises_GeneratorWasFull_AreNotKept()
    {
        var report = new IngestReport(
            IngestOptions.Parse(new Arguments([])),
            [Run(IngestReport.Empty, 100) with { GeneratorBusy = 0.85 }, Run(IngestReport.Cheapest, 100)]);

        Assert.False(Assert.Single(report.Promises).IsKept);
    }

    [Theory]
    [InlineData("--window", "65")]
    [InlineData("--connections", "0")]
    [InlineData("--kinds", "buys")]
    public void Options_OutOfBounds_AreRefused(string option, string value)
        => Assert.Throws<LoadException>(() => IngestOptions.Parse(new Arguments([option, value])));

    private static IngestResult Run(string kind, double rate) => new(kind, 1, rate, 10, 1, 2, 0.99, 0.5, 0, 0);
}
