using System.Collections.Immutable;
using Microsoft.Extensions.DependencyInjection;
using RedNote.Journal;
using RedNote.Live;

namespace RedNote.Grains.Tests.Live;

/// <summary>The room over its log: nothing leaves before it is stored, and nothing stored is lost.</summary>
public sealed class LiveRoomLogTests(GrainCluster cluster) : IClassFixture<GrainCluster>
{
    private static readonly UserId Host = new(1);
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);
    private long _number;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Submit_AppendFails_SaysTryAgainAndTheKeyMakesTheRetrySafe(bool afterTakingEffect)
    {
        var (id, room) = await cluster.StartRoom();
        var frames = await FrameLog.Of(cluster, id);
        var before = (await room.Join(null))!;
        cluster.Journal.FailNext(ClusterRooms.LogOf(id), afterTakingEffect);
        var failed = await room.Submit(Batch("g", [Danmaku(5, "hi", "key")]));
        Assert.Equal(RejectReason.TryAgain, Assert.IsType<Verdict>(failed.Answers[0]).Reason);

        // Another one comes first; it takes the number if the failed one was not stored.
        var other = await SubmitUntilDecided(room, Danmaku(6, "ho"));
        var retried = await SubmitUntilDecided(room, Danmaku(5, "hi", "key"));

        Assert.Equal(afterTakingEffect ? (1, 2) : (2, 1), (retried.Seq!.Value, other.Seq!.Value));
        var after = (await room.Join(new ResumePoint(before.Epoch, before.Seq, 0)))!;
        Assert.True(after.Epoch > before.Epoch);
        Assert.False(after.Recovered);
        Assert.Equal(2, after.Room.Counters.Danmaku);
        var shown = await frames.Until(all => Shown(all).Any(danmaku => danmaku.UserId == new UserId(6)));
        Assert.All(Shown(shown), danmaku => Assert.Contains(danmaku, Stored(id)));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task HostCommand_AppendFails_SaysTryAgainAndARetryIsDone(bool afterTakingEffect)
    {
        var (id, room) = await cluster.StartRoom();
        cluster.Journal.FailNext(ClusterRooms.LogOf(id), afterTakingEffect);
        Assert.Equal(CommandStatus.TryAgain, (await room.End(Host)).Status);
        RoomOutcome retried;
        do
        {
            retried = await room.End(Host).WaitAsync(Limit);
        }
        while (retried.Status == CommandStatus.TryAgain);

        Assert.Equal(RoomState.Ended, retried.Room!.State);
        Assert.Single(cluster.RoomEvents(id).OfType<ShowEnded>());
        Assert.Contains(
            await cluster.Grains.RoomDirectory().List(RoomState.Ended, 100), card => card.RoomId == id);
    }

    [Fact]
    public async Task Start_TheLobbyFailsAndTheRoomForgets_ItIsListedInTheEnd()
    {
        var id = ClusterRooms.NextId();
        var room = cluster.Grains.LiveRoom(id);
        await room.Create(new CreateRoom(Host, "Host", "A show", null, null, "t"));
        cluster.Journal.FailNext(new LogId(DirectoryServices.Log, "0"), afterTakingEffect: false);
        Assert.Equal(CommandStatus.Done, (await room.Start(Host)).Status);
        await cluster.Rebuild(id, room);

        var limit = new CancellationTokenSource(Limit);
        while (!(await Lobby()).Contains(id))
        {
            Assert.False(limit.IsCancellationRequested, "the room was not listed");
            await room.DeliverEffects();
        }

        async Task<List<RoomId>> Lobby()
        {
            try
            {
                var cards = await cluster.Grains.RoomDirectory().List(RoomState.Live, 100);
                return [.. cards.Select(card => card.RoomId)];
            }
            catch (TryAgainException)
            {
                return [];
            }
        }
    }

    [Fact]
    public async Task Submit_RoomRebuiltFromItsLog_KnowsEveryKeyOfTheLastMinutes()
    {
        var (id, room) = await cluster.StartRoom();
        var first = new Dictionary<(long User, string Key), long>();
        for (var user = 10; user < 40; user++)
        {
            var batch = Batch("g", [.. Lines(user)]);
            var answers = (await room.Submit(batch)).Answers;
            for (var i = 0; i < 60; i++)
            {
                first[(user, $"k{i}")] = ((Verdict)answers[i]).Seq!.Value;
            }
        }

        await cluster.Rebuild(id, room);

        Assert.Equal(1_800, first.Values.Distinct().Count());
        for (var user = 10; user < 40; user++)
        {
            var batch = Batch("g", [.. Lines(user)]);
            var answers = (await room.Submit(batch)).Answers.Cast<Verdict>().Select(verdict => verdict.Seq!.Value);
            Assert.Equal(Enumerable.Range(0, 60).Select(i => first[(user, $"k{i}")]), answers);
        }

        Assert.Equal(1_800, (await room.Get())!.Counters.Danmaku);

        static IEnumerable<RoomCommand> Lines(int user)
            => Enumerable.Range(0, 60).Select(i => Danmaku(user, $"{user} says {i}", $"k{i}"));
    }

    [Fact]
    public async Task Submit_RoomRebuilt_SlowModeAndAppliedBatchesStillHold()
    {
        var (id, room) = await cluster.StartRoom();
        await room.ChangeSettings(Host, new RoomSettingsChange(600, null, null));
        var batch = Batch("g", [Danmaku(5, "hi"), new LikeRoom(9) { User = new UserId(5) }]);
        await room.Submit(batch);

        await cluster.Rebuild(id, room);

        var again = await room.Submit(batch);
        Assert.All(again.Answers, answer => Assert.Equal(Verdict.Reject(RejectReason.TryAgain), answer));
        var next = (Verdict)(await room.Submit(Batch("g", [Danmaku(5, "ho")]))).Answers[0];
        Assert.Equal(RejectReason.SlowMode, next.Reason);
        var counters = (await room.Get())!.Counters;
        Assert.Equal((1, 9), (counters.Danmaku, counters.Likes));
    }

    [Fact]
    public async Task Join_RoomRebuilt_BringsTheDanmakuAfterThoseThatWereSeen()
    {
        var (id, room) = await cluster.StartRoom();
        await room.Submit(Batch("g", [.. Enumerable.Range(1, 300).Select(i => Danmaku(5, $"{i}"))]));
        await room.Submit(Batch("g", [.. Enumerable.Range(301, 400).Select(i => Danmaku(5, $"{i}"))]));
        var before = (await room.Join(null))!;

        await cluster.Rebuild(id, room);

        var resumed = (await room.Join(new ResumePoint(before.Epoch, before.Seq, DanmakuSeq: 650)))!;
        Assert.Equal(Enumerable.Range(651, 50).Select(i => $"{i}"), resumed.Recent.Select(danmaku => danmaku.Text));
        var most = (await room.Join(new ResumePoint(before.Epoch, before.Seq, DanmakuSeq: 0)))!;
        Assert.Equal(Enumerable.Range(201, 500).Select(i => (long)i), most.Recent.Select(danmaku => danmaku.Seq));
        Assert.Equal(50, (await room.Join(null))!.Recent.Length);
    }

    [Fact]
    public async Task Submit_StoreHoldsBack_NothingLeavesBeforeItAnswers()
    {
        var (id, room) = await cluster.StartRoom();
        var head = (await room.Report(new GatewayPresence("g", 1)))!;
        var frames = await FrameLog.Of(cluster, id);
        var batch = Batch("g", [Danmaku(5, "hi", "key")]);
        var hold = cluster.Journal.Hold();
        List<Task> answers;
        try
        {
            // Calls may overtake each other: what comes after this one's append has to wait for it.
            var first = room.Submit(batch);
            await cluster.WhenAppending(new LogId(LiveRoomServices.Log, id.ToString()));
            answers =
            [
                first,
                room.Submit(batch),
                room.Submit(Batch("h", [Danmaku(5, "hi", "key")])),
                room.Submit(Batch("i", [Danmaku(6, "")])),
                room.Get(),
                room.Join(null),
                room.Report(new GatewayPresence("g", 1)),
                room.FramesAfter(head),
                room.Settings(Host),
                room.Settings(new UserId(5)),
                room.Mute(new UserId(5), new UserId(6)),
                room.Create(new CreateRoom(Host, "Host", "Another", null, null, "other")),
                room.Tape(new TapeQuery(default, null, 10)),
            ];

            // Refused for its shape alone, and so a sign that the turns of all before are over; and what the stream
            // brings after it would come after a frame that left too early.
            await room.Submit(new RoomBatch("z", 0, 0, [])).WaitAsync(Limit);
            var marker = new RoomFrame(-1, 0, 0, null, null, null, null, null);
            await FrameLog.Stream(cluster, id).OnNextAsync(marker);
            var seen = await frames.Until(all => all.Contains(marker));
            Assert.DoesNotContain(seen, frame => frame.Danmaku is not null);
            Assert.All(answers, answer => Assert.False(answer.IsCompleted));
        }
        finally
        {
            hold.Dispose();
        }

        await Task.WhenAll(answers).WaitAsync(Limit);
        Assert.Equal("hi", Assert.Single(Shown(await frames.Until(all => Shown(all).Count > 0))).Text);
        Assert.Equal(1, (await room.Get())!.Counters.Danmaku);
    }

    [Fact]
    public async Task Submit_ManyBatchesAtOnce_ShareAppendsAndEachIsOneRun()
    {
        var (id, room) = await cluster.StartRoom();
        var batches = Enumerable.Range(0, 64).Select(i => new RoomBatch(
            $"g{i}", 1, 1, [Danmaku(5, $"{i}"), Danmaku(6, $"too {i}"), new LikeRoom(2) { User = new UserId(5) }]));
        await Task.WhenAll(batches.Select(room.Submit)).WaitAsync(Limit);

        var events = cluster.RoomEvents(id);
        Assert.Equal(Enumerable.Range(1, 128).Select(i => (long)i), events.OfType<DanmakuSent>().Select(e => e.Seq));
        for (var i = 0; i < events.Count; i++)
        {
            if (events[i] is BatchApplied)
            {
                Assert.IsType<LikesCounted>(events[i - 1]);
                Assert.Equal(
                    $"too {Assert.IsType<DanmakuSent>(events[i - 3]).Text}",
                    Assert.IsType<DanmakuSent>(events[i - 2]).Text);
            }
        }
    }

    [Fact]
    public async Task Get_SleepingRoom_IsReadWithoutAWrite()
    {
        var (id, room) = await cluster.StartRoom();
        await cluster.Rebuild(id, room);
        var before = cluster.RoomEvents(id).Count;
        Assert.NotNull(await room.Get());
        Assert.NotNull(await room.Tape(new TapeQuery(default, null, 10)));
        Assert.Equal(before, cluster.RoomEvents(id).Count);
        var epoch = (await room.Report(new GatewayPresence("g", 0)))!.Epoch;
        Assert.Equal(epoch, Assert.IsType<EpochBegan>(cluster.RoomEvents(id)[^1]).Epoch);
    }

    [Fact]
    public async Task Mute_JournalIsFull_WhatItRefusedIsNotShown()
    {
        await using var full = new GrainCluster();
        await full.InitializeAsync();
        var id = ClusterRooms.NextId();
        var room = full.Grains.LiveRoom(id);
        await room.Create(new CreateRoom(Host, "Host", "A show", null, null, "t"));
        var frames = await FrameLog.Of(full, id);
        Dictionary<long, Task<CommandStatus>> mutes = [];
        var usual = full.JournalBounds.QueuedAppends;
        using (full.Journal.Hold())
        {
            mutes[10] = room.Mute(Host, new UserId(10));
            await full.WhenAppending(ClusterRooms.LogOf(id));
            full.JournalBounds.QueuedAppends = 1;
            for (var user = 11L; user < 20; user++)
            {
                mutes[user] = room.Mute(Host, new UserId(user));
            }

            // The store holds one append, the queue another; the rest is refused while nothing can have been written.
            await Task.WhenAny(mutes.Values).WaitAsync(Limit);
        }

        await Task.WhenAll(mutes.Values).WaitAsync(Limit);
        var muted = mutes.Where(pair => pair.Value.Result == CommandStatus.Done).Select(pair => pair.Key).ToList();
        Assert.InRange(muted.Count, 1, 9);
        full.JournalBounds.QueuedAppends = usual;
        Assert.Equal(CommandStatus.Done, await room.Mute(Host, new UserId(99)));
        var shown = await frames.Until(all => Muted(all).Contains(99));
        // Calls that wait for nothing may overtake each other on their way to the grain.
        Assert.Equal([.. muted.Order(), 99], Muted(shown).Order());

        static IEnumerable<long> Muted(ImmutableArray<RoomFrame> frames)
            => frames.SelectMany(frame => frame.Events ?? []).OfType<UserMuted>().Select(one => one.UserId.Value);
    }

    private List<Danmaku> Stored(RoomId id)
        => [.. cluster.RoomEvents(id).OfType<DanmakuSent>().Select(sent => sent.ToDanmaku())];

    private static List<Danmaku> Shown(ImmutableArray<RoomFrame> frames)
        => [.. frames.SelectMany(frame => frame.Danmaku ?? [])];

    private async Task<Verdict> SubmitUntilDecided(ILiveRoomGrain room, SendDanmaku danmaku)
    {
        Verdict verdict;
        do
        {
            verdict = (Verdict)(await room.Submit(Batch("g", [danmaku])).WaitAsync(Limit)).Answers[0];
        }
        while (verdict.Reason == RejectReason.TryAgain);
        return verdict;
    }

    private RoomBatch Batch(string gateway, ImmutableArray<RoomCommand> commands)
        => new(gateway, ++_number, 1, commands);

    private static SendDanmaku Danmaku(long user, string text, string? key = null)
        => new("Mei", text, DanmakuMode.Scroll, "#ffffff") { User = new UserId(user), Key = key };
}
