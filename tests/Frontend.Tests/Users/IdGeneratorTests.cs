using System.Security.Cryptography;
using RedNote.Frontend.Tests.Fakes;
using RedNote.Frontend.Users;

namespace RedNote.Frontend.Tests.Users;

public sealed class IdGeneratorTests
{
    private readonly ManualTime _time = new();

    [Fact]
    public void NextId_LaterMillisecond_IsGreater()
    {
        var ids = new IdGenerator(_time, RandomNumberGenerator.Create());
        var last = 0L;
        for (var i = 0; i < 1_000; i++)
        {
            _time.Advance(TimeSpan.FromMilliseconds(1));
            var next = ids.NextId();
            Assert.True(next > last);
            last = next;
        }
    }

    [Fact]
    public void NextId_InOneMillisecond_DiffersInItsRandomBits()
    {
        var ids = new IdGenerator(_time, RandomNumberGenerator.Create());
        var made = Enumerable.Range(0, 100).Select(_ => ids.NextId()).ToList();

        Assert.Single(made.Select(id => id >> 22).Distinct());
        Assert.True(made.Distinct().Count() > 90);
        var expected = (_time.GetUtcNow() - new DateTimeOffset(2025, 1, 1, 0, 0, 0, TimeSpan.Zero)).TotalMilliseconds;
        Assert.Equal((long)expected, made[0] >> 22);
    }

    [Fact]
    public void NextId_InSixtyYears_IsStillPositive()
    {
        using var ones = new Ones();
        var ids = new IdGenerator(_time, ones);
        _time.Advance(TimeSpan.FromDays(365 * 60));

        Assert.True(ids.NextId() > 0);
        Assert.True(ids.NextSecretNumber() > 0);
        Assert.Equal(32, ids.NextToken().Length);
    }

    /// <summary>The most extreme randomness there is.</summary>
    private sealed class Ones : RandomNumberGenerator
    {
        public override void GetBytes(byte[] data) => data.AsSpan().Fill(0xff);
    }
}
