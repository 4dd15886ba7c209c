using RedNote.Live;

namespace RedNote.Simulation.Rooms;

/// <summary>
/// What one person is shown of one room, over all connections: it knows what it has, asks for what comes after, and
/// takes offence at every gap and every repetition.
/// </summary>
internal class ViewerWatch(SimulatedWorld world, RoomRecord room, LiveRoomOptions bounds, string name)
{
    private bool _isLive;
    private bool _isLost;
    private bool _hasJoined;
    private long _likes;
    private long _newestEpoch;

    public long Epoch { get; private set; }

    public long Seq { get; private set; }

    /// <summary>The number that the next danmaku must have; 0: not known.</summary>
    public long Next { get; private set; }

    public long Likes => _likes;

    /// <summary>What the person has; null before the first snapshot.</summary>
    public ResumePoint? Since => _hasJoined ? new ResumePoint(Epoch, Seq, Next > 0 ? Next - 1 : null) : null;

    /// <summary>Whether it was told everything up to there.</summary>
    public bool IsAt(RoomHead head, long danmaku)
        => _isLive && Epoch == head.Epoch && Seq == head.Seq
            && (Next == 0 || (Next <= danmaku + 1 && room.AreSampled(Next, danmaku)));

    /// <summary>No frame may come any more until the next snapshot.</summary>
    public void Leave() => _isLive = _isLost = false;

    /// <summary>The answer to a join that was asked for with <paramref name="since"/>.</summary>
    public void Take(RoomSnapshot snapshot, ResumePoint? since, long known)
    {
        room.Show(snapshot.Room, known);
        room.Show(snapshot.Settings, known);
        if (snapshot.Recovered) Recover(snapshot, since, known);
        else Begin(snapshot, since, known);
        (Epoch, Seq, _isLive, _hasJoined) = (snapshot.Epoch, snapshot.Seq, true, true);
        _isLost = false;
        Take(snapshot.Room.Counters);
        Read(snapshot, known);
    }

    public void Take(RoomFrame frame)
    {
        if (!_isLive) Violate($"frame {frame.Epoch}.{frame.Seq} without a snapshot");
        if (frame.Epoch != Epoch || (frame.From ?? frame.Seq) != Seq + 1 || frame.Seq < frame.From)
            Violate($"frame {frame.Epoch}.{frame.From}-{frame.Seq} after {Epoch}.{Seq}");
        Seq = frame.Seq;
        if (frame.From is not null) Skip(frame);
        else Advance(frame);
        if (frame.Counters is { } counters) Take(counters);
        Read(frame);
    }

    public void Resync(RoomHead head)
    {
        if (!_isLive && !_isLost) Violate("a resync without a snapshot");
        if (head.Epoch < Epoch) Violate($"a resync to {head} at {Epoch}.{Seq}");
        (_isLive, _isLost) = (false, true);
    }

    private void Recover(RoomSnapshot snapshot, ResumePoint? since, long known)
    {
        if (since is null || since.Epoch != snapshot.Epoch || !snapshot.Recent.IsEmpty)
        {
            Violate($"{since} was recovered in epoch {snapshot.Epoch}");
            return;
        }

        if (since.Epoch == Epoch && snapshot.Seq < Seq) Violate($"a snapshot at {snapshot.Seq} after {Epoch}.{Seq}");
        var seq = since.Seq;
        foreach (var frame in snapshot.Missed)
        {
            if (frame.Epoch != snapshot.Epoch || frame.Seq != ++seq)
                Violate($"missed frame {frame.Epoch}.{frame.Seq} instead of {snapshot.Epoch}.{seq}");
            foreach (var danmaku in frame.Danmaku ?? []) room.CheckNotRecalled(danmaku, known);
            if (frame.Seq > Seq || Epoch != since.Epoch) Advance(frame);
            else room.Show(frame);
        }

        if (seq != snapshot.Seq) Violate($"{since} was recovered up to {seq}, the snapshot is at {snapshot.Seq}");
    }

    private void Begin(RoomSnapshot snapshot, ResumePoint? since, long known)
    {
        if (!snapshot.Missed.IsEmpty) Violate("frames were missed, and nothing is recovered");
        var recent = snapshot.Recent;
        for (var i = 0; i < recent.Length; i++)
        {
            room.Show(recent[i]);
            room.CheckNotRecalled(recent[i], known);
            if (i > 0 && !Follows(recent[i].Seq, recent[i - 1].Seq + 1))
                Violate($"snapshot: {recent[i].Seq} has a gap before");
        }

        var most = since?.DanmakuSeq is null
            ? Math.Min(bounds.SnapshotDanmaku, bounds.RecentDanmaku)
            : bounds.RecentDanmaku;
        if (recent.Length > most) Violate($"snapshot: {recent.Length} danmaku");
        if (recent.IsEmpty)
        {
            // Who begins anew where old danmaku are not shown cannot say which one is next; where they are, and there
            // are none, it is the first.
            if (since?.DanmakuSeq is null) Next = most == 0 ? 0 : Math.Max(Next, 1);
            return;
        }

        // What is older than a full list can only be had from the tape.
        if (since?.DanmakuSeq is { } seen && !Follows(recent[0].Seq, seen + 1) && recent.Length < most)
            Violate($"snapshot: {recent[0].Seq} follows {seen}");
        if (since?.DanmakuSeq is null && !Follows(recent[0].Seq, 1) && recent.Length < most)
            Violate($"snapshot: {recent.Length} danmaku, the first is {recent[0].Seq}");
        Next = Math.Max(Next, recent[^1].Seq + 1);
    }

    private void Advance(RoomFrame frame)
    {
        room.Show(frame);
        foreach (var danmaku in frame.Danmaku ?? [])
        {
            // Said again: it is sent once more with its count.
            if (danmaku.Count > 1 && (Next == 0 || danmaku.Seq < Next)) continue;
            if (Next == 0) Next = danmaku.Seq;
            if (!Follows(danmaku.Seq, Next))
                Violate($"danmaku {danmaku.Seq} instead of {Next} in frame {frame.Epoch}.{frame.Seq}");
            Next = danmaku.Seq + 1;
        }
    }

    private void Skip(RoomFrame frame)
    {
        room.ShowCoalesced(frame);
        if (Next > 0) Next = room.Skip(Next, frame.Shed?.Skipped ?? 0);
    }

    /// <summary>Whether a danmaku is the next one, or the frames leave out all those between.</summary>
    private bool Follows(long seq, long next) => seq >= next && room.AreSampled(next, seq - 1);

    private void Take(RoomCounters counters)
    {
        room.Show(counters);

        // An activation that was overtaken may still answer with an older epoch, and older numbers.
        if (Epoch < _newestEpoch) return;
        if (counters.Likes < _likes) Violate($"{counters.Likes} likes after {_likes}");
        (_likes, _newestEpoch) = (counters.Likes, Epoch);
    }

    /// <summary>What else is in a snapshot.</summary>
    protected virtual void Read(RoomSnapshot snapshot, long known)
    {
    }

    /// <summary>What else is in a frame.</summary>
    protected virtual void Read(RoomFrame frame)
    {
    }

    private void Violate(string what) => world.Violate($"{name} in room {room.Id}: {what}.");
}
