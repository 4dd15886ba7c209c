using System.Collections.Immutable;
using RedNote.Live;

namespace RedNote.Grains.Tests.Live.Polls;

/// <summary>Polls through the grain: durable before answered, closed in time, the same after a crash.</summary>
public sealed class PollGrainTests(GrainCluster cluster) : IClassFixture<GrainCluster>
{
    private static readonly UserId Host = new(1);
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);
    private static long _nextPoll = 1;
    private long _number;

    [Fact]
    public async Task Poll_ItsTimeIsUp_ClosesByItself()
    {
        var (id, room) = await cluster.StartRoom();
        var frames = await FrameLog.Of(cluster, id);
        var poll = await Open(room, "k", seconds: 1);
        await room.Submit(Batch([Ballot(poll, 5, 2), Ballot(poll, 6, 1), Ballot(poll, 5, 2)]));
        var seen = await frames.Until(all => Events<PollClosed>(all).Any());
        var closed = Assert.Single(Events<PollClosed>(seen)).Poll;
        Assert.Equal((true, 2), (closed.Closed, closed.Voters));
        Assert.Equal([1, 1], closed.Counts);
        Assert.Equal(Verdict.Reject(RejectReason.PollClosed), (await room.Submit(Batch([Ballot(poll, 7,
            1)]))).Answers[0]);
        var tape = (await room.Tape(new TapeQuery(default, null, 100)))!.Items;
        Assert.Equal(2, Assert.Single(tape.OfType<TapePollClosed>()).Voters);
        Assert.Single(tape.OfType<TapePollOpened>());
    }

    [Fact]
    public async Task Poll_RoomLosesItsMemory_ClosesByItselfAllTheSame()
    {
        var (id, room) = await cluster.StartRoom();
        var frames = await FrameLog.Of(cluster, id);
        var poll = await Open(room, "k", seconds: 2);
        await room.Submit(Batch([Ballot(poll, 5, 2)]));
        await cluster.Rebuild(id, room);
        Assert.Equal(RejectReason.AlreadyVoted, ((Verdict)(await room.Submit(Batch([Ballot(poll, 5,
            2)]))).Answers[0]).Reason);
        var seen = await frames.Until(all => Events<PollClosed>(all).Any());
        Assert.Equal(1, Assert.Single(Events<PollClosed>(seen)).Poll.Voters);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Vote_AppendFails_IsTryAgainAndCountedOnceWhenRepeated(bool afterTakingEffect)
    {
        var (id, room) = await cluster.StartRoom();
        var poll = await Open(room, "k");
        cluster.Journal.FailNext(ClusterRooms.LogOf(id), afterTakingEffect);
        var lost = await room.Submit(Batch([Ballot(poll, 5, 2)]));
        Assert.Equal(RejectReason.TryAgain, ((Verdict)lost.Answers[0]).Reason);
        Verdict again;
        do
        {
            again = (Verdict)(await room.Submit(Batch([Ballot(poll, 5, 2)])).WaitAsync(Limit)).Answers[0];
        }
        while (again.Reason == RejectReason.TryAgain);

        Assert.Equal(afterTakingEffect ? Verdict.Reject(RejectReason.AlreadyVoted) : Verdict.Done, again);
        var mine = (await room.Join(null, new UserId(5)))!.Polls.Single();
        Assert.Equal(1, mine.Voters);
        Assert.Equal([1], mine.MyChoices!.Value);
        Assert.Null((await room.Join(null, new UserId(6)))!.Polls.Single().MyChoices);
    }

    [Fact]
    public async Task OpenPoll_AnswerLost_TheKeyGivesTheSamePoll()
    {
        var (id, room) = await cluster.StartRoom();
        cluster.Journal.FailNext(ClusterRooms.LogOf(id), afterTakingEffect: true);
        Assert.Equal(CommandStatus.TryAgain, (await room.OpenPoll(Host, Command("k", 60))).Status);
        PollOutcome again;
        do
        {
            again = await room.OpenPoll(Host, Command("k", 60)).WaitAsync(Limit);
        }
        while (again.Status == CommandStatus.TryAgain);

        Assert.Equal(again.Poll!.PollId, (await room.Join(null))!.Polls.Single().PollId);
        Assert.Equal(CommandStatus.Conflict, (await room.OpenPoll(Host, Command("k", 61))).Status);
    }

    [Fact]
    public async Task Ballots_OfTwentyThousandVoters_ArePagedAndRestored()
    {
        var (id, room) = await cluster.StartRoom();
        var poll = await Open(room, "k");
        const int voters = 20_000;
        for (var from = 0; from < voters; from += 500)
        {
            var answers = (await room.Submit(Batch(
                [.. Enumerable.Range(from, 500).Select(i => Ballot(poll, 1_000 + i, 1 + (i % 2)))]))).Answers;
            Assert.All(answers, answer => Assert.Equal(Verdict.Done, answer));
        }

        await cluster.Rebuild(id, room);

        var seen = new List<Ballot>();
        UserId? after = default(UserId);
        while (after is { } from)
        {
            var page = (await room.Ballots(Host, poll, from, 1_000)).Page!;
            Assert.InRange(page.Items.Length, 1, 1_000);
            seen.AddRange(page.Items);
            after = page.Next;
        }

        Assert.Equal(Enumerable.Range(0, voters).Select(i => 1_000L + i), seen.Select(ballot => ballot.UserId.Value));
        Assert.All(seen, ballot => Assert.Equal([(int)(ballot.UserId.Value % 2)], ballot.Choices));
        Assert.Equal([10_000, 10_000], (await room.Poll(poll, default))!.Counts);
    }

    [Fact]
    public async Task Questions_AskedUpvotedAnswered_AreListedAndOnTheTape()
    {
        var (_, room) = await cluster.StartRoom();
        var asked = (await room.Submit(Batch(
            [new AskQuestion("Mei", "when?") { User = new UserId(5), Key = "q" },
             new UpvoteQuestion(new QuestionId(1)) { User = new UserId(6) }]))).Answers;
        Assert.Equal(new QuestionId(1), ((Verdict)asked[0]).QuestionId);
        Assert.Equal(RejectReason.NotFound, ((Verdict)asked[1]).Reason);
        await room.Submit(Batch([new UpvoteQuestion(new QuestionId(1)) { User = new UserId(6) }]));
        var top = Assert.Single((await room.Join(null, new UserId(6)))!.Questions);
        Assert.Equal((1, true), (top.Upvotes, top.Upvoted!.Value));
        Assert.Equal(CommandStatus.Done, (await room.Pin(Host, new PinItem(null, null, top.QuestionId))).Status);
        Assert.Equal(top.QuestionId, (await room.Join(null))!.Pinned!.QuestionId);
        Assert.Equal(CommandStatus.Done, (await room.Unpin(Host)).Status);
        Assert.Equal("at 8", (await room.AnswerQuestion(Host, top.QuestionId, "at 8")).Question!.Answer);
        Assert.Empty((await room.Join(null))!.Questions);
        var tape = (await room.Tape(new TapeQuery(default, null, 100)))!.Items;
        Assert.Equal("when?", Assert.Single(tape.OfType<TapeQuestion>()).Text);
        Assert.Equal("at 8", Assert.Single(tape.OfType<TapeQuestionAnswered>()).Answer);
        Assert.Single(tape.OfType<TapePinned>());
        Assert.Single(tape.OfType<TapeUnpinned>());
        Assert.Null((await room.Join(null))!.Pinned);
    }

    private static IEnumerable<T> Events<T>(ImmutableArray<RoomFrame> frames)
        => frames.SelectMany(frame => frame.Events ?? []).OfType<T>();

    private static OpenPoll Command(string key, int seconds) => new(
        new PollId(Interlocked.Increment(ref _nextPoll)), "Which?", ["a", "b"], false, false, seconds, key);

    private static async Task<PollId> Open(ILiveRoomGrain room, string key, int seconds = 600)
    {
        var outcome = await room.OpenPoll(Host, Command(key, seconds));
        Assert.Equal(CommandStatus.Done, outcome.Status);
        return outcome.Poll!.PollId;
    }

    private static CastVote Ballot(PollId poll, long user, int choices) => PollRoom.Ballot(poll, user, choices);

    private RoomBatch Batch(ImmutableArray<RoomCommand> commands) => new("g", ++_number, 1, commands);
}
