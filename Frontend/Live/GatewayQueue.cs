namespace RedNote.Frontend.Live;

/// <summary>What became of something that was to be sent.</summary>
internal enum Admission
{
    Taken,

    /// <summary>Too much waits already.</summary>
    Full,

    /// <summary>Nothing is taken any more.</summary>
    Closed,
}

/// <summary>
/// What this front end's connections want from one grain, in the order in which it came. What finds it idle is sent at
/// once; what comes while a batch is under way makes up the next one. With a pace, batches that come too often wait for
/// more, but not when they are full.
/// </summary>
/// <typeparam name="TItem">What is sent.</typeparam>
/// <typeparam name="TAnswer">What is answered.</typeparam>
/// <param name="most">How much may wait.</param>
/// <param name="batch">What a batch holds, and how many places are kept for reuse.</param>
/// <param name="tryAdd">Puts something into the batch that is sent next; false: it is full.</param>
/// <param name="send">Sends that batch and answers everything in it; never fails.</param>
/// <param name="time">The clock of the pace.</param>
/// <param name="pace">How often batches are sent; null: as often as they can be.</param>
internal sealed class GatewayQueue<TItem, TAnswer>(
    int most, int batch, Func<Pending<TItem, TAnswer>, bool> tryAdd, Func<Task> send, TimeProvider time,
    BatchPace? pace = null)
{
    private readonly Lock _gate = new();
    private readonly Queue<Pending<TItem, TAnswer>> _queue = new();
    private readonly Stack<Pending<TItem, TAnswer>> _spare = new();
    private Task _pumping = Task.CompletedTask;
    private TaskCompletionSource? _full;
    private bool _busy;
    private bool _closed;

    public bool IsIdle
    {
        get
        {
            lock (_gate)
            {
                return !_busy;
            }
        }
    }

    /// <summary>Takes something to be sent; its answer comes with the batch's.</summary>
    public Admission TrySubmit(TItem item, out ValueTask<TAnswer> answer)
        => Submit(item, taker: null, default, out answer);

    /// <summary>The same, but somebody is told the answer.</summary>
    public Admission TrySubmit(TItem item, IAnswerTaker<TItem, TAnswer> taker, TakerCall call)
        => Submit(item, taker, call, out _);

    /// <summary>Takes nothing more and completes when what is under way is answered.</summary>
    public Task Close()
    {
        TaskCompletionSource? full;
        lock (_gate)
        {
            _closed = true;
            (full, _full) = (_full, null);
        }

        full?.SetResult();
        return IsIdle ? Task.CompletedTask : WaitForPump();
    }

    private Admission Submit(
        TItem item, IAnswerTaker<TItem, TAnswer>? taker, TakerCall call, out ValueTask<TAnswer> answer)
    {
        answer = default;
        TaskCompletionSource? full = null;
        bool idle;
        lock (_gate)
        {
            if (_closed || _queue.Count >= most)
            {
                return _closed ? Admission.Closed : Admission.Full;
            }

            var pending = _spare.TryPop(out var spare) ? spare : new Pending<TItem, TAnswer>(Recycle);
            pending.Item = item;
            if (taker is null)
            {
                answer = pending.Task;
            }
            else
            {
                pending.Tell(taker, call);
            }

            _queue.Enqueue(pending);
            idle = !_busy;
            _busy = true;
            if (_queue.Count >= batch)
            {
                (full, _full) = (_full, null);
            }
        }

        if (idle)
        {
            _pumping = Pump();
        }

        full?.SetResult();
        return Admission.Taken;
    }

    private async Task WaitForPump()
    {
        // The pump may be starting on another thread; whoever set _busy is about to store its task.
        while (!IsIdle)
        {
            await Task.Yield();
            await _pumping;
        }
    }

    private async Task Pump()
    {
        do
        {
            var wait = pace?.Next() ?? TimeSpan.Zero;
            if (wait > TimeSpan.Zero && WhenFull() is { } full)
            {
                await Task.WhenAny(Task.Delay(wait, time), full);
            }

            if (Gather())
            {
                await send();
            }
        }
        while (HasMore());
    }

    /// <summary>Completes when there is as much as makes a whole batch; null: there is, or nobody shall wait.</summary>
    private Task? WhenFull()
    {
        lock (_gate)
        {
            if (_closed || _queue.Count >= batch)
            {
                return null;
            }

            _full = new TaskCompletionSource();
            return _full.Task;
        }
    }

    private bool HasMore()
    {
        lock (_gate)
        {
            return _busy = _queue.Count > 0;
        }
    }

    private bool Gather()
    {
        lock (_gate)
        {
            _full = null;
            var any = false;
            while (_queue.TryPeek(out var next) && tryAdd(next))
            {
                _queue.Dequeue();
                any = true;
            }

            return any;
        }
    }

    private void Recycle(Pending<TItem, TAnswer> pending)
    {
        lock (_gate)
        {
            if (_spare.Count < batch)
            {
                _spare.Push(pending);
            }
        }
    }
}
