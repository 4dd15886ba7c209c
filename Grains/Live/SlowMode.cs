using System.Runtime.InteropServices;

namespace RedNote.Live;

/// <summary>
/// When each sender last spoke, as far as slow mode can still ask for it. Kept while slow mode is off too, so that it
/// holds from the moment it is turned on. Bounded by time and by number; the oldest goes first.
/// </summary>
public sealed class SlowMode(LiveRoomOptions options)
{
    private readonly Dictionary<UserId, long> _lastSent = [];
    private readonly Queue<(UserId User, long At)> _order = [];

    /// <summary>Milliseconds until the user may speak again; 0 is now.</summary>
    public long WaitMs(UserId user, int seconds, long now)
        => seconds > 0 && _lastSent.TryGetValue(user, out var last) ? Math.Max(0, last + seconds * 1_000L - now) : 0;

    public void Sent(UserId user, long at)
    {
        // The bound counts messages, not senders: each waits in the order, and one that was overtaken by a later one
        // of the same sender leaves it without a search.
        ref var last = ref CollectionsMarshal.GetValueRefOrAddDefault(_lastSent, user, out _);
        last = at;
        _order.Enqueue((user, at));
        var done = at - options.MaxSlowModeSeconds * 1_000L;
        while (_order.Count > options.SlowModeSenders || _order.Peek().At <= done)
        {
            var (oldest, sentAt) = _order.Dequeue();
            if (_lastSent.TryGetValue(oldest, out var known) && known == sentAt)
            {
                _lastSent.Remove(oldest);
            }
        }
    }
}
