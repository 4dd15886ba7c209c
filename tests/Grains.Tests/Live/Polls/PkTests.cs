using RedNote.Live;

namespace RedNote.Grains.Tests.Live.Polls;

/// <summary>Cheers are summed exactly, once per key, until the time is up.</summary>
public sealed class PkTests
{
    [Fact]
    public void Cheer_OfOneBatch_IsOneEventWithBothSums()
    {
        var room = new PollRoom();
        var pk = room.OpenPk().Id;
        var answers = room.Submit(
            new Cheer(pk, PkSide.Left, 7) { User = new UserId(5) },
            new Cheer(pk, PkSide.Right, 9) { User = new UserId(6), Key = "k" },
            new Cheer(pk, PkSide.Right, 9) { User = new UserId(6), Key = "k" },
            new Cheer(pk, PkSide.Left, 1) { User = new UserId(6), Key = "k" });
        Assert.Equal([new LikesAccepted(7), new LikesAccepted(9), new LikesAccepted(9)], answers.Take(3));
        Assert.Equal(RejectReason.Conflict, ((Verdict)answers[3]).Reason);
        var cheers = Assert.Single(room.Room.Log.OfType<CheersCounted>());
        Assert.Equal((7, 9), (cheers.Left, cheers.Right));
        var tally = Assert.Single(room.Frames()[^1].Pks!.Value);
        Assert.Equal(new PkTally(pk, 7, 9, false), tally);
    }

    [Fact]
    public void Cheer_KeyRepeatedAfterARestart_CountsOnceInEachPk()
    {
        var room = new PollRoom();
        var first = room.OpenPk("a").Id;
        room.Cheer(first, 5, PkSide.Left, 3, "k");
        room.Restart();
        Assert.Equal(new LikesAccepted(3), room.Cheer(first, 5, PkSide.Left, 3, "k"));
        Assert.Equal(3, room.Polls.Find(first)!.Left);
        room.Room.Decide(room.Now, e => room.Room.Rules.ClosePk(PollRoom.Host, first, room.Now, e));

        // The key is bound for its PK: the answer is the first one though that has closed, and another PK counts it.
        Assert.Equal(new LikesAccepted(3), room.Cheer(first, 5, PkSide.Left, 3, "k"));
        var second = room.OpenPk("b").Id;
        Assert.Equal(new LikesAccepted(3), room.Cheer(second, 5, PkSide.Left, 3, "k"));
        Assert.Equal(3, room.Polls.Find(second)!.Left);
    }

    [Theory]
    [InlineData(5, 3, PkWinner.Left)]
    [InlineData(3, 5, PkWinner.Right)]
    [InlineData(4, 4, PkWinner.Draw)]
    public void Close_AtItsTime_NamesTheWinner(int left, int right, PkWinner winner)
    {
        var room = new PollRoom();
        var pk = room.OpenPk(seconds: 30).Id;
        room.Cheer(pk, 5, PkSide.Left, left);
        room.Cheer(pk, 6, PkSide.Right, right);
        Assert.Null(room.Polls.Find(pk)!.ToPk(room.Now).Winner);
        room.Now += 30_000;
        Assert.Equal(RejectReason.PollClosed, ((Verdict)room.Cheer(pk, 5, PkSide.Left, 50)).Reason);
        var closed = room.Frames().SelectMany(frame => frame.Events ?? []).OfType<PkClosed>().Single().Pk;
        Assert.Equal((winner, (long)left, (long)right, true), (closed.Winner!.Value, closed.LeftPoints,
            closed.RightPoints, closed.Closed));
    }

    [Fact]
    public void Open_WhileOneRuns_IsRefusedAndItsKeyIsTheSamePk()
    {
        var room = new PollRoom();
        var first = room.OpenPk("a");
        Assert.Equal(CommandStatus.WrongState, room.OpenPk("b").Status);
        Assert.Equal(first, room.OpenPk("a"));
        Assert.Equal(CommandStatus.Conflict, room.OpenPk("a", left: "green").Status);
        Assert.Equal(CommandStatus.Invalid, room.OpenPk("c", seconds: 0).Status);
        room.Now += 60_000;
        Assert.Equal(CommandStatus.Done, room.OpenPk("b").Status);
    }

    [Theory]
    [InlineData(0, null)]
    [InlineData(51, "k")]
    [InlineData(LiveRoom.MaxSummedLikes + 1, null)]
    public void Cheer_CountOutOfBounds_IsInvalid(int count, string? key)
    {
        var room = new PollRoom();
        var pk = room.OpenPk().Id;
        Assert.Equal(RejectReason.Invalid, ((Verdict)room.Cheer(pk, 5, PkSide.Left, count, key)).Reason);
        Assert.Equal(RejectReason.NotFound, ((Verdict)room.Cheer(new PkId(2), 5, PkSide.Left, 1)).Reason);
    }
}
