namespace RedNote.Live;

/// <summary>When each sender last spoke, while slow mode is on. Bounded: those whose wait is over are let go
/// first.</summary>
public sealed class SlowMode(int capacity)
{
    private readonly Dictionary<UserId, long> _lastSent = [];

    /// <summary>Milliseconds until the user may speak again; 0 is now.</summary>
    public long WaitMs(UserId user, int seconds, long now)
        => seconds > 0 && _lastSent.TryGetValue(user, out var last) ? Math.Max(0, last + seconds * 1_000L - now) : 0;

    public void Sent(UserId user, int seconds, long now)
    {
        if (seconds == 0)
        {
            _lastSent.Clear();
            return;
        }

        if (_lastSent.Count >= capacity && !_lastSent.ContainsKey(user))
        {
            foreach (var done in _lastSent.Where(pair => pair.Value + seconds * 1_000L <= now).ToList())
            {
                _lastSent.Remove(done.Key);
            }
        }

        if (_lastSent.Count < capacity || _lastSent.ContainsKey(user))
        {
            _lastSent[user] = now;
        }
    }
}
