namespace RedNote.Users;

/// <content>How a user is told of new followers: at once, and then those of some seconds together, so that a thousand
/// who come at the same time cost one notice.</content>
public sealed partial class UserGrain
{
    /// <summary>When the user was told last; null: not in this activation.</summary>
    private long? _toldAt;
    private IGrainTimer? _telling;

    private TimeSpan FollowPause => TimeSpan.FromSeconds(inbox.Value.FollowSeconds);

    private UserEvent[] Decide(FollowerChange change)
    {
        var isFirst = change is { Follows: true, Name: not null } && !State.Followers.Knows(change.Follower);
        var changed = new FollowerChanged(
            change.Follower, change.Follows, change.Version, isFirst ? change.Name : null);
        if (!isFirst)
        {
            return [changed];
        }

        if (_toldAt is { } at && time.GetElapsedTime(at) < FollowPause)
        {
            TellFollowersIn(FollowPause - time.GetElapsedTime(at));
            return [changed];
        }

        _toldAt = time.GetTimestamp();
        var count = (State.NewFollowers?.Count ?? 0) + 1;
        return [changed, new FollowersTold(count, change.Follower, change.Name!, Now())];
    }

    /// <summary>For those who came before the activation and were not told of.</summary>
    private void TellFollowersLater()
    {
        if (State.NewFollowers is not null)
        {
            TellFollowersIn(FollowPause);
        }
    }

    private void TellFollowersIn(TimeSpan pause) => _telling ??= this.RegisterGrainTimer(
        TellFollowers,
        new GrainTimerCreationOptions
        {
            DueTime = pause,
            Period = Timeout.InfiniteTimeSpan,
            Interleave = true,
            KeepAlive = true,
        });

    private async Task TellFollowers(CancellationToken cancellationToken)
    {
        _telling?.Dispose();
        _telling = null;
        if (State.NewFollowers is { } followers)
        {
            _toldAt = time.GetTimestamp();
            await log.Raise(new FollowersTold(followers.Count, followers.Last, followers.Name, Now()));
        }
    }

    private async Task Deliver(TellInbox told, long version)
    {
        var notice = new NewNotice(
            NoticeKind.Follow, log.Id.ToString(), version, told.At, From: told.Last, FromName: told.Name,
            Count: told.Count);
        if (await GrainFactory.Inbox(Self).Take(notice) is not CommandStatus.Done and var status)
        {
            throw new TryAgainException($"The inbox of {Self} answered {status}.");
        }
    }
}
