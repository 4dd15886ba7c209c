namespace RedNote.Frontend.Live;

/// <summary>
/// Decides who writes to a WebSocket next: SignalR, frame by frame, or a broadcast, whose frame was made once for
/// everybody. A broadcast never gets between the fragments of a message, before the answer to the hub's handshake, or
/// behind a close; and nothing follows a frame that left by half. Who comes first writes first.
/// </summary>
/// <param name="sink">Where the bytes go.</param>
/// <param name="patience">How long a client may take nothing before it counts as gone.</param>
/// <param name="time">The clock for that.</param>
/// <param name="abort">Ends the connection; called once at most, and not from inside a caller's lock.</param>
internal sealed class ConnectionGate(IByteSink sink, TimeSpan patience, TimeProvider time, Action abort)
{
    private static readonly Task<bool> Inside = Task.FromResult(true);
    private static readonly Task<bool> Outside = Task.FromResult(false);

    private readonly Lock _gate = new();

    // Both stand for the handshake, whose answer is SignalR's first message.
    private bool _busy = true;
    private bool _hubHolds = true;
    private bool _closed;
    private volatile bool _broken;
    private Queue<TaskCompletionSource<bool>>? _waiting;

    /// <summary>
    /// Sends whole WebSocket frames that are nobody's fragments. Completes when the connection takes more; what is
    /// written after the connection was closed is dropped. Never fails.
    /// </summary>
    public ValueTask Write(ReadOnlyMemory<byte> frames)
    {
        var entered = Enter();
        return entered == Inside ? Send(frames)
            : entered == Outside ? ValueTask.CompletedTask
            : new ValueTask(WriteLater(entered, frames));
    }

    /// <summary>Passes on one WebSocket frame of SignalR's; fails when the connection is broken.</summary>
    public ValueTask WriteHub(ReadOnlyMemory<byte> frame)
    {
        // SignalR writes one frame after the other, so that nobody else changes this meanwhile.
        if (_hubHolds)
        {
            return Pass(frame);
        }

        var entered = Enter();
        return entered == Inside ? Pass(frame) : new ValueTask(PassLater(entered, frame));
    }

    /// <summary>Adds what <see cref="Write"/> reads.</summary>
    public void AddTo(CachePaths paths)
    {
        paths.Add(this, isWide: true);
        paths.Add(_gate);
        sink.AddTo(paths);
    }

    /// <summary>The connection is going: nobody writes any more, and nobody waits.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _closed = true;
            while (_waiting is not null && _waiting.TryDequeue(out var waiter))
            {
                waiter.SetResult(false);
            }
        }
    }

    /// <summary>True for whoever is let in, who has to leave again; false when nobody is any more.</summary>
    private Task<bool> Enter()
    {
        lock (_gate)
        {
            if (_closed)
            {
                return Outside;
            }

            if (!_busy)
            {
                _busy = true;
                return Inside;
            }

            // Elsewhere: whoever leaves the gate has other connections to write to.
            var waiter = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
            (_waiting ??= new Queue<TaskCompletionSource<bool>>()).Enqueue(waiter);
            return waiter.Task;
        }
    }

    private void Exit()
    {
        lock (_gate)
        {
            if (_waiting is null || !_waiting.TryDequeue(out var next))
            {
                _busy = false;
                return;
            }

            next.SetResult(true);
        }
    }

    private async Task WriteLater(Task<bool> entered, ReadOnlyMemory<byte> frames)
    {
        if (await entered)
        {
            await Send(frames);
        }
    }

    /// <summary>The gate is held, and let go when all has been sent.</summary>
    private ValueTask Send(ReadOnlyMemory<byte> frames)
    {
        var sent = sink.TrySend(frames.Span);
        if (sent == frames.Length)
        {
            Exit();
            return ValueTask.CompletedTask;
        }

        if (sent < 0)
        {
            Break();
            return ValueTask.CompletedTask;
        }

        var rest = sink.Send(frames[sent..]);
        if (rest.IsCompletedSuccessfully)
        {
            Exit();
            return ValueTask.CompletedTask;
        }

        return new ValueTask(Finish(rest.AsTask()));
    }

    private async Task Finish(Task rest)
    {
        try
        {
            await rest.WaitAsync(patience, time);
        }
        catch (Exception)
        {
            // Broken, or silent for too long.
            Break();
            return;
        }

        Exit();
    }

    private async Task PassLater(Task<bool> entered, ReadOnlyMemory<byte> frame)
    {
        if (!await entered)
        {
            throw new IOException("The connection is closed.");
        }

        await Pass(frame);
    }

    /// <summary>The gate is held, and let go unless more fragments follow or nothing may follow.</summary>
    private ValueTask Pass(ReadOnlyMemory<byte> frame)
    {
        if (_broken)
        {
            throw new IOException("The connection is broken.");
        }

        var sent = sink.TrySend(frame.Span);
        if (sent == frame.Length)
        {
            Passed(frame.Span);
            return ValueTask.CompletedTask;
        }

        if (sent < 0)
        {
            Break();
            throw new IOException("The connection is broken.");
        }

        return new ValueTask(FinishPass(sent, frame));
    }

    private async Task FinishPass(int sent, ReadOnlyMemory<byte> frame)
    {
        try
        {
            // SignalR's own limit ends with a cancelled write, which nobody can end in the middle of a frame.
            await sink.Send(frame[sent..]).AsTask().WaitAsync(patience, time);
        }
        catch (Exception failure)
        {
            Break();
            throw new IOException("The connection is broken.", failure);
        }

        Passed(frame.Span);
    }

    private void Passed(ReadOnlySpan<byte> frame)
    {
        if (!WebSocketHeader.TryRead(frame, out var header) || header.Length != frame.Length || header.IsClose)
        {
            // Nothing may follow a close. And what is not one frame is not understood: SignalR keeps the connection.
            _hubHolds = true;
            Close();
            return;
        }

        if (header.IsControl)
        {
            // It may stand between fragments, and before the handshake's answer.
            if (!_hubHolds)
            {
                Exit();
            }

            return;
        }

        _hubHolds = !header.IsFinal;
        if (header.IsFinal)
        {
            Exit();
        }
    }

    /// <summary>The gate is held and stays so: nothing may follow half a frame.</summary>
    private void Break()
    {
        _broken = true;
        Close();
        abort();
    }
}
