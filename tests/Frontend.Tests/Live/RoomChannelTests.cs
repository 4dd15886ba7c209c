using RedNote.Frontend.Tests.Fakes;
using RedNote.Live;

namespace RedNote.Frontend.Tests.Live;

public sealed class RoomChannelTests
{
    private readonly LiveParts _parts = new();

    [Fact]
    public async Task Join_WhileFramesArrive_DeliversExactlyThoseAfterTheSnapshot()
    {
        var answer = new TaskCompletionSource<RoomSnapshot?>();
        _parts.Grain.OnJoin = _ => answer.Task;
        var writer = new FakeWriter();
        var joining = _parts.Channel.Join(_parts.Viewer(writer), null);
        _parts.Streams.Publish(Sample.Frame(4), Sample.Frame(5), Sample.Frame(6), Sample.Frame(7));
        answer.SetResult(Sample.Snapshot(5));

        var joined = await joining;
        Assert.Empty(writer.Frames);
        joined!.Value.Ticket.Written();
        _parts.Streams.Publish(Sample.Frame(8));

        Assert.Equal([6, 7, 8], writer.Frames.Select(f => f.Seq));
        Assert.Empty(writer.Resyncs);
    }

    [Fact]
    public async Task Join_SnapshotAheadOfTheStream_SkipsWhatItHolds()
    {
        var (_, early) = await _parts.Joined(3);
        var (_, late) = await _parts.Joined(5);

        _parts.Streams.Publish(Sample.Frame(4), Sample.Frame(5), Sample.Frame(6));

        Assert.Equal([4, 5, 6], early.Frames.Select(f => f.Seq));
        Assert.Equal([6], late.Frames.Select(f => f.Seq));
    }

    [Fact]
    public async Task Join_SnapshotBehindTheStream_GetsWhatCameBeforeItToo()
    {
        await _parts.Joined(3);
        _parts.Streams.Publish(Sample.Frame(4), Sample.Frame(5));

        var (_, late) = await _parts.Joined(3);
        _parts.Streams.Publish(Sample.Frame(6));

        Assert.Equal([4, 5, 6], late.Frames.Select(f => f.Seq));
        Assert.Empty(late.Resyncs);
    }

    [Fact]
    public async Task Join_SnapshotBehindARecall_IsNotShownWhatWasTakenBack()
    {
        var (_, early) = await _parts.Joined(3);
        var two = Sample.Frame(5, 1, "stays", "goes") is { Danmaku: { } both } frame
            ? frame with { Danmaku = [both[0], both[1] with { Seq = 2 }] }
            : null!;
        _parts.Streams.Publish(
            Sample.Frame(4) with { Danmaku = [two.Danmaku!.Value[1]] }, two, Sample.Event(6, new MessageRecalled(2)));

        var (_, late) = await _parts.Joined(3);

        Assert.Equal([4, 5, 6], late.Frames.Select(f => f.Seq));
        Assert.Null(late.Frames[0].Danmaku);
        Assert.Equal(["stays"], late.Frames[1].Danmaku!.Value.Select(danmaku => danmaku.Text));
        Assert.Equal(new MessageRecalled(2), Assert.Single(late.Frames[2].Events!.Value));
        Assert.Equal(2, early.Frames[1].Danmaku!.Value.Length);
    }

    [Fact]
    public async Task Join_FirstOnesAtOnce_TheOlderSnapshotIsAskedForAgain()
    {
        var (newer, older, again) = (Pending(), Pending(), Pending());
        var answers = new Queue<Task<RoomSnapshot?>>([newer.Task, older.Task, again.Task]);
        _parts.Grain.OnJoin = _ => answers.Dequeue();
        var (first, second) = (new FakeWriter(), new FakeWriter());
        var firstJoins = _parts.Channel.Join(_parts.Viewer(first), null);
        var secondJoins = _parts.Channel.Join(_parts.Viewer(second), null);

        // The call that was answered first knows of frames that the stream brings only later.
        newer.SetResult(Sample.Snapshot(5));
        (await firstJoins)!.Value.Ticket.Written();
        older.SetResult(Sample.Snapshot(3));
        _parts.Streams.Publish(Sample.Frame(4), Sample.Frame(5));
        again.SetResult(Sample.Snapshot(5));
        var joined = await secondJoins;
        joined!.Value.Ticket.Written();
        _parts.Streams.Publish(Sample.Frame(6));

        Assert.Equal(5, joined.Value.Snapshot.Seq);
        Assert.Equal([6], first.Frames.Select(f => f.Seq));
        Assert.Equal([6], second.Frames.Select(f => f.Seq));
        Assert.Empty(second.Resyncs);
    }

    [Fact]
    public async Task Join_SnapshotFurtherBehindThanIsKept_IsToldToJoinAgain()
    {
        _parts.Options.RecentFrames = 10;
        await _parts.Joined(0);
        for (var seq = 1; seq <= 12; seq++)
        {
            _parts.Streams.Publish(Sample.Frame(seq));
        }

        var (_, late) = await _parts.Joined(1);

        Assert.Empty(late.Frames);
        Assert.Single(late.Resyncs);
    }

    [Fact]
    public async Task Join_ManyViewers_SubscribesOnce()
    {
        await _parts.Joined(0);
        await _parts.Joined(0);
        await _parts.Joined(0);

        Assert.Equal(1, _parts.Streams.Subscriptions);
        Assert.Equal(3, _parts.Channel.Viewers);
    }

    [Fact]
    public async Task Join_UnknownRoom_LeavesNothingBehind()
    {
        Assert.Null(await _parts.Channel.Join(_parts.Viewer(new FakeWriter()), null));
        Assert.Equal(0, _parts.Channel.Viewers);
    }

    [Fact]
    public async Task Join_RoomFails_LeavesNothingBehindAndFails()
    {
        _parts.Grain.OnJoin = _ => Task.FromException<RoomSnapshot?>(new TimeoutException());

        await Assert.ThrowsAsync<TimeoutException>(() => _parts.Channel.Join(_parts.Viewer(new FakeWriter()), null));

        Assert.Equal(0, _parts.Channel.Viewers);
    }

    [Fact]
    public async Task Join_AgainWhileThere_GoesOnFromTheNewSnapshot()
    {
        var (viewer, writer) = await _parts.Joined(0);
        _parts.Streams.Publish(Sample.Frame(1));
        _parts.Grain.OnJoin = _ => Task.FromResult<RoomSnapshot?>(Sample.Snapshot(3));

        var again = await _parts.Channel.Join(viewer, new ResumePoint(1, 1, null));
        again!.Value.Ticket.Written();
        _parts.Streams.Publish(Sample.Frame(2), Sample.Frame(3), Sample.Frame(4));

        Assert.Equal([1, 4], writer.Frames.Select(f => f.Seq));
        Assert.Equal(1, _parts.Channel.Viewers);
    }

    [Fact]
    public async Task Frames_RepeatedOrOld_AreDropped()
    {
        var (_, writer) = await _parts.Joined(0, epoch: 2);

        _parts.Streams.Publish(
            Sample.Frame(1, 2), Sample.Frame(1, 2), Sample.Frame(9, 1), Sample.Frame(2, 2), Sample.Frame(1, 2));

        Assert.Equal([1, 2], writer.Frames.Select(f => f.Seq));
    }

    [Fact]
    public async Task Gap_RoomStillHasTheFrames_IsFilledByOneCallForAllViewers()
    {
        var (_, first) = await _parts.Joined(0);
        var (_, second) = await _parts.Joined(0);
        var answer = new TaskCompletionSource<FramesAnswer?>();
        _parts.Grain.OnFill = _ => answer.Task;

        _parts.Streams.Publish(Sample.Frame(1), Sample.Frame(4), Sample.Frame(5));
        Assert.Equal([1], first.Frames.Select(f => f.Seq));
        answer.SetResult(new FramesAnswer(new RoomHead(1, 5), true, [Sample.Frame(2), Sample.Frame(3)]));
        await Until(() => first.Frames.Count == 5, "the gap to be filled");

        Assert.Equal([1, 2, 3, 4, 5], first.Frames.Select(f => f.Seq));
        Assert.Equal([1, 2, 3, 4, 5], second.Frames.Select(f => f.Seq));
        Assert.Equal([new RoomHead(1, 1)], _parts.Grain.Fills);
    }

    [Fact]
    public async Task Gap_RoomNoLongerHasTheFrames_ViewersAreToldToJoinAgain()
    {
        var (_, writer) = await _parts.Joined(0);
        _parts.Grain.OnFill = _ => Task.FromResult<FramesAnswer?>(new(new RoomHead(1, 900), false, []));

        _parts.Streams.Publish(Sample.Frame(900));

        Assert.Empty(writer.Frames);
        Assert.Equal([new RoomHead(1, 900)], writer.Resyncs);
        _parts.Streams.Publish(Sample.Frame(901));
        Assert.Empty(writer.Frames);
    }

    [Fact]
    public async Task Gap_CallFails_IsFilledAtTheNextLook()
    {
        var (_, writer) = await _parts.Joined(0);
        _parts.Grain.OnFill = _ => Task.FromException<FramesAnswer?>(new TimeoutException());
        _parts.Streams.Publish(Sample.Frame(2));
        Assert.Empty(writer.Frames);

        _parts.Grain.OnFill = _ => Task.FromResult<FramesAnswer?>(new(new RoomHead(1, 2), true, [Sample.Frame(1)]));
        await _parts.Channel.CheckHead();

        Assert.Equal([1, 2], writer.Frames.Select(f => f.Seq));
    }

    [Fact]
    public async Task Epoch_NewOnTheStream_ViewersAreToldToJoinAgainAndJoinersAreServed()
    {
        var (viewer, writer) = await _parts.Joined(8);
        var answer = new TaskCompletionSource<RoomSnapshot?>();
        _parts.Grain.OnJoin = _ => answer.Task;
        var joiner = new FakeWriter();
        var joining = _parts.Channel.Join(_parts.Viewer(joiner), null);

        _parts.Streams.Publish(Sample.Frame(1, epoch: 2));
        Assert.Equal([new RoomHead(2, 0)], writer.Resyncs);
        answer.SetResult(Sample.Snapshot(0, epoch: 2));
        (await joining)!.Value.Ticket.Written();
        Assert.Equal([1], joiner.Frames.Select(f => f.Seq));

        _parts.Grain.OnJoin = _ => Task.FromResult<RoomSnapshot?>(Sample.Snapshot(1, epoch: 2));
        (await _parts.Channel.Join(viewer, new ResumePoint(1, 8, null)))!.Value.Ticket.Written();
        _parts.Streams.Publish(Sample.Frame(2, epoch: 2));
        Assert.Equal([(2L, 2L)], writer.Frames.Select(f => (f.Epoch, f.Seq)));
        Assert.Equal([1, 2], joiner.Frames.Select(f => f.Seq));
    }

    [Fact]
    public async Task Compare_StreamIsDeaf_FetchesAndSubscribesAgain()
    {
        var (_, writer) = await _parts.Joined(0);
        _parts.Grain.OnFill = _ => Task.FromResult<FramesAnswer?>(
            new(new RoomHead(1, 2), true, [Sample.Frame(1), Sample.Frame(2)]));

        _parts.Channel.Compare(new RoomHead(1, 2));
        await _parts.Channel.CheckHead();
        Assert.Empty(_parts.Grain.Fills);
        _parts.Time.Advance(_parts.Options.BehindPatience);
        await _parts.Channel.CheckHead();

        Assert.Equal([1, 2], writer.Frames.Select(f => f.Seq));
        Assert.Equal(2, _parts.Streams.Subscriptions);
        Assert.Equal(1, _parts.Streams.Subscribed);
    }

    [Fact]
    public async Task Compare_StreamCatchesUp_NothingIsFetched()
    {
        var (_, writer) = await _parts.Joined(0);
        _parts.Channel.Compare(new RoomHead(1, 1));
        _parts.Streams.Publish(Sample.Frame(1));
        _parts.Time.Advance(_parts.Options.BehindPatience);
        await _parts.Channel.CheckHead();

        Assert.Equal([1], writer.Frames.Select(f => f.Seq));
        Assert.Empty(_parts.Grain.Fills);
        Assert.Equal(1, _parts.Streams.Subscriptions);
    }

    [Fact]
    public async Task Compare_NewEpoch_ViewersAreToldToJoinAgain()
    {
        var (_, writer) = await _parts.Joined(5);

        _parts.Channel.Compare(new RoomHead(2, 0));

        Assert.Equal([new RoomHead(2, 0)], writer.Resyncs);
    }

    [Fact]
    public async Task Close_AfterTheLastViewer_EndsTheSubscription()
    {
        var (viewer, writer) = await _parts.Joined(0);
        _parts.Channel.Detach(viewer);
        await _parts.Channel.Close();
        _parts.Streams.Publish(Sample.Frame(1));

        Assert.Empty(writer.Frames);
        Assert.Equal(0, _parts.Streams.Subscribed);
    }

    [Fact]
    public async Task Frames_OneViewerStalls_OthersGetEverythingAtOnce()
    {
        var (_, slow) = await _parts.Joined(0);
        var (_, quick) = await _parts.Joined(0);
        slow.Stall();

        for (var seq = 1; seq <= 1_000; seq++)
        {
            _parts.Streams.Publish(Sample.Frame(seq, 1, "text"));
        }

        Assert.Equal(1_000, quick.Frames.Count);
        Assert.Single(slow.Frames);
    }

    private static TaskCompletionSource<RoomSnapshot?> Pending() => new();

    private static async Task Until(Func<bool> holds, string what)
    {
        using var limit = new CancellationTokenSource(HubClient.Patience);
        while (!holds())
        {
            Assert.False(limit.IsCancellationRequested, $"Waited for {what}.");
            await Task.Yield();
        }
    }
}
