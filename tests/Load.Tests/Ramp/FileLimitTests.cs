using RedNote.Load.Measure;

namespace RedNote.Load.Tests.Ramp;

public sealed class FileLimitTests
{
    [Theory]
    [InlineData("Max open files            20000                30000                files", 20_000)]
    [InlineData("Max open files            unlimited            unlimited            files", long.MaxValue)]
    public void Read_OfTheSystemsText_IsTheSoftLimit(string line, long limit)
        => Assert.Equal(limit, FileLimit.Read(["Limit    Soft Limit   Hard Limit   Units", line]));

    [Fact]
    public void Read_OfAnotherText_SaysThatItIsNotKnown()
        => Assert.Throws<LoadException>(() => FileLimit.Read(["Max processes  1  2  processes"]));

    [Fact]
    public void Check_MoreThanThereCanBe_NamesTheOption()
    {
        var refused = Assert.Throws<LoadException>(() => FileLimit.Check("viewers", int.MaxValue - 1_000));

        Assert.Contains("--viewers", refused.Message, StringComparison.Ordinal);
        FileLimit.Check("viewers", 10);
    }
}
