using System.Text.Json;

namespace RedNote.Simulation.Rooms;

/// <summary>Whom a user follows and by whom it is followed, as its log says.</summary>
internal sealed class StoredUser(SimulatedWorld world, UserId user) : StoredLog(world, "user", user.Value)
{
    private readonly Dictionary<UserId, Timeline<bool>> _followers = [];

    /// <summary>Followers that are new and that the user was not told of.</summary>
    private int _untold;

    public SortedSet<long> Following { get; } = [];

    public IEnumerable<long> Followers
        => _followers.Where(pair => pair.Value.Now).Select(pair => pair.Key.Value).Order();

    /// <summary>Whether the log said at any version from there on that the other one follows.</summary>
    public bool WasFollowedBy(UserId other, long from)
        => _followers.TryGetValue(other, out var follows) && follows.Held(from, long.MaxValue, held => held);

    /// <summary>Whether the log said at any version from there on that the other one does not follow.</summary>
    public bool WasNotFollowedBy(UserId other, long from)
        => !_followers.TryGetValue(other, out var follows) || follows.Held(from, long.MaxValue, held => !held);

    protected override void Take(long version, string kind, JsonElement stored)
    {
        switch (kind)
        {
            case "user.followed":
                World.Require(Following.Add(User(stored, "user").Value), $"{user} follows the same one twice.");
                break;
            case "user.unfollowed":
                World.Require(
                    Following.Remove(User(stored, "user").Value), $"{user} unfollowed one it did not follow.");
                break;
            case "user.follower_changed":
                var follower = User(stored, "follower");
                if (!_followers.TryGetValue(follower, out var follows)) _followers[follower] = follows = new(false);
                follows.Add(version, stored.GetProperty("follows").GetBoolean());
                _untold += stored.TryGetProperty("name", out _) ? 1 : 0;
                break;
            case "user.followers_told":
                var told = stored.GetProperty("count").GetInt32();
                World.Require(told == _untold, $"{user} was told of {told} new followers, not of {_untold}.");
                _untold = 0;
                break;
            case "user.created":
                World.Require(version == 1, $"{user} was created at version {version}.");
                break;
            default:
                World.Violate($"The log of {user} has {kind}.");
                break;
        }
    }
}
