namespace RedNote.Groups;

/// <summary>Who looks on, as front ends say: the last word of each counts for a while. In memory alone.</summary>
internal sealed class PresenceBook(GroupOptions options)
{
    /// <summary>Users in one report: more than a group can have, as some may just have left.</summary>
    public const int MaxUsers = 20_000;

    private readonly Dictionary<string, (long At, HashSet<UserId> Users)> _reports = new(StringComparer.Ordinal);

    /// <summary>Takes a front end's word; false when it is not one's, or too many front ends have theirs in.</summary>
    /// <param name="presence">What it says.</param>
    /// <param name="nowMs">A clock that is never set.</param>
    public bool Report(GroupPresence presence, long nowMs)
    {
        if (presence.FrontEnd is not { Length: > 0 and <= 128 } || presence.Users.IsDefault
            || presence.Users.Length > MaxUsers)
        {
            return false;
        }

        Expire(nowMs);
        if (presence.Users.IsEmpty)
        {
            _reports.Remove(presence.FrontEnd);
            return true;
        }

        if (!_reports.ContainsKey(presence.FrontEnd) && _reports.Count >= options.FrontEnds)
        {
            return false;
        }

        _reports[presence.FrontEnd] = (nowMs, [.. presence.Users]);
        return true;
    }

    public bool LooksOn(UserId user, long nowMs)
    {
        foreach (var (at, users) in _reports.Values)
        {
            if (IsGood(at, nowMs) && users.Contains(user))
            {
                return true;
            }
        }

        return false;
    }

    private bool IsGood(long at, long nowMs) => nowMs - at < options.PresenceSeconds * 1_000L;

    private void Expire(long nowMs)
    {
        foreach (var (frontEnd, report) in _reports.ToList())
        {
            if (!IsGood(report.At, nowMs))
            {
                _reports.Remove(frontEnd);
            }
        }
    }
}
