using System.Collections.Immutable;

namespace RedNote.Live;

/// <summary>The part of a room that knows its audience: watch time, contribution, milestones.</summary>
public sealed partial class LiveRoom
{
    /// <summary>The first milestone of likes; each next one is ten times as many.</summary>
    public const long FirstMilestone = 1_000;

    private const long LastMilestone = 1_000_000_000_000_000;

    /// <summary>Events of points that are raised at once; the rest goes with the next ones.</summary>
    private const int CountsAtOnce = 8;

    private AudienceDesk? _audience;

    /// <summary>What is not in the log of the audience. Made when somebody comes: most rooms that a silo knows are
    /// empty.</summary>
    public AudienceDesk Audience => _audience ??= new AudienceDesk(_options);

    /// <summary>Whether nobody is known to be here, and nothing waits for the log.</summary>
    public bool IsAudienceEmpty => _audience is null or { IsEmpty: true };

    private int WaitingPoints => _audience?.Waiting ?? 0;

    /// <summary>The log has refused these events: what they would have told of the audience is told later.</summary>
    public void Refused(List<LiveRoomEvent> events)
    {
        foreach (var raised in events.OfType<AudienceEvent>())
        {
            Audience.Refused(raised);
        }
    }

    /// <summary>Takes a front end's report of who came and left in.</summary>
    public void ReportAudience(GatewayPresence presence, long now, long awakeMs, List<LiveRoomEvent> events)
    {
        if (Audience.Report(presence.Gateway, presence.Audience, now, awakeMs) is { } changed)
        {
            events.Add(changed);
        }
    }

    /// <summary>Lets those go whose front end is gone, and puts into the log what is due there.</summary>
    /// <param name="now">Unix ms.</param>
    /// <param name="awakeMs">How long the activation has been there.</param>
    /// <param name="atOnce">Whether to wait no longer: the activation ends.</param>
    /// <param name="events">What follows.</param>
    public void KeepAudience(long now, long awakeMs, bool atOnce, List<LiveRoomEvent> events)
    {
        if (!Exists)
        {
            return;
        }

        _audience?.Expire(now, awakeMs, events);
        if (_audience?.TakeRefused(_state.Audience, now) is { } refused)
        {
            events.Add(refused);
        }

        if (IsAudienceEmpty)
        {
            _audience = null;
        }

        var isDue = atOnce
            || Math.Abs(now - _state.Audience.LastAt) >= _options.AudienceSeconds * 1_000L
            || WaitingPoints >= AudienceDesk.UsersPerEvent;
        if (!isDue || (WaitingPoints == 0 && (State != RoomState.Live || _state.Audience.Present == 0)))
        {
            return;
        }

        for (var i = 0; i < CountsAtOnce && (i == 0 || WaitingPoints > 0); i++)
        {
            events.Add(new AudienceCounted(now, _audience?.TakePoints()));
        }
    }

    /// <summary>The first fans as of now.</summary>
    public FanList Fans(int limit, long now) => new(
    [
        .. Ranking().Take(limit).Select((fan, i) => new Fan(
            fan.User, fan.Points, WatchedMs(fan.User, now) / 1_000, i + 1)),
    ]);

    /// <summary>What is counted of a user as of now.</summary>
    public Fan FanOf(UserId user, long now)
    {
        var ranking = Ranking();
        var place = 0;
        while (place < ranking.Length && ranking[place].User != user)
        {
            place++;
        }

        return new Fan(
            user, PointsOf(user), WatchedMs(user, now) / 1_000, place < ranking.Length ? place + 1 : null);
    }

    /// <summary>What an event is worth to those who caused it, and whether it is a milestone.</summary>
    private void TakeAudience(LiveRoomEvent raised)
    {
        switch (raised)
        {
            case DanmakuSent danmaku:
                Contribute(danmaku.UserId, _options.DanmakuPoints);
                break;
            case LikesCounted likes:
                Contribute(likes);
                break;
            case BallotsCast ballots:
                Contribute(ballots);
                break;
            case MilestoneReached reached:
                Frames.Announce(new LikeMilestone(reached.Likes) { At = reached.At });
                break;
        }
    }

    /// <summary>Time in the room while it was live, in ms. Before an activation has begun its epoch, those whom the one
    /// before saw count as gone since it was last heard of: nobody watches a room that is not there.</summary>
    private long WatchedMs(UserId user, long now)
        => _state.Audience.WatchedMs(user, HasBegun ? now : _state.Audience.LastAt);

    private long PointsOf(UserId user) => _state.Audience.PointsOf(user) + Audience.PointsOf(user);

    private ImmutableArray<(UserId User, long Points)> Ranking()
        => _state.Audience.Top.With(Audience.Contributors.Select(user => (user, PointsOf(user))));

    /// <summary>The host does not contribute to the own room.</summary>
    private void Contribute(UserId user, long points)
    {
        if (user != HostId)
        {
            Audience.Contribute(user, points);
        }
    }

    private void Contribute(BallotsCast ballots)
    {
        foreach (var voter in ballots.Ballots.SelectMany(group => group.Voters))
        {
            Contribute(voter, _options.VotePoints);
        }
    }

    private void Contribute(LikesCounted likes)
    {
        foreach (var (user, count) in likes.Senders)
        {
            Contribute(user, (long)count * _options.LikePoints);
        }
    }

    /// <summary>The milestones that so many likes more reach.</summary>
    private void ReachMilestones(long likes, long now, List<LiveRoomEvent> events)
    {
        var total = _state.Likes + likes;
        var next = _state.Audience.Milestone == 0 ? FirstMilestone : _state.Audience.Milestone * 10;
        for (; total >= next && next <= LastMilestone; next *= 10)
        {
            events.Add(new MilestoneReached(now, next, _state.MediaTime(now)));
        }
    }
}
