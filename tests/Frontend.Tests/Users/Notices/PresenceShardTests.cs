using RedNote.Frontend.Tests.Fakes;
using RedNote.Frontend.Users;
using RedNote.Users;

namespace RedNote.Frontend.Tests.Users;

/// <summary>What a front end reports of the users of one shard, and when.</summary>
public sealed class PresenceShardTests
{
    private static readonly UserId Ann = new(1);
    private static readonly UserId Bea = new(2);

    private readonly ManualTime _time = new();
    private readonly NoticeOptions _options = new();
    private readonly HashSet<UserId> _here = [];
    private readonly PresenceShard _shard;

    public PresenceShardTests() => _shard = new PresenceShard(_options, _time);

    private void Come(UserId user)
    {
        _here.Add(user);
        _shard.Changed(user);
    }

    private void Go(UserId user)
    {
        _here.Remove(user);
        _shard.Changed(user);
    }

    private PresenceReport? Begin() => _shard.TryBegin("front", _here.Contains);

    private static string Tell(PresenceReport? report) => report is null ? "nothing"
        : $"{report.Number}{(report.IsWhole ? " whole" : "")} +{string.Join(',', report.Came)} "
            + $"-{string.Join(',', report.Left)}";

    private string Next(bool isTaken = true)
    {
        var report = Begin();
        if (report is not null)
        {
            _shard.Ended(isTaken);
        }

        return Tell(report);
    }

    [Fact]
    public void Report_FirstIsWholeThenChangesThenNothing()
    {
        Assert.Equal("nothing", Next());
        Come(Ann);
        Assert.False(_shard.IsReported(Ann));
        Assert.Equal("1 whole +1 -", Next());
        Assert.True(_shard.IsReported(Ann));
        Come(Bea);
        Go(Ann);
        Assert.Equal("2 +2 -1", Next());
        Assert.Equal("nothing", Next());
    }

    [Fact]
    public void Report_WhoCameAndWentMeanwhile_IsNotInIt()
    {
        Come(Ann);
        Next();
        Go(Ann);
        Come(Ann);
        Come(Bea);
        Go(Bea);
        Assert.Equal("nothing", Next());
    }

    [Fact]
    public void Report_WhileOneIsUnderWay_WaitsAndGathers()
    {
        Come(Ann);
        Assert.NotNull(Begin());
        Come(Bea);
        Go(Ann);
        Assert.Null(Begin());
        _shard.Ended(isTaken: true);
        Assert.Equal("2 +2 -1", Next());
    }

    [Fact]
    public void Report_NotTaken_IsWholeAfterAPause()
    {
        Come(Ann);
        Next();
        Come(Bea);
        Assert.Equal("2 +2 -", Next(isTaken: false));
        Go(Ann);
        Assert.Equal("nothing", Next());
        _time.Advance(_options.Retry);
        Assert.Equal("3 whole +2 -", Next());
        Assert.Equal("nothing", Next());
    }

    [Fact]
    public void Report_WithNothingNew_IsSentNowAndThenWhileAnybodyIsHere()
    {
        Come(Ann);
        Next();
        _time.Advance(_options.Heartbeat);
        Assert.Equal("2 + -", Next());
        Assert.Equal("nothing", Next());
        Go(Ann);
        Assert.Equal("3 + -1", Next());
        _time.Advance(_options.Heartbeat);
        Assert.Equal("nothing", Next());
        Come(Bea);
        Assert.Equal("4 +2 -", Next());
    }
}
