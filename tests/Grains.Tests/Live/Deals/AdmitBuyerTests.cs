using System.Collections.Immutable;
using RedNote.Deals;
using RedNote.Live;

namespace RedNote.Grains.Tests.Live.Deals;

/// <summary>Who meets a deal's condition, in one order with what viewers send.</summary>
public sealed class AdmitBuyerTests
{
    private readonly DealRoom _room = new();

    [Fact]
    public void Admit_Anybody_ChangesNothing()
    {
        var id = _room.Opened();
        _room.Frames();
        var (before, log) = (_room.State, _room.Room.Log.Count);
        Assert.True(_room.IsEligible(id, 5));
        Assert.Equal(
            [Verdict.Reject(RejectReason.NotFound), Verdict.Reject(RejectReason.Invalid)],
            _room.Submit(
                DealRoom.Admit(new DealId(999), 5), DealRoom.Admit(id, 5) with { Key = "k" }));
        Assert.Equal(Verdict.Reject(RejectReason.Invalid), _room.Submit(DealRoom.Admit(id, 0))[0]);
        Assert.Equal((before, log), (_room.State, _room.Room.Log.Count));
        Assert.Empty(_room.Frames());
        Assert.Equal(0, _room.Room.Rules.Stats(DealRoom.Host).Stats!.Verdicts.Received);
    }

    [Fact]
    public void Password_SaidInTheSameBatch_IsReckonedWith()
    {
        var id = _room.Opened(DealRoom.Phrase("我要 Lipstick"));
        var answers = _room.Submit(
            DealRoom.Admit(id, 5), DealRoom.Say(5, "我要LIPSTICK"), DealRoom.Admit(id, 5), DealRoom.Say(6, "no"),
            DealRoom.Admit(id, 6));
        Assert.Equal(
            [false, true, false], answers.OfType<BuyerAdmitted>().Select(admitted => admitted.IsEligible));
        _room.Submit(DealRoom.Say(5, "我要lipstick"));
        Assert.Equal([new UserId(5)], _room.Room.Log.OfType<DealPhraseSaid>().SelectMany(said => said.Users));
        Assert.True(_room.IsEligible(id, 5));
        _room.Restart();
        Assert.True(_room.IsEligible(id, 5));
        Assert.False(_room.IsEligible(id, 6));
    }

    [Fact]
    public void Password_OfAPreparedDeal_CountsFromWhenItIsShown()
    {
        var (_, prepared) = _room.Open(DealRoom.Terms(DealRoom.Phrase("abc")) with { StartsAt = null });
        var (_, scheduled) = _room.Open(DealRoom.Terms(DealRoom.Phrase("abc")) with { StartsAt = _room.Now + 5_000 });
        _room.Submit(DealRoom.Say(5, "abc"));
        Assert.False(_room.IsEligible(prepared, 5));
        Assert.True(_room.IsEligible(scheduled, 5));
        _room.Tell(prepared, 1, change: deal => deal with { StartsAt = _room.Now, EndsAt = _room.Now + 9_000 });
        Assert.False(_room.IsEligible(prepared, 5));
        _room.Submit(DealRoom.Say(6, "abc"));
        Assert.True(_room.IsEligible(prepared, 6));
    }

    [Fact]
    public void Password_AfterTheEnd_CountsNoMore()
    {
        var (late, over) = (_room.Opened(DealRoom.Phrase("abc")), _room.Opened(DealRoom.Phrase("abc")));
        _room.Tell(over, 2, DealState.Ended);
        _room.Submit(DealRoom.Say(5, "abc"));
        Assert.Equal((true, false), (_room.IsEligible(late, 5), _room.IsEligible(over, 5)));

        // Its time is up, though its grain has not told yet.
        _room.Now += 600_000;
        _room.Submit(DealRoom.Say(6, "abc"));
        Assert.False(_room.IsEligible(late, 6));
    }

    [Fact]
    public void Password_MergedOrHeldCounts_RefusedDoesNot()
    {
        var id = _room.Opened(DealRoom.Phrase("abc"));
        _room.Room.SetMuted(DealRoom.Host, new UserId(7), true, _room.Now);
        var answers = _room.Submit(DealRoom.Say(5, "abc"), DealRoom.Say(6, "abc"), DealRoom.Say(7, "abc"));
        Assert.Equal(
            [VerdictStatus.Accepted, VerdictStatus.Merged, VerdictStatus.Rejected],
            answers.Cast<Verdict>().Select(verdict => verdict.Status));
        _room.Room.ChangeSettings(
            DealRoom.Host, new RoomSettingsChange(null, null, null, HoldMode.All), _room.Now);
        Assert.Equal(VerdictStatus.Held, ((Verdict)_room.Submit(DealRoom.Say(8, "abc"))[0]).Status);
        Assert.Equal(
            [true, true, false, true], new[] { 5L, 6, 7, 8 }.Select(user => _room.IsEligible(id, user)));
    }

    [Fact]
    public void Password_TooManyHaveSaidIt_IsBounded()
    {
        var room = new DealRoom(new LiveRoomOptions { DealPhrases = 2 });
        var id = room.Opened(DealRoom.Phrase("abc"));
        room.Submit(DealRoom.Say(5, "abc"));
        room.Submit(DealRoom.Say(6, "abc"), DealRoom.Say(7, "abc"));
        Assert.Equal([true, true, false], new[] { 5L, 6, 7 }.Select(user => room.IsEligible(id, user)));
    }

    [Fact]
    public void Followed_AsksWhoFollows()
    {
        var id = _room.Opened(DealRoom.Condition(DrawConditionKind.Followed));
        ImmutableArray<RoomCommand> commands =
            [DealRoom.Admit(id, 5), DealRoom.Admit(id, 6), DealRoom.Say(7, "hi"), DealRoom.Admit(new DealId(999), 8)];
        Assert.Equal([5L, 6], _room.Room.Rules.SendersToCheck(commands).Select(user => user.Value));
        var answers = _room.Room.Submit(commands, _room.Now, followers: [new UserId(5)]);
        Assert.Equal([true, false], answers.OfType<BuyerAdmitted>().Select(admitted => admitted.IsEligible));
        Assert.True(_room.Room.Rules.SendersToCheck([DealRoom.Say(7, "hi")]).IsDefault);
        Assert.True(_room.Room.Rules.SendersToCheck([DealRoom.Admit(_room.Opened(), 5)]).IsDefault);
    }

    [Fact]
    public void Followed_NobodyWasAsked_IsTryAgain()
    {
        var id = _room.Opened(DealRoom.Condition(DrawConditionKind.Followed));
        var events = new List<LiveRoomEvent>();
        var answers = _room.Room.Rules.Decide(
            new RoomBatch("g", 99, 1, [DealRoom.Admit(id, 5)]), default, _room.Now, events);
        Assert.Equal(Verdict.Reject(RejectReason.TryAgain), answers[0]);
    }

    [Fact]
    public void Voted_ABallotInAnyPoll_AlsoOfTheSameBatch()
    {
        _room.Room.Decide(_room.Now, events => _room.Room.Rules.OpenPoll(
            DealRoom.Host, new OpenPoll(new PollId(8), "Which?", ["a", "b"], false, false, 60, "p"), _room.Now, events,
            out _));
        var id = _room.Opened(DealRoom.Condition(DrawConditionKind.Voted));
        var answers = _room.Submit(
            DealRoom.Admit(id, 5), new CastVote(new PollId(8), 1) { User = new UserId(5) }, DealRoom.Admit(id, 5));
        Assert.Equal([false, true], answers.OfType<BuyerAdmitted>().Select(admitted => admitted.IsEligible));
        Assert.True(_room.IsEligible(id, 5));
    }

    [Fact]
    public void Watched_CountsTheTimeInTheRoom()
    {
        _room.Room.Presence("fe", 1, _room.Now, came: [5]);
        var id = _room.Opened(DealRoom.Condition(DrawConditionKind.Watched, 30));
        _room.Now += 29_999;
        Assert.False(_room.IsEligible(id, 5));
        _room.Now++;
        Assert.Equal((true, false), (_room.IsEligible(id, 5), _room.IsEligible(id, 6)));
    }
}
