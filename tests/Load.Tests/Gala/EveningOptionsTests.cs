using RedNote.Load.Curve;
using RedNote.Load.Gala;
using RedNote.Load.Idle;

namespace RedNote.Load.Tests.Gala;

public sealed class EveningOptionsTests
{
    [Fact]
    public void GalaParse_Nothing_IsTheEveningThatIsPromised()
    {
        var options = GalaOptions.Parse(new Arguments([]));

        Assert.Equal((300, 2_000, 100, 10_500), (options.Seconds, options.Connections, options.Passers, options.Rate));
        Assert.Equal((10, 5, 60), (options.Times, options.BurstSeconds, options.EverySeconds));
    }

    [Theory]
    [InlineData("--seconds", "9", "from 10 to 3600")]
    [InlineData("--passers", "1001", "from 0 to 1000")]
    [InlineData("--rate", "20000", "taps a second")]
    [InlineData("--dance", "1", "Unknown option --dance")]
    public void GalaParse_OutOfBounds_SaysWhatIsWrong(string name, string value, string says)
    {
        var refused = Assert.Throws<LoadException>(() => GalaOptions.Parse(new Arguments([name, value])));

        Assert.Contains(says, refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--rooms", "3", "cannot be spread evenly")]
    [InlineData("--rooms", "1,1001", "from 1 to 1000")]
    [InlineData("--rate", "0", "from 1 to 100")]
    public void CurveParse_OutOfBounds_SaysWhatIsWrong(string name, string value, string says)
    {
        var refused = Assert.Throws<LoadException>(() => CurveOptions.Parse(new Arguments([name, value])));

        Assert.Contains(says, refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--rooms", "9", "from 10 to 100000")]
    [InlineData("--target", "nats", "--target is one or more of")]
    public void IdleParse_OutOfBounds_SaysWhatIsWrong(string name, string value, string says)
    {
        var refused = Assert.Throws<LoadException>(() => IdleOptions.Parse(new Arguments([name, value])));

        Assert.Contains(says, refused.Message, StringComparison.Ordinal);
    }
}
