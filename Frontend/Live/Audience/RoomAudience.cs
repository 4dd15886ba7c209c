using RedNote.Live;

namespace RedNote.Frontend.Live;

/// <summary>
/// Who is in a room by this front end, and what of that the room has not been told. Reports say how users stand, not
/// what they did, so that one may be repeated; when the room may have forgotten, it is told everybody again.
/// </summary>
/// <param name="lease">After a pause this long between two reports the room may have forgotten this front end.</param>
/// <param name="time">The clock.</param>
internal sealed class RoomAudience(TimeSpan lease, TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<UserId, int> _connections = [];
    private readonly Queue<UserId> _untold = new();
    private readonly HashSet<UserId> _waiting = [];
    private long _number;
    private long _epoch;
    private long _toldAt;

    /// <summary>Whether there is something to tell.</summary>
    public bool HasNews
    {
        get
        {
            lock (_gate)
            {
                return _untold.Count > 0;
            }
        }
    }

    /// <summary>One more connection of a user is in the room.</summary>
    public void Enter(UserId user)
    {
        lock (_gate)
        {
            var before = _connections.GetValueOrDefault(user);
            _connections[user] = before + 1;
            if (before == 0)
            {
                Note(user);
            }
        }
    }

    /// <summary>One of a user's connections has left.</summary>
    public void Leave(UserId user)
    {
        lock (_gate)
        {
            if (!_connections.TryGetValue(user, out var before))
            {
                return;
            }

            if (before > 1)
            {
                _connections[user] = before - 1;
                return;
            }

            _connections.Remove(user);
            Note(user);
        }
    }

    /// <summary>What to tell the room now. One report at a time.</summary>
    public AudienceReport Begin()
    {
        lock (_gate)
        {
            var at = time.GetTimestamp();
            if (_untold.Count == 0)
            {
                return new AudienceReport(null, at);
            }

            var came = new List<UserId>();
            var left = new List<UserId>();
            while (came.Count + left.Count < AudienceChange.MaxUsers && _untold.TryDequeue(out var user))
            {
                _waiting.Remove(user);
                (_connections.ContainsKey(user) ? came : left).Add(user);
            }

            return new AudienceReport(new AudienceChange(++_number, [.. came], [.. left]), at);
        }
    }

    /// <summary>The room has taken the report, in that epoch (null: it does not exist).</summary>
    public void Told(AudienceReport report, long? epoch)
    {
        lock (_gate)
        {
            var isForgotten = _toldAt != 0 && time.GetElapsedTime(_toldAt) >= lease;
            if (epoch is { } known && known != _epoch)
            {
                // The first report of all goes to a room that knows nobody yet: all that it has to know was in it, or
                // is noted.
                isForgotten |= _epoch != 0;
                _epoch = known;
            }

            _toldAt = report.At;
            if (isForgotten)
            {
                NoteAll();
            }
        }
    }

    /// <summary>Nobody knows whether the room has taken the report.</summary>
    public void Failed(AudienceReport report)
    {
        lock (_gate)
        {
            foreach (var user in report.Change?.Came ?? [])
            {
                Note(user);
            }

            foreach (var user in report.Change?.Left ?? [])
            {
                Note(user);
            }
        }
    }

    private void NoteAll()
    {
        foreach (var user in _connections.Keys.OrderBy(user => user.Value))
        {
            Note(user);
        }
    }

    private void Note(UserId user)
    {
        if (_waiting.Add(user))
        {
            _untold.Enqueue(user);
        }
    }
}

/// <summary>A report under way: what it tells, and when it set out.</summary>
internal sealed record AudienceReport(AudienceChange? Change, long At);
