using FsCheck;
using FsCheck.Fluent;
using RedNote.Live;

namespace RedNote.Grains.Tests.Live.Polls;

/// <summary>One ballot per user for ever, counted once, whatever is repeated and whoever asks when.</summary>
public sealed class PollTests
{
    [Fact]
    public void Vote_AnyBallotsInAnyBatches_CountsAreThoseOfANaiveModel()
        => Check.One(Config.QuickThrowOnFailure.WithMaxTest(50), Prop.ForAll(Arb.From(Plays), play =>
        {
            var room = new PollRoom();
            var random = new Random(play.Seed);
            PollId[] polls =
                [room.Open("a", 3).Id, room.Open("b", 10, multiple: true).Id, room.Open("c", 2, anonymous: true).Id];
            var model = new Dictionary<(PollId, long), int>();
            for (var batch = 0; batch < 20; batch++)
            {
                var ballots = Enumerable.Range(0, random.Next(1, 40)).Select(_ => PollRoom.Ballot(
                    polls[random.Next(3)], random.Next(1, play.Users), random.Next(0, 12))).ToArray();
                var answers = room.Submit(ballots);
                for (var i = 0; i < ballots.Length; i++)
                {
                    Assert.Equal(Judge(model, polls, ballots[i]), ((Verdict)answers[i]).Reason);
                }

                if (random.Next(4) == 0)
                {
                    room.Restart();
                }
            }

            foreach (var poll in polls)
            {
                var entry = room.Polls.Find(poll)!;
                var cast = model.Where(pair => pair.Key.Item1 == poll).ToDictionary(pair => pair.Key.Item2, p
                    => p.Value);
                Assert.Equal(cast.Count, entry.Voters);
                for (var option = 0; option < entry.Options; option++)
                {
                    Assert.Equal(cast.Values.Count(choices => (choices & (1 << option)) != 0), entry.Counts[option]);
                }

                Assert.All(cast, pair => Assert.Equal(pair.Value, entry.ChoicesOf(new UserId(pair.Key))));
            }
        }));

    [Fact]
    public void Vote_BallotsOfOneBatch_AreOneEventPerPoll()
    {
        var room = new PollRoom();
        var poll = room.Open().Id;
        room.Submit([.. Enumerable.Range(1, 100).Select(user => PollRoom.Ballot(poll, user, 1 + (user % 2)))]);
        var cast = Assert.Single(room.Room.Log.OfType<BallotsCast>());
        Assert.Equal([50, 50], cast.Ballots.Select(group => group.Voters.Length));
    }

    [Fact]
    public void Vote_Repeated_IsAlreadyVotedAlsoOnceThePollHasClosed()
    {
        var room = new PollRoom();
        var poll = room.Open().Id;
        Assert.Equal(Verdict.Done, room.Vote(poll, 5));
        Assert.Equal(RejectReason.AlreadyVoted, room.Vote(poll, 5).Reason);
        Assert.Equal(RejectReason.AlreadyVoted, room.Vote(poll, 5, 2).Reason);
        room.Close(poll);
        room.Restart();
        Assert.Equal(RejectReason.AlreadyVoted, room.Vote(poll, 5).Reason);
        Assert.Equal(RejectReason.PollClosed, room.Vote(poll, 6).Reason);
        Assert.Equal([1, 0], room.Polls.Find(poll)!.Counts);
    }

    [Theory]
    [InlineData(false, 0)]
    [InlineData(false, 3)]
    [InlineData(false, 8)]
    [InlineData(true, 0)]
    [InlineData(true, 9)]
    [InlineData(true, -1)]
    public void Vote_ChoicesThatThePollDoesNotHave_AreInvalid(bool multiple, int choices)
    {
        var room = new PollRoom();
        var poll = room.Open(options: 3, multiple: multiple).Id;
        Assert.Equal(RejectReason.InvalidChoice, room.Vote(poll, 5, choices).Reason);
        Assert.Equal(RejectReason.NotFound, room.Vote(new PollId(3), 5, choices).Reason);
        Assert.Equal(0, room.Polls.Find(poll)!.Voters);
    }

    [Fact]
    public void Vote_AfterItsTime_IsTooLateBeforeAnyTimerAndClosesThePoll()
    {
        var room = new PollRoom();
        var poll = room.Open(seconds: 60).Id;
        room.Vote(poll, 5);
        room.Now += 59_999;
        Assert.Equal(Verdict.Done, room.Vote(poll, 6));
        room.Now += 1;
        Assert.Equal(RejectReason.PollClosed, room.Vote(poll, 7).Reason);
        var ended = Assert.Single(room.Room.Log.OfType<PollEnded>());
        Assert.Equal((2, 2, 60_000L), (ended.Voters, ended.Counts[0], ended.MediaAt));
        Assert.Equal(0, room.Room.State.Polls.NextClosing ?? 0);
    }

    [Fact]
    public void Decide_PollDueWhileTheRoomSlept_ItsClosingComesFirstAndMediaTimeNeverGoesBack()
    {
        var room = new PollRoom();
        var poll = room.Open(seconds: 60).Id;
        room.Now += 3_600_000;
        room.Restart();
        var danmaku = new SendDanmaku("Mei", "hi", DanmakuMode.Scroll, "#ffffff") { User = new UserId(5), Key = "d" };
        Assert.Equal(VerdictStatus.Accepted, ((Verdict)room.Submit(danmaku)[0]).Status);
        var log = room.Room.Log.ToList();
        Assert.True(log.FindIndex(e => e is PollEnded) < log.FindIndex(e => e is DanmakuSent));
        var media = log.Select(e => e is DanmakuSent sent ? sent.MediaAt : (e as IMediaEvent)?.MediaAt ?? 0)
            .Where(at => at > 0).ToList();
        Assert.Equal(media.Order(), media);

        // What is journalled late must not hide the keys before it.
        room.Restart();
        Assert.Equal(1, ((Verdict)room.Submit(danmaku)[0]).Seq);
        Assert.Equal(60_000, room.Polls.Find(poll)!.ClosesAt - room.Polls.Find(poll)!.OpenedAt);
    }

    [Fact]
    public void Close_AfterItsTime_IsInTheLogAtOnceAndInOrder()
    {
        var room = new PollRoom();
        var later = room.Open("later", seconds: 30).Id;
        var sooner = room.Open("sooner", seconds: 20).Id;
        room.Now += 90_000;
        Assert.Equal(CommandStatus.Done, room.Close(later));

        var closings = room.Room.Log.OfType<PollEnded>().ToList();
        Assert.Equal([(sooner, 20_000), (later, 30_000)], closings.Select(ended => (ended.PollId, ended.MediaAt)));
        Assert.All(closings, ended => Assert.Null(ended.By));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Closings_OfSeveral_AreInTheOrderOfTheirTime(bool atTheEnd)
    {
        var room = new PollRoom();
        var later = room.Open("later", seconds: 60).Id;
        var sooner = room.Open("sooner", seconds: 20).Id;
        var pk = room.OpenPk(seconds: 40).Id;
        room.Now += 90_000;
        if (atTheEnd)
        {
            room.Room.End(PollRoom.Host, room.Now);
        }
        else
        {
            room.Vote(later, 5);
            room.Room.Decide(room.Now, events => room.Room.Rules.Complete(events, room.Now));
        }

        var closings = room.Room.Log.Where(raised => raised is PollEnded or PkEnded).ToList();
        Assert.Equal([20_000, 40_000, 60_000], closings.Select(closing => ((IMediaEvent)closing).MediaAt));
        Assert.Equal((sooner, pk), (((PollEnded)closings[0]).PollId, ((PkEnded)closings[1]).PkId));
    }

    [Fact]
    public void Open_KeyRepeated_IsTheSamePollAndAnotherContentAConflict()
    {
        var room = new PollRoom();
        var first = room.Open("k");
        room.Close(first.Id);
        room.Restart();
        Assert.Equal(first, room.Open("k"));
        Assert.Equal(CommandStatus.Conflict, room.Open("k", question: "Other?").Status);
        Assert.Equal(CommandStatus.Conflict, room.Open("k", seconds: 61).Status);
        Assert.NotEqual(first.Id, room.Open("other").Id);
    }

    [Fact]
    public void Open_BeyondTheBounds_IsRefused()
    {
        var options = new LiveRoomOptions { OpenPolls = 2, KeptPolls = 20 };
        var room = new PollRoom(options);
        Assert.Equal(CommandStatus.Forbidden, room.Open(by: new UserId(5)).Status);
        Assert.Equal(CommandStatus.Invalid, room.Open(options: 1).Status);
        Assert.Equal(CommandStatus.Invalid, room.Open(options: 11).Status);
        Assert.Equal(CommandStatus.Invalid, room.Open(seconds: 0).Status);
        Assert.Equal(CommandStatus.Invalid, room.Open(seconds: options.MaxPollSeconds + 1).Status);
        Assert.Equal(CommandStatus.Invalid, room.Open(key: "a key").Status);
        Assert.Equal(CommandStatus.Done, room.Open("1").Status);
        Assert.Equal(CommandStatus.Done, room.Open("2").Status);
        Assert.Equal(CommandStatus.WrongState, room.Open("3").Status);
        for (var i = 3; i <= 20; i++)
        {
            room.Close(room.Polls.Polls.First(poll => !poll.IsClosed).Id);
            Assert.Equal(CommandStatus.Done, room.Open($"{i}").Status);
        }

        room.Now += PollBook.KeyMs - 1;
        Assert.Equal(CommandStatus.RateLimited, room.Open("21").Status);
        Assert.Equal(CommandStatus.Done, room.Open("1").Status);
        room.Now += 1;
        Assert.Equal(CommandStatus.Done, room.Open("21").Status);
        Assert.Equal(20, room.Polls.Polls.Count);
        Assert.Null(room.Polls.FindPoll(PollRoom.Host, "1"));
    }

    [Fact]
    public void Moderator_OpensAndClosesButDoesNotReadBallots()
    {
        var room = new PollRoom();
        var moderator = new UserId(8);
        room.Room.SetModerator(PollRoom.Host, moderator, moderates: true, room.Now);
        var poll = room.Open(by: moderator);
        Assert.Equal(CommandStatus.Done, poll.Status);
        Assert.NotEqual(poll.Id, room.Open(by: PollRoom.Host).Id);
        Assert.Equal(CommandStatus.Done, room.Close(poll.Id, moderator));
        Assert.Equal(CommandStatus.Forbidden, room.Close(poll.Id, new UserId(9)));
        Assert.Equal(CommandStatus.Forbidden, room.Room.Rules.CanReadBallots(moderator, poll.Id));
    }

    [Fact]
    public void End_OpenPollsAndPk_CloseBeforeTheShow()
    {
        var room = new PollRoom();
        var poll = room.Open().Id;
        var pk = room.OpenPk().Id;
        room.Room.End(PollRoom.Host, room.Now);
        Assert.True(room.Polls.Find(poll)!.IsClosed);
        Assert.True(room.Polls.Find(pk)!.IsClosed);
        Assert.IsType<ShowEnded>(room.Room.Log[^1]);
        Assert.Equal(RejectReason.PollClosed, room.Vote(poll, 5).Reason);
        Assert.Equal(CommandStatus.WrongState, room.Open("late").Status);
    }

    [Fact]
    public void Ballots_OfClosedPolls_AreLetGoOldestFirstAndCountsStay()
    {
        var room = new PollRoom(new LiveRoomOptions { KeptBallots = 25 });
        var polls = Enumerable.Range(0, 3).Select(i => room.Open($"{i}").Id).ToList();
        foreach (var poll in polls)
        {
            room.Submit([.. Enumerable.Range(1, 10).Select(user => PollRoom.Ballot(poll, user, 1))]);
        }

        room.Close(polls[1]);
        room.Now += 5;
        room.Close(polls[0]);
        room.Close(polls[2]);
        Assert.Equal([true, false, true], polls.Select(poll => room.Polls.Find(poll)!.KnowsVoters));
        Assert.Equal([10, 0], room.Polls.Find(polls[1])!.Counts);
        Assert.Equal(10, room.Polls.Find(polls[1])!.Voters);
        Assert.Equal(CommandStatus.NotFound, room.Room.Rules.CanReadBallots(PollRoom.Host, polls[1]));
        Assert.Equal(RejectReason.PollClosed, room.Vote(polls[1], 3).Reason);
    }

    [Fact]
    public void Ballots_MoreThanAPollTakes_AreRefused()
    {
        var room = new PollRoom(new LiveRoomOptions { Ballots = 100 });
        var poll = room.Open().Id;
        var answers = room.Submit([.. Enumerable.Range(1, 150).Select(user => PollRoom.Ballot(poll, user, 1))]);
        Assert.Equal(50, answers.Count(answer => ((Verdict)answer).Reason == RejectReason.RateLimited));
        Assert.Equal(100, room.Polls.Find(poll)!.Voters);
    }

    [Fact]
    public void Page_OfBallots_IsForTheHostAndNeverOfAnAnonymousPoll()
    {
        var room = new PollRoom();
        var open = room.Open("a", 3, multiple: true).Id;
        var secret = room.Open("b", anonymous: true).Id;
        room.Vote(open, 7, 5);
        room.Vote(open, 4, 2);
        room.Vote(secret, 7);
        var rules = room.Room.Rules;
        Assert.Equal(CommandStatus.Forbidden, rules.CanReadBallots(new UserId(7), open));
        Assert.Equal(CommandStatus.Forbidden, rules.CanReadBallots(PollRoom.Host, secret));
        Assert.Equal(CommandStatus.NotFound, rules.CanReadBallots(PollRoom.Host, new PollId(3)));
        Assert.Equal(CommandStatus.Done, rules.CanReadBallots(PollRoom.Host, open));
        var page = room.Polls.Find(open)!.Page(default, 1);
        Assert.Equal((new UserId(4), new UserId(4)), (page.Items[0].UserId, page.Next!.Value));
        var rest = room.Polls.Find(open)!.Page(page.Next.Value, 1);
        Assert.Equal([0, 2], Assert.Single(rest.Items).Choices);
        Assert.Null(rest.Next);
    }

    [Fact]
    public void Frames_OfManyVotes_CarryOneTallyEachAndTheEvents()
    {
        var room = new PollRoom();
        var poll = room.Open().Id;
        var opened = Assert.Single(room.Frames().SelectMany(frame => frame.Events ?? []).OfType<PollOpened>());
        Assert.Null(opened.Poll.MyChoices);
        for (var user = 1; user <= 50; user++)
        {
            room.Vote(poll, user);
        }

        var frame = Assert.Single(room.Frames());
        var tally = Assert.Single(frame.Polls!.Value);
        Assert.Equal((poll, 50, false), (tally.PollId, tally.Voters, tally.Closed));
        Assert.Equal([50, 0], tally.Counts);
        Assert.Null(frame.Events);
        Assert.Empty(room.Frames());
        room.Close(poll);
        frame = Assert.Single(room.Frames());
        Assert.True(Assert.Single(frame.Polls!.Value).Closed);
        Assert.Equal(50, Assert.IsType<PollClosed>(Assert.Single(frame.Events!.Value)).Poll.Voters);
    }

    [Fact]
    public void PollsFor_AViewer_ShowsOwnChoicesOfOpenAndLastClosedOnes()
    {
        var room = new PollRoom(new LiveRoomOptions { SnapshotPolls = 1 });
        var closed = Enumerable.Range(0, 3).Select(i => room.Open($"c{i}").Id).ToList();
        closed.ForEach(poll => room.Close(poll));
        var open = room.Open("open", 3, multiple: true).Id;
        room.Vote(open, 5, 6);
        var shown = room.Polls.PollsFor(new UserId(5), room.Now);
        Assert.Equal([closed[2], open], shown.Select(poll => poll.PollId));
        Assert.Equal([1, 2], shown[1].MyChoices!.Value);
        Assert.Null(room.Polls.PollsFor(new UserId(6), room.Now)[1].MyChoices);
        room.Now += 60_000;
        Assert.True(room.Polls.PollsFor(default, room.Now)[^1].Closed);
    }

    [Fact]
    public void Snapshot_OfARoomWithAllOfIt_RestoresTheSameState()
    {
        var room = new PollRoom();
        var poll = room.Open("a", 10, multiple: true).Id;
        room.Submit([.. Enumerable.Range(1, 300).Select(user => PollRoom.Ballot(poll, user * 77_777L,
            1 + (user % 500)))]);
        room.Open("b", anonymous: true);
        room.Close(poll);
        room.Cheer(room.OpenPk().Id, 5, PkSide.Left, 9, "c");
        room.Ask(5, "when?", "q");
        room.Upvote(new QuestionId(1), 6);
        room.Room.Decide(room.Now, e => room.Room.Rules.Pin(
            PollRoom.Host, new PinItem(null, null, new QuestionId(1)), room.Now, e));
        var before = room.State;
        var stored = System.Text.Json.JsonSerializer.Deserialize(before, LiveRoomJson.Journal.StoredLiveRoom)!;
        var restored = new LiveRoomState(room.Room.Options, stored);
        Assert.Equal(
            before, System.Text.Json.JsonSerializer.Serialize(restored.ToStored(),
                LiveRoomJson.Journal.StoredLiveRoom));
        room.Restart();
        Assert.Equal(before, room.State);
        Assert.True(restored.Polls.HasVoted(new UserId(77_777), poll));
    }

    private static RejectReason? Judge(Dictionary<(PollId, long), int> model, PollId[] polls, CastVote ballot)
    {
        if (model.ContainsKey((ballot.PollId, ballot.User.Value)))
        {
            return RejectReason.AlreadyVoted;
        }

        var isSingle = ballot.Choices is 1 or 2 or 4 or 8;
        var fits = ballot.PollId == polls[1] ? ballot.Choices > 0
            : ballot.PollId == polls[0] ? isSingle && ballot.Choices < 8 : isSingle && ballot.Choices < 4;
        if (!fits)
        {
            return RejectReason.InvalidChoice;
        }

        model.Add((ballot.PollId, ballot.User.Value), ballot.Choices);
        return null;
    }

    private static Gen<(int Seed, int Users)> Plays
        => from seed in Gen.Choose(0, int.MaxValue)
           from users in Gen.Choose(2, 200)
           select (seed, users);
}
