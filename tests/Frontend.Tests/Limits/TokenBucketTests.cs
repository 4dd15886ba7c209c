using RedNote.Frontend.Limits;
using RedNote.Frontend.Tests.Fakes;

namespace RedNote.Frontend.Tests.Limits;

public sealed class TokenBucketTests
{
    private readonly ManualTime _time = new();
    private readonly Rate _rate = new(20, 60);
    private TokenBucket _bucket;

    [Fact]
    public void TryTake_Fresh_GivesTheBurst()
    {
        Assert.Equal(60, TakeAll());
        Assert.False(_bucket.TryTake(_rate, _time, out var retryAfter));
        Assert.Equal(TimeSpan.FromMilliseconds(50), retryAfter);
    }

    [Fact]
    public void TryTake_AfterTheRetryTime_GivesOne()
    {
        TakeAll();
        Assert.False(_bucket.TryTake(_rate, _time, out var retryAfter));
        _time.Advance(retryAfter);

        Assert.Equal(1, TakeAll());
    }

    [Fact]
    public void TryTake_InTheLongRun_GivesTheRate()
    {
        TakeAll();
        var taken = 0;
        for (var i = 0; i < 1_000; i++)
        {
            _time.Advance(TimeSpan.FromMilliseconds(10));
            taken += TakeAll();
        }

        Assert.InRange(taken, 199, 200);
    }

    [Fact]
    public void TryTake_AfterALongRest_GivesNoMoreThanTheBurst()
    {
        TakeAll();
        _time.Advance(TimeSpan.FromDays(1));

        Assert.Equal(60, TakeAll());
    }

    private int TakeAll()
    {
        var taken = 0;
        while (_bucket.TryTake(_rate, _time, out _))
        {
            taken++;
        }

        return taken;
    }
}
