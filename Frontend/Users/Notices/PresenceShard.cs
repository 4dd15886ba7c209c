using System.Collections.Immutable;
using RedNote.Users;

namespace RedNote.Frontend.Users;

/// <summary>The users of one shard who are here, as its grain was told: one report under way at a time, with all who
/// came and left since the one before.</summary>
internal sealed class PresenceShard(NoticeOptions options, TimeProvider time)
{
    private readonly Lock _gate = new();

    /// <summary>Users who came or left since the last report; which of the two is asked when it is made.</summary>
    private HashSet<UserId> _changed = [];

    /// <summary>Users the grain was told of.</summary>
    private readonly HashSet<UserId> _told = [];
    private long _number;
    private bool _isWhole = true;
    private bool _isSending;
    private long _nextAt;

    /// <summary>The user came or left.</summary>
    public void Changed(UserId user)
    {
        lock (_gate)
        {
            _changed.Add(user);
        }
    }

    /// <summary>Whether the grain knows that the user is here.</summary>
    public bool IsReported(UserId user)
    {
        lock (_gate)
        {
            return !_isWhole && !_isSending && _told.Contains(user);
        }
    }

    /// <summary>The report that is due, if one is. Its end has to be told (<see cref="Ended"/>).</summary>
    /// <param name="frontEnd">This front end's name.</param>
    /// <param name="isHere">Whether a user is here now.</param>
    public PresenceReport? TryBegin(string frontEnd, Func<UserId, bool> isHere)
    {
        lock (_gate)
        {
            var isDue = time.GetTimestamp() >= _nextAt;
            if (_isSending || (_isWhole && !isDue) || (_changed.Count == 0 && (!isDue || _told.Count == 0)))
            {
                return null;
            }

            var (came, left) = TakeChanges(isHere);
            if (_isWhole ? _told.Count == 0 : came.Length == 0 && left.Length == 0 && !(isDue && _told.Count > 0))
            {
                return null;
            }

            _isSending = true;
            _number++;
            return _isWhole
                ? new PresenceReport(frontEnd, _number, IsWhole: true, [.. _told], [])
                : new PresenceReport(frontEnd, _number, IsWhole: false, came, left);
        }
    }

    /// <summary>A report has ended.</summary>
    /// <param name="isTaken">Whether the grain knows now; otherwise it is told of everybody next.</param>
    public void Ended(bool isTaken)
    {
        lock (_gate)
        {
            (_isSending, _isWhole) = (false, !isTaken);
            var pause = isTaken ? options.Heartbeat : options.Retry;
            _nextAt = time.GetTimestamp() + (long)(pause.TotalSeconds * time.TimestampFrequency);
        }
    }

    private (ImmutableArray<UserId> Came, ImmutableArray<UserId> Left) TakeChanges(Func<UserId, bool> isHere)
    {
        var came = ImmutableArray.CreateBuilder<UserId>();
        var left = ImmutableArray.CreateBuilder<UserId>();
        foreach (var user in _changed)
        {
            if (isHere(user))
            {
                if (_told.Add(user))
                {
                    came.Add(user);
                }
            }
            else if (_told.Remove(user))
            {
                left.Add(user);
            }
        }

        // A rush leaves a big set behind.
        _changed = [];
        return (came.DrainToImmutable(), left.DrainToImmutable());
    }
}
