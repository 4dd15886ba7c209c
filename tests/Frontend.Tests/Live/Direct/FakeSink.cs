using RedNote.Frontend.Live;

namespace RedNote.Frontend.Tests.Live.Direct;

/// <summary>A connection that takes as many bytes at once as a test lets it, and the rest when it is told to.</summary>
internal sealed class FakeSink : IByteSink
{
    private readonly Lock _gate = new();
    private readonly List<byte> _bytes = [];
    private TaskCompletionSource? _waiting;
    private ReadOnlyMemory<byte> _rest;

    /// <summary>How many bytes of so many go at once; -1: the connection is broken.</summary>
    public Func<int, int> Takes { get; set; } = length => length;

    /// <summary>Whether what did not go at once waits for <see cref="Release"/>.</summary>
    public bool Holds { get; set; } = true;

    public byte[] Bytes
    {
        get
        {
            lock (_gate)
            {
                return [.. _bytes];
            }
        }
    }

    /// <summary>Whether somebody waits for the rest to go.</summary>
    public bool IsHolding
    {
        get
        {
            lock (_gate)
            {
                return _waiting is not null;
            }
        }
    }

    public int TrySend(ReadOnlySpan<byte> bytes)
    {
        lock (_gate)
        {
            Assert.Null(_waiting);
            var taken = Takes(bytes.Length);
            _bytes.AddRange(bytes[..Math.Max(0, taken)]);
            return taken;
        }
    }

    public ValueTask Send(ReadOnlyMemory<byte> bytes)
    {
        lock (_gate)
        {
            Assert.Null(_waiting);
            if (!Holds)
            {
                _bytes.AddRange(bytes.Span);
                return ValueTask.CompletedTask;
            }

            _rest = bytes;
            _waiting = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return new ValueTask(_waiting.Task);
        }
    }

    /// <summary>The connection takes what it did not take before.</summary>
    public void Release() => Take().SetResult();

    /// <summary>The connection breaks with a rest still to go.</summary>
    public void Fail()
    {
        TaskCompletionSource waiting;
        lock (_gate)
        {
            waiting = _waiting!;
            _waiting = null;
        }

        waiting.SetException(new IOException("The connection was reset."));
    }

    private TaskCompletionSource Take()
    {
        lock (_gate)
        {
            var waiting = _waiting!;
            _bytes.AddRange(_rest.Span);
            _waiting = null;
            return waiting;
        }
    }
}
