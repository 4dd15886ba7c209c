namespace RedNote.Embedded;

/// <summary>
/// The mailbox. Anyone pushes onto a stack with one compare-and-swap; whoever finds it idle schedules the activation.
/// The activation takes the whole stack at once, turns it round and runs it, in bursts.
/// </summary>
internal sealed partial class Activation
{
    private static readonly WorkNode Idle = new ActionNode(static _ => { });

    /// <summary>
    /// <see cref="Idle"/>: nothing to do. Null: scheduled or running, nothing new. Else: a stack of work.
    /// </summary>
    private WorkNode? _inbox = Idle;

    /// <summary>What was taken from the inbox, oldest first; only the burst that runs touches it.</summary>
    private WorkNode? _taken;

    /// <summary>The node whose turn it is: a sweep finds it there when the turn is stuck.</summary>
    private WorkNode? _current;

    /// <summary>
    /// How many requests are in <see cref="_taken"/> or wait for the gate; others read it for the bound.
    /// </summary>
    private int _backlog;

    private int _isWatched;

    /// <summary>How many nodes wait, roughly: nobody stops the world to count.</summary>
    internal int QueueLength => _backlog + (Volatile.Read(ref _inbox)?.Depth ?? 0);

    /// <summary>Work that waits or is under way, to choose among stateless workers.</summary>
    internal int Load => QueueLength + _running;

    internal bool IsQuiet => ReferenceEquals(Volatile.Read(ref _inbox), Idle) && _running == 0 && _waiting.Count == 0;

    public void Post(GrainRequest request)
    {
        if (QueueLength >= Silo.MailboxLimit) Silo.Refuse(request, QueueLength);
        else Push(request);
    }

    internal void Push(WorkNode node)
    {
        var head = Volatile.Read(ref _inbox);
        while (true)
        {
            var first = head is null || ReferenceEquals(head, Idle);
            node.Next = first ? null : head;
            node.Depth = first ? 1 : head!.Depth + 1;
            var seen = Interlocked.CompareExchange(ref _inbox, node, head);
            if (ReferenceEquals(seen, head)) break;
            head = seen;
        }

        if (!ReferenceEquals(head, Idle)) return;
        if (_isWatched == 0) Watch();
        Silo.Scheduler.Schedule(this);
    }

    /// <summary>The next node to run, or null when there is none.</summary>
    private WorkNode? NextNode()
    {
        var node = _taken ?? TakeInbox();
        if (node is null) return null;
        _taken = node.Next;

        // Before its turn: in its turn the node may be queued again, here or elsewhere.
        node.Next = null;
        if (node is GrainRequest) _backlog--;
        return node;
    }

    private WorkNode? TakeInbox()
    {
        if (Volatile.Read(ref _inbox) is null) return null;
        var node = Interlocked.Exchange(ref _inbox, null);
        WorkNode? oldest = null;
        while (node is not null)
        {
            var next = node.Next;
            node.Next = oldest;
            oldest = node;
            if (node is GrainRequest) _backlog++;
            node = next;
        }

        return oldest;
    }

    /// <summary>True: idle from now on. False: something came in the meantime.</summary>
    private bool TryGoIdle() => Interlocked.CompareExchange(ref _inbox, Idle, null) is null;

    // Activations that have work are watched by the sweep for overdue calls until it finds them quiet.
    private void Watch()
    {
        if (Interlocked.Exchange(ref _isWatched, 1) == 0) Silo.Watch(this);
    }

    /// <summary>
    /// For the sweep: answers overdue calls, and says whether to keep watching. It reads the links of the mailbox while
    /// the activation may change them: it can miss a node that moves, which is then running or seen by the next sweep;
    /// it misses nothing of an activation that is stuck. Timing out twice or in the wrong place does no harm.
    /// </summary>
    internal bool Sweep(long nowMs)
    {
        if (IsQuiet)
        {
            Volatile.Write(ref _isWatched, 0);
            if (IsQuiet || Interlocked.Exchange(ref _isWatched, 1) == 1) return false;
        }

        ForEachPending(Silo.TimeOutIfDue);
        if (State == ActivationState.Deactivating && nowMs > _deactivateByMs) Push(new ActionNode(ForceDeactivation));
        return true;
    }

    /// <summary>
    /// Fails everything that waits here: the silo was killed. What comes later starts a burst that ends here again.
    /// </summary>
    internal void Kill(Exception reason)
    {
        ForEachPending(request => Silo.FailLater(request, reason));
        _state = (int)ActivationState.Ended;
        StopTimers();
        DeactivatedSource.TrySetResult();
    }

    private void ForEachPending(Action<GrainRequest> action)
    {
        List<GrainRequest> pending = [];
        lock (_waiting)
        {
            pending.AddRange(_waiting.Requests);
            for (var request = _runningFirst; request is not null; request = request.RunningNext) pending.Add(request);
        }

        Collect(Volatile.Read(ref _inbox), pending);
        Collect(Volatile.Read(ref _taken), pending);
        if (Volatile.Read(ref _current) is GrainRequest current) pending.Add(current);
        foreach (var request in pending) action(request);
    }

    /// <summary>What the next turn is about, for the trace of a simulation.</summary>
    internal string DescribeNext()
    {
        var node = Volatile.Read(ref _taken);
        if (node is null)
        {
            // The oldest is at the end of the stack.
            node = Volatile.Read(ref _inbox);
            while (node?.Next is { } older) node = older;
        }

        var waiting = _waiting.Count > 0 ? $" ({_waiting.Count} wait)" : "";
        return $"{GrainId} #{Number}: {node as GrainRequest as object ?? "goes on"}{waiting}";
    }

    private void Collect(WorkNode? node, List<GrainRequest> into)
    {
        for (var left = Silo.MailboxLimit; node is not null && left > 0; node = node.Next, left--)
            if (node is GrainRequest request) into.Add(request);
    }
}
