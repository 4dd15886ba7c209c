using RedNote.Users;

namespace RedNote.Grains.Tests.Users;

/// <summary>The way of a follow to the other user's grain, when something is in the way.</summary>
public sealed class FollowEffectTests(UserCluster users) : IClassFixture<UserCluster>
{
    [Fact]
    public async Task Follow_Delivered_LeavesNothingOwed()
    {
        var (a, b) = (await users.NewUser(), await users.NewUser());
        Assert.Equal(CommandStatus.Done, await users.Grain(a).Follow(b));
        Assert.Equal((0, 1), await users.Counts(b));
        await UserCluster.Until(async () => (await users.Owed(a)).Count == 0, "the mark was not moved");
        var told = Assert.Single(await users.Events(b, "user.follower_changed"));
        Assert.Equal(2, told.GetProperty("version").GetInt64());
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task Follow_TheOtherSidesWriteFails_ItIsToldAgainAndCountsOnce(bool afterTakingEffect)
    {
        var (a, b) = (await users.NewUser(), await users.NewUser());
        users.Journal.FailNext(UserCluster.Log(b), afterTakingEffect);
        var follow = users.Grain(a).Follow(b);
        await DeliverUntil(a, async () => follow.IsCompleted && await Followers(b) == 1);
        Assert.Equal(CommandStatus.Done, await follow);
        await DeliverUntil(a, async () => (await users.Owed(a)).Count == 0);
        Assert.Single(await users.Events(b, "user.follower_changed"));
    }

    [Fact]
    public async Task Follow_ActivationLostBetweenCommitAndDelivery_TheNextOneDelivers()
    {
        var (a, b) = (await users.NewUser(), await users.NewUser());
        users.Journal.FailNext(UserCluster.Log(b), afterTakingEffect: false);
        var follow = users.Grain(a).Follow(b);
        await UserCluster.Until(async () => (await users.Owed(a)).Count == 1, "the follow was not stored");
        users.Journal.FailNext(UserCluster.Log(a), afterTakingEffect: false);
        Assert.Equal(
            CommandStatus.TryAgain, (await users.Grain(a).ChangeProfile(new ProfileChange("Lost", null, null))).Status);
        Assert.Contains(await follow, (CommandStatus[])[CommandStatus.Done, CommandStatus.TryAgain]);

        await DeliverUntil(a, async () => await Followers(b) == 1);
        Assert.Equal((1, 0), await users.Counts(a));
        Assert.Single(await users.Events(b, "user.follower_changed"));
    }

    [Fact]
    public async Task Activation_OwesFollowsFromBeforeACrash_DeliversThemInOrderAndOnce()
    {
        var (a, b) = (users.NextId(), await users.NewUser());
        await users.Store(
            a, new UserCreated("Back", "t"), new UserFollowed(b, 1), new UserUnfollowed(b), new UserFollowed(b, 2));
        await DeliverUntil(a, async () => (await users.Owed(a)).Count == 0);
        Assert.Equal((0, 1), await users.Counts(b));
        Assert.Equal(
            [2L, 3L, 4L],
            (await users.Events(b, "user.follower_changed")).Select(told => told.GetProperty("version").GetInt64()));
    }

    [Fact]
    public async Task Delivery_TheOtherUserIsGone_TheFollowIsTakenBack()
    {
        var (a, gone) = (users.NextId(), users.NextId());
        await users.Store(a, new UserCreated("Back", "t"), new UserFollowed(gone, 1));
        Assert.Equal(CommandStatus.NotFound, await users.Grain(a).Follow(gone));
        Assert.Equal((0, 0), await users.Counts(a));
        await DeliverUntil(a, async () => (await users.Owed(a)).Count == 0);
        Assert.Single(await users.Events(a, "user.follow_refused"));
        Assert.Empty(await users.Events(gone));
    }

    [Fact]
    public async Task Delivery_AnOlderFollowIsRefused_TheNewerOneStays()
    {
        var (a, late) = (users.NextId(), users.NextId());
        await users.Store(
            a, new UserCreated("Back", "t"), new UserFollowed(late, 1), new UserUnfollowed(late),
            new UserFollowed(late, 2), new FollowRefused(late, 1));
        Assert.Equal(CommandStatus.Done, await users.Grain(late).Create(new NewUser("Late", "t")));
        await DeliverUntil(a, async () => await Followers(late) == 1);
        Assert.Equal((1, 0), await users.Counts(a));
    }

    [Fact]
    public async Task Follow_TwiceAtTheSameTime_IsOneFollow()
    {
        var (a, b) = (await users.NewUser(), await users.NewUser());
        var answers = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => users.Grain(a).Follow(b)));
        Assert.All(answers, status => Assert.Equal(CommandStatus.Done, status));
        Assert.Single(await users.Events(a, "user.followed"));
    }

    [Fact]
    public async Task Follow_TwoMoreAtTheSameTimeWithRoomForOne_OneIsInvalid()
    {
        var (a, b, c) = (users.NextId(), await users.NewUser(), await users.NewUser());
        var followed = Enumerable.Range(1, UserState.MaxFollowing - 1)
            .Select(number => new UserFollowed(new UserId(1_000_000 + number), number));
        await users.StoreDelivered(a, [new UserCreated("Keen", "t"), .. followed]);
        var answers = await Task.WhenAll(users.Grain(a).Follow(b), users.Grain(a).Follow(c));
        Assert.Equal([CommandStatus.Done, CommandStatus.Invalid], answers.Order());
        Assert.Equal((UserState.MaxFollowing, 0), await users.Counts(a));
        Assert.Equal(CommandStatus.Invalid, await users.Grain(a).Follow(a));
    }

    [Fact]
    public async Task Follow_Nobody_KeepsNothing()
    {
        var (a, nobody) = (await users.NewUser(), users.NextId());
        Assert.Equal(CommandStatus.NotFound, await users.Grain(a).Follow(nobody));
        Assert.Equal("user.created", Assert.Single(await users.Events(a)).GetProperty("kind").GetString());
        Assert.Equal(CommandStatus.Done, await users.Grain(a).Unfollow(nobody));
        Assert.Single(await users.Events(a));
    }

    [Fact]
    public async Task Follow_AnotherReceiverIsDown_IsDeliveredAtOnce()
    {
        var (a, down, up) = (await users.NewUser(), await users.NewUser(), await users.NewUser());
        await users.Store(down, new ProfileChanged("Somebody else wrote here", null, null));
        var first = users.Grain(a).Follow(down);
        await UserCluster.Until(async () => (await users.Owed(a)).Count == 1, "the follow was not stored");
        Assert.Equal(CommandStatus.Done, await users.Grain(a).Follow(up));
        Assert.Equal((0, 1), await users.Counts(up));
        Assert.Contains(await users.Owed(a), effect => effect.Receiver == UserEffect.Receiver(down));
        Assert.Equal(CommandStatus.Done, await first);
        await DeliverUntil(a, async () => await Followers(down) == 1);
    }

    [Fact]
    public async Task Follow_ManyFollowers_EachIsCountedOnceAndTheLogIsTheCount()
    {
        var star = await users.NewUser();
        var fans = await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => users.NewUser()));
        await Task.WhenAll(fans.Select(fan => users.Grain(fan).Follow(star)));
        await Task.WhenAll(fans.Take(50).Select(fan => users.Grain(fan).Unfollow(star)));
        Assert.Equal((0, 150), await users.Counts(star));
        var among = await users.Grain(star).FollowersAmong([.. fans]);
        Assert.Equal(fans.Skip(50), among);
        Assert.Equal(250, (await users.Events(star, "user.follower_changed")).Count);
    }

    private async Task<int> Followers(UserId user)
    {
        try
        {
            return (await users.Counts(user)).Followers;
        }
        catch (TryAgainException)
        {
            return 0;
        }
    }

    /// <summary>Asks the source to try again, as the silo does with what lies too long, so that no test waits for the
    /// pauses between tries.</summary>
    private Task DeliverUntil(UserId source, Func<Task<bool>> condition) => UserCluster.Until(
        async () =>
        {
            await users.Grain(source).DeliverEffects();
            return await condition();
        },
        $"what user {source} owed was not delivered");
}
