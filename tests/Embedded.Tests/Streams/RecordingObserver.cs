using Orleans.Streams;

namespace RedNote.Embedded.Tests.Streams;

/// <summary>Keeps what it is given; may be made slow or failing.</summary>
internal sealed class RecordingObserver(Func<int, Task>? onNext = null) : IAsyncObserver<Tick>
{
    private readonly Lock _gate = new();
    private readonly List<int> _received = [];
    private readonly List<StreamSequenceToken> _tokens = [];
    private readonly List<Exception> _errors = [];
    private int _running;

    public int[] Received
    {
        get
        {
            lock (_gate)
            {
                return [.. _received];
            }
        }
    }

    public StreamSequenceToken[] Tokens
    {
        get
        {
            lock (_gate)
            {
                return [.. _tokens];
            }
        }
    }

    public Exception[] Errors
    {
        get
        {
            lock (_gate)
            {
                return [.. _errors];
            }
        }
    }

    /// <summary>Whether two deliveries ever ran at the same time.</summary>
    public bool Overlapped { get; private set; }

    public async Task OnNextAsync(Tick item, StreamSequenceToken? token = null)
    {
        Overlapped |= Interlocked.Increment(ref _running) > 1;
        try
        {
            if (onNext is not null)
            {
                await onNext(item.Number);
            }

            lock (_gate)
            {
                _received.Add(item.Number);
                _tokens.Add(token!);
            }
        }
        finally
        {
            Interlocked.Decrement(ref _running);
        }
    }

    public Task OnErrorAsync(Exception ex)
    {
        lock (_gate)
        {
            _errors.Add(ex);
        }

        return Task.CompletedTask;
    }
}
