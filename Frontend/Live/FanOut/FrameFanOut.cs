namespace RedNote.Frontend.Live;

/// <summary>Somebody who is handed every frame of a room, or all news of a group.</summary>
internal interface IFrameTaker<TFrame>
{
    /// <summary>Takes the next one, and never waits. They come in order.</summary>
    void Push(TFrame frame);

    /// <summary>Adds what <see cref="Push"/> reads, this object first.</summary>
    void AddTo(CachePaths paths);
}

/// <summary>
/// Hands a room's frames, or a group's news, to those who look on at this front end: in order, one after the other,
/// outside the channel's lock, so that who comes or goes does not wait for thousands of sends. A large audience is
/// shared among the cores.
/// </summary>
/// <param name="share">Viewers from which on other cores help.</param>
/// <param name="logger">Of the channel.</param>
internal sealed partial class FrameFanOut<TViewer, TFrame>(int share, ILogger logger)
    where TViewer : class, IFrameTaker<TFrame>
    where TFrame : class
{
    /// <summary>Viewers between the one that is written to and the one whose objects are fetched: a system call is long
    /// enough for that.</summary>
    private const int Ahead = 2;

    private readonly Lock _gate = new();
    private readonly HashSet<TViewer> _viewers = [];
    private readonly Queue<TFrame> _outbox = new();
    private TViewer[]? _all;
    private CachePaths? _paths;
    private bool _handing;
    private int _count;

    /// <summary>Who looks on here; read without a lock.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>False when the viewer is in already.</summary>
    public bool Add(TViewer viewer)
    {
        lock (_gate)
        {
            return _viewers.Add(viewer) && Changed();
        }
    }

    /// <summary>False when the viewer is not in.</summary>
    public bool Remove(TViewer viewer)
    {
        lock (_gate)
        {
            return _viewers.Remove(viewer) && Changed();
        }
    }

    /// <summary>Everybody who looks on.</summary>
    public TViewer[] All()
    {
        lock (_gate)
        {
            return _all ??= [.. _viewers];
        }
    }

    /// <summary>Takes the next frame; <see cref="Flush"/> hands it out.</summary>
    public void Add(TFrame frame)
    {
        lock (_gate)
        {
            _outbox.Enqueue(frame);
        }
    }

    /// <summary>Hands out what waits, unless somebody is doing so, who will hand this out too. Not under a lock.
    /// </summary>
    public void Flush()
    {
        var mine = false;
        while (TryNext(ref mine, out var frame, out var viewers, out var known))
        {
            var paths = known ?? PathsOf(viewers);
            if (viewers.Length < share || Environment.ProcessorCount == 1)
            {
                Hand(frame, viewers, paths, 0, viewers.Length);
            }
            else
            {
                new SharedHandOut(this, frame, viewers, paths).Run();
            }
        }
    }

    private void Hand(TFrame frame, TViewer[] viewers, CachePaths paths, int first, int count)
    {
        for (var i = first; i < first + count; i++)
        {
            paths.Fetch(i + Ahead);
            try
            {
                viewers[i].Push(frame);
            }
            catch (Exception failure)
            {
                // One viewer's, and the others are still to be served.
                LogNotHanded(logger, failure);
            }
        }
    }

    private bool TryNext(ref bool mine, out TFrame frame, out TViewer[] viewers, out CachePaths? paths)
    {
        lock (_gate)
        {
            (frame, viewers, paths) = (null!, [], null);
            if (_handing && !mine)
            {
                return false;
            }

            mine = _handing = _outbox.TryDequeue(out var next);
            if (mine)
            {
                (frame, viewers, paths) = (next!, All(), _paths);
            }

            return mine;
        }
    }

    /// <summary>Not under the lock: who comes or goes does not wait for thousands of viewers to be gone through.
    /// </summary>
    private CachePaths PathsOf(TViewer[] viewers)
    {
        var paths = new CachePaths(viewers.Length);
        foreach (var viewer in viewers)
        {
            paths.Begin();
            viewer.AddTo(paths);
        }

        lock (_gate)
        {
            _paths = _all == viewers ? paths : null;
        }

        return paths;
    }

    private bool Changed()
    {
        (_all, _paths) = (null, null);
        Volatile.Write(ref _count, _viewers.Count);
        return true;
    }

    [LoggerMessage(LogLevel.Error, "A viewer could not be handed a frame.")]
    private static partial void LogNotHanded(ILogger logger, Exception failure);

    /// <summary>One frame for many viewers, a range at a time, by whoever is free. The thread that began takes part and
    /// waits for the others at the end, so that frames keep their order.</summary>
    private sealed class SharedHandOut(
        FrameFanOut<TViewer, TFrame> owner, TFrame frame, TViewer[] viewers, CachePaths paths) : IThreadPoolWorkItem
    {
        private const int Range = 256;

        private readonly int _ranges = (viewers.Length + Range - 1) / Range;
        private int _taken;
        private int _done;

        public void Run()
        {
            for (var helpers = Math.Min(Environment.ProcessorCount, _ranges) - 1; helpers > 0; helpers--)
            {
                ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
            }

            Execute();

            // Only for ranges that others have begun: a helper that comes later finds none left.
            var wait = default(SpinWait);
            while (Volatile.Read(ref _done) < _ranges)
            {
                wait.SpinOnce();
            }
        }

        public void Execute()
        {
            for (var range = Interlocked.Increment(ref _taken) - 1; range < _ranges;
                range = Interlocked.Increment(ref _taken) - 1)
            {
                var first = range * Range;
                owner.Hand(frame, viewers, paths, first, Math.Min(Range, viewers.Length - first));
                Interlocked.Increment(ref _done);
            }
        }
    }
}
