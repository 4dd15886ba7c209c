using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using RedNote.Users;

namespace RedNote.Grains.Tests.Users;

/// <summary>A user over plain memory: whatever happens, in whatever order.</summary>
public sealed class UserStateTests
{
    private static readonly Gen<UserId> SomeUser = Gen.Choose(1, 12).Select(id => new UserId(id));

    private static readonly Gen<UserEvent> SomeEvent = Gen.OneOf(
        Text().SelectMany(name => Gen.Constant<UserEvent>(new UserCreated(name, "key-" + name))),
        from name in Gen.Elements<string?>(null, "Lin", "名")
        from avatar in Gen.Elements<string?>(null, "", "/a.png")
        select (UserEvent)new ProfileChanged(name, name is null ? "" : null, avatar),
        from user in SomeUser
        from number in Number()
        select (UserEvent)new UserFollowed(user, number),
        from user in SomeUser select (UserEvent)new UserUnfollowed(user),
        from user in SomeUser
        from number in Number()
        select (UserEvent)new FollowRefused(user, number),
        from user in SomeUser
        from follows in Gen.Elements(true, false)
        from version in Number()
        select (UserEvent)new FollowerChanged(user, follows, version),
        from room in Gen.Choose(1, 5)
        from version in Number()
        from orders in Gen.Choose(0, 9)
        select (UserEvent)new SalesChanged(new RoomSales(
            new RoomId(room), version, orders, new Money(orders * 5, room < 3 ? "CNY" : "EUR"))),
        from login in Gen.Choose(1, 30)
        from at in Number()
        from holds in Number()
        select (UserEvent)new LoginOpened(login, at + holds, at),
        from login in Gen.Choose(1, 30)
        from generation in Gen.Choose(2, 9)
        select (UserEvent)new LoginRenewed(login, generation),
        from login in Gen.Choose(1, 30)
        from why in Gen.Elements(LoginEnd.LoggedOut, LoginEnd.TokenReused)
        select (UserEvent)new LoginClosed(login, why));

    [Fact]
    public void Replay_FromASnapshotAtAnyPoint_IsTheLiveState()
        => Prop.ForAll(Events(), Gen.Choose(0, 100).ToArbitrary(), (events, percent) =>
        {
            var cut = events.Length * percent / 100;
            var live = Replay(new UserState(), events);
            var restored = Replay(Restore(Snapshot(Replay(new UserState(), events[..cut]))), events[cut..]);
            return Snapshot(live) == Snapshot(restored) && live.Following.Count == restored.Following.Count
                && live.Followers.Count == restored.Followers.Count && live.Exists == restored.Exists
                && JsonSerializer.Serialize(live.Sales.Total) == JsonSerializer.Serialize(restored.Sales.Total);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Snapshot_LaterEvents_DoNotChangeIt()
        => Prop.ForAll(Events(), Events(), (before, after) =>
        {
            var state = Replay(new UserState(), before);
            var snapshot = Snapshot(state);
            Replay(state, after);
            return snapshot == Snapshot(Replay(new UserState(), before));
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Counts_AfterEveryEvent_EqualTheSetsTheyCount()
        => Prop.ForAll(Events(), events =>
        {
            var state = new UserState();
            foreach (var raised in events)
            {
                state.Apply(raised);
                Assert.Equal(Everybody().Count(state.Following.Holds), state.Following.Count);
                Assert.Equal(Everybody().Count(state.Followers.Holds), state.Followers.Count);
                Assert.InRange(state.Logins.ToDocument().Length, 0, LoginBook.MaxLogins);
            }
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Followers_WordsInAnyOrderAndRepeated_TheNewestOfEachHolds()
        => Prop.ForAll(Events(), events =>
        {
            // A version says one thing only, as it names one event of the follower's log.
            var words = events.OfType<FollowerChanged>().DistinctBy(word => (word.Follower, word.Version)).ToList();
            var state = Replay(new UserState(), [.. words, .. words.AsEnumerable().Reverse(), .. words]);
            foreach (var user in Everybody())
            {
                var newest = words.Where(word => word.Follower == user).MaxBy(word => word.Version);
                Assert.Equal(newest?.Follows ?? false, state.Followers.Holds(user));
            }
        }).QuickCheckThrowOnFailure();

    private static IEnumerable<UserId> Everybody() => Enumerable.Range(1, 12).Select(id => new UserId(id));

    private static Gen<string> Text() => Gen.Elements("Mei", "Lin", "名字", "a\"b<\\>");

    private static Gen<long> Number() => Gen.Choose(1, 20).Select(number => (long)number);

    private static Arbitrary<UserEvent[]> Events() => SomeEvent.ArrayOf().ToArbitrary();

    private static UserState Replay(UserState state, IEnumerable<UserEvent> events)
    {
        foreach (var raised in events)
        {
            state.Apply(raised);
        }

        return state;
    }

    private static string Snapshot(UserState state)
        => JsonSerializer.Serialize(state.ToDocument(), UserJson.Instance.UserDocument);

    private static UserState Restore(string snapshot)
        => UserState.From(JsonSerializer.Deserialize(snapshot, UserJson.Instance.UserDocument)!);
}
