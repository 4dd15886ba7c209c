using System.Text.Json;

namespace RedNote.Simulation.Rooms;

/// <summary>Who watched for how long, and what everybody contributed.</summary>
internal sealed partial class StoredRoom
{
    private readonly Dictionary<UserId, long> _worth = [];
    private readonly Dictionary<UserId, long> _points = [];
    private readonly Dictionary<UserId, long> _present = [];
    private readonly Dictionary<UserId, (long Ms, int Stays)> _watched = [];
    private long _startedAt = long.MaxValue;
    private long _endedAt = long.MaxValue;
    private long _audienceAt;

    /// <summary>What all fans have together.</summary>
    public long Points { get; private set; }

    /// <summary>What somebody's contributions are worth by now, at most.</summary>
    public long WorthOf(UserId user) => _worth.GetValueOrDefault(user);

    public bool IsPresent(UserId user) => _present.ContainsKey(user);

    /// <summary>How long somebody has watched at that time, while the show was on; stays are rounded to a tenth of a
    /// second.</summary>
    public long WatchedMs(UserId user, long at)
        => _watched.GetValueOrDefault(user).Ms + (_present.TryGetValue(user, out var since) ? Live(since, at) : 0);

    /// <summary>By how much the rounding may have changed it.</summary>
    public long WatchSlackMs(UserId user) => 50L * (1 + _watched.GetValueOrDefault(user).Stays);

    private void TakeAudience(long version, JsonElement stored)
    {
        var at = Number(stored, "at");
        _audienceAt = Math.Max(_audienceAt, at);
        foreach (var user in Users(stored, "left")) Leave(user, OptionalNumber(stored, "leftAt") ?? at);
        foreach (var user in Users(stored, "came")) _present.TryAdd(user, at);
        if (!stored.TryGetProperty("fans", out var fans) || fans.ValueKind != JsonValueKind.Array) return;
        foreach (var fan in fans.EnumerateArray())
        {
            var user = User(fan, "user");
            Points += Number(fan, "points");
            _points[user] = _points.GetValueOrDefault(user) + Number(fan, "points");

            // Likes without a key are in the log without their senders.
            Require(
                Likes > KeyedLikes || _points[user] <= WorthOf(user), version,
                $"{user} has {_points[user]} points for what is worth {WorthOf(user)}");
        }

        var most = (LastSeq * 10) + (Merged * 10) + (Ballots * 20) + Likes;
        Require(Points <= most, version, $"{Points} points for what is worth {most} at most");
    }

    /// <summary>A new activation knows nobody yet: who was there is credited up to the last word of the audience.
    /// </summary>
    private void TakeEpoch(long version)
    {
        foreach (var user in _present.Keys.ToList()) Leave(user, _audienceAt);
        _heldBefore[Epoch] = Waiting.Count();
        Totals.Add(version, new StoredTotals(Epoch, 0, 0, _heldBefore[Epoch], 0));
    }

    private void Leave(UserId user, long at)
    {
        if (!_present.Remove(user, out var since)) return;
        var (ms, stays) = _watched.GetValueOrDefault(user);
        _watched[user] = (ms + Live(since, at), stays + 1);
    }

    private long Live(long since, long until)
        => Math.Max(0, Math.Min(until, _endedAt) - Math.Max(since, _startedAt));

    private void Worth(UserId user, long points) => _worth[user] = WorthOf(user) + points;
}
