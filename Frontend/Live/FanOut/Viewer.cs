using RedNote.Live;

namespace RedNote.Frontend.Live;

/// <summary>
/// One connection in one room. It is handed every frame of the room and never waits: what its connection cannot take
/// yet is queued up to a bound, and beyond the bound becomes one frame that stands for all.
/// Frames wait until the answer to its join has been written; then exactly those after the snapshot go out.
/// </summary>
internal sealed class Viewer(
    RoomId room, IFrameWriter writer, FrameEncoder encoder, LiveOptions options, LiveMetrics metrics)
    : IJoiner, IFrameTaker<SharedFrame>
{
    private readonly Lock _gate = new();

    // Most viewers never need one.
    private Queue<SharedFrame>? _queue;
    private Phase _phase = Phase.Gone;
    private JoinTicket? _ticket;
    private long _epoch;
    private long _seq;
    private RoomFrame? _coalesced;
    private RoomHead? _resync;
    private bool _writing;

    private enum Phase
    {
        /// <summary>Not in the room.</summary>
        Gone,

        /// <summary>The snapshot has been asked for.</summary>
        Joining,

        /// <summary>The snapshot is known; its answer is not on its way yet.</summary>
        Answered,

        /// <summary>Frames go out as they come.</summary>
        Live,

        /// <summary>The client was told, or is about to be told, to join again.</summary>
        Lost,
    }

    /// <summary>Forgets what was, and takes no frame until the snapshot is known.</summary>
    public JoinTicket BeginJoin()
    {
        lock (_gate)
        {
            _phase = Phase.Joining;
            _resync = null;
            Clear();
            return _ticket = new JoinTicket(this);
        }
    }

    /// <summary>The snapshot: frames after (epoch, seq) are what this viewer needs from here on, of which the recent
    /// ones have gone by already.</summary>
    public void Answer(JoinTicket ticket, long epoch, long seq, RecentFrames recent)
    {
        lock (_gate)
        {
            if (_ticket != ticket || _phase != Phase.Joining)
            {
                return;
            }

            _phase = Phase.Answered;
            _epoch = epoch;
            _seq = seq;
            foreach (var frame in recent)
            {
                Take(frame);
            }
        }
    }

    /// <summary>The answer is on its way; frames may follow it.</summary>
    public void Activate(JoinTicket ticket)
    {
        lock (_gate)
        {
            if (_ticket != ticket || _phase is not (Phase.Answered or Phase.Lost))
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

    /// <summary>The viewer has left: nothing is written any more.</summary>
    public void Leave()
    {
        lock (_gate)
        {
            _phase = Phase.Gone;
            _ticket = null;
            _resync = null;
            Clear();
        }
    }

    /// <summary>Hands over the room's next frame. Frames come in order; those already seen are ignored.</summary>
    public void Push(SharedFrame frame)
    {
        bool isNext;
        lock (_gate)
        {
            // Nothing waits, which is the rule: no queue in between.
            isNext = _phase == Phase.Live && !_writing && !HasWork() && IsNext(frame.Frame);
            if (isNext)
            {
                _seq = frame.Frame.Seq;
            }
            else if (!Take(frame) || _writing || !HasWork())
            {
                return;
            }

            _writing = true;
        }

        if (!isNext || IsWritten(writer.Write(frame)))
        {
            WriteQueued();
        }
    }

    public void AddTo(CachePaths paths)
    {
        paths.Add(this, isWide: true);
        paths.Add(_gate);
        writer.AddTo(paths);
    }

    /// <summary>Tells the client to join again, unless it is doing so.</summary>
    public void Resync(RoomHead head)
    {
        lock (_gate)
        {
            if (_phase is Phase.Gone or Phase.Joining)
            {
                return;
            }

            Lose(head);
        }

        Pump();
    }

    private bool IsNext(RoomFrame frame) => frame.Epoch == _epoch && frame.Seq == _seq + 1;

    private bool Take(SharedFrame frame)
    {
        var next = frame.Frame;
        if (_phase is not (Phase.Answered or Phase.Live) || next.Epoch != _epoch || next.Seq <= _seq)
        {
            return false;
        }

        if (next.Seq != _seq + 1)
        {
            Lose(new RoomHead(next.Epoch, next.Seq));
            return true;
        }

        _seq = next.Seq;
        Enqueue(frame);
        return true;
    }

    private void Enqueue(SharedFrame frame)
    {
        if (_coalesced is null && !IsBehind(frame.Frame))
        {
            (_queue ??= new Queue<SharedFrame>()).Enqueue(frame);
            return;
        }

        var all = _coalesced;
        while (_queue is not null && _queue.TryDequeue(out var queued))
        {
            all = all is null ? queued.Frame : FrameCoalescer.Coalesce(all, queued.Frame);
        }

        if (_coalesced is null)
        {
            metrics.ViewerDegraded();
        }

        _coalesced = all is null ? frame.Frame : FrameCoalescer.Coalesce(all, frame.Frame);
        if (_coalesced.Events is { } events && events.Length > options.CoalescedEvents)
        {
            Lose(new RoomHead(_epoch, _seq));
        }
    }

    /// <summary>Whether so much waits that the client does not read, or not fast enough. It is time that tells, not
    /// bytes: a client that keeps up with a hot room has much under way and little of it for long.</summary>
    private bool IsBehind(RoomFrame next)
        => _queue is not null
            && (_queue.Count >= Math.Min(options.ViewerQueueFrames, options.RecentFrames)
                || (_queue.TryPeek(out var oldest)
                    && next.At - oldest.Frame.At > options.ViewerLag.TotalMilliseconds));

    private void Lose(RoomHead head)
    {
        _phase = Phase.Lost;
        _resync = head;
        Clear();
        metrics.Resync();
    }

    private void Clear()
    {
        _queue = null;
        _coalesced = null;
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

    private bool HasWork() => _phase switch
    {
        Phase.Live => _queue is { Count: > 0 } || _coalesced is not null,
        Phase.Lost => _resync is not null && _ticket is null,
        _ => false,
    };

    /// <summary>Writes until nothing is left or the connection takes no more. One thread at a time.</summary>
    private void WriteQueued()
    {
        while (true)
        {
            SharedFrame? frame;
            RoomFrame? coalesced;
            RoomHead? resync;
            lock (_gate)
            {
                if (!TryNext(out frame, out coalesced, out resync))
                {
                    _writing = false;
                    return;
                }
            }

            if (coalesced is not null)
            {
                frame = encoder.Encode(room, coalesced);
                if (frame.Bytes > options.CoalescedBytes)
                {
                    GiveUp();
                    continue;
                }
            }

            if (!IsWritten(resync is not null ? writer.WriteResync(room, resync) : writer.Write(frame!)))
            {
                return;
            }
        }
    }

    /// <summary>False when the connection takes no more for now: writing goes on by itself.</summary>
    private bool IsWritten(ValueTask write)
    {
        if (write.IsCompletedSuccessfully)
        {
            write.GetAwaiter().GetResult();
            return true;
        }

        _ = Finish(write);
        return false;
    }

    /// <summary>So much is news that joining again is shorter.</summary>
    private void GiveUp()
    {
        lock (_gate)
        {
            if (_phase == Phase.Live)
            {
                Lose(new RoomHead(_epoch, _seq));
            }
        }
    }

    private bool TryNext(out SharedFrame? frame, out RoomFrame? coalesced, out RoomHead? resync)
    {
        (frame, coalesced, resync) = (null, null, null);
        if (!HasWork())
        {
            return false;
        }

        if (_phase == Phase.Lost)
        {
            (resync, _resync) = (_resync, null);
            return true;
        }

        if (_queue is not null && _queue.TryDequeue(out frame))
        {
            return true;
        }

        (coalesced, _coalesced) = (_coalesced, null);
        return true;
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
