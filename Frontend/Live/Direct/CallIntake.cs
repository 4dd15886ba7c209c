using System.Buffers;
using System.Diagnostics;
using System.Text.Unicode;

namespace RedNote.Frontend.Live;

/// <summary>Takes calls out of bytes that records of the hub protocol stand in.</summary>
internal interface ICallTaker
{
    /// <summary>Carries out the calls that the bytes begin with, and answers how many those were.</summary>
    int Take(ref ReadOnlySequence<byte> input);
}

/// <summary>
/// What a client sends over a WebSocket, looked at before SignalR's WebSocket does. Messages of calls that take the
/// short way go no further; everything else is handed on as it came. Calls are carried out in the order in which they
/// were sent: none is taken here while SignalR has not got to the end of what was handed on.
/// <para>Read by one at a time; <see cref="Began"/> is called by whoever reads what is handed on, <see cref="Stop"/> by
/// anybody.</para>
/// </summary>
/// <param name="inner">The web server's stream.</param>
/// <param name="time">The clock for <see cref="SignOfLife"/>.</param>
internal sealed class CallIntake(Stream inner, TimeProvider time)
{
    /// <summary>A message is handed on that often, so that SignalR sees a client that sends nothing but calls live.
    /// </summary>
    public static readonly TimeSpan SignOfLife = TimeSpan.FromSeconds(5);

    /// <summary>Longer messages are handed on.</summary>
    public const int MaxMessageBytes = 4 * 1024;

    /// <summary>Has room for more while the beginning of a message that may be taken waits for its end.</summary>
    private const int BufferBytes = 2 * MaxMessageBytes;

    /// <summary>Rented while there is something in it.</summary>
    private byte[]? _buffer;
    private int _start;
    private int _end;

    /// <summary>Bytes from the start on that may be handed on.</summary>
    private int _ready;

    /// <summary>Bytes of a frame that may be handed on when they come.</summary>
    private long _following;

    /// <summary>A message was begun whose last fragment has not come.</summary>
    private bool _inMessage;
    private bool _sawHandshake;

    /// <summary>Something is as no client of SignalR's writes it, or the client has gone: all is handed on.</summary>
    private bool _isBlind;

    /// <summary>When a message was handed on last, and whether it is time for another.</summary>
    private long _handedAt;
    private bool _isDue;

    /// <summary>Bytes of messages after the handshake that were handed on, and those SignalR has begun to carry out.
    /// </summary>
    private long _handed;
    private long _begun;
    private volatile ICallTaker? _calls;

    /// <summary>Calls are carried out from now on.</summary>
    public void Start(ICallTaker calls) => _calls = calls;

    /// <summary>No more calls are carried out: the hub is done with the connection.</summary>
    public void Stop() => _calls = null;

    /// <summary>SignalR has begun to carry out so many more bytes of what was handed on.</summary>
    public void Began(long bytes) => Volatile.Write(ref _begun, _begun + bytes);

    /// <summary>Reads what is not taken here. With an empty target it waits until there is some, or the end.</summary>
    public async ValueTask<int> Read(Memory<byte> target, CancellationToken cancellationToken)
    {
        while (_ready == 0 && !Look())
        {
            if (_buffer is null)
            {
                // No bytes yet: nothing is held on to while a client is silent.
                (_start, _end) = (0, await inner.ReadAsync(Memory<byte>.Empty, cancellationToken));
                _buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
            }
            else if (_start > 0)
            {
                _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
                (_start, _end) = (0, _end - _start);
            }

            var read = await inner.ReadAsync(_buffer.AsMemory(_end), cancellationToken);
            _end += read;
            _isDue = time.GetElapsedTime(_handedAt) >= SignOfLife;
            if (Activity.Current is not null)
            {
                // What calls set going is no part of the request that the connection began with.
                Activity.Current = null;
            }

            if (read == 0)
            {
                // A message that was cut off is SignalR's to complain about.
                _isBlind = true;
                if (_start == _end)
                {
                    Release();
                    return 0;
                }
            }
        }

        var count = Math.Min(_ready, target.Length);
        _buffer.AsSpan(_start, count).CopyTo(target.Span);
        _start += count;
        _ready -= count;
        if (_start == _end)
        {
            Release();
        }

        return count;
    }

    /// <summary>Goes through what has come, up to something that may be handed on; false: more has to come first.
    /// </summary>
    private bool Look()
    {
        while (_buffer is not null)
        {
            var bytes = _buffer.AsSpan(_start, _end - _start);
            if (bytes.IsEmpty)
            {
                Release();
                return false;
            }

            if (_isBlind)
            {
                _ready = bytes.Length;
                return true;
            }

            if (_following > 0)
            {
                _ready = (int)Math.Min(_following, bytes.Length);
                _following -= _ready;
                return true;
            }

            if (!ClientFrame.TryRead(bytes, out var frame))
            {
                return false;
            }

            if (frame.PayloadBytes < 0)
            {
                _isBlind = true;
                continue;
            }

            var calls = _calls;
            if (!MayTake(frame, calls))
            {
                HandOn(frame);
                continue;
            }

            if (bytes.Length < frame.Length)
            {
                return false;
            }

            var whole = bytes[..(int)frame.Length];
            if (_sawHandshake)
            {
                Take(frame, whole, calls!);
            }
            else
            {
                LookAtHandshake(frame, whole);
            }
        }

        return false;
    }

    private bool MayTake(ClientFrame frame, ICallTaker? calls)
        => frame.IsWholeText && !_inMessage && frame.Length <= MaxMessageBytes
            && (!_sawHandshake || (!_isDue && calls is not null && Volatile.Read(ref _begun) == _handed));

    /// <summary>All of it, also what has not come yet.</summary>
    private void HandOn(ClientFrame frame)
    {
        _following = frame.Length;
        if (frame.IsControl)
        {
            return;
        }

        // A handshake in pieces, or a long one, is nothing that a client of SignalR's sends.
        _isBlind = !_sawHandshake;
        _inMessage = !frame.IsFinal;
        Handed(frame.PayloadBytes);
    }

    /// <summary>It is handed on, and what comes after it is counted.</summary>
    private void LookAtHandshake(ClientFrame frame, Span<byte> bytes)
    {
        var payload = frame.Unmask(bytes);
        _sawHandshake = true;
        _isBlind = payload.IsEmpty || payload.IndexOf(DirectCalls.RecordSeparator) != payload.Length - 1;
        _following = bytes.Length;
        _handedAt = time.GetTimestamp();
    }

    private void Take(ClientFrame frame, Span<byte> bytes, ICallTaker calls)
    {
        var payload = frame.Unmask(bytes);
        var input = Utf8.IsValid(payload)
            ? new ReadOnlySequence<byte>(_buffer!, _start + frame.HeaderBytes, payload.Length)
            : default;
        var rest = calls.Take(ref input) > 0 ? (int)input.Length : payload.Length;
        if (rest == payload.Length)
        {
            _following = bytes.Length;
        }
        else if (rest > 0)
        {
            // A message of what is left of it: what was taken has made room for its header.
            _following = ClientFrame.HeaderBytesFor(rest) + rest;
            _start += bytes.Length - (int)_following;
            ClientFrame.WriteText(_buffer.AsSpan(_start, (int)_following - rest), rest);
        }
        else
        {
            _start += bytes.Length;
            return;
        }

        Handed(rest);
    }

    private void Handed(long payload)
    {
        _handed += payload;
        _handedAt = time.GetTimestamp();
        _isDue = false;
    }

    /// <summary>Nothing is in the buffer.</summary>
    private void Release()
    {
        ArrayPool<byte>.Shared.Return(_buffer!);
        _buffer = null;
    }
}
