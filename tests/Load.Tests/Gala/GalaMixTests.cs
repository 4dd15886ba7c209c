using RedNote.Load.Gala;

namespace RedNote.Load.Tests.Gala;

public sealed class GalaMixTests
{
    [Fact]
    public void Shares_AllTogether_AreEverything() => Assert.Equal(1, GalaMix.Shares.Sum(), precision: 12);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(1_900)]
    [InlineData(1_997)]
    public void Turn_OfEachRound_IsEverybodysOnce(int residents)
    {
        var mix = new GalaMix(residents);
        for (var round = 0; round < 3; round++)
        {
            var turns = Enumerable.Range(round * residents, residents).Select(number => mix.Turn(number));
            Assert.Equal(Enumerable.Range(0, residents), turns.Order());
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(100)]
    public void TapsOf_AllResidents_AreAllTaps(int taps)
    {
        var mix = new GalaMix(7);
        var each = Enumerable.Range(0, 7).Select(resident => mix.TapsOf(resident, taps)).ToList();

        Assert.Equal(taps, each.Sum());
        Assert.InRange(each.Max() - each.Min(), 0, 1);
    }
}
