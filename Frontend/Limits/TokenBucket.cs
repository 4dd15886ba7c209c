namespace RedNote.Frontend.Limits;

/// <summary>
/// One user's allowance, refilled by the clock it is shown and by no timer. Kept in a field and used under the lock of
/// its owner: there are several of these per connected user.
/// </summary>
internal struct TokenBucket
{
    private double _tokens;
    private long _at;
    private bool _started;

    /// <summary>Takes one token, or says how long to wait for the next.</summary>
    public bool TryTake(Rate rate, TimeProvider time, out TimeSpan retryAfter)
    {
        var now = time.GetTimestamp();
        var tokens = _started
            ? Math.Min(rate.Burst, _tokens + (time.GetElapsedTime(_at, now).TotalSeconds * rate.PerSecond))
            : rate.Burst;
        _started = true;
        _at = now;
        if (tokens >= 1)
        {
            _tokens = tokens - 1;
            retryAfter = TimeSpan.Zero;
            return true;
        }

        _tokens = tokens;
        retryAfter = TimeSpan.FromSeconds((1 - tokens) / rate.PerSecond);
        return false;
    }
}
