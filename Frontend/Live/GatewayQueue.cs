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
/// once; what comes while a batch is under way makes up the next one.
/// </summary>
/// <typeparam name="TItem">What is sent.</typeparam>
/// <typeparam name="TAnswer">What is answered.</typeparam>
/// <param name="most">How much may wait.</param>
/// <param name="maxSpare">How many places are kept for reuse; a bound on idle memory, not on work.</param>
/// <param name="tryAdd">Puts something into the batch that is sent next; false: it is full.</param>
/// <param name="send">Sends that batch and answers everything in it; never fails.</param>
internal sealed class GatewayQueue<TItem, TAnswer>(
    int most, int maxSpare, Func<Pending<TItem, TAnswer>, bool> tryAdd, Func<Task> send)
{
    private readonly Lock _gate = new();
    private readonly Queue<Pending<TItem, TAnswer>> _queue = new();
    private readonly Stack<Pending<TItem, TAnswer>> _spare = new();
    private Task _pumping = Task.CompletedTask;
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
    {
        answer = default;
        bool idle;
        lock (_gate)
        {
            if (!TryEnqueue(item, out var pending, out idle))
            {
                return _closed ? Admission.Closed : Admission.Full;
            }

            answer = pending.Task;
        }

        Start(idle);
        return Admission.Taken;
    }

    /// <summary>The same, but somebody is told the answer, and it was not waited for.</summary>
    public Admission TrySubmit(TItem item, IAnswerTaker<TItem, TAnswer> taker, string? callId, object? place)
    {
        bool idle;
        lock (_gate)
        {
            if (!TryEnqueue(item, out var pending, out idle))
            {
                return _closed ? Admission.Closed : Admission.Full;
            }

            pending.Tell(taker, callId, place);
        }

        Start(idle);
        return Admission.Taken;
    }

    /// <summary>Takes nothing more and completes when what is under way is answered.</summary>
    public Task Close()
    {
        lock (_gate)
        {
            _closed = true;
            return _busy ? WaitForPump() : Task.CompletedTask;
        }
    }

    private bool TryEnqueue(TItem item, out Pending<TItem, TAnswer> pending, out bool idle)
    {
        (pending, idle) = (null!, false);
        if (_closed || _queue.Count >= most)
        {
            return false;
        }

        pending = _spare.TryPop(out var spare) ? spare : new Pending<TItem, TAnswer>(Recycle);
        pending.Item = item;
        _queue.Enqueue(pending);
        idle = !_busy;
        _busy = true;
        return true;
    }

    private void Start(bool idle)
    {
        if (idle)
        {
            _pumping = Pump();
        }
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
        while (Gather())
        {
            await send();
        }
    }

    private bool Gather()
    {
        lock (_gate)
        {
            _busy = false;
            while (_queue.TryPeek(out var next) && tryAdd(next))
            {
                _queue.Dequeue();
                _busy = true;
            }

            return _busy;
        }
    }

    private void Recycle(Pending<TItem, TAnswer> pending)
    {
        lock (_gate)
        {
            if (_spare.Count < maxSpare)
            {
                _spare.Push(pending);
            }
        }
    }
}
