using System.Collections.Immutable;

namespace RedNote.Live;

/// <summary>
/// Watch time and points of a room's users as its events have made them. Who is there follows from the log too: after a
/// crash everybody is credited up to the last event of the audience, and counted anew when the front ends tell.
/// </summary>
public sealed class AudienceBook
{
    private readonly LiveRoomOptions _options;
    private readonly FanTable _table;
    private readonly Dictionary<UserId, long> _present;
    private long? _startedAt;
    private long? _endedAt;
    private long _lastAt;

    public AudienceBook(LiveRoomOptions options, StoredAudience stored, long? startedAt, long? endedAt)
    {
        _options = options;
        _table = FanTable.Read(stored.Fans);
        _present = stored.Present.ToDictionary(seen => seen.User, seen => seen.Since);
        _startedAt = startedAt;
        _endedAt = endedAt;
        _lastAt = stored.LastAt;
        Milestone = stored.Milestone;
        Top = new TopFans(FanList.MaxFans);
        foreach (var (user, points) in _table.InOrder())
        {
            Top.Changed(user, points);
        }
    }

    /// <summary>The last milestone of likes; 0: none.</summary>
    public long Milestone { get; private set; }

    /// <summary>Those with most points.</summary>
    public TopFans Top { get; }

    /// <summary>Users who are there.</summary>
    public int Present => _present.Count;

    /// <summary>Users of whom anything is counted.</summary>
    public int Users => _table.Count;

    /// <summary>When the audience was last in the log, Unix ms.</summary>
    public long LastAt => _lastAt;

    public bool IsPresent(UserId user) => _present.ContainsKey(user);

    public long PointsOf(UserId user) => _table[user].Points;

    /// <summary>Time in the room while it was live, up to that moment, in ms.</summary>
    public long WatchedMs(UserId user, long now)
        => _table[user].WatchedMs + (_present.TryGetValue(user, out var since) ? Live(since, now) : 0);

    public void Apply(LiveRoomEvent raised)
    {
        switch (raised)
        {
            case AudienceChanged changed:
                Apply(changed);
                break;
            case AudienceCounted counted:
                _lastAt = Math.Max(_lastAt, counted.At);
                Apply(counted.Fans ?? []);
                break;
            case MilestoneReached reached:
                Milestone = reached.Likes;
                break;
            case ShowStarted started:
                _startedAt = started.At;
                break;
            case ShowEnded ended:
                _endedAt = ended.At;
                break;
            case EpochBegan:
                LeaveAll();
                break;
            default:
                throw new NotSupportedException($"The audience does not know {raised.GetType().Name}.");
        }
    }

    public StoredAudience ToStored() => new()
    {
        Fans = _table.Write(),
        Present = [.. _present.Select(seen => new SeenUser(seen.Key, seen.Value)).OrderBy(seen => seen.User.Value)],
        LastAt = _lastAt,
        Milestone = Milestone,
    };

    private void Apply(AudienceChanged changed)
    {
        _lastAt = Math.Max(_lastAt, changed.At);
        foreach (var user in changed.Left)
        {
            if (_present.Remove(user, out var since))
            {
                Credit(user, 0, Live(since, changed.LeftAt ?? changed.At));
            }
        }

        foreach (var user in changed.Came)
        {
            if (_present.Count < _options.AudienceUsers)
            {
                _present.TryAdd(user, changed.At);
            }
        }
    }

    private void Apply(ImmutableArray<FanPoints> fans)
    {
        foreach (var fan in fans)
        {
            Credit(fan.User, fan.Points, 0);
        }
    }

    /// <summary>An activation begins: what the one before saw last is what is known.</summary>
    private void LeaveAll()
    {
        foreach (var (user, since) in _present)
        {
            Credit(user, 0, Live(since, _lastAt));
        }

        _present.Clear();
    }

    private void Credit(UserId user, int points, long watchedMs)
    {
        if (_table.Count >= _options.AudienceUsers && !_table.Contains(user))
        {
            return;
        }

        var total = _table.Add(user, points, watchedMs);
        if (points > 0)
        {
            Top.Changed(user, total);
        }
    }

    /// <summary>How much of a stay the show was on, in ms.</summary>
    private long Live(long since, long until)
        => _startedAt is not { } started
            ? 0
            : Math.Max(0, Math.Min(until, _endedAt ?? long.MaxValue) - Math.Max(since, started));
}

/// <summary>A user who is there, since that time, Unix ms.</summary>
public sealed record SeenUser(UserId User, long Since);

/// <summary>The form in which snapshots hold an <see cref="AudienceBook"/>.</summary>
public sealed record StoredAudience
{
    /// <summary>See <see cref="FanTable.Write"/>.</summary>
    public string Fans { get; init; } = "";

    /// <summary>In order of id.</summary>
    public ImmutableArray<SeenUser> Present { get; init; } = [];

    public long LastAt { get; init; }

    public long Milestone { get; init; }
}
