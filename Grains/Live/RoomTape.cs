namespace RedNote.Live;

/// <summary>
/// What of a room's log can be replayed. The log is the tape: its events are in the order of media time, which never
/// goes back, and of the danmaku's numbers, which only grow. So a place in it is found by halves, and nothing has to be
/// written a second time; a recall blanks the event and with it the item.
/// </summary>
public static class RoomTape
{
    /// <summary>The item that an event leaves, or null.</summary>
    public static TapeItem? Item(LiveRoomEvent raised) => raised switch
    {
        DanmakuSent { Text: "" } => null,
        DanmakuSent sent => new TapeDanmaku(
            sent.Seq, sent.UserId, sent.Name, sent.Text, sent.Mode, sent.Color, sent.At)
        {
            At = sent.MediaAt,
        },
        LikesCounted likes => new TapeLikes(likes.Count) { At = likes.MediaAt },
        ShowStarted => new TapeStarted(),
        ShowEnded ended => new TapeEnded { At = ended.MediaAt },
        DrawOpened opened => new TapeDrawOpened(opened.ToDraw()) { At = opened.MediaAt },
        DrawDecided decided => new TapeDrawResult(decided.Draw) { At = decided.MediaAt },
        MilestoneReached reached => new TapeLikeMilestone(reached.Likes) { At = reached.MediaAt },
        _ => ShownThings.ToTape(raised),
    };

    /// <summary>Where an event is by media time; null for one that has no place there.</summary>
    public static long? MediaAt(LiveRoomEvent raised) => raised switch
    {
        DanmakuSent sent => sent.MediaAt,
        _ => Item(raised)?.At,
    };

    /// <summary>The number of the danmaku that an event shows; null for another event.</summary>
    public static long? Seq(LiveRoomEvent raised) => (raised as DanmakuSent)?.Seq;
}
