using Orleans;
using Orleans.Runtime;
using Orleans.Storage;

namespace RedNote.Embedded.Storage;

/// <summary>
/// A grain's state and its operations, one at a time in the order they were asked for: a second write waits for the
/// first, because it needs the version that one ends with. Writes that wait share one, which takes what the state is
/// when it starts.
/// </summary>
internal sealed class PersistentState<TState> : IPersistentState<TState>, ILifecycleObserver
{
    private readonly GrainState<TState> _state = new();
    private readonly string _name;
    private readonly IGrainContext _context;
    private readonly IGrainStorage _storage;
    private Task _last = Task.CompletedTask;
    private Task? _waitingWrite;
    private bool _isRead;

    public PersistentState(string name, IGrainContext context, IGrainStorage storage)
    {
        _name = name;
        _context = context;
        _storage = storage;
        context.ObservableLifecycle.Subscribe($"state {name}", GrainLifecycleStage.SetupState, this);
    }

    public TState State
    {
        get => _state.State!;
        set => _state.State = value;
    }

    public string? Etag => _state.ETag;

    public bool RecordExists => _isRead
        ? _state.RecordExists
        : throw new InvalidOperationException($"State '{_name}' of {_context.GrainId} has not been read yet.");

    public Task OnStart(CancellationToken cancellationToken = default) => ReadStateAsync(cancellationToken);

    public Task OnStop(CancellationToken cancellationToken = default) => Task.CompletedTask;

    public Task ReadStateAsync() => ReadStateAsync(CancellationToken.None);

    public Task WriteStateAsync() => WriteStateAsync(CancellationToken.None);

    public Task ClearStateAsync() => ClearStateAsync(CancellationToken.None);

    public Task ReadStateAsync(CancellationToken cancellationToken)
    {
        _waitingWrite = null;
        return _last = AfterLast(Operation.Read, cancellationToken);
    }

    public Task WriteStateAsync(CancellationToken cancellationToken)
    {
        if (_last.IsCompleted)
        {
            return _last = Run(Operation.Write, cancellationToken);
        }

        // Somebody's token must not cancel the write of others.
        return cancellationToken.CanBeCanceled
            ? _last = AfterLast(Operation.Write, cancellationToken)
            : _waitingWrite ??= _last = AfterLast(Operation.Write, CancellationToken.None);
    }

    public Task ClearStateAsync(CancellationToken cancellationToken)
    {
        _waitingWrite = null;
        return _last = AfterLast(Operation.Clear, cancellationToken);
    }

    private async Task AfterLast(Operation operation, CancellationToken cancellationToken)
    {
        await _last.ConfigureAwait(
            ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        // A write takes the state as it is now, so who asks from now on needs another one.
        _waitingWrite = null;
        await Run(operation, cancellationToken);
    }

    private async Task Run(Operation operation, CancellationToken cancellationToken)
    {
        try
        {
            await (operation switch
            {
                Operation.Read => _storage.ReadStateAsync(_name, _context.GrainId, _state, cancellationToken),
                Operation.Write => _storage.WriteStateAsync(_name, _context.GrainId, _state, cancellationToken),
                _ => _storage.ClearStateAsync(_name, _context.GrainId, _state, cancellationToken),
            });
            _isRead |= operation == Operation.Read;
        }
        catch (Exception exception) when (exception is not OrleansException and not OperationCanceledException)
        {
            throw new OrleansException(
                $"Storage failed to {operation} state '{_name}' of grain {_context.GrainId}: {exception.Message}",
                exception);
        }
    }

    private enum Operation
    {
        Read,
        Write,
        Clear,
    }
}
