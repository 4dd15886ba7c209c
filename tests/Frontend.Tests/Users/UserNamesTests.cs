using Microsoft.Extensions.Options;
using RedNote.Frontend.Live;
using RedNote.Frontend.Tests.Fakes;
using RedNote.Frontend.Users;

namespace RedNote.Frontend.Tests.Users;

public sealed class UserNamesTests
{
    private readonly FakeUsers _users = FakeUsers.Create();
    private readonly ManualTime _time = new();
    private readonly LiveOptions _options = new() { Names = 3 };
    private readonly UserNames _names;

    public UserNamesTests() => _names = new UserNames(_users.Grains, _time, Options.Create(_options));

    [Fact]
    public async Task Of_AskedOften_AsksTheUserOnceUntilItIsOld()
    {
        var (first, second) = (_names.Of(new UserId(5)), _names.Of(new UserId(5)));
        _users.Answer("Ann");
        Assert.Equal(("Ann", "Ann"), (await first, await second));
        _time.Advance(_options.NameMaxAge - TimeSpan.FromSeconds(1));
        await _names.Of(new UserId(5));
        Assert.Equal(1, _users.Asked);

        _time.Advance(TimeSpan.FromSeconds(1));
        await _names.Of(new UserId(5));
        Assert.Equal(2, _users.Asked);
    }

    [Fact]
    public async Task Of_MoreUsersThanAreKept_ForgetsTheOldest()
    {
        _users.Answer("Ann");
        for (var id = 1; id <= 10; id++)
        {
            await _names.Of(new UserId(id));
            Assert.InRange(_names.Count, 1, 3);
        }

        await _names.Of(new UserId(10));
        Assert.Equal(10, _users.Asked);
        await _names.Of(new UserId(1));
        Assert.Equal(11, _users.Asked);
    }

    [Fact]
    public async Task Of_TheUserDidNotAnswer_IsAskedAgain()
    {
        var first = _names.Of(new UserId(5));
        _users.Fail(new TimeoutException());
        await Assert.ThrowsAsync<TimeoutException>(() => first);

        var second = _names.Of(new UserId(5));
        _users.Answer("Ann");
        Assert.Equal("Ann", await second);
        Assert.Equal(1, _names.Count);
    }
}
