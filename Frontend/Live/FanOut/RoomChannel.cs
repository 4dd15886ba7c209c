using RedNote.Frontend.Deals;
using RedNote.Live;

namespace RedNote.Frontend.Live;

/// <summary>
/// One room's way out on this front end: one stream subscription however many viewers there are. Frames leave in
/// order, each once, none left out (<see cref="StreamFollower{TEvent}"/>), and when what the stream lost cannot be had,
/// viewers are told to join again.
/// </summary>
internal sealed class RoomChannel : IFollowed<RoomFrame>
{
    /// <summary>Snapshots that one join asks for before the client is told to join again.</summary>
    private const int JoinAttempts = 3;

    private readonly RoomId _room;
    private readonly ILiveRoomGrain _grain;
    private readonly FrameEncoder _encoder;
    private readonly RoomDealWatch _deals;
    private readonly LiveMetrics _metrics;
    private readonly FrameFanOut<Viewer, SharedFrame> _viewers;
    private readonly RecentFrames _recent;
    private readonly SampledNotices _sampled;
    private readonly StreamFollower<RoomFrame> _follower;

    public RoomChannel(
        RoomId room, ILiveRoomGrain grain, IRoomStreams streams, FrameEncoder encoder, RoomDealWatch deals,
        LiveOptions options, TimeProvider time, LiveMetrics metrics, ILogger logger)
    {
        (_room, _grain, _encoder, _deals, _metrics) = (room, grain, encoder, deals, metrics);
        _viewers = new FrameFanOut<Viewer, SharedFrame>(options.ShareFanOutFrom, logger);
        _recent = new RecentFrames(room, encoder, options);
        _sampled = new SampledNotices(room, options);
        _follower = new StreamFollower<RoomFrame>(
            $"room {room}", this, onFrame => streams.Subscribe(room, onFrame),
            new FollowerBounds(options.AheadFrames, options.BehindPatience), time, metrics, logger);
    }

    /// <summary>Viewers attached; read without a lock by the gateway and the patrol.</summary>
    public int Viewers => _viewers.Count;

    /// <summary>The newest frame that viewers were handed, or null before the first snapshot.</summary>
    public RoomHead? Head
    {
        get
        {
            lock (_follower.Gate)
            {
                return _follower.Head is { } head ? new RoomHead(head.Epoch, head.Number) : null;
            }
        }
    }

    bool IFollowed<RoomFrame>.HasListeners => _viewers.Count > 0;

    /// <summary>
    /// Puts a viewer into the room, or lets one that is there resume; null: no such room, and the viewer is out.
    /// Frames wait in the viewer until <see cref="JoinTicket.Written"/>.
    /// </summary>
    public async Task<(RoomSnapshot Snapshot, JoinTicket Ticket)?> Join(
        Viewer viewer, ResumePoint? since, UserId user = default)
    {
        var ticket = Attach(viewer);
        try
        {
            await _follower.Ensure();
            for (var attempt = 1; ; attempt++)
            {
                var snapshot = await _grain.Join(since, user);
                if (snapshot is null)
                {
                    Detach(viewer);
                    return null;
                }

                var isIn = TryPlace(viewer, ticket, snapshot, isLast: attempt == JoinAttempts);
                _viewers.Flush();
                if (isIn)
                {
                    _deals.Take(snapshot.Deals);
                    return (snapshot, ticket);
                }
            }
        }
        catch
        {
            Detach(viewer);
            throw;
        }
    }

    /// <summary>A danmaku from here was accepted; its sender is told if frames leave it out. For that the frames are
    /// listened to, viewers or none.</summary>
    public void Accepted(long seq, ISampledSender sender)
    {
        _sampled.Accepted(seq, sender);
        if (Viewers == 0)
        {
            _ = _follower.Listen();
        }
    }

    /// <summary>Tells senders what was left out since the last time.</summary>
    public void TellSampled() => _sampled.Flush();

    public void Detach(Viewer viewer)
    {
        viewer.Leave();
        if (_viewers.Remove(viewer))
        {
            _metrics.ViewerLeft();
        }
    }

    /// <summary>What the room says its newest frame is.</summary>
    public void Compare(RoomHead head) => _follower.Compare(new StreamPlace(head.Epoch, head.Seq));

    /// <summary>Fetches what has not come for too long, and subscribes again if nothing comes at all.</summary>
    public Task CheckHead() => _follower.CheckHead();

    /// <summary>Ends the subscription. Only with no viewer left.</summary>
    public Task Close() => _follower.Close();

    StreamPlace IFollowed<RoomFrame>.PlaceOf(RoomFrame frame) => new(frame.Epoch, frame.Seq);

    async Task<StreamRest<RoomFrame>?> IFollowed<RoomFrame>.After(StreamPlace place)
        => await _grain.FramesAfter(new RoomHead(place.Epoch, place.Number)) is { } answer
            ? new StreamRest<RoomFrame>(
                new StreamPlace(answer.Head.Epoch, answer.Head.Seq), answer.Complete, answer.Frames)
            : null;

    void IFollowed<RoomFrame>.Heard(RoomFrame frame) => _sampled.Take(frame);

    void IFollowed<RoomFrame>.Deliver(RoomFrame frame)
    {
        var shared = _encoder.Encode(_room, frame);
        _recent.Add(shared);
        var viewers = _viewers.Count;
        if (viewers == 0)
        {
            return;
        }

        // Its bytes are made here once, before many threads ask for them.
        _metrics.FrameSent(viewers, shared.Bytes);
        _viewers.Add(shared);
        _deals.Take(frame.Deals);
    }

    void IFollowed<RoomFrame>.Lost(StreamPlace head)
    {
        _recent.Clear();
        Resync(new RoomHead(head.Epoch, head.Number));
    }

    void IFollowed<RoomFrame>.Flush() => _viewers.Flush();

    /// <summary>
    /// Lets the viewer go on from its snapshot. False when frames right after the snapshot are past and not kept: they
    /// went by before this channel knew a head, or the room has another epoch by now. A newer snapshot mends both.
    /// </summary>
    private bool TryPlace(Viewer viewer, JoinTicket ticket, RoomSnapshot snapshot, bool isLast)
    {
        lock (_follower.Gate)
        {
            _follower.Learn(new StreamPlace(snapshot.Epoch, snapshot.Seq));
            var head = _follower.Head!.Value;
            var follows = head.Epoch == snapshot.Epoch
                && (head.Number <= snapshot.Seq
                    || (_recent.TryPeekOldest(out var oldest) && oldest.Frame.Seq <= snapshot.Seq + 1));
            if (!follows && !isLast)
            {
                return false;
            }

            // A frame may be here while the room still counts it as under way, so that the snapshot lacks it.
            viewer.Answer(ticket, snapshot.Epoch, snapshot.Seq, _recent);
            if (!follows)
            {
                viewer.Resync(new RoomHead(head.Epoch, head.Number));
            }

            return true;
        }
    }

    private JoinTicket Attach(Viewer viewer)
    {
        var ticket = viewer.BeginJoin();
        if (_viewers.Add(viewer))
        {
            _metrics.ViewerEntered();
        }

        return ticket;
    }

    private void Resync(RoomHead head)
    {
        foreach (var viewer in _viewers.All())
        {
            viewer.Resync(head);
        }
    }
}
