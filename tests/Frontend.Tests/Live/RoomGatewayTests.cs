using RedNote.Frontend.Tests.Fakes;
using RedNote.Live;

namespace RedNote.Frontend.Tests.Live;

public sealed class RoomGatewayTests
{
    private static readonly UserId Ann = new(11);
    private static readonly UserId Bea = new(12);

    private readonly LiveParts _parts = new();

    private FakeRoom Room => _parts.Grain;

    [Fact]
    public async Task Submit_Idle_IsSentAtOnce()
    {
        var gateway = _parts.Gateway(viewers: 3);

        var answer = gateway.Submit(Sample.Danmaku(Ann, "hi"));

        var batch = Assert.Single(Room.Batches);
        Assert.Equal(("gateway.1", 1L, 3, 1), (batch.Gateway, batch.Number, batch.Viewers, batch.Commands.Length));
        Assert.Equal(Verdict.Accept(1), await answer);
    }

    [Fact]
    public async Task Submit_WhileOneIsUnderWay_MakesOneBatchInOrder()
    {
        var gateway = _parts.Gateway();
        var first = Hold();
        var answers = new List<Task<RoomAnswer>> { gateway.Submit(Sample.Danmaku(Ann, "0")).AsTask() };
        for (var i = 1; i <= 20; i++)
        {
            answers.Add(gateway.Submit(Sample.Danmaku(Ann, $"{i}")).AsTask());
        }

        Assert.Single(Room.Batches);
        Release(first);
        await Task.WhenAll(answers);

        Assert.Equal([1L, 2L], Room.Batches.Select(batch => batch.Number));
        Assert.Equal(
            Enumerable.Range(1, 20).Select(i => $"{i}"),
            Room.Batches[1].Commands.Select(command => ((SendDanmaku)command).Text));
        Assert.Equal(Verdict.Accept(20), await answers[20]);
    }

    [Fact]
    public async Task Submit_MoreThanABatchHolds_MakesSeveral()
    {
        var gateway = _parts.Gateway();
        var first = Hold();
        var answers = Enumerable.Range(0, 1_200)
            .Select(i => gateway.Submit(Sample.Danmaku(Ann, $"{i}")).AsTask()).ToList();
        Release(first);
        await Task.WhenAll(answers);

        Assert.Equal([1, 512, 512, 175], Room.Batches.Select(batch => batch.Commands.Length));
    }

    [Fact]
    public async Task Submit_QueueFull_IsRateLimitedAndTheRestUnharmed()
    {
        _parts.Options.GatewayQueue = 2;
        var gateway = _parts.Gateway();
        var first = Hold();
        var taken = Enumerable.Range(0, 3).Select(i => gateway.Submit(Sample.Danmaku(Ann, $"{i}")).AsTask()).ToList();

        var refused = (Verdict)await gateway.Submit(Sample.Danmaku(Ann, "too much"));

        Assert.Equal(RejectReason.RateLimited, refused.Reason);
        Assert.Equal(500, refused.RetryAfterMs);
        Release(first);
        Assert.All(await Task.WhenAll(taken), answer => Assert.IsType<Verdict>(answer));
        Assert.Equal(3, Room.Batches.Sum(batch => batch.Commands.Length));
    }

    [Fact]
    public async Task Likes_OfOneUser_TravelAsOneAndEachCallGetsItsShare()
    {
        var gateway = _parts.Gateway();
        var first = Hold();
        var before = gateway.Submit(Sample.Danmaku(Ann, "first")).AsTask();
        var likes = new[] { 3, 5, 7 }.Select(count => gateway.Submit(Like(Ann, count)).AsTask()).ToList();
        var other = gateway.Submit(Like(Bea, 9)).AsTask();
        var keyed = gateway.Submit(new LikeRoom(2) { User = Ann, Key = "k" }).AsTask();
        Release(first);
        await before;

        Assert.Equal([3, 5, 7], (await Task.WhenAll(likes)).Select(a => ((LikesAccepted)a).Accepted));
        Assert.Equal(9, ((LikesAccepted)await other).Accepted);
        Assert.Equal(2, ((LikesAccepted)await keyed).Accepted);
        Assert.Equal(
            [(Ann, 15, null), (Bea, 9, null), (Ann, 2, "k")],
            Room.Batches[1].Commands.Select(c => (c.User, ((LikeRoom)c).Count, c.Key)));
    }

    [Fact]
    public async Task Likes_RoomCountsFewer_SharesAddUpToThose()
    {
        var gateway = _parts.Gateway();
        var first = Hold();
        var before = gateway.Submit(Sample.Danmaku(Ann, "first")).AsTask();
        var likes = new[] { 10, 10, 10 }.Select(count => gateway.Submit(Like(Ann, count)).AsTask()).ToList();
        Room.OnSubmit = _ => Task.FromResult(new BatchAnswer([new LikesAccepted(14)]));
        Release(first);
        await before;

        Assert.Equal([10, 4, 0], (await Task.WhenAll(likes)).Select(a => ((LikesAccepted)a).Accepted));
    }

    [Fact]
    public async Task Likes_Refused_EachCallIsRefused()
    {
        var gateway = _parts.Gateway();
        var first = Hold();
        var before = gateway.Submit(Sample.Danmaku(Ann, "first")).AsTask();
        var likes = new[] { 1, 1 }.Select(count => gateway.Submit(Like(Ann, count)).AsTask()).ToList();
        Room.OnSubmit = _ => Task.FromResult(new BatchAnswer([Verdict.Reject(RejectReason.NotLive)]));
        Release(first);
        await before;

        Assert.All(await Task.WhenAll(likes), a => Assert.Equal(RejectReason.NotLive, ((Verdict)a).Reason));
    }

    [Fact]
    public async Task Submit_AnswerLost_SendsTheSameBatchAgain()
    {
        var gateway = _parts.Gateway();
        var tries = 0;
        Room.OnSubmit = batch => ++tries == 1
            ? Task.FromException<BatchAnswer>(new TimeoutException())
            : Task.FromResult(FakeRoom.Accept(batch));

        var answer = gateway.Submit(Sample.Danmaku(Ann, "hi")).AsTask();
        _parts.Time.Advance(_parts.Options.SubmitPause);

        Assert.Equal(Verdict.Accept(1), await answer);
        Assert.Equal([1L, 1L], Room.Batches.Select(batch => batch.Number));
        Assert.Equal(Room.Batches[0].Commands, Room.Batches[1].Commands);
    }

    [Fact]
    public async Task Submit_NoAnswerAtAll_EndsInTryAgainAndGoesOnWithTheNextNumber()
    {
        var gateway = _parts.Gateway();
        Room.OnSubmit = _ => new TaskCompletionSource<BatchAnswer>().Task;
        var answer = gateway.Submit(Sample.Danmaku(Ann, "hi")).AsTask();
        while (!answer.IsCompleted)
        {
            _parts.Time.Advance(TimeSpan.FromMilliseconds(100));
            await Task.Yield();
        }

        Assert.Equal(RejectReason.TryAgain, ((Verdict)await answer).Reason);
        Assert.Equal([1L, 1L, 1L], Room.Batches.Select(batch => batch.Number));
        Room.OnSubmit = batch => Task.FromResult(FakeRoom.Accept(batch));
        Assert.Equal(Verdict.Accept(1), await gateway.Submit(Sample.Danmaku(Ann, "again")));
        Assert.Equal(2, Room.Batches[^1].Number);
    }

    [Fact]
    public async Task Close_WithCommandsUnderWay_AnswersThemAndTakesNoMore()
    {
        var gateway = _parts.Gateway();
        var first = Hold();
        var under = gateway.Submit(Sample.Danmaku(Ann, "1")).AsTask();
        var waiting = gateway.Submit(Sample.Danmaku(Ann, "2")).AsTask();

        var closing = gateway.Close();
        var refused = (Verdict)await gateway.Submit(Sample.Danmaku(Ann, "3"));
        Assert.False(closing.IsCompleted);
        Release(first);
        await closing;

        Assert.Equal(RejectReason.TryAgain, refused.Reason);
        Assert.Equal(VerdictStatus.Accepted, ((Verdict)await under).Status);
        Assert.Equal(VerdictStatus.Accepted, ((Verdict)await waiting).Status);
    }

    private static LikeRoom Like(UserId user, int count) => new(count) { User = user };

    /// <summary>Keeps the room from answering the next batch; later ones are accepted at once.</summary>
    private TaskCompletionSource Hold()
    {
        var held = new TaskCompletionSource();
        Room.OnSubmit = async batch =>
        {
            Room.OnSubmit = later => Task.FromResult(FakeRoom.Accept(later));
            await held.Task;
            return FakeRoom.Accept(batch);
        };
        return held;
    }

    private static void Release(TaskCompletionSource held) => held.SetResult();
}
