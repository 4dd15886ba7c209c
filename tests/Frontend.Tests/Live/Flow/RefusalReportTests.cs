using RedNote.Frontend.Live;
using RedNote.Frontend.Tests.Fakes;
using RedNote.Live;

namespace RedNote.Frontend.Tests.Live;

public sealed class RefusalReportTests
{
    private static readonly UserId Ann = new(11);

    private readonly LiveParts _parts = new();

    [Fact]
    public void Current_UntilItWasTaken_IsTheSameUnderItsNumber()
    {
        var report = new RefusalReport();
        Assert.Null(report.Current());
        report.Refused(RejectReason.RateLimited);
        report.Refused(RejectReason.Empty);
        report.Refused(RejectReason.RateLimited);
        var first = report.Current()!;
        report.Refused(RejectReason.Empty);
        var again = report.Current()!;
        Assert.Equal((1, 1), (first.Number, again.Number));
        Assert.Equal(
            [new RefusalCount(RejectReason.Empty, 1), new RefusalCount(RejectReason.RateLimited, 2)],
            again.Refused.AsEnumerable());

        report.Taken(first);
        var second = report.Current()!;
        Assert.Equal(2, second.Number);
        Assert.Equal([new RefusalCount(RejectReason.Empty, 1)], second.Refused.AsEnumerable());
        report.Taken(first);
        Assert.True(report.HasNews);
        report.Taken(second);
        Assert.False(report.HasNews);
        Assert.Null(report.Current());
    }

    [Fact]
    public async Task Submit_QueueIsFull_IsReportedWithTheNextBatch()
    {
        _parts.Options.GatewayQueue = 1;
        var gateway = _parts.Gateway();
        var held = new TaskCompletionSource<BatchAnswer>();
        _parts.Grain.OnSubmit = _ => held.Task;
        var first = gateway.Submit(Sample.Danmaku(Ann, "1")).AsTask();
        var second = gateway.Submit(Sample.Danmaku(Ann, "2")).AsTask();
        var refusal = (Verdict)await gateway.Submit(Sample.Danmaku(Ann, "3"));
        await gateway.Submit(new LikeRoom(1) { User = Ann });
        Assert.Equal((RejectReason.RateLimited, 500), (refusal.Reason!.Value, refusal.RetryAfterMs!.Value));

        _parts.Grain.OnSubmit = batch => Task.FromResult(FakeRoom.Accept(batch));
        held.SetResult(FakeRoom.Accept(_parts.Grain.Batches[0]));
        await Task.WhenAll(first, second);

        Assert.Null(_parts.Grain.Batches[0].Report);
        var report = _parts.Grain.Batches[1].Report!;
        Assert.Equal([new RefusalCount(RejectReason.RateLimited, 1)], report.Refused.AsEnumerable());
        Assert.False(gateway.Report.HasNews);
    }

    [Fact]
    public async Task Submit_RoomNeverAnswers_IsReportedAsGivenUpUntilItDoes()
    {
        _parts.Options.SubmitAttempts = 1;
        var gateway = _parts.Gateway();
        _parts.Grain.OnSubmit = _ => Task.FromException<BatchAnswer>(new TimeoutException());
        await gateway.Submit(Sample.Danmaku(Ann, "1"));
        await gateway.Submit(Sample.Danmaku(Ann, "2"));
        Assert.Equal([new GivenUpBatch(1, 1)], _parts.Grain.Batches[1].Report!.GivenUp.AsEnumerable());

        _parts.Grain.OnSubmit = batch => Task.FromResult(FakeRoom.Accept(batch));
        await gateway.Submit(Sample.Danmaku(Ann, "3"));
        Assert.Equal(
            [new GivenUpBatch(1, 1), new GivenUpBatch(2, 1)], _parts.Grain.Batches[2].Report!.GivenUp.AsEnumerable());
        Assert.False(gateway.Report.HasNews);
    }

    [Fact]
    public async Task Submit_RoomTookNoNote_CountsTheRefusalsHere()
    {
        var gateway = _parts.Gateway();
        _parts.Grain.OnSubmit = batch => Task.FromResult(
            new BatchAnswer([.. batch.Commands.Select(_ => (RoomAnswer)Verdict.Reject(RejectReason.RateLimited))])
            {
                IsCounted = false,
            });
        await gateway.Submit(Sample.Danmaku(Ann, "1"));
        Assert.Equal([new RefusalCount(RejectReason.RateLimited, 1)], gateway.Report.Current()!.Refused.AsEnumerable());
    }

    [Fact]
    public async Task Patrol_SomethingRefused_TellsTheRoomThoughNobodySends()
    {
        var port = _parts.Port();
        _parts.Grain.OnReport = _ => new RoomHead(1, 0);
        port.Gateway.Report.Refused(RejectReason.TooLong);
        _parts.Time.Advance(_parts.Options.Linger + TimeSpan.FromSeconds(1));
        Assert.False(port.TryRetire());

        await port.Patrol();

        Assert.Equal(
            [new RefusalCount(RejectReason.TooLong, 1)],
            Assert.Single(_parts.Grain.Reports).Report!.Refused.AsEnumerable());
        await port.Patrol();
        Assert.Single(_parts.Grain.Reports);
        Assert.True(port.TryRetire());
    }
}
