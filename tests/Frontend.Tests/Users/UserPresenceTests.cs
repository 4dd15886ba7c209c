using Microsoft.Extensions.Options;
using RedNote.Frontend.Limits;
using RedNote.Frontend.Tests.Fakes;
using RedNote.Frontend.Users;

namespace RedNote.Frontend.Tests.Users;

public sealed class UserPresenceTests
{
    private static readonly UserId Ann = new(5);

    private readonly ManualTime _time = new();
    private readonly FakeUsers _users = FakeUsers.Create();
    private readonly UserPresences _presences;

    public UserPresenceTests() => _presences = new(_users.Grains, _time, Options.Create(new LimitOptions()));

    [Fact]
    public async Task Name_AskedWhileItIsLookedUp_AnswersInTheOrderOfAsking()
    {
        var presence = _presences.Enter(Ann);
        var order = new List<int>();
        var asking = Enumerable.Range(0, 50).Select(async i =>
        {
            Assert.Equal("Ann", await presence.Name());
            order.Add(i);
        }).ToList();
        _users.Answer("Ann");
        await Task.WhenAll(asking);

        Assert.Equal(Enumerable.Range(0, 50), order);
        Assert.Equal(1, _users.Asked);
    }

    [Fact]
    public async Task Name_Known_IsKeptForAMinute()
    {
        var presence = _presences.Enter(Ann);
        _users.Answer("Ann");
        await presence.Name();
        _time.Advance(TimeSpan.FromSeconds(59));
        await presence.Name();
        Assert.Equal(1, _users.Asked);

        _users.Answer("Anna");
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal("Anna", await presence.Name());
    }

    [Fact]
    public async Task Renamed_WhileTheOldNameIsLookedUp_Wins()
    {
        var presence = _presences.Enter(Ann);
        var asking = presence.Name().AsTask();
        _time.Advance(TimeSpan.FromMilliseconds(1));
        _presences.Renamed(Ann, "New");
        _users.Answer("Old");

        Assert.Equal("New", await asking);
        Assert.Equal("New", await presence.Name());
    }

    [Fact]
    public async Task Name_LookUpFails_FailsThoseWhoAskedAndIsTriedAgain()
    {
        var presence = _presences.Enter(Ann);
        var asking = presence.Name().AsTask();
        _users.Fail(new TimeoutException());
        await Assert.ThrowsAsync<TimeoutException>(() => asking);

        _users.Answer("Ann");
        Assert.Equal("Ann", await presence.Name());
    }

    [Fact]
    public void Sweep_AfterTheLastConnection_ForgetsTheUserInTime()
    {
        var first = _presences.Enter(Ann);
        Assert.Same(first, _presences.Enter(Ann));
        first.Leave();
        _time.Advance(TimeSpan.FromHours(1));
        _presences.Sweep();
        Assert.Equal(1, _presences.Count);

        first.Leave();
        _presences.Sweep();
        Assert.Equal(1, _presences.Count);
        _time.Advance(TimeSpan.FromSeconds(30));
        _presences.Sweep();
        Assert.Equal(0, _presences.Count);
        Assert.NotSame(first, _presences.Enter(Ann));
    }
}
