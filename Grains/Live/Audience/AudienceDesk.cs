using System.Collections.Immutable;

namespace RedNote.Live;

/// <summary>
/// What an activation knows of its audience besides the log: which front end has whom, for as long as it is heard of,
/// and the points that are not in the log yet.
/// </summary>
public sealed class AudienceDesk(LiveRoomOptions options)
{
    /// <summary>Users in one event.</summary>
    public const int UsersPerEvent = 2_048;

    private readonly Dictionary<string, FrontEnd> _frontEnds = new(StringComparer.Ordinal);
    private readonly Dictionary<UserId, int> _seats = [];
    private readonly Dictionary<UserId, long> _points = [];
    private readonly Queue<UserId> _contributors = [];
    private readonly Queue<UserId> _refused = [];

    private sealed class FrontEnd
    {
        public readonly HashSet<UserId> Users = [];

        /// <summary>By the activation's own clock: a lease must not end as the wall clock is set.</summary>
        public long HeardAt;

        /// <summary>Unix ms.</summary>
        public long SeenAt;
        public long Number;
    }

    /// <summary>Whether nobody is known to be there, and nothing waits for the log.</summary>
    public bool IsEmpty => _frontEnds.Count == 0 && _points.Count == 0 && _refused.Count == 0;

    /// <summary>Users whose points wait for the log.</summary>
    public int Waiting => _points.Count;

    /// <summary>Takes a front end's report in, and says what it changed; null: nothing.</summary>
    /// <param name="gateway">The front end.</param>
    /// <param name="change">Who came and left; null: nobody.</param>
    /// <param name="now">Unix ms.</param>
    /// <param name="awakeMs">How long the activation has been there: what leases run by.</param>
    public AudienceChanged? Report(string gateway, AudienceChange? change, long now, long awakeMs)
    {
        if (!_frontEnds.TryGetValue(gateway, out var frontEnd))
        {
            if (change is null || _frontEnds.Count >= options.Gateways)
            {
                return null;
            }

            _frontEnds[gateway] = frontEnd = new FrontEnd();
        }

        frontEnd.HeardAt = awakeMs;
        frontEnd.SeenAt = now;
        if (change is null || change.Number <= frontEnd.Number || change.Came.IsDefault || change.Left.IsDefault
            || change.Came.Length + change.Left.Length > AudienceChange.MaxUsers)
        {
            return null;
        }

        frontEnd.Number = change.Number;
        ImmutableArray<UserId> came = [.. change.Came.Where(user => Came(frontEnd, user))];
        ImmutableArray<UserId> left = [.. change.Left.Where(user => Left(frontEnd, user))];
        return came.IsEmpty && left.IsEmpty ? null : new AudienceChanged(now, came, left, null);
    }

    /// <summary>Lets those go whose front end has not been heard of for a lease.</summary>
    public void Expire(long now, long awakeMs, List<LiveRoomEvent> events)
    {
        var lease = options.LeaseSeconds * 1_000L;
        foreach (var (name, frontEnd) in _frontEnds)
        {
            if (frontEnd.HeardAt > awakeMs - lease)
            {
                continue;
            }

            _frontEnds.Remove(name);
            var left = frontEnd.Users.OrderBy(user => user.Value).Where(GoneFromOne).ToArray();
            foreach (var some in left.Chunk(UsersPerEvent))
            {
                events.Add(new AudienceChanged(now, [], [.. some], frontEnd.SeenAt));
            }
        }
    }

    /// <summary>Keeps what an event would have told that the log did not take.</summary>
    public void Refused(AudienceEvent raised)
    {
        if (raised is AudienceCounted { Fans: { } fans })
        {
            foreach (var fan in fans)
            {
                Contribute(fan.User, fan.Points);
            }
        }
        else if (raised is AudienceChanged changed)
        {
            foreach (var user in changed.Came.Concat(changed.Left))
            {
                _refused.Enqueue(user);
            }
        }
    }

    /// <summary>Who came and left in events that were refused, as far as it is still so; null: nobody.</summary>
    public AudienceChanged? TakeRefused(AudienceBook book, long now)
    {
        if (_refused.Count == 0)
        {
            return null;
        }

        var came = new SortedSet<long>();
        var left = new SortedSet<long>();
        for (var i = 0; i < UsersPerEvent && _refused.TryDequeue(out var user); i++)
        {
            var isHere = _seats.ContainsKey(user);
            if (isHere != book.IsPresent(user))
            {
                (isHere ? came : left).Add(user.Value);
            }
        }

        return came.Count + left.Count == 0
            ? null
            : new AudienceChanged(
                now, [.. came.Select(id => new UserId(id))], [.. left.Select(id => new UserId(id))], null);
    }

    /// <summary>Notes points that a user has gained.</summary>
    public void Contribute(UserId user, long points)
    {
        if (points > 0 && user.Value > 0)
        {
            if (!_points.TryGetValue(user, out var known))
            {
                _contributors.Enqueue(user);
            }

            _points[user] = known + points;
        }
    }

    /// <summary>Points that are not in the log yet.</summary>
    public long PointsOf(UserId user) => _points.GetValueOrDefault(user);

    /// <summary>The users who have such points.</summary>
    public IEnumerable<UserId> Contributors => _contributors;

    /// <summary>Gives the points out for the log, at most as many as one event holds; null: none.</summary>
    public ImmutableArray<FanPoints>? TakePoints()
    {
        if (_contributors.Count == 0)
        {
            return null;
        }

        var taken = ImmutableArray.CreateBuilder<FanPoints>(Math.Min(_contributors.Count, UsersPerEvent));
        while (taken.Count < UsersPerEvent && _contributors.TryDequeue(out var user))
        {
            _points.Remove(user, out var points);
            taken.Add(new FanPoints(user, (int)Math.Min(int.MaxValue, points)));
        }

        return taken.DrainToImmutable();
    }

    private bool Came(FrontEnd frontEnd, UserId user)
    {
        if (user.Value <= 0 || !frontEnd.Users.Add(user))
        {
            return false;
        }

        var seats = _seats.GetValueOrDefault(user);
        _seats[user] = seats + 1;
        return seats == 0;
    }

    private bool Left(FrontEnd frontEnd, UserId user) => frontEnd.Users.Remove(user) && GoneFromOne(user);

    /// <summary>Whether it was the last front end that had the user.</summary>
    private bool GoneFromOne(UserId user)
    {
        var seats = _seats[user] - 1;
        if (seats > 0)
        {
            _seats[user] = seats;
            return false;
        }

        _seats.Remove(user);
        return true;
    }
}
