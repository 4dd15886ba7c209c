using RedNote.Groups;
using RedNote.Live;

namespace RedNote.Grains.Tests.Groups;

/// <summary>Polls of a group on a silo.</summary>
public sealed class GroupPollTests(GroupCluster groups) : IClassFixture<GroupCluster>
{
    private static long _lastPoll = 5_000;

    [Fact]
    public async Task OpenPoll_ByAMember_ComesWithItsMessageOnce()
    {
        var group = await groups.New(2);
        var command = Command();
        var opened = await group.OpenPoll(new UserId(2), "User 2", command);
        Assert.Equal((CommandStatus.Done, 1), (opened.Status, opened.Seq));
        Assert.Equal(("Where to?", 2), (opened.Poll!.Question, opened.Poll.Counts.Length));
        var again = await group.OpenPoll(new UserId(2), "User 2", command with { PollId = Next() });
        Assert.Equal((CommandStatus.Done, 1, opened.Poll.PollId), (again.Status, again.Seq, again.Poll!.PollId));
        var other = command with { PollId = Next(), Question = "When?" };
        Assert.Equal(CommandStatus.Conflict, (await group.OpenPoll(new UserId(2), "User 2", other)).Status);
        var message = (await group.Open(new UserId(1), null)).Opened!.Messages.Single();
        Assert.Equal(new Card(CardKind.Poll, command.PollId.Value), message.Card);
        Assert.Equal("Where to?", message.Text);
        Assert.Equal(SendStatus.Accepted, (await group.Send(GroupCluster.Message(2, "Hi", command.Key))).Status);
        var shared = GroupCluster.Message(1, "", "share") with { Card = message.Card };
        Assert.Equal(SendStatus.Accepted, (await group.Send(shared)).Status);
        var stranger = shared with { Key = "no", Card = new Card(CardKind.Poll, 77) };
        Assert.Equal(GroupReason.NotFound, (await group.Send(stranger)).Reason);
    }

    [Fact]
    public async Task OpenPoll_NotAllowedOrUnsound_IsRefused()
    {
        var group = await groups.New(2);
        Assert.Equal(CommandStatus.Forbidden, await Opens(9, Command()));
        Assert.Equal(CommandStatus.Invalid, await Opens(2, Command() with { Options = ["one"] }));
        Assert.Equal(CommandStatus.Invalid, await Opens(2, Command() with { Question = " " }));
        Assert.Equal(CommandStatus.Invalid, await Opens(2, Command() with { Seconds = 604_801 }));
        await group.Mute(GroupCluster.Owner, new UserId(2), 60);
        Assert.Equal(CommandStatus.Forbidden, await Opens(2, Command()));
        for (var i = 0; i < 5; i++)
        {
            Assert.Equal(CommandStatus.Done, await Opens(1, Command() with { Key = $"p{i}" }));
        }

        Assert.Equal(CommandStatus.RateLimited, await Opens(1, Command() with { Key = "p5" }));
        Assert.Equal(5, (await group.Get(GroupCluster.Owner)).Group!.LastSeq);

        async Task<CommandStatus> Opens(long user, OpenPoll command)
            => (await group.OpenPoll(new UserId(user), $"User {user}", command)).Status;
    }

    [Fact]
    public async Task Vote_OncePerMember_CountsAndSurvivesACrash()
    {
        var group = await groups.New(2, 3);
        var news = await NewsLog.Of(groups, group);
        var poll = (await group.OpenPoll(new UserId(1), "Owner", Command())).Poll!.PollId;
        var verdicts = await Task.WhenAll(
            group.Vote(new UserId(2), poll, 1), group.Vote(new UserId(2), poll, 2), group.Vote(new UserId(3), poll, 2));
        // Calls may overtake each other: whichever ballot of the second member comes first counts.
        var isFirst = verdicts[0].Status == VerdictStatus.Accepted;
        var refused = verdicts[isFirst ? 1 : 0];
        Assert.Equal((VerdictStatus.Rejected, RejectReason.AlreadyVoted), (refused.Status, refused.Reason));
        Assert.Equal(2, verdicts.Count(verdict => verdict.Status == VerdictStatus.Accepted));
        Assert.Equal(RejectReason.AlreadyVoted, (await group.Vote(new UserId(2), poll, 1)).Reason);
        Assert.Equal(RejectReason.InvalidChoice, (await group.Vote(new UserId(1), poll, 3)).Reason);
        Assert.Equal(RejectReason.InvalidChoice, (await group.Vote(new UserId(1), poll, 8)).Reason);
        Assert.Equal(RejectReason.NotFound, (await group.Vote(new UserId(9), poll, 1)).Reason);
        Assert.Equal(RejectReason.NotFound, (await group.Vote(new UserId(1), new PollId(77), 1)).Reason);
        await news.When<PollChanged>("both ballots", changed => changed.Tally.Voters == 2);
        await groups.Crash(group, GroupCluster.Message(1, "lost", "lost"), afterTakingEffect: false);
        var shown = (await group.Poll(poll, new UserId(3))).Poll!;
        Assert.Equal(isFirst ? [1, 1] : [0, 2], shown.Counts);
        Assert.Equal([1], shown.MyChoices!.Value);
        Assert.Equal(CommandStatus.Forbidden, (await group.Poll(poll, new UserId(9))).Status);
        var ballots = (await group.Ballots(new UserId(2), poll, default, 10)).Page!.Items;
        Assert.Equal([2L, 3], ballots.Select(ballot => ballot.UserId.Value));
    }

    [Fact]
    public async Task ClosePoll_ByOpenerOrAdmins_EndsIt()
    {
        var group = await groups.New(2, 3);
        var news = await NewsLog.Of(groups, group);
        var secret = (await group.OpenPoll(new UserId(2), "User 2", Command() with { Anonymous = true })).Poll!.PollId;
        Assert.Equal(CommandStatus.Forbidden, (await group.Ballots(new UserId(1), secret, default, 10)).Status);
        Assert.Equal(CommandStatus.Forbidden, (await group.ClosePoll(new UserId(3), secret)).Status);
        Assert.True((await group.ClosePoll(new UserId(2), secret)).Poll!.Closed);
        Assert.Equal(CommandStatus.Done, (await group.ClosePoll(new UserId(1), secret)).Status);
        Assert.Equal(RejectReason.PollClosed, (await group.Vote(new UserId(3), secret, 1)).Reason);
        Assert.Single((await groups.Events(group)).OfType<GroupPollClosed>());
        var brief = Command() with { Key = "brief", Seconds = 1 };
        var due = (await group.OpenPoll(new UserId(1), "Owner", brief)).Poll!.PollId;
        await news.When<PollChanged>(
            "the poll's own end", changed => changed.Tally.PollId == due && changed.Tally.Closed);
        Assert.True((await group.Poll(due, new UserId(3))).Poll!.Closed);
    }

    [Fact]
    public async Task Recall_OfAPollsMessage_TakesThePollBackForGood()
    {
        var group = await groups.New(2, 3);
        var news = await NewsLog.Of(groups, group);
        var command = Command();
        var (poll, seq) = (command.PollId, (await group.OpenPoll(new UserId(2), "User 2", command)).Seq!.Value);
        var card = new Card(CardKind.Poll, poll.Value);
        var shared = (await group.Send(GroupCluster.Message(3, "", "share") with { Card = card })).Seq!.Value;
        await group.Vote(new UserId(3), poll, 1);
        await news.When<PollChanged>("the ballot", changed => changed.Tally.Voters == 1);

        await group.Recall(new UserId(3), shared);
        Assert.Equal(CommandStatus.Done, (await group.Poll(poll, new UserId(3))).Status);
        Assert.Equal(SendStatus.Accepted, (await group.Recall(new UserId(2), seq)).Status);

        await news.When<PollChanged>(
            "that it has closed, and no result", changed => changed.Tally is { Closed: true, Voters: 0 });
        await IsGone();
        Assert.DoesNotContain("Where to?", await groups.Stored(group));
        Assert.DoesNotContain("Hills", await groups.Stored(group));
        var kept = (await group.NewsAfter(news.News[0].Head with { Number = 0 }))!;
        Assert.True(kept.IsComplete);
        Assert.All(
            kept.News.SelectMany(one => one.Events).OfType<PollChanged>(),
            changed => Assert.Equal((0, true), (changed.Tally.Voters, changed.Tally.Closed)));
        await groups.Crash(group, GroupCluster.Message(1, "lost", "lost"), afterTakingEffect: false);
        await IsGone();
        Assert.Empty((await groups.Events(group)).OfType<GroupPollClosed>());

        async Task IsGone()
        {
            Assert.Equal(CommandStatus.NotFound, (await group.Poll(poll, new UserId(3))).Status);
            Assert.Equal(CommandStatus.NotFound, (await group.Ballots(new UserId(3), poll, default, 10)).Status);
            Assert.Equal(CommandStatus.NotFound, (await group.ClosePoll(new UserId(2), poll)).Status);
            Assert.Equal(RejectReason.PollClosed, (await group.Vote(new UserId(1), poll, 1)).Reason);
            Assert.Equal(RejectReason.PollClosed, (await group.Vote(new UserId(3), poll, 1)).Reason);
            var again = GroupCluster.Message(1, "", "again") with { Card = card };
            Assert.Equal(GroupReason.NotFound, (await group.Send(again)).Reason);
            var repeated = await group.OpenPoll(new UserId(2), "User 2", command);
            Assert.Equal((CommandStatus.Done, poll, seq), (repeated.Status, repeated.Poll!.PollId, repeated.Seq));
            Assert.Equal(("", true), (repeated.Poll.Question, repeated.Poll.Closed));
        }
    }

    [Fact]
    public async Task Recall_OfAPollsMessage_MakesRoomForAnother()
    {
        var group = await groups.New(2);
        for (var i = 0; i < 5; i++)
        {
            await group.OpenPoll(new UserId(2), "User 2", Command() with { Key = $"p{i}" });
        }

        var sixth = Command() with { Key = "sixth" };
        Assert.Equal(CommandStatus.RateLimited, (await group.OpenPoll(new UserId(2), "User 2", sixth)).Status);
        await group.Recall(new UserId(2), 3);
        Assert.Equal(CommandStatus.Done, (await group.OpenPoll(new UserId(2), "User 2", sixth)).Status);
    }

    private static PollId Next() => new(Interlocked.Increment(ref _lastPoll));

    private static OpenPoll Command() => new(Next(), "Where to?", ["Hills", "Sea"], false, false, 600, "poll-1");
}
