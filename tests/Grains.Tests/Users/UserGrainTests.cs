using RedNote.Users;

namespace RedNote.Grains.Tests.Users;

public sealed class UserGrainTests(GrainCluster cluster) : IClassFixture<GrainCluster>
{
    private static long _next = 100;

    [Fact]
    public async Task Create_TakenId_IsConflictUnlessItIsTheSameCall()
    {
        var user = cluster.Grains.User(new UserId(Interlocked.Increment(ref _next)));
        Assert.Equal(CommandStatus.Done, await user.Create(new NewUser("Mei", "t1")));
        Assert.Equal(CommandStatus.Done, await user.Create(new NewUser("Mei", "t1")));
        Assert.Equal(CommandStatus.Conflict, await user.Create(new NewUser("Lin", "t2")));
        Assert.Equal("Mei", (await user.Profile(null))!.Name);
    }

    [Fact]
    public async Task Follow_EachOtherAtTheSameTime_BothAnswerAndCountsAreExact()
    {
        var (a, b) = (await NewUser(), await NewUser());
        var answers = await Task.WhenAll(
            cluster.Grains.User(a).Follow(b), cluster.Grains.User(b).Follow(a),
            cluster.Grains.User(a).Follow(b), cluster.Grains.User(b).Follow(a)).WaitAsync(TimeSpan.FromSeconds(10));
        Assert.All(answers, status => Assert.Equal(CommandStatus.Done, status));
        var profile = (await cluster.Grains.User(a).Profile(b))!;
        Assert.Equal((1, 1, true), (profile.Followers, profile.Following, profile.IsFollowing));
        Assert.Equal(CommandStatus.Done, await cluster.Grains.User(b).Unfollow(a));
        profile = (await cluster.Grains.User(a).Profile(b))!;
        Assert.Equal((0, 1, false), (profile.Followers, profile.Following, profile.IsFollowing));
    }

    [Fact]
    public async Task Follow_NobodyOrOneself_IsRefusedAndCountsNothing()
    {
        var user = await NewUser();
        Assert.Equal(CommandStatus.NotFound, await cluster.Grains.User(user).Follow(new UserId(9_999_999)));
        Assert.Equal(CommandStatus.Invalid, await cluster.Grains.User(user).Follow(user));
        Assert.Equal(0, (await cluster.Grains.User(user).Profile(null))!.Following);
    }

    [Fact]
    public async Task ChangeProfile_BadValue_ChangesNothing()
    {
        var id = await NewUser();
        var user = cluster.Grains.User(id);
        Assert.Equal(CommandStatus.Done, (await user.ChangeProfile(new ProfileChange("New", "sig", "/a.png"))).Status);
        var script = await user.ChangeProfile(new ProfileChange("Other", null, "javascript:x"));
        Assert.Equal(CommandStatus.Invalid, script.Status);
        var longName = await user.ChangeProfile(new ProfileChange(new string('x', 25), "s", null));
        Assert.Equal(CommandStatus.Invalid, longName.Status);
        var profile = (await user.Profile(null))!;
        Assert.Equal(("New", "sig", "/a.png"), (profile.Name, profile.Signature, profile.Avatar));
        await user.ChangeProfile(new ProfileChange(null, "", ""));
        Assert.Null((await user.Profile(null))!.Avatar);
    }

    [Fact]
    public async Task RenewLogin_UsedTokenAgain_EndsTheLogin()
    {
        var user = cluster.Grains.User(await NewUser());
        var first = (await user.OpenLogin(new LoginRequest(7, long.MaxValue)))!;
        var second = await user.RenewLogin(first);
        Assert.NotNull(second);
        Assert.Null(await user.RenewLogin(first));
        Assert.Null(await user.RenewLogin(second));
    }

    private async Task<UserId> NewUser()
    {
        var id = new UserId(Interlocked.Increment(ref _next));
        Assert.Equal(CommandStatus.Done, await cluster.Grains.User(id).Create(new NewUser("Somebody", "t")));
        return id;
    }
}
