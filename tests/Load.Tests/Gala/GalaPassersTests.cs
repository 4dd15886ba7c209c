using RedNote.Load.Gala;

namespace RedNote.Load.Tests.Gala;

public sealed class GalaPassersTests
{
    [Fact]
    public void Next_TurnAfterTurn_LeavesComesAndLosesTheConnectionInTurn()
    {
        var passers = new GalaPassers(first: 10, count: 2);
        var seen = new List<GalaPasser>();
        for (var turn = 1; turn <= 12; turn++, passers.Acts++)
        {
            var what = passers.Next(turn * 100, out var connection);
            Assert.Equal(10 + (int)(passers.Acts % 2), connection);
            if (connection == 10)
            {
                seen.Add(what);
                Assert.Equal(what != GalaPasser.Leaves, passers.TryArrive(connection, out var due));
                Assert.Equal(what == GalaPasser.Leaves ? 0 : turn * 100, due);
            }
        }

        Assert.Equal(
            [
                GalaPasser.Leaves, GalaPasser.Comes, GalaPasser.ClosesPage,
                GalaPasser.Leaves, GalaPasser.Comes, GalaPasser.ClosesPage,
            ],
            seen);
    }

    [Fact]
    public void Next_WhileOnTheWayIn_Waits()
    {
        var passers = new GalaPassers(first: 0, count: 1);
        passers.Next(1, out _);
        passers.Acts++;
        Assert.Equal(GalaPasser.Comes, passers.Next(2, out _));
        passers.Acts++;

        Assert.Equal(GalaPasser.Waits, passers.Next(3, out _));
        Assert.Equal(1, passers.Coming);
        Assert.True(passers.TryArrive(0, out var due));
        Assert.Equal(2, due);
        Assert.Equal(0, passers.Coming);
        Assert.False(passers.TryArrive(0, out _));
    }
}
