using RedNote.Frontend.Tests.Fakes;

namespace RedNote.Frontend.Tests.Groups;

public sealed class GroupPortTests : IDisposable
{
    private readonly GroupParts _parts = new();

    public void Dispose() => _parts.Dispose();

    [Fact]
    public async Task Patrol_WhoLooksOnChanges_IsReportedOnceInAPause()
    {
        await _parts.Port.Patrol();
        Assert.Empty(_parts.Grain.Reports);
        var (viewer, _) = await _parts.Opened(1);
        await _parts.Opened(1);
        await _parts.Port.Patrol();
        await _parts.Port.Patrol();
        Assert.Equal([1], Users(0));
        await _parts.Opened(2);
        _parts.Channel.Detach(viewer);
        await _parts.Port.Patrol();
        Assert.Single(_parts.Grain.Reports);

        _parts.Time.Advance(_parts.Options.ReportPause);
        await _parts.Port.Patrol();
        await _parts.Port.Patrol();

        Assert.Equal(2, _parts.Grain.Reports.Count);
        Assert.Equal([1, 2], Users(1));
    }

    [Fact]
    public async Task Patrol_NothingChanges_RenewsTheLeaseAndSoonerWhileNewsCome()
    {
        await _parts.Opened(1);
        await _parts.Port.Patrol();
        await Pass(_parts.Options.LeaseEvery - TimeSpan.FromMilliseconds(1), 1);
        await Pass(TimeSpan.FromMilliseconds(1), 2);

        _parts.Say(1);
        await Pass(_parts.Options.CheckEvery - TimeSpan.FromMilliseconds(1), 2);
        await Pass(TimeSpan.FromMilliseconds(1), 3);
        await Pass(_parts.Options.CheckEvery, 3);
    }

    [Fact]
    public async Task Patrol_ReportShowsThatNewsWereLost_FetchesThem()
    {
        var (_, writer) = await _parts.Opened(1);
        await _parts.Port.Patrol();
        _parts.Grain.Next(FakeGroup.Sent(1));
        _parts.Time.Advance(_parts.Options.LeaseEvery);
        await _parts.Port.Patrol();
        Assert.Empty(writer.Seqs);

        _parts.Time.Advance(_parts.Options.BehindPatience);
        await _parts.Port.Patrol();

        Assert.Equal([1], writer.Seqs);
    }

    [Fact]
    public async Task Patrol_ReportFails_IsMadeAgain()
    {
        await _parts.Opened(1);
        var fails = true;
        _parts.Grain.OnReport = () => fails ? throw new TryAgainException() : true;
        await _parts.Port.Patrol();
        fails = false;

        _parts.Time.Advance(_parts.Options.ReportPause);
        await _parts.Port.Patrol();

        Assert.Equal([1], Users(1));
    }

    [Fact]
    public async Task TryRetire_NobodyLooksOn_OnlyOnceTheGroupWasTold()
    {
        var (viewer, _) = await _parts.Opened(1);
        await _parts.Port.Patrol();
        _parts.Channel.Detach(viewer);
        _parts.Time.Advance(_parts.Options.Linger);
        Assert.False(_parts.Port.TryRetire());

        await _parts.Port.Patrol();

        Assert.Empty(Users(1));
        Assert.True(_parts.Port.TryRetire());
        Assert.False(_parts.Port.TryUse());
    }

    [Fact]
    public async Task Drain_SomebodyWasReported_SaysThatNobodyLooksOn()
    {
        var (viewer, _) = await _parts.Opened(1);
        await _parts.Port.Patrol();
        _parts.Channel.Detach(viewer);

        await _parts.Port.Drain();
        await _parts.Port.Drain();

        Assert.Empty(Users(1));
        Assert.Equal(2, _parts.Grain.Reports.Count);
    }

    [Fact]
    public async Task Seats_TooManyGroups_AreRefusedUntilOneIsClosed()
    {
        _parts.Options.MaxGroupsPerConnection = 1;
        var seats = GroupParts.Seats(new UserId(1), new GroupWriter());
        using var others = new GroupParts(group: new GroupId(10));
        var other = others.Port;
        var first = seats.Enter(_parts.Port, _parts.Encoder, _parts.Options, _parts.Time);
        var (_, ticket) = await _parts.Channel.Open(first!, null);
        ticket.Written();

        Assert.Same(first, seats.Enter(_parts.Port, _parts.Encoder, _parts.Options, _parts.Time));
        Assert.Null(seats.Enter(other, _parts.Encoder, _parts.Options, _parts.Time));
        seats.Leave(FakeGroup.Id);
        Assert.NotNull(seats.Enter(other, _parts.Encoder, _parts.Options, _parts.Time));

        Assert.Equal(0, _parts.Channel.Viewers);
        seats.Close();
        Assert.Null(seats.Enter(_parts.Port, _parts.Encoder, _parts.Options, _parts.Time));
    }

    private IEnumerable<long> Users(int report) => _parts.Grain.Reports[report].Users.Select(user => user.Value);

    private async Task Pass(TimeSpan time, int reports)
    {
        _parts.Time.Advance(time);
        await _parts.Port.Patrol();
        Assert.Equal(reports, _parts.Grain.Reports.Count);
    }
}
