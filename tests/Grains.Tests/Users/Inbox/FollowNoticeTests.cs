using Microsoft.Extensions.DependencyInjection;
using RedNote.Frontend.Tests.Fakes;
using RedNote.Journal;
using RedNote.Users;

namespace RedNote.Grains.Tests.Users;

/// <summary>What a user is told of followers.</summary>
public sealed class FollowNoticeTests : IAsyncLifetime
{
    private readonly ManualTime _time = new();
    private readonly GrainCluster _cluster;
    private readonly UserId _star = new(1);

    public FollowNoticeTests()
        => _cluster = new GrainCluster { Configure = services => services.AddSingleton<TimeProvider>(_time) };

    public async ValueTask InitializeAsync()
    {
        await _cluster.InitializeAsync();
        await Create(_star, "Star");
    }

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    private async Task Create(UserId user, string name)
        => Assert.Equal(CommandStatus.Done, await _cluster.Grains.User(user).Create(new NewUser(name, "t")));

    private async Task<IUserGrain> NewFan(long id)
    {
        await Create(new UserId(id), $"Fan {id}");
        var fan = _cluster.Grains.User(new UserId(id));
        Assert.Equal(CommandStatus.Done, await fan.Follow(_star));
        return fan;
    }

    private async Task IsTold(params string[] notifications)
    {
        var told = "";
        await Eventually.Holds($"{string.Join(", ", notifications)}", async () =>
        {
            var page = await _cluster.Grains.Inbox(_star).Page(null, 10);
            told = string.Join(", ", page.Items.Select(item => $"{item.Kind} {item.FromName} {item.Count}"));
            return told == string.Join(", ", notifications);
        });
    }

    [Fact]
    public async Task Follow_ByManyAtOnce_IsToldAtOnceAndThenTogether()
    {
        await NewFan(10);
        await IsTold("Follow Fan 10 1");
        await Task.WhenAll(Enumerable.Range(11, 20).Select(id => NewFan(id)));
        Assert.Equal(1, (await _cluster.Grains.Inbox(_star).Page(null, 1)).Items[0].Count);

        _time.Advance(TimeSpan.FromSeconds(11));
        await Eventually.Holds("all are told", async () =>
            (await _cluster.Grains.Inbox(_star).Page(null, 10)).Items is [{ Count: 21 }]);

        Assert.Equal(0, await _cluster.Grains.Inbox(_star).MarkRead(long.MaxValue));
        _time.Advance(TimeSpan.FromSeconds(11));
        await NewFan(40);
        await IsTold("Follow Fan 40 1", (await Before()));
    }

    [Fact]
    public async Task Follow_EndedAndBegunAgain_IsToldOnce()
    {
        var fan = await NewFan(10);
        await IsTold("Follow Fan 10 1");
        for (var i = 0; i < 5; i++)
        {
            _time.Advance(TimeSpan.FromSeconds(11));
            Assert.Equal(CommandStatus.Done, await fan.Unfollow(_star));
            Assert.Equal(CommandStatus.Done, await fan.Follow(_star));
        }

        await NewFan(11);
        await IsTold("Follow Fan 11 2");
    }

    [Fact]
    public async Task NewFollowers_NotToldWhenTheActivationEnds_AreToldByTheNext()
    {
        await NewFan(10);
        await NewFan(11);
        await IsTold("Follow Fan 10 1");
        var log = new LogId(UserServices.UserLog, "1");
        _cluster.Journal.FailNext(log, afterTakingEffect: false);
        var star = _cluster.Grains.User(_star);
        await star.ChangeProfile(new ProfileChange("Lost", null, null));

        await Eventually.Holds("the next activation tells", async () =>
        {
            var change = new ProfileChange("New", null, null);
            await UserCluster.Retry(async () => (await star.ChangeProfile(change)).Status);
            _time.Advance(TimeSpan.FromSeconds(11));
            return (await _cluster.Grains.Inbox(_star).Page(null, 10)).Items is [{ Count: 2, FromName: "Fan 11" }];
        });
    }

    private async Task<string> Before()
        => (await _cluster.Grains.Inbox(_star).Page(null, 10)).Items is [.., { FromName: var name, Count: 21 }]
            ? $"Follow {name} 21"
            : "";
}
