using RedNote.Frontend.Live;
using RedNote.Groups;

namespace RedNote.Frontend.Groups;

/// <summary>
/// One group's way out on this front end: one stream subscription however many connections look on, and bytes made
/// once for all of them. News leave in order, each once, none left out (<see cref="StreamFollower{TEvent}"/>).
/// </summary>
internal sealed class GroupChannel : IFollowed<GroupNews>, IGroupSource
{
    /// <summary>Answers that one call to open asks for before the viewer is sent what it may have missed.</summary>
    private const int OpenAttempts = 3;

    private readonly IGroupGrain _grain;
    private readonly FrameEncoder _encoder;
    private readonly GroupPortOptions _options;
    private readonly LiveMetrics _metrics;
    private readonly FrameFanOut<GroupViewer, NewsItem> _viewers;
    private readonly Queue<NewsItem> _recent = new();
    private readonly StreamFollower<GroupNews> _follower;
    private readonly CatchUpGate _catchUps;

    /// <summary>How many connections each user has here. Under the follower's lock, as all below.</summary>
    private readonly Dictionary<UserId, int> _users = [];
    private long _usersVersion;
    private long _newsCount;
    private int _members;
    private long _lastSeq;
    private long _expectedSeq;

    public GroupChannel(
        GroupId group, IGroupGrain grain, IGroupStreams streams, FrameEncoder encoder, CatchUpGate catchUps,
        GroupPortOptions options, LiveOptions live, TimeProvider time, LiveMetrics metrics, ILogger logger)
    {
        (Group, _grain, _encoder) = (group, grain, encoder);
        (_catchUps, _options, _metrics) = (catchUps, options, metrics);
        _viewers = new FrameFanOut<GroupViewer, NewsItem>(live.ShareFanOutFrom, logger);
        _follower = new StreamFollower<GroupNews>(
            $"group {group}", this, onNews => streams.Subscribe(group, onNews),
            new FollowerBounds(options.AheadNews, options.BehindPatience), time, metrics, logger);
    }

    public GroupId Group { get; }

    /// <summary>Connections that have the group open, or are opening it.</summary>
    public int Viewers => _viewers.Count;

    bool IFollowed<GroupNews>.HasListeners => _viewers.Count > 0;

    /// <summary>
    /// Opens the group for a viewer, or lets one that has it open go on; refused: the viewer is out. Events wait in the
    /// viewer until <see cref="JoinTicket.Written"/>.
    /// </summary>
    public async Task<(OpenOutcome Outcome, JoinTicket Ticket)> Open(GroupViewer viewer, long? afterSeq)
    {
        var ticket = viewer.BeginJoin();
        _viewers.Add(viewer);
        try
        {
            await _follower.Ensure();
            for (var attempt = 1; ; attempt++)
            {
                var outcome = await _grain.Open(viewer.User, afterSeq);
                if (outcome is not { Status: CommandStatus.Done, Opened: { } opened })
                {
                    Detach(viewer);
                    return (outcome, ticket);
                }

                if (TryPlace(viewer, ticket, opened, isLast: attempt == OpenAttempts))
                {
                    _viewers.Flush();
                    return (outcome, ticket);
                }
            }
        }
        catch
        {
            Detach(viewer);
            throw;
        }
    }

    public void Detach(GroupViewer viewer)
    {
        viewer.Leave();
        Expelled(viewer);
    }

    public void Expelled(GroupViewer viewer)
    {
        _viewers.Remove(viewer);
        lock (_follower.Gate)
        {
            if (viewer.IsPlaced)
            {
                viewer.IsPlaced = false;
                Count(viewer.User, -1);
            }
        }
    }

    /// <summary>A message from here was accepted; if it is not heard of in time, it was lost.</summary>
    public void Expect(long seq)
    {
        lock (_follower.Gate)
        {
            _expectedSeq = Math.Max(_expectedSeq, seq);
        }
    }

    /// <summary>Who looks on here; another version after every change, and how many news have come.</summary>
    public (GroupAudience Audience, long News) Audience()
    {
        lock (_follower.Gate)
        {
            return (new GroupAudience(_usersVersion, [.. _users.Keys]), _newsCount);
        }
    }

    /// <summary>The same without the users.</summary>
    public (long Version, long News, int Users) Watch()
    {
        lock (_follower.Gate)
        {
            return (_usersVersion, _newsCount, _users.Count);
        }
    }

    /// <summary>What the group says its last news are.</summary>
    public void Compare(GroupHead head) => _follower.Compare(new StreamPlace(head.Epoch, head.Number));

    /// <summary>Fetches what has not come for too long, and subscribes again if nothing comes at all.</summary>
    public Task CheckHead()
    {
        StreamPlace? suspected = null;
        lock (_follower.Gate)
        {
            if (_viewers.Count > 0 && _expectedSeq > _lastSeq && _follower.Head is { } head)
            {
                suspected = head with { Number = head.Number + 1 };
            }
        }

        if (suspected is { } missing)
        {
            _follower.Compare(missing);
        }

        return _follower.CheckHead();
    }

    /// <summary>Ends the subscription. Only with no viewer left.</summary>
    public Task Close() => _follower.Close();

    public Task<MessagesOutcome> MessagesAfter(UserId reader, long seq)
        => _catchUps.Pass(() => _grain.Messages(reader, new MessageQuery(null, seq, MessagePage.MaxLimit)));

    public Task<GroupOutcome> Get(UserId reader) => _catchUps.Pass(() => _grain.Get(reader));

    StreamPlace IFollowed<GroupNews>.PlaceOf(GroupNews news) => new(news.Head.Epoch, news.Head.Number);

    async Task<StreamRest<GroupNews>?> IFollowed<GroupNews>.After(StreamPlace place)
        => await _grain.NewsAfter(new GroupHead(place.Epoch, place.Number)) is { } answer
            ? new StreamRest<GroupNews>(
                new StreamPlace(answer.Head.Epoch, answer.Head.Number), answer.IsComplete, answer.News)
            : null;

    void IFollowed<GroupNews>.Heard(GroupNews news) => _newsCount++;

    void IFollowed<GroupNews>.Deliver(GroupNews news)
    {
        foreach (var happened in news.Events)
        {
            _members = happened is MemberChanged { Change: not MemberChange.Requested } changed
                ? changed.Members
                : _members;
        }

        _lastSeq = Math.Max(_lastSeq, news.LastSeq);
        var item = new NewsItem(Group, news, _members <= _options.ReadsForAllUpTo, _encoder);
        Keep(item);
        var viewers = _viewers.Count;
        if (viewers == 0)
        {
            return;
        }

        if (item.ForAll is { } all)
        {
            // Its bytes are made here once, before many threads ask for them.
            _metrics.FrameSent(viewers, all.Bytes);
        }

        _viewers.Add(item);
    }

    void IFollowed<GroupNews>.Lost(StreamPlace head)
    {
        _recent.Clear();
        foreach (var viewer in _viewers.All())
        {
            viewer.Lose(head);
        }
    }

    void IFollowed<GroupNews>.Flush() => _viewers.Flush();

    /// <summary>
    /// Lets the viewer go on from the group's answer. False when news right after it are past and not kept; a newer
    /// answer mends that, and when it is the last, the viewer finds out for itself.
    /// </summary>
    private bool TryPlace(GroupViewer viewer, JoinTicket ticket, OpenedGroup opened, bool isLast)
    {
        lock (_follower.Gate)
        {
            _follower.Learn(new StreamPlace(opened.Head.Epoch, opened.Head.Number));
            var head = _follower.Head!.Value;
            var follows = head.Epoch == opened.Head.Epoch
                && (head.Number <= opened.Head.Number
                    || (_recent.TryPeek(out var oldest) && oldest.Place.Number <= opened.Head.Number + 1));
            if (!follows && !isLast)
            {
                return false;
            }

            _lastSeq = Math.Max(_lastSeq, opened.Group.LastSeq);
            if (head.Number <= opened.Head.Number)
            {
                _members = opened.Group.Members;
            }

            if (!viewer.Answer(ticket, opened, _recent, follows))
            {
                _viewers.Remove(viewer);
            }
            else if (!viewer.IsPlaced && !viewer.IsGone)
            {
                viewer.IsPlaced = true;
                Count(viewer.User, 1);
            }

            if (!follows)
            {
                viewer.Lose(head);
            }

            return true;
        }
    }

    private void Keep(NewsItem item)
    {
        _recent.Enqueue(item);
        if (_recent.Count > _options.RecentNews)
        {
            _recent.Dequeue();
        }
    }

    private void Count(UserId user, int change)
    {
        var connections = _users.GetValueOrDefault(user) + change;
        if (connections == 0)
        {
            _users.Remove(user);
        }
        else
        {
            _users[user] = connections;
        }

        // One more connection of somebody who was here already changes nothing.
        if (connections == 0 || (connections == 1 && change > 0))
        {
            _usersVersion++;
        }
    }
}

/// <summary>Who looks on.</summary>
internal sealed record GroupAudience(long Version, System.Collections.Immutable.ImmutableArray<UserId> Users);
