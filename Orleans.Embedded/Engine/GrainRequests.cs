using System.Runtime.CompilerServices;

namespace RedNote.Embedded;

/// <summary>The result of a method that answers nothing.</summary>
internal readonly struct Nothing;

/// <summary>A request with a promise of <typeparamref name="T"/> to the caller.</summary>
internal abstract class GrainRequest<T> : GrainRequest
{
    // Not RunContinuationsAsynchronously: it would send Task.WhenAll and the like over the thread pool, past the work
    // scheduler. Awaits of the caller do not run inside the callee's turn anyway: no await is continued inline under
    // a task scheduler that is not its own.
    private readonly TaskCompletionSource<T> _answer = new();

    protected GrainRequest(MethodDescriptor method) : base(method)
    {
    }

    internal sealed override bool IsAnswered => _answer.Task.IsCompleted;

    internal sealed override bool Fail(Exception exception)
    {
        Failure = exception;
        ReleaseToken();
        if (!_answer.TrySetException(exception)) return false;

        // A one-way call has no reader: its exception must not surface as unobserved.
        if (Is(RequestFlags.OneWay)) _ = _answer.Task.Exception;
        return true;
    }

    internal sealed override void CancelCaller(CancellationToken token) => _answer.TrySetCanceled(token);

    internal sealed override void AnswerBoxed(object? result)
        => Answer(typeof(T) == typeof(Nothing) ? default! : (T)result!);

    protected void Answer(T result)
    {
        ReleaseToken();
        _answer.TrySetResult(result);
    }

    protected Task<T> SendCore(Orleans.Runtime.GrainReference reference)
    {
        var runtime = reference.Shared.Runtime;
        if (runtime.OutgoingFilters.Length != 0) return SendFiltered(reference);
        runtime.Send(this, reference);
        return _answer.Task;
    }

    /// <summary>Looks at the task that the grain returned; true when the request is answered.</summary>
    protected bool Settle(Task<T>? task, IRequestHost host, TaskScheduler scheduler)
    {
        if (task is { IsCompletedSuccessfully: true })
        {
            Answer(task.Result);
            return true;
        }

        return SettleSlowly(task, host, scheduler);
    }

    protected bool SettleSlowly(Task? task, IRequestHost host, TaskScheduler scheduler)
    {
        if (task is null)
        {
            Fail(new InvalidOperationException($"{Method} returned null instead of a task."));
            return true;
        }

        if (task.IsCompleted)
        {
            Finish(task);
            return true;
        }

        Host = host;
        task.ContinueWith(
            static (done, state) => ((GrainRequest<T>)state!).OnTaskDone(done), this, CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously | TaskContinuationOptions.DenyChildAttach, scheduler);
        return false;
    }

    private void OnTaskDone(Task task)
    {
        Finish(task);
        Host!.OnRequestDone(this);
    }

    private void Finish(Task task)
    {
        if (task.IsCompletedSuccessfully) Answer(task is Task<T> typed ? typed.Result : default!);
        else if (task.IsCanceled) Cancelled(task);
        else Fail(task.Exception!.InnerException!);
    }

    private void Cancelled(Task task)
    {
        ReleaseToken();
        try
        {
            task.GetAwaiter().GetResult();
        }
        catch (OperationCanceledException exception)
        {
            Failure = exception;
            _answer.TrySetCanceled(exception.CancellationToken);
        }
    }

    private async Task<T> SendFiltered(Orleans.Runtime.GrainReference reference)
    {
        Prepare(reference);
        var context = new OutgoingCallContext(this, reference, SendBoxed);
        await context.Invoke();
        return typeof(T) == typeof(Nothing) ? default! : (T)context.Result!;

        async Task<object?> SendBoxed()
        {
            reference.Shared.Runtime.Send(this, reference);
            return Is(RequestFlags.OneWay) ? null : await _answer.Task;
        }
    }
}

/// <summary>A method that returns <see cref="Task{T}"/>. The emitted class overrides <see cref="Call"/>.</summary>
internal abstract class TaskRequest<T>(MethodDescriptor method) : GrainRequest<T>(method)
{
    public Task<T> Send(Orleans.Runtime.GrainReference reference) => SendCore(reference);

    public abstract Task<T> Call(object target);

    internal sealed override bool Invoke(object target, IRequestHost host, TaskScheduler scheduler)
    {
        try
        {
            return Settle(Call(target), host, scheduler);
        }
        catch (Exception exception)
        {
            Fail(exception);
            return true;
        }
    }

    internal sealed override async Task<object?> CallBoxed(object target) => await Call(target);
}

/// <summary>A method that returns <see cref="Task"/>.</summary>
internal abstract class TaskRequest(MethodDescriptor method) : GrainRequest<Nothing>(method)
{
    public Task Send(Orleans.Runtime.GrainReference reference)
    {
        var answer = SendCore(reference);
        return Is(RequestFlags.OneWay) ? Task.CompletedTask : answer;
    }

    public abstract Task Call(object target);

    internal sealed override bool Invoke(object target, IRequestHost host, TaskScheduler scheduler)
    {
        try
        {
            var task = Call(target);
            if (task is not { IsCompletedSuccessfully: true }) return SettleSlowly(task, host, scheduler);
            Answer(default);
        }
        catch (Exception exception)
        {
            Fail(exception);
        }

        return true;
    }

    internal sealed override async Task<object?> CallBoxed(object target)
    {
        await Call(target);
        return null;
    }
}

/// <summary>A method that returns <see cref="ValueTask{T}"/>.</summary>
internal abstract class ValueTaskRequest<T>(MethodDescriptor method) : GrainRequest<T>(method)
{
    public ValueTask<T> Send(Orleans.Runtime.GrainReference reference) => new(SendCore(reference));

    public abstract ValueTask<T> Call(object target);

    internal sealed override bool Invoke(object target, IRequestHost host, TaskScheduler scheduler)
    {
        try
        {
            var task = Call(target);
            if (!task.IsCompletedSuccessfully) return Settle(task.AsTask(), host, scheduler);
            Answer(task.Result);
        }
        catch (Exception exception)
        {
            Fail(exception);
        }

        return true;
    }

    internal sealed override async Task<object?> CallBoxed(object target) => await Call(target);
}

/// <summary>A method that returns <see cref="ValueTask"/>.</summary>
internal abstract class ValueTaskRequest(MethodDescriptor method) : GrainRequest<Nothing>(method)
{
    public ValueTask Send(Orleans.Runtime.GrainReference reference)
    {
        var answer = SendCore(reference);
        return Is(RequestFlags.OneWay) ? ValueTask.CompletedTask : new ValueTask(answer);
    }

    public abstract ValueTask Call(object target);

    internal sealed override bool Invoke(object target, IRequestHost host, TaskScheduler scheduler)
    {
        try
        {
            var task = Call(target);
            if (!task.IsCompletedSuccessfully) return SettleSlowly(task.AsTask(), host, scheduler);
            Answer(default);
        }
        catch (Exception exception)
        {
            Fail(exception);
        }

        return true;
    }

    internal sealed override async Task<object?> CallBoxed(object target)
    {
        await Call(target);
        return null;
    }
}

/// <summary>A method that returns nothing: sent and forgotten.</summary>
internal abstract class VoidRequest(MethodDescriptor method) : GrainRequest<Nothing>(method)
{
    public void Send(Orleans.Runtime.GrainReference reference) => SendCore(reference);

    public abstract void Call(object target);

    [MethodImpl(MethodImplOptions.NoInlining)]
    internal sealed override bool Invoke(object target, IRequestHost host, TaskScheduler scheduler)
    {
        try
        {
            Call(target);
            Answer(default);
        }
        catch (Exception exception)
        {
            Fail(exception);
        }

        return true;
    }

    internal sealed override Task<object?> CallBoxed(object target)
    {
        Call(target);
        return Task.FromResult<object?>(null);
    }
}
