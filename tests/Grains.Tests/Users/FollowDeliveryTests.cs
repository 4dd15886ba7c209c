using FsCheck;
using FsCheck.Fluent;
using RedNote.Users;

namespace RedNote.Grains.Tests.Users;

/// <summary>
/// Three users follow a fourth over a network that loses, repeats and turns messages around: the states of both sides
/// over plain memory, and what the event log promises of effects (each is delivered at least once, the last of a sender
/// after the others).
/// </summary>
public sealed class FollowDeliveryTests
{
    private const int Followers = 3;
    private static readonly UserId Star = new(100);

    /// <summary>A follower does something, or one of its messages arrives, old or new.</summary>
    private sealed record Step(int Follower, bool Acts, int Message);

    [Fact]
    public void Follows_LostRepeatedAndReordered_ConvergeAndApplyOnce()
        => Prop.ForAll(Steps(), steps =>
        {
            var followers = Enumerable.Range(1, Followers).Select(id => new Sender(new UserId(id))).ToArray();
            var star = new Receiver();
            foreach (var step in steps)
            {
                var follower = followers[step.Follower];
                if (step.Acts)
                {
                    follower.Turn();
                }
                else if (follower.Sent.Count > 0)
                {
                    star.Take(follower.Sent[step.Message % follower.Sent.Count]);
                }
            }

            foreach (var message in followers.SelectMany(follower => follower.Sent))
            {
                star.Take(message);
            }

            Assert.All(followers, follower => Assert.Equal(
                follower.State.Following.Holds(Star), star.State.Followers.Holds(follower.Id)));
            Assert.Equal(followers.Count(follower => follower.State.Following.Holds(Star)), star.State.Followers.Count);
            Assert.Distinct(star.Applied);
        }).QuickCheckThrowOnFailure();

    private static Arbitrary<Step[]> Steps() => (
        from follower in Gen.Choose(0, Followers - 1)
        from acts in Gen.Frequency((1, Gen.Constant(true)), (3, Gen.Constant(false)))
        from message in Gen.Choose(0, 1_000)
        select new Step(follower, acts, message)).ArrayOf().ToArbitrary();

    /// <summary>A follower's grain as far as it matters: its log's versions and what it owes.</summary>
    private sealed class Sender(UserId id)
    {
        private long _version;

        public UserId Id => id;

        public UserState State { get; } = new();

        public List<FollowerChange> Sent { get; } = [];

        public void Turn()
        {
            UserEvent raised = State.Following.Holds(Star)
                ? new UserUnfollowed(Star)
                : new UserFollowed(Star, State.Following.LastNumber + 1);
            State.Apply(raised);
            _version++;
            var effect = Assert.Single(UserEffect.Of(raised));
            Assert.Equal(UserEffect.Receiver(Star), effect.Receiver);
            var told = Assert.IsType<TellFollowed>(UserEffect.Read(effect.Payload));
            Sent.Add(new FollowerChange(id, told.Follows, _version));
        }
    }

    private sealed class Receiver
    {
        public UserState State { get; } = new();

        public List<(UserId, long)> Applied { get; } = [];

        public void Take(FollowerChange change)
        {
            if (State.Followers.IsNew(change.Follower, change.Version))
            {
                State.Apply(new FollowerChanged(change.Follower, change.Follows, change.Version));
                Applied.Add((change.Follower, change.Version));
            }
        }
    }
}
