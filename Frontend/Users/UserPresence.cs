using System.Collections.Immutable;
using RedNote.Frontend.Deals;
using RedNote.Frontend.Limits;

namespace RedNote.Frontend.Users;

/// <summary>One user on this front end, over all connections: name and allowances.</summary>
internal sealed class UserPresence(
    UserId id, IGrainFactory grains, TimeProvider time, LimitOptions limits, Action<UserId> changed)
{
    /// <summary>A name changed on another front end shows here after this long at the latest.</summary>
    private static readonly TimeSpan NameMaxAge = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private Queue<TaskCompletionSource<string?>>? _waiting;
    private TokenBucket _danmaku;
    private TokenBucket _likes;
    private TokenBucket _joins;
    private TokenBucket _entries;
    private TokenBucket _votes;
    private TokenBucket _asks;
    private TokenBucket _buys;
    private TokenBucket _messages;
    private TokenBucket _reactions;
    private TokenBucket _marks;
    private TokenBucket _typing;
    private TokenBucket _watches;
    private ImmutableArray<IUserListener> _listeners = [];
    private string? _name;
    private long _nameAt;
    private bool _loading;
    private int _connections;
    private long _leftAt;
    private bool _retired;

    public UserId Id => id;

    public bool TryTakeDanmaku(out TimeSpan retryAfter) => TryTake(ref _danmaku, limits.Danmaku, out retryAfter);

    public bool TryTakeLike(out TimeSpan retryAfter) => TryTake(ref _likes, limits.Like, out retryAfter);

    public bool TryTakeEntry(out TimeSpan retryAfter) => TryTake(ref _entries, limits.Entry, out retryAfter);

    public bool TryTakeVote(out TimeSpan retryAfter) => TryTake(ref _votes, limits.Vote, out retryAfter);

    public bool TryTakeAsk(out TimeSpan retryAfter) => TryTake(ref _asks, limits.Ask, out retryAfter);

    public bool TryTakeBuy(out TimeSpan retryAfter) => TryTake(ref _buys, limits.Buy, out retryAfter);

    public bool TryTakeMessage(out TimeSpan retryAfter) => TryTake(ref _messages, limits.Message, out retryAfter);

    public bool TryTakeReaction(out TimeSpan retryAfter) => TryTake(ref _reactions, limits.Reaction, out retryAfter);

    public bool TryTakeMark(out TimeSpan retryAfter) => TryTake(ref _marks, limits.Mark, out retryAfter);

    public bool TryTakeWatch(out TimeSpan retryAfter) => TryTake(ref _watches, limits.Watch, out retryAfter);

    public bool TryTakeTyping() => TryTake(ref _typing, limits.Typing, out _);

    public bool TryTakeJoin(out TimeSpan retryAfter) => TryTake(ref _joins, limits.Join, out retryAfter);

    /// <summary>
    /// The name under which the user speaks, or null if there is no such user. Who asks first is answered first, also
    /// while it is being looked up: what one connection sends keeps its order.
    /// </summary>
    public ValueTask<string?> Name()
    {
        TaskCompletionSource<string?> waiter;
        lock (_gate)
        {
            if (!_loading && _name is not null && time.GetElapsedTime(_nameAt) < NameMaxAge)
            {
                return new ValueTask<string?>(_name);
            }

            // Continuations run inline, one after the other, for the sake of that order.
            waiter = new TaskCompletionSource<string?>();
            (_waiting ??= new Queue<TaskCompletionSource<string?>>()).Enqueue(waiter);
            if (_loading)
            {
                return new ValueTask<string?>(waiter.Task);
            }

            _loading = true;
        }

        _ = Load();
        return new ValueTask<string?>(waiter.Task);
    }

    /// <summary>The same if it is known already, and nobody waits who asked before.</summary>
    public bool TryName(out string? name)
    {
        lock (_gate)
        {
            name = _name;
            return !_loading && name is not null && time.GetElapsedTime(_nameAt) < NameMaxAge;
        }
    }

    public void Renamed(string name)
    {
        lock (_gate)
        {
            _name = name;
            _nameAt = time.GetTimestamp();
        }
    }

    /// <summary>A connection of the user that is told what happens to orders, and of notifications.</summary>
    public void Attach(IUserListener listener)
    {
        bool isFirst;
        lock (_gate)
        {
            isFirst = _listeners.IsEmpty;
            _listeners = _listeners.Add(listener);
        }

        if (isFirst)
        {
            changed(id);
        }
    }

    public void Detach(IUserListener listener)
    {
        bool isLast;
        lock (_gate)
        {
            var before = _listeners;
            _listeners = _listeners.Remove(listener);
            isLast = _listeners.IsEmpty && !before.IsEmpty;
        }

        if (isLast)
        {
            changed(id);
        }
    }

    /// <summary>Whether the user is connected here.</summary>
    public bool IsHere
    {
        get
        {
            lock (_gate)
            {
                return !_listeners.IsEmpty;
            }
        }
    }

    /// <summary>Tells all connections of the user; waits for none.</summary>
    public void TellOrder(OrderNotice notice)
    {
        foreach (var listener in Listeners)
        {
            listener.TellOrder(notice);
        }
    }

    /// <summary>Tells all connections of the user; waits for none.</summary>
    public void TellNotification(NotificationNews news)
    {
        foreach (var listener in Listeners)
        {
            listener.TellNotification(news);
        }
    }

    private ImmutableArray<IUserListener> Listeners
    {
        get
        {
            lock (_gate)
            {
                return _listeners;
            }
        }
    }

    internal bool TryEnter()
    {
        lock (_gate)
        {
            if (_retired)
            {
                return false;
            }

            _connections++;
            return true;
        }
    }

    /// <summary>One connection has gone.</summary>
    public void Leave()
    {
        lock (_gate)
        {
            _connections--;
            _leftAt = time.GetTimestamp();
        }
    }

    internal bool TryRetire(TimeSpan linger)
    {
        lock (_gate)
        {
            _retired = _connections == 0 && !_loading && time.GetElapsedTime(_leftAt) >= linger;
            return _retired;
        }
    }

    private async Task Load()
    {
        string? name = null;
        Exception? failure = null;
        var askedAt = time.GetTimestamp();
        try
        {
            name = (await grains.User(id).Profile(null))?.Name;
        }
        catch (Exception caught)
        {
            failure = caught;
        }

        lock (_gate)
        {
            // A change that arrived meanwhile is newer than what was read.
            if (failure is null && (_name is null || _nameAt <= askedAt))
            {
                _name = name;
                _nameAt = time.GetTimestamp();
            }
        }

        AnswerAll(failure);
    }

    private void AnswerAll(Exception? failure)
    {
        while (true)
        {
            TaskCompletionSource<string?> waiter;
            string? name;
            lock (_gate)
            {
                if (!_waiting!.TryDequeue(out waiter!))
                {
                    _waiting = null;
                    _loading = false;
                    return;
                }

                name = _name;
            }

            if (failure is null)
            {
                waiter.SetResult(name);
            }
            else
            {
                waiter.SetException(failure);
            }
        }
    }

    private bool TryTake(ref TokenBucket bucket, Rate rate, out TimeSpan retryAfter)
    {
        if (limits.Off)
        {
            retryAfter = TimeSpan.Zero;
            return true;
        }

        lock (_gate)
        {
            return bucket.TryTake(rate, time, out retryAfter);
        }
    }
}
