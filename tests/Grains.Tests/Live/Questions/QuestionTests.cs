using RedNote.Grains.Tests.Live.Polls;
using RedNote.Live;

namespace RedNote.Grains.Tests.Live.Questions;

/// <summary>Questions are asked under the room's rules, upvoted once by each, and answered in the open.</summary>
public sealed class QuestionTests
{
    [Fact]
    public void Ask_KeyRepeated_IsTheSameQuestionAlsoAfterARestartAndAnHour()
    {
        var room = new PollRoom();
        var first = room.Ask(5, "when?", "k");
        Assert.Equal((VerdictStatus.Accepted, new QuestionId(1)), (first.Status, first.QuestionId!.Value));
        room.Now += 3_600_000;
        room.Restart();
        Assert.Equal(first, room.Ask(5, "when?", "k"));
        Assert.Equal(RejectReason.Conflict, room.Ask(5, "where?", "k").Reason);
        Assert.Equal(new QuestionId(2), room.Ask(6, "when?", "k").QuestionId);
        var answers = room.Submit(
            new AskQuestion("Mei", "both") { User = new UserId(7), Key = "b" },
            new AskQuestion("Mei", "both") { User = new UserId(7), Key = "b" });
        Assert.Equal(answers[0], answers[1]);
        Assert.Equal(3, room.Questions.OpenCount);
    }

    [Fact]
    public void Ask_UnderTheRoomsRules_IsRefusedAsADanmakuIs()
    {
        var room = new PollRoom();
        room.Room.ChangeSettings(PollRoom.Host, new RoomSettingsChange(null, null, ["scam"]), room.Now);
        room.Room.SetMuted(PollRoom.Host, new UserId(6), muted: true, room.Now);
        Assert.Equal(RejectReason.BlockedWord, room.Ask(5, "a scam?").Reason);
        Assert.Equal(RejectReason.Muted, room.Ask(6, "why?").Reason);
        Assert.Equal(RejectReason.Empty, room.Ask(5, "  ").Reason);
        Assert.Equal(RejectReason.TooLong, room.Ask(5, new string('x', 201)).Reason);
        room.Room.ChangeSettings(PollRoom.Host, new RoomSettingsChange(null, true, null), room.Now);
        Assert.Equal(RejectReason.FollowersOnly, room.Ask(5, "why?").Reason);
        var ask = new AskQuestion("Mei", "why?") { User = new UserId(5) };
        Assert.Contains(new UserId(5), room.Room.Rules.SendersToCheck([ask]));
        room.Room.End(PollRoom.Host, room.Now);
        Assert.Equal(RejectReason.NotLive, room.Ask(5, "why?").Reason);
    }

    [Fact]
    public void Ask_WhileDanmakuWaitForReview_HasToWaitToo()
    {
        var room = new PollRoom();
        var review = new RoomSettingsChange(null, null, null, Hold: HoldMode.All);
        Assert.Equal(CommandStatus.Done, room.Room.ChangeSettings(PollRoom.Host, review, room.Now));
        Assert.Equal(RejectReason.RateLimited, room.Ask(5, "why?").Reason);
        Assert.Null(room.Ask(PollRoom.Host.Value, "why?").Reason);
        Assert.Single(room.Room.Log.OfType<QuestionReceived>());
    }

    [Fact]
    public void Ask_BeyondTheBounds_IsRateLimited()
    {
        var room = new PollRoom(new LiveRoomOptions { OpenQuestions = 3, OpenQuestionsPerUser = 2 });
        var answers = room.Submit([.. Enumerable.Range(0, 3).Select(
            i => new AskQuestion("Mei", $"{i}?") { User = new UserId(5) })]);
        Assert.Equal(
            [null, null, RejectReason.RateLimited], answers.Select(answer => ((Verdict)answer).Reason));
        Assert.Equal(RejectReason.RateLimited, room.Ask(5, "more?").Reason);
        Assert.Null(room.Ask(6, "mine?").Reason);
        Assert.Equal(RejectReason.RateLimited, room.Ask(7, "mine too?").Reason);
        Answer(room, 1, null);
        Assert.Null(room.Ask(5, "more?").Reason);
    }

    [Fact]
    public void Upvote_BeyondTheBoundOfTheRoom_IsRateLimitedUntilSomeAreAnswered()
    {
        var room = new PollRoom(new LiveRoomOptions { Upvotes = 3 });
        room.Ask(5, "a?");
        room.Ask(6, "b?");
        var answers = room.Submit([.. Enumerable.Range(10, 5).Select(
            user => new UpvoteQuestion(new QuestionId(1)) { User = new UserId(user) })]);
        Assert.Equal(
            [null, null, null, RejectReason.RateLimited, RejectReason.RateLimited],
            answers.Select(answer => ((Verdict)answer).Reason));
        Assert.Equal(RejectReason.RateLimited, room.Upvote(new QuestionId(2), 20).Reason);
        Answer(room, 1, null);
        Assert.Null(room.Upvote(new QuestionId(2), 20).Reason);
    }

    [Fact]
    public void Upvote_ByManyOftenRepeated_CountsEachUserOnce()
    {
        var room = new PollRoom();
        var (first, second) = (room.Ask(5, "a?").QuestionId!.Value, room.Ask(6, "b?").QuestionId!.Value);
        room.Frames();
        for (var round = 0; round < 3; round++)
        {
            room.Submit([.. Enumerable.Range(10, 40).Select(user
                => new UpvoteQuestion(second) { User = new UserId(user) })]);
            room.Submit([.. Enumerable.Repeat(new UpvoteQuestion(first) { User = new UserId(9) }, 2)]);
            room.Restart();
        }

        Assert.Equal((1, 40, 41L), (room.Questions.Find(first)!.Upvotes, room.Questions.Find(second)!.Upvotes,
            room.Questions.Upvotes));
        Assert.Equal(RejectReason.AlreadyVoted, room.Upvote(first, 9).Reason);
        Assert.Equal(RejectReason.NotFound, room.Upvote(new QuestionId(99), 9).Reason);
        Assert.Equal([second, first], room.Questions.Top(20, new UserId(9)).Select(question => question.QuestionId));
        Assert.Equal([false, true], room.Questions.Top(20, new UserId(9)).Select(question => question.Upvoted!.Value));
        Answer(room, first.Value, "soon");
        Assert.Equal(RejectReason.NotFound, room.Upvote(first, 10).Reason);
        Assert.Equal((1, 40L), (room.Questions.Find(first)!.Upvotes, room.Questions.Upvotes));
    }

    [Fact]
    public void Frames_UpvotesOfManyQuestions_AreLatestValuesAFewAtATime()
    {
        var room = new PollRoom(new LiveRoomOptions { FrameQuestions = 2, OpenQuestionsPerUser = 5 });
        for (var i = 0; i < 5; i++)
        {
            room.Ask(5, $"{i}?");
        }

        Assert.Equal(5, room.Frames().SelectMany(frame => frame.Events ?? []).OfType<QuestionAsked>().Count());
        for (var user = 10; user < 20; user++)
        {
            room.Submit([.. Enumerable.Range(1, 5).Select(i => new UpvoteQuestion(
                new QuestionId(i)) { User = new UserId(user) })]);
        }

        var tallies = room.Frames().Select(frame => frame.Questions!.Value).ToList();
        Assert.Equal([2, 2, 1], tallies.Select(list => list.Length));
        Assert.All(tallies.SelectMany(list => list), tally => Assert.Equal(10, tally.Upvotes));
    }

    [Fact]
    public void Answer_OnceInWords_IsAnEventAndAnotherAnswerAConflict()
    {
        var room = new PollRoom();
        room.Ask(5, "when?");
        Assert.Equal(CommandStatus.NotFound, Answer(room, 9, null));
        Assert.Equal(CommandStatus.Invalid, Answer(room, 1, new string('x', 201)));
        Assert.Equal(CommandStatus.Done, Answer(room, 1, " at eight "));
        Assert.Equal(CommandStatus.Done, Answer(room, 1, "at eight"));
        Assert.Equal(CommandStatus.Conflict, Answer(room, 1, "at nine"));
        var answered = room.Frames().SelectMany(frame => frame.Events ?? []).OfType<QuestionAnswered>().Single();
        Assert.Equal(
            (QuestionState.Answered, "at eight", "when?"),
            (answered.Question.State, answered.Question.Answer, answered.Question.Text));
    }

    [Fact]
    public void Answered_BeyondTheBound_TheOldestGoes()
    {
        var room = new PollRoom(new LiveRoomOptions { AnsweredQuestions = 2 });
        for (var i = 1; i <= 4; i++)
        {
            room.Ask(5, $"{i}?", $"k{i}");
            Answer(room, i, null);
        }

        Assert.Null(room.Questions.Find(new QuestionId(2)));
        var page = room.Questions.Page(new QuestionQuery(QuestionOrder.New, QuestionState.Answered, null, 10, default));
        Assert.Equal([4L, 3], page.Items.Select(question => question.QuestionId.Value));
        var before = room.State;
        room.Restart();
        Assert.Equal(before, room.State);
    }

    [Fact]
    public void Dismiss_ByHostOrAsker_TakesItAndItsPinAway()
    {
        var room = new PollRoom();
        room.Ask(5, "a?");
        room.Ask(6, "b?");
        room.Room.Decide(room.Now, e => room.Room.Rules.Pin(PollRoom.Host, new PinItem(null, null,
            new QuestionId(1)), room.Now, e));
        Assert.Equal(CommandStatus.Forbidden, Dismiss(room, 1, new UserId(6)));
        Assert.Equal(CommandStatus.Done, Dismiss(room, 1, new UserId(5)));
        Assert.Equal(CommandStatus.Done, Dismiss(room, 2, PollRoom.Host));
        Assert.Equal(CommandStatus.NotFound, Dismiss(room, 2, PollRoom.Host));
        Assert.Equal(0, room.Questions.OpenCount);
        Assert.Null(room.Room.State.Pinned);
        Assert.Equal(new QuestionId(3), room.Ask(5, "c?").QuestionId);
        Answer(room, 3, null);
        Assert.Equal(CommandStatus.WrongState, Dismiss(room, 3, new UserId(5)));
    }

    [Theory]
    [InlineData(QuestionOrder.Top)]
    [InlineData(QuestionOrder.New)]
    public void Page_ThroughAll_GivesEachOnceInOrder(QuestionOrder order)
    {
        var room = new PollRoom();
        var random = new Random(3);
        for (var i = 0; i < 60; i++)
        {
            room.Ask(100 + i, $"{i}?");
            for (var user = random.Next(5); user > 0; user--)
            {
                room.Upvote(new QuestionId(i + 1), user);
            }
        }

        List<Question> seen = [];
        QuestionPosition? after = null;
        do
        {
            var page = room.Questions.Page(new QuestionQuery(order, QuestionState.Open, after, 7, default));
            seen.AddRange(page.Items);
            after = page.Next;
        }
        while (after is not null);
        Assert.Equal(60, seen.Select(question => question.QuestionId).Distinct().Count());
        Assert.Equal(
            order == QuestionOrder.New
                ? seen.OrderByDescending(question => question.QuestionId.Value)
                : seen.OrderByDescending(question => question.Upvotes).ThenBy(question => question.QuestionId.Value),
            seen);
    }

    [Fact]
    public void Pin_OneThingAtATime_ReplacesAndRepeatsNothing()
    {
        var room = new PollRoom();
        var poll = room.Open().Id;
        Assert.Equal(CommandStatus.Invalid, Pin(room, new PinItem(null, null, null)));
        Assert.Equal(CommandStatus.Invalid, Pin(room, new PinItem("a", poll, null)));
        Assert.Equal(CommandStatus.Invalid, Pin(room, new PinItem(new string('x', 201), null, null)));
        Assert.Equal(CommandStatus.NotFound, Pin(room, new PinItem(null, new PollId(2), null)));
        Assert.Equal(CommandStatus.NotFound, Pin(room, new PinItem(null, null, new QuestionId(2))));
        Assert.Equal(CommandStatus.Done, Pin(room, new PinItem(" hello ", null, null)));
        Assert.Equal(CommandStatus.Done, Pin(room, new PinItem("hello", null, null)));
        Assert.Equal(CommandStatus.Done, Pin(room, new PinItem(null, poll, null)));
        Assert.Equal(2, room.Room.Log.OfType<PinSet>().Count());
        room.Restart();
        Assert.Equal(poll, room.Room.State.Pinned!.PollId);
        Assert.Equal(CommandStatus.Forbidden, room.Room.Decide(room.Now, e => room.Room.Rules.Unpin(new UserId(5),
            room.Now, e)));
        Assert.Equal(CommandStatus.Done, Unpin(room));
        Assert.Equal(CommandStatus.Done, Unpin(room));
        Assert.Single(room.Room.Log.OfType<PinTaken>());
    }

    private static CommandStatus Answer(PollRoom room, long question, string? text) => room.Room.Decide(
        room.Now, e => room.Room.Rules.AnswerQuestion(PollRoom.Host, new QuestionId(question), text, room.Now, e));

    private static CommandStatus Dismiss(PollRoom room, long question, UserId by) => room.Room.Decide(
        room.Now, e => room.Room.Rules.DismissQuestion(by, new QuestionId(question), room.Now, e));

    private static CommandStatus Pin(PollRoom room, PinItem item)
        => room.Room.Decide(room.Now, e => room.Room.Rules.Pin(PollRoom.Host, item, room.Now, e));

    private static CommandStatus Unpin(PollRoom room)
        => room.Room.Decide(room.Now, e => room.Room.Rules.Unpin(PollRoom.Host, room.Now, e));
}
