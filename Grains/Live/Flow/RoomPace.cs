namespace RedNote.Live;

/// <summary>How much time a room lets pass between two frames.</summary>
public static class RoomPace
{
    /// <param name="bounds">The least and the most, and what a room bears at the least.</param>
    /// <param name="viewers">Each frame goes to all of them.</param>
    /// <param name="danmakuPerSecond">What came since the last frame.</param>
    /// <param name="publishing">How long the last frame took to be durable and published: under load the store and the
    /// streams answer later.</param>
    public static TimeSpan Tick(
        LiveRoomOptions bounds, int viewers, double danmakuPerSecond, TimeSpan publishing)
    {
        var byAudience = (double)bounds.MinTickMs * viewers / bounds.ViewersAtMinTick;

        // Not so long that what comes meanwhile has no room to wait: half of that may come before the next frame.
        var byLoad = Math.Min(
            bounds.MinTickMs * danmakuPerSecond / bounds.DanmakuAtMinTick,
            bounds.PendingDanmaku * 500.0 / danmakuPerSecond);
        var byPublishing = publishing.TotalMilliseconds * 100 / bounds.PublishPercent;
        var most = Math.Max(bounds.MinTickMs, bounds.MaxTickMs);
        return TimeSpan.FromMilliseconds(
            Math.Clamp(Math.Max(Math.Max(byAudience, byLoad), byPublishing), bounds.MinTickMs, most));
    }
}
