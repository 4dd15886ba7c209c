using RedNote.Frontend.Live;
using RedNote.Groups;

namespace RedNote.Frontend.Groups;

/// <summary>What a viewer needs of the group it looks at.</summary>
internal interface IGroupSource
{
    GroupId Group { get; }

    /// <summary>Messages after one, as that reader may see them.</summary>
    Task<MessagesOutcome> MessagesAfter(UserId reader, long seq);

    /// <summary>The group, as that reader may see it.</summary>
    Task<GroupOutcome> Get(UserId reader);

    /// <summary>The viewer is to be told nothing more, and takes up no place.</summary>
    void Expelled(GroupViewer viewer);
}

/// <summary>
/// One connection that has one group open. It is handed all news of the group and never waits: what its connection
/// cannot take yet is queued up to a bound. Beyond the bound what waits is dropped, and once the connection takes again
/// it is sent what it missed; nobody else is delayed. Events wait until the answer to OpenGroup has been written, and
/// then exactly those after it go out.
/// </summary>
internal sealed partial class GroupViewer(
    UserId user, IGroupSource source, IFrameWriter writer, FrameEncoder encoder, GroupPortOptions options,
    TimeProvider time)
    : IJoiner, IFrameTaker<NewsItem>
{
    private readonly Lock _gate = new();
    private Queue<SharedEvents>? _queue;
    private MissedChanges? _missed;
    private Phase _phase = Phase.Gone;
    private JoinTicket? _ticket;
    private StreamPlace _place;
    private bool _decides;

    /// <summary>The last message that was written, or is being written.</summary>
    private long _told;

    /// <summary>The last message that was taken: told, waiting, or dropped.</summary>
    private long _seen;

    /// <summary>Whether what was told before may be out of date.</summary>
    private bool _isStale;

    /// <summary>Whether the last that this viewer is told waits to be written.</summary>
    private bool _isLeaving;
    private bool _writing;

    private enum Phase
    {
        /// <summary>Not in the group.</summary>
        Gone,

        /// <summary>The group has been asked.</summary>
        Opening,

        /// <summary>What it answered is known; the answer is not on its way yet.</summary>
        Answered,

        /// <summary>News go out as they come.</summary>
        Live,

        /// <summary>What waited was dropped; changes alone are kept.</summary>
        Behind,

        /// <summary>What was dropped is being fetched; news wait behind it.</summary>
        CatchingUp,
    }

    public UserId User => user;

    /// <summary>Whether it was let in; the channel's to know.</summary>
    public bool IsPlaced { get; set; }

    /// <summary>Whether it is told nothing any more.</summary>
    public bool IsGone
    {
        get
        {
            lock (_gate)
            {
                return _phase == Phase.Gone;
            }
        }
    }

    /// <summary>Forgets what was, and takes no news until the group has answered.</summary>
    public JoinTicket BeginJoin()
    {
        lock (_gate)
        {
            _phase = Phase.Opening;
            Clear();
            return _ticket = new JoinTicket(this);
        }
    }

    /// <summary>The group's answer: news after it are what this viewer needs from here on, of which the recent ones
    /// have gone by already.</summary>
    /// <param name="ticket">Of which call.</param>
    /// <param name="opened">The answer.</param>
    /// <param name="recent">News that went by.</param>
    /// <param name="isWhole">Whether nothing is missing between the answer and those.</param>
    /// <returns>False when those say that the user is not a member any more: what is to be told of that is.</returns>
    public bool Answer(JoinTicket ticket, OpenedGroup opened, IEnumerable<NewsItem> recent, bool isWhole)
    {
        lock (_gate)
        {
            if (_ticket != ticket || _phase != Phase.Opening)
            {
                return true;
            }

            _phase = Phase.Answered;
            _place = new StreamPlace(opened.Head.Epoch, opened.Head.Number);
            _told = _seen = opened.Group.LastSeq;
            _decides = opened.Group.MyRole is GroupRole.Admin or GroupRole.Owner;
            foreach (var item in recent)
            {
                if (Take(item))
                {
                    return false;
                }
            }

            if (!isWhole)
            {
                FallBehind(isStale: true);
            }

            return true;
        }
    }

    public void Activate(JoinTicket ticket)
    {
        lock (_gate)
        {
            if (_ticket != ticket || _phase is Phase.Gone or Phase.Opening)
            {
                return;
            }

            _ticket = null;
            if (_phase == Phase.Answered)
            {
                _phase = Phase.Live;
            }
        }

        Pump();
    }

    /// <summary>The connection has closed the group, or ended: nothing is written any more.</summary>
    public void Leave()
    {
        lock (_gate)
        {
            _phase = Phase.Gone;
            _ticket = null;
            Clear();
        }
    }

    public void Push(NewsItem item)
    {
        bool left;
        lock (_gate)
        {
            left = Take(item);
        }

        if (left)
        {
            source.Expelled(this);
        }

        Pump();
    }

    public void AddTo(CachePaths paths)
    {
        paths.Add(this, isWide: true);
        paths.Add(_gate);
        writer.AddTo(paths);
    }

    /// <summary>News after <paramref name="head"/> go on from there; what came before cannot be had.</summary>
    public void Lose(StreamPlace head)
    {
        lock (_gate)
        {
            if (_phase is Phase.Gone or Phase.Opening || _isLeaving)
            {
                return;
            }

            _place = head;
            FallBehind(isStale: true);
        }

        Pump();
    }

    /// <summary>Takes the next news; true when they say that the user is a member no more.</summary>
    private bool Take(NewsItem item)
    {
        var place = item.Place;
        if (_phase is Phase.Gone or Phase.Opening || _isLeaving || place.Epoch != _place.Epoch
            || place.Number <= _place.Number)
        {
            return false;
        }

        _place = place;
        if (item.Farewell(user, _seen) is { } farewell)
        {
            // What waits was the group's before; it is nobody's business any more.
            Clear();
            _phase = _ticket is null ? Phase.Live : Phase.Answered;
            _isLeaving = true;
            (_queue ??= new Queue<SharedEvents>()).Enqueue(farewell);
            return true;
        }

        _decides = item.RoleOf(user) is { } role ? role is GroupRole.Admin or GroupRole.Owner : _decides;
        Enqueue(item.After(_seen));
        Enqueue(item.ForOne(user, _decides));
        return false;
    }

    private void Enqueue(SharedEvents? events)
    {
        if (events is null)
        {
            return;
        }

        _seen = Math.Max(_seen, events.LastSeq);
        if (_phase == Phase.Behind)
        {
            _missed!.Add(events.Events);
            return;
        }

        (_queue ??= new Queue<SharedEvents>()).Enqueue(events);
        if (_queue.Count > options.QueuedNews)
        {
            FallBehind(isStale: false);
        }
    }

    /// <summary>Drops what waits. It goes on with <see cref="CatchUp"/> when the connection takes again.</summary>
    private void FallBehind(bool isStale)
    {
        _isStale |= isStale;
        _missed ??= new MissedChanges(options.KeptChanges);
        while (_queue is not null && _queue.TryDequeue(out var dropped))
        {
            _missed.Add(dropped.Events);
        }

        _queue = null;
        _phase = Phase.Behind;
    }

    private void Clear()
    {
        (_queue, _missed, _isStale, _isLeaving) = (null, null, false, false);
    }

    private void Pump()
    {
        lock (_gate)
        {
            if (_writing || !HasWork())
            {
                return;
            }

            _writing = true;
        }

        WriteQueued();
    }

    private bool HasWork()
        => _ticket is null && (_phase == Phase.Behind || (_phase == Phase.Live && _queue is { Count: > 0 }));

    /// <summary>Writes until nothing is left or the connection takes no more. One thread at a time.</summary>
    private void WriteQueued()
    {
        while (true)
        {
            SharedEvents? next = null;
            lock (_gate)
            {
                if (!HasWork())
                {
                    _writing = false;
                    return;
                }

                if (_phase == Phase.Live)
                {
                    next = _queue!.Dequeue();
                    _told = Math.Max(_told, next.LastSeq);
                    if (_isLeaving)
                    {
                        (_phase, _isLeaving) = (Phase.Gone, false);
                    }
                }
            }

            if (next is null)
            {
                _ = CatchUp();
                return;
            }

            var write = writer.Write(next);
            if (!write.IsCompletedSuccessfully)
            {
                _ = Finish(write);
                return;
            }

            write.GetAwaiter().GetResult();
        }
    }

    private async Task Finish(ValueTask write)
    {
        try
        {
            await write;
        }
        catch (Exception)
        {
            // The connection is going away; its end detaches this viewer. Nothing may be written after a failed write.
            Leave();
        }

        WriteQueued();
    }
}
