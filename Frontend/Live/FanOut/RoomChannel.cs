using RedNote.Frontend.Deals;
using RedNote.Live;

namespace RedNote.Frontend.Live;

/// <summary>
/// One room's way out on this front end: one stream subscription however many viewers there are. Frames leave in
/// order, each once, none left out: what the stream repeats is dropped, what it loses is fetched from the room, and
/// when that cannot be had, viewers are told to join again.
/// </summary>
internal sealed partial class RoomChannel(
    RoomId room,
    ILiveRoomGrain grain,
    IRoomStreams streams,
    FrameEncoder encoder,
    RoomDealWatch deals,
    LiveOptions options,
    TimeProvider time,
    LiveMetrics metrics,
    ILogger logger)
{
    /// <summary>Snapshots that one join asks for before the client is told to join again.</summary>
    private const int JoinAttempts = 3;

    private readonly Lock _gate = new();
    private readonly FrameFanOut _viewers = new(options.ShareFanOutFrom, logger);
    private readonly SortedDictionary<(long Epoch, long Seq), RoomFrame> _ahead = [];
    private readonly RecentFrames _recent = new(room, encoder, options);
    private readonly SampledNotices _sampled = new(room, options);
    private readonly ChannelSubscription<RoomFrame> _subscription =
        new($"room {room}", onFrame => streams.Subscribe(room, onFrame), logger);
    private RoomHead? _head;
    private RoomHead? _claimed;
    private long _claimedAt;
    private long _received;
    private long _receivedWhenClaimed;
    private bool _filling;

    /// <summary>Viewers attached; read without a lock by the gateway and the patrol.</summary>
    public int Viewers => _viewers.Count;

    /// <summary>The newest frame that viewers were handed, or null before the first snapshot.</summary>
    public RoomHead? Head
    {
        get
        {
            lock (_gate)
            {
                return _head;
            }
        }
    }

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
            await _subscription.Ensure(OnFrame);
            for (var attempt = 1; ; attempt++)
            {
                var snapshot = await grain.Join(since, user);
                if (snapshot is null)
                {
                    Detach(viewer);
                    return null;
                }

                var isIn = TryPlace(viewer, ticket, snapshot, isLast: attempt == JoinAttempts);
                _viewers.Flush();
                if (isIn)
                {
                    deals.Take(snapshot.Deals);
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
            _ = Listen();
        }
    }

    /// <summary>Tells senders what was left out since the last time.</summary>
    public void TellSampled() => _sampled.Flush();

    public void Detach(Viewer viewer)
    {
        viewer.Leave();
        if (_viewers.Remove(viewer))
        {
            metrics.ViewerLeft();
        }
    }

    /// <summary>
    /// What the room says its newest frame is. Being behind is looked at again later (<see cref="CheckHead"/>), as the
    /// answer may have overtaken the stream.
    /// </summary>
    public void Compare(RoomHead head)
    {
        lock (_gate)
        {
            if (_head is null || head.Epoch < _head.Epoch)
            {
                return;
            }

            if (head.Epoch > _head.Epoch)
            {
                Learn(head);
            }
            else if (head.Seq > _head.Seq && _claimed is null)
            {
                _claimed = head;
                _claimedAt = time.GetTimestamp();
                _receivedWhenClaimed = _received;
            }
        }

        _viewers.Flush();
    }

    /// <summary>Fetches what has not come for too long, and subscribes again if nothing comes at all.</summary>
    public Task CheckHead()
    {
        bool fill;
        var deaf = false;
        lock (_gate)
        {
            fill = HasGap();
            if (_claimed is not null && _head is not null)
            {
                if (_claimed.Epoch != _head.Epoch || _claimed.Seq <= _head.Seq)
                {
                    _claimed = null;
                }
                else if (time.GetElapsedTime(_claimedAt) >= options.BehindPatience)
                {
                    fill = true;
                    deaf = _received == _receivedWhenClaimed;
                    _claimed = null;
                }
            }

            fill = fill && !_filling;
            _filling |= fill;
        }

        var filled = fill ? Fill() : Task.CompletedTask;
        if (!deaf)
        {
            return filled;
        }

        LogDeaf(logger, room);
        return Task.WhenAll(filled, _subscription.Renew(OnFrame));
    }

    /// <summary>Ends the subscription. Only with no viewer left.</summary>
    public Task Close() => _subscription.End();

    /// <summary>
    /// Lets the viewer go on from its snapshot. False when frames right after the snapshot are past and not kept: they
    /// went by before this channel knew a head, or the room has another epoch by now. A newer snapshot mends both.
    /// </summary>
    private bool TryPlace(Viewer viewer, JoinTicket ticket, RoomSnapshot snapshot, bool isLast)
    {
        var head = new RoomHead(snapshot.Epoch, snapshot.Seq);
        lock (_gate)
        {
            Learn(head);
            var follows = _head!.Epoch == head.Epoch
                && (_head.Seq <= head.Seq
                    || (_recent.TryPeekOldest(out var oldest) && oldest.Frame.Seq <= head.Seq + 1));
            if (!follows && !isLast)
            {
                return false;
            }

            // A frame may be here while the room still counts it as under way, so that the snapshot lacks it.
            viewer.Answer(ticket, head.Epoch, head.Seq, _recent);
            if (!follows)
            {
                viewer.Resync(_head);
            }

            return true;
        }
    }

    private JoinTicket Attach(Viewer viewer)
    {
        var ticket = viewer.BeginJoin();
        if (_viewers.Add(viewer))
        {
            metrics.ViewerEntered();
        }

        return ticket;
    }

    private void OnFrame(RoomFrame frame)
    {
        var fill = false;
        lock (_gate)
        {
            _received++;
            Accept(frame);
            if (!_filling && HasGap())
            {
                _filling = fill = true;
            }
        }

        _viewers.Flush();
        if (fill)
        {
            _ = Fill();
        }
    }

    /// <summary>Takes a frame that came by any way. The lock is held.</summary>
    private void Accept(RoomFrame frame)
    {
        _sampled.Take(frame);
        if (_head is null)
        {
            if (_viewers.Count > 0)
            {
                KeepAhead(frame);
            }
        }
        else if (frame.Epoch > _head.Epoch)
        {
            // Viewers who are joining may have a snapshot of that epoch, so they are handed the frame.
            Learn(new RoomHead(frame.Epoch, frame.Seq - 1));
            Deliver(frame);
        }
        else if (frame.Epoch == _head.Epoch && frame.Seq == _head.Seq + 1)
        {
            Deliver(frame);
            DeliverAhead();
        }
        else if (frame.Epoch == _head.Epoch && frame.Seq > _head.Seq)
        {
            KeepAhead(frame);
        }
    }

    /// <summary>Sets the head by what the room said, if that is news. The lock is held.</summary>
    private void Learn(RoomHead head)
    {
        if (_head is null)
        {
            _head = head;
            DeliverAhead();
        }
        else if (head.Epoch > _head.Epoch)
        {
            LogEpoch(logger, room, head.Epoch);
            Lose(head);
        }
    }

    /// <summary>Goes on from <paramref name="head"/>; what came before it cannot be had. The lock is held.</summary>
    private void Lose(RoomHead head)
    {
        _head = head;
        _claimed = null;
        _recent.Clear();
        _viewers.Resync(head);
        DeliverAhead();
    }

    private void Deliver(RoomFrame frame)
    {
        _head = new RoomHead(frame.Epoch, frame.Seq);
        var shared = encoder.Encode(room, frame);
        _recent.Add(shared);
        var viewers = _viewers.Count;
        if (viewers == 0)
        {
            return;
        }

        // Its bytes are made here once, before many threads ask for them.
        metrics.FrameSent(viewers, shared.Bytes);
        _viewers.Add(shared);
        deals.Take(frame.Deals);
    }

    private void DeliverAhead()
    {
        while (_ahead.Count > 0)
        {
            var (key, frame) = First(_ahead);
            if (key.CompareTo((_head!.Epoch, _head.Seq)) <= 0)
            {
                _ahead.Remove(key);
            }
            else if (key == (_head.Epoch, _head.Seq + 1))
            {
                _ahead.Remove(key);
                Deliver(frame);
            }
            else
            {
                return;
            }
        }
    }

    private void KeepAhead(RoomFrame frame)
    {
        if (_ahead.Count >= options.AheadFrames)
        {
            // The room still has them, or viewers will be told to join again.
            _ahead.Clear();
        }

        _ahead[(frame.Epoch, frame.Seq)] = frame;
    }

    private bool HasGap() => _head is not null && _ahead.Count > 0;

    private async Task Listen()
    {
        try
        {
            await _subscription.Ensure(OnFrame);
        }
        catch (Exception failure)
        {
            LogNotHeard(logger, failure, room);
        }
    }

    /// <summary>Fetches once, for all viewers, what comes after the head. One at a time (<c>_filling</c>).</summary>
    private async Task Fill()
    {
        try
        {
            var after = Head!;
            var answer = await grain.FramesAfter(after);
            metrics.GapFilled();
            lock (_gate)
            {
                if (answer is null || _head!.Epoch != after.Epoch)
                {
                    return;
                }

                if (answer.Complete)
                {
                    foreach (var frame in answer.Frames)
                    {
                        Accept(frame);
                    }
                }
                else if (answer.Head.Epoch > _head.Epoch
                    || (answer.Head.Epoch == _head.Epoch && answer.Head.Seq > _head.Seq))
                {
                    Lose(answer.Head);
                }
            }

            _viewers.Flush();
        }
        catch (Exception failure)
        {
            LogNotFilled(logger, failure, room);
        }
        finally
        {
            lock (_gate)
            {
                _filling = false;
            }
        }
    }

    private static KeyValuePair<(long Epoch, long Seq), RoomFrame> First(
        SortedDictionary<(long Epoch, long Seq), RoomFrame> frames)
    {
        using var walk = frames.GetEnumerator();
        walk.MoveNext();
        return walk.Current;
    }

    [LoggerMessage(LogLevel.Information, "Room {Room} has a new epoch, {Epoch}; its viewers join again.")]
    private static partial void LogEpoch(ILogger logger, RoomId room, long epoch);

    [LoggerMessage(LogLevel.Warning, "The stream of room {Room} has gone deaf; subscribing again.")]
    private static partial void LogDeaf(ILogger logger, RoomId room);

    [LoggerMessage(LogLevel.Warning, "Senders in room {Room} are not told what was left out.")]
    private static partial void LogNotHeard(ILogger logger, Exception failure, RoomId room);

    [LoggerMessage(LogLevel.Warning, "Frames missing in room {Room} could not be fetched.")]
    private static partial void LogNotFilled(ILogger logger, Exception failure, RoomId room);
}
