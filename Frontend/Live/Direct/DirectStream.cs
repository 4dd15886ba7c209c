namespace RedNote.Frontend.Live;

/// <summary>
/// An upgraded connection as SignalR sees it. SignalR's WebSocket writes each of its frames with one call; they go
/// through the gate, so that frames for everybody can go between them. What it reads comes through the intake, which
/// keeps calls that take the short way.
/// </summary>
internal sealed class DirectStream(Stream inner, ConnectionGate gate, CallIntake intake) : Stream
{
    public ConnectionGate Gate => gate;

    public CallIntake Intake => intake;

    public override bool CanRead => true;

    public override bool CanWrite => true;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        => intake.Read(buffer, cancellationToken);

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
        => intake.Read(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count)
        => throw new NotSupportedException("A WebSocket reads asynchronously.");

    /// <summary>The token is not looked at: who gives up waiting in mid-frame disposes of this stream, which ends
    /// everything.</summary>
    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        => gate.WriteHub(buffer);

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
        => gate.WriteHub(buffer.AsMemory(offset, count)).AsTask();

    public override void Write(byte[] buffer, int offset, int count)
        => throw new NotSupportedException("A WebSocket writes asynchronously.");

    /// <summary>Nothing is held back here.</summary>
    public override void Flush()
    {
    }

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            End();
            inner.Dispose();
        }

        base.Dispose(disposing);
    }

    public override async ValueTask DisposeAsync()
    {
        End();
        await inner.DisposeAsync();
        await base.DisposeAsync();
    }

    private void End()
    {
        intake.Stop();
        gate.Close();
    }
}
