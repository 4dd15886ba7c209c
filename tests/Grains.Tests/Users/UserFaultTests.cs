using RedNote.Users;

namespace RedNote.Grains.Tests.Users;

/// <summary>Commands of a user whose write fails, before or after it took effect: the outcome is unknown, a retry gives
/// the first result, and nothing is applied twice.</summary>
public sealed class UserFaultTests(UserCluster users) : IClassFixture<UserCluster>
{
    [Theory, InlineData(false), InlineData(true)]
    public async Task Create_WriteFails_TheSameCallerGetsTheUser(bool afterTakingEffect)
    {
        var id = users.NextId();
        users.Journal.FailNext(UserCluster.Log(id), afterTakingEffect);
        Assert.Equal(CommandStatus.TryAgain, await users.Grain(id).Create(new NewUser("Mei", "t1")));
        Assert.Equal(
            CommandStatus.Done, await UserCluster.Retry(() => users.Grain(id).Create(new NewUser("Mei", "t1"))));
        Assert.Equal(CommandStatus.Conflict, await users.Grain(id).Create(new NewUser("Lin", "t2")));
        Assert.Single(await users.Events(id, "user.created"));
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task ChangeProfile_WriteFails_RetryChangesItOnce(bool afterTakingEffect)
    {
        var id = await users.NewUser();
        var change = new ProfileChange("New", "sig", "/a.png");
        users.Journal.FailNext(UserCluster.Log(id), afterTakingEffect);
        var failed = await users.Grain(id).ChangeProfile(change);
        Assert.Equal(new ProfileOutcome(CommandStatus.TryAgain, null), failed);
        await UserCluster.Retry(async () => (await users.Grain(id).ChangeProfile(change)).Status);
        Assert.Equal("New", (await users.Grain(id).Profile(null))!.Name);
        Assert.Single(await users.Events(id, "user.profile_changed"));
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task Follow_OwnWriteFails_RetryCountsOnceOnBothSides(bool afterTakingEffect)
    {
        var (a, b) = (await users.NewUser(), await users.NewUser());
        users.Journal.FailNext(UserCluster.Log(a), afterTakingEffect);
        Assert.Equal(CommandStatus.TryAgain, await users.Grain(a).Follow(b));
        Assert.Equal(CommandStatus.Done, await UserCluster.Retry(() => users.Grain(a).Follow(b)));
        Assert.Equal((1, 0), await users.Counts(a));
        Assert.Equal((0, 1), await users.Counts(b));
        Assert.Single(await users.Events(a, "user.followed"));
        Assert.Single(await users.Events(b, "user.follower_changed"));
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task Unfollow_OwnWriteFails_RetryCountsOnceOnBothSides(bool afterTakingEffect)
    {
        var (a, b) = (await users.NewUser(), await users.NewUser());
        await users.Grain(a).Follow(b);
        users.Journal.FailNext(UserCluster.Log(a), afterTakingEffect);
        Assert.Equal(CommandStatus.TryAgain, await users.Grain(a).Unfollow(b));
        Assert.Equal(CommandStatus.Done, await UserCluster.Retry(() => users.Grain(a).Unfollow(b)));
        Assert.Equal((0, 0), await users.Counts(a));
        Assert.Equal((0, 0), await users.Counts(b));
        Assert.Single(await users.Events(a, "user.unfollowed"));
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task OpenLogin_WriteFails_RetryGivesTheSameLogin(bool afterTakingEffect)
    {
        var id = await users.NewUser();
        users.Journal.FailNext(UserCluster.Log(id), afterTakingEffect);
        await Assert.ThrowsAsync<TryAgainException>(
            () => users.Grain(id).OpenLogin(new LoginRequest(7, long.MaxValue)));
        Login? login = null;
        await UserCluster.Retry(async () =>
        {
            login = await users.Grain(id).OpenLogin(new LoginRequest(7, long.MaxValue));
            return CommandStatus.Done;
        });
        Assert.Equal(new Login(7, 1), login);
        Assert.Equal(new Login(7, 2), await users.Grain(id).RenewLogin(login!));
    }

    [Fact]
    public async Task RenewLogin_WriteFailsBeforeItTookEffect_TheTokenIsStillGood()
    {
        var id = await users.NewUser();
        var login = (await users.Grain(id).OpenLogin(new LoginRequest(7, long.MaxValue)))!;
        users.Journal.FailNext(UserCluster.Log(id), afterTakingEffect: false);
        await Assert.ThrowsAsync<TryAgainException>(() => users.Grain(id).RenewLogin(login));
        Login? renewed = null;
        await UserCluster.Retry(async () =>
        {
            renewed = await users.Grain(id).RenewLogin(login);
            return CommandStatus.Done;
        });
        Assert.Equal(new Login(7, 2), renewed);
    }

    [Fact]
    public async Task Read_BeforeTheCommit_WaitsForIt()
    {
        var id = await users.NewUser();
        var hold = users.Journal.Hold();
        var change = users.Grain(id).ChangeProfile(new ProfileChange("New", null, null));
        await UserCluster.Until(
            () => Task.FromResult(users.Journal.Appends.Count(append => append.Id == UserCluster.Log(id)) == 2),
            "the change did not reach the journal");
        var read = users.Grain(id).Profile(null);
        var refusal = users.Grain(id).Follow(id);
        // Calls come in turn and this one does not wait for the journal: the others have decided when it answers.
        await users.Grain(id).DeliverEffects();
        users.Journal.FailNext(UserCluster.Log(id), afterTakingEffect: false);
        Assert.False(read.IsCompleted || refusal.IsCompleted);
        hold.Dispose();
        Assert.Equal(CommandStatus.TryAgain, (await change).Status);
        await Assert.ThrowsAsync<TryAgainException>(() => read);
        Assert.Equal(CommandStatus.TryAgain, await refusal);
        await UserCluster.Retry(
            async () => await users.Grain(id).Exists() ? CommandStatus.Done : CommandStatus.NotFound);
        Assert.Equal("Somebody", (await users.Grain(id).Profile(null))!.Name);
    }
}
