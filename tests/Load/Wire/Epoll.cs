using System.Buffers.Binary;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace RedNote.Load.Wire;

/// <summary>
/// Waits for many sockets on one thread with Linux' epoll. .NET's own asynchronous sockets would do the same job with a
/// second system call and a thread-pool hop per receive; a generator that has to keep up from one core cannot pay that.
/// </summary>
public sealed partial class Epoll : IDisposable
{
    private const int MaxEvents = 1024;
    private const int Add = 1;
    private const int Modify = 3;
    private const uint Readable = 1;
    private const uint Writable = 4;
    private const int InterruptedBySignal = 4;

    // struct epoll_event is packed on x86-64 and nowhere else.
    private static readonly int DataOffset = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 4 : 8;
    private static readonly int EventSize = DataOffset + 8;

    private readonly byte[] _events = new byte[MaxEvents * 16];
    private readonly int _handle;

    public Epoll()
    {
        if (!OperatingSystem.IsLinux())
        {
            throw new LoadException("The load generator needs Linux: it drives its sockets with epoll.");
        }

        _handle = Create(0);
        if (_handle < 0)
        {
            throw Failure("epoll_create1");
        }
    }

    /// <summary>Watches a socket for input; <paramref name="id"/> comes back from <see cref="Id"/>.</summary>
    public void Watch(Socket socket, int id) => Change(Add, socket, id, Readable);

    /// <summary>Watches for room to write as well, or no longer.</summary>
    public void WatchWrites(Socket socket, int id, bool writes)
        => Change(Modify, socket, id, writes ? Readable | Writable : Readable);

    /// <summary>Hears nothing more of a socket until it is watched for writes again or <see cref="Resume"/>.</summary>
    public void Pause(Socket socket, int id) => Change(Modify, socket, id, 0);

    public void Resume(Socket socket, int id) => Change(Modify, socket, id, Readable);

    /// <summary>Waits at most so long and answers how many sockets are ready.</summary>
    public int Wait(int milliseconds)
    {
        var ready = WaitCore(_handle, ref _events[0], MaxEvents, milliseconds);
        if (ready >= 0)
        {
            return ready;
        }

        return Marshal.GetLastPInvokeError() == InterruptedBySignal ? 0 : throw Failure("epoll_wait");
    }

    /// <summary>The id of the ready socket at that place.</summary>
    public int Id(int place)
        => BinaryPrimitives.ReadInt32LittleEndian(_events.AsSpan((place * EventSize) + DataOffset));

    public void Dispose() => _ = Close(_handle);

    private void Change(int operation, Socket socket, int id, uint interest)
    {
        Span<byte> request = stackalloc byte[16];
        request.Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(request, interest);
        BinaryPrimitives.WriteInt32LittleEndian(request[DataOffset..], id);
        if (Control(_handle, operation, (int)socket.Handle, ref request[0]) != 0)
        {
            throw Failure("epoll_ctl");
        }
    }

    private static LoadException Failure(string call) => new($"{call} failed: {Marshal.GetLastPInvokeErrorMessage()}.");

    [LibraryImport("libc", EntryPoint = "epoll_create1", SetLastError = true)]
    private static partial int Create(int flags);

    [LibraryImport("libc", EntryPoint = "epoll_ctl", SetLastError = true)]
    private static partial int Control(int handle, int operation, int socket, ref byte request);

    [LibraryImport("libc", EntryPoint = "epoll_wait", SetLastError = true)]
    private static partial int WaitCore(int handle, ref byte events, int maxEvents, int milliseconds);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    private static partial int Close(int handle);
}
