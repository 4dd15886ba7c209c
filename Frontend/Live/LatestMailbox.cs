namespace RedNote.Frontend.Live;

/// <summary>
/// What one connection is yet to be told of things that are kept elsewhere: of each the latest, one message under way
/// at a time. So a client that takes nothing costs a bounded amount and delays nobody; what it is not told a list has.
/// </summary>
/// <param name="limit">Things whose news wait; of more the oldest are dropped.</param>
internal abstract class LatestMailbox<TKey, TNews>(int limit)
    where TKey : notnull
    where TNews : class
{
    private readonly Lock _gate = new();

    /// <summary>Made with the first news: hardly any connection gets some.</summary>
    private Dictionary<TKey, TNews>? _latest;

    /// <summary>The keys of <see cref="_latest"/>, those that have waited longest first.</summary>
    private Queue<TKey>? _order;
    private bool _writing;
    private bool _closed;

    /// <summary>Things whose news wait.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _latest?.Count ?? 0;
            }
        }
    }

    public void Push(TNews news)
    {
        lock (_gate)
        {
            if (_closed || !IsNew(news))
            {
                return;
            }

            var key = KeyOf(news);
            _latest ??= [];
            _order ??= new Queue<TKey>();
            if (!_latest.ContainsKey(key))
            {
                _order.Enqueue(key);
            }

            _latest[key] = news;
            if (_order.Count > limit)
            {
                _latest.Remove(_order.Dequeue());
            }

            if (_writing)
            {
                return;
            }

            _writing = true;
        }

        WriteQueued();
    }

    /// <summary>Nothing that waits of this is told any more.</summary>
    public void Forget(TKey key)
    {
        lock (_gate)
        {
            if (_latest is not null && _latest.Remove(key))
            {
                // Its place, too: it must not push out another.
                _order = new Queue<TKey>(_order!.Where(waiting => !waiting.Equals(key)));
            }

            Forgotten(key);
        }
    }

    /// <summary>The connection has ended.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _closed = true;
            _latest = null;
            _order = null;
        }
    }

    /// <summary>False: something newer was pushed already. Under the lock.</summary>
    protected virtual bool IsNew(TNews news) => true;

    /// <summary>The connection is no longer told of this. Under the lock.</summary>
    protected virtual void Forgotten(TKey key)
    {
    }

    /// <summary>What the news are of.</summary>
    protected abstract TKey KeyOf(TNews news);

    /// <summary>Completes when the connection can take more.</summary>
    protected abstract ValueTask Write(TNews news);

    /// <summary>Writes until nothing is left or the connection takes no more. One thread at a time.</summary>
    private void WriteQueued()
    {
        while (TryNext() is { } news)
        {
            var write = Write(news);
            if (!write.IsCompletedSuccessfully)
            {
                _ = Finish(write);
                return;
            }

            write.GetAwaiter().GetResult();
        }
    }

    private TNews? TryNext()
    {
        lock (_gate)
        {
            if (_order is not null && _order.TryDequeue(out var key) && _latest!.Remove(key, out var news))
            {
                return news;
            }

            _writing = false;
            return null;
        }
    }

    private async Task Finish(ValueTask write)
    {
        try
        {
            await write;
        }
        catch (Exception)
        {
            // The connection is going away; nothing may be written after a failed write.
            Close();
        }

        WriteQueued();
    }
}
