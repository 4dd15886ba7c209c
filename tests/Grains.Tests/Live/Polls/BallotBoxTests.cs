using FsCheck;
using FsCheck.Fluent;
using RedNote.Polls;

namespace RedNote.Grains.Tests.Live.Polls;

/// <summary>The box is a sorted dictionary that takes little room.</summary>
public sealed class BallotBoxTests
{
    [Fact]
    public void Add_AnyVoters_IsADictionaryOfFirstBallots()
        => Check.One(Config.QuickThrowOnFailure.WithMaxTest(30), Prop.ForAll(Arb.From(Ballots), ballots =>
        {
            var box = new BallotBox();
            var model = new SortedDictionary<long, int>();
            foreach (var (voter, choices) in ballots)
            {
                Assert.Equal(model.TryAdd(voter, choices), box.Add(new UserId(voter), choices));
            }

            AssertSame(model, box);
            AssertSame(model, BallotBox.Read(box.Write()));
        }));

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Add_VotersInOrder_AreAllFound(bool rising)
    {
        var box = new BallotBox();
        var model = new SortedDictionary<long, int>();
        for (var i = 1L; i <= 5_000; i++)
        {
            var voter = rising ? i : 5_001 - i;
            model.Add(voter, 1);
            Assert.True(box.Add(new UserId(voter), 1));
        }

        AssertSame(model, box);
    }

    [Fact]
    public void Add_AfterReading_GoesOn()
    {
        var random = new Random(5);
        var box = new BallotBox();
        var model = new SortedDictionary<long, int>();
        for (var round = 0; round < 10; round++)
        {
            for (var i = 0; i < 700; i++)
            {
                var voter = random.NextInt64(1, 5_000);
                Assert.Equal(model.TryAdd(voter, 3), box.Add(new UserId(voter), 3));
            }

            box = BallotBox.Read(box.Write());
        }

        AssertSame(model, box);
    }

    [Fact]
    public void Memory_OfManyVoters_IsUnderSixteenBytesEach()
    {
        // The ids as they are given away: milliseconds of some months over 22 random bits.
        const int voters = 200_000;
        var random = new Random(7);
        var box = new BallotBox();
        while (box.Count < voters)
        {
            box.Add(new UserId((random.NextInt64(1L << 34) << 22) | random.NextInt64(1L << 22)), 1 << random.Next(10));
        }

        Assert.InRange((double)box.MemoryBytes / voters, 10, 13);
        Assert.InRange((double)box.Write().Length / voters, 4, 9);
    }

    [Theory]
    [InlineData(new byte[] { 5 })]
    [InlineData(new byte[] { 0, 1 })]
    [InlineData(new byte[] { 5, 0 })]
    [InlineData(new byte[] { 0x85 })]
    [InlineData(new byte[] { 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 1 })]
    public void Read_Damaged_IsRefused(byte[] written)
        => Assert.Throws<FormatException>(() => BallotBox.Read(written));

    private static Gen<List<(long Voter, int Choices)>> Ballots
        => from seed in Gen.Choose(0, int.MaxValue)
           from count in Gen.Choose(0, 3_000)
           from range in Gen.Choose(1, 40)
           select Make(new Random(seed), count, range);

    private static List<(long, int)> Make(Random random, int count, int range)
        => [.. Enumerable.Range(0, count).Select(_ => (random.NextInt64(1, 2L << range), random.Next(1, 1_024)))];

    private static void AssertSame(SortedDictionary<long, int> model, BallotBox box)
    {
        Assert.Equal(model.Count, box.Count);
        Assert.Equal(
            model.Select(pair => (pair.Key, pair.Value)),
            box.After(default).Select(ballot => (ballot.Voter.Value, ballot.Choices)));
        foreach (var (voter, choices) in model)
        {
            Assert.Equal(choices, box.ChoicesOf(new UserId(voter)));
            if (!model.ContainsKey(voter + 1))
            {
                Assert.Equal(0, box.ChoicesOf(new UserId(voter + 1)));
                var behind = model.Keys.FirstOrDefault(key => key > voter);
                Assert.Equal(behind, box.After(new UserId(voter)).FirstOrDefault().Voter.Value);
                break;
            }
        }
    }
}
