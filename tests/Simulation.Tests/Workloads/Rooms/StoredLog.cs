using System.Globalization;
using System.Text.Json;
using RedNote.Journal;

namespace RedNote.Simulation.Rooms;

/// <summary>
/// A log as it is stored, read as plain JSON past the disk and the code that writes it. What was read once is not read
/// again: stored events never change.
/// </summary>
internal abstract class StoredLog(SimulatedWorld world, string log, long key)
{
    private readonly LogId _id = new(log, key.ToString(CultureInfo.InvariantCulture));

    /// <summary>The last version that is stored.</summary>
    public long Head { get; private set; }

    protected SimulatedWorld World => world;

    /// <summary>Reads what has come since the last time.</summary>
    public void Refresh()
    {
        // The store is in memory: its answers are there at once.
        if (world.Journal.ReadHeadAsync(_id, CancellationToken.None).GetAwaiter().GetResult() == Head) return;
        var rows = world.Journal.ReadAsync(_id, new VersionRange(Head + 1), int.MaxValue, CancellationToken.None)
            .GetAwaiter().GetResult();
        foreach (var row in rows)
        {
            world.Require(row.FirstVersion == Head + 1, $"{_id}: {row.FirstVersion} comes after {Head}.");
            using var events = JsonDocument.Parse(row.Payload);
            world.Require(events.RootElement.GetArrayLength() == row.Count, $"{_id}: row {row.FirstVersion} lies.");
            foreach (var stored in events.RootElement.EnumerateArray())
            {
                Head++;
                Take(Head, stored.GetProperty("kind").GetString()!, stored);
            }
        }

        Refreshed();
    }

    /// <summary>All that is stored was read.</summary>
    protected virtual void Refreshed()
    {
    }

    protected abstract void Take(long version, string kind, JsonElement stored);

    protected static UserId User(JsonElement stored, string name)
        => new(long.Parse(stored.GetProperty(name).GetString()!, CultureInfo.InvariantCulture));

    protected static string? Text(JsonElement stored, string name)
        => stored.TryGetProperty(name, out var text) ? text.GetString() : null;

    protected static long Number(JsonElement stored, string name) => stored.GetProperty(name).GetInt64();

    protected static long? OptionalNumber(JsonElement stored, string name)
        => stored.TryGetProperty(name, out var number) && number.ValueKind == JsonValueKind.Number
            ? number.GetInt64()
            : null;

    /// <summary>Ids are texts.</summary>
    protected static long Id(JsonElement stored, string name)
        => long.Parse(stored.GetProperty(name).GetString()!, CultureInfo.InvariantCulture);

    protected static bool Flag(JsonElement stored, string name)
        => stored.TryGetProperty(name, out var flag) && flag.ValueKind == JsonValueKind.True;

    protected static List<UserId> Users(JsonElement stored, string name)
        => !stored.TryGetProperty(name, out var users) || users.ValueKind != JsonValueKind.Array
            ? []
            : [.. users.EnumerateArray().Select(
                user => new UserId(long.Parse(user.GetString()!, CultureInfo.InvariantCulture)))];
}

/// <summary>Whom a user follows and by whom it is followed, as its log says.</summary>
internal sealed class StoredUser(SimulatedWorld world, UserId user) : StoredLog(world, "user", user.Value)
{
    private readonly Dictionary<UserId, Timeline<bool>> _followers = [];

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
