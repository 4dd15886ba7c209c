using System.Net.Sockets;
using System.Runtime;
using System.Text.Json;

namespace RedNote.Load.Probe;

/// <summary>
/// Runs inside a measured server, which knows nothing of it: a thread that waits on a Unix socket and says how the
/// garbage collector is, after a full collection if it is asked for one. Costs a sleeping thread.
/// </summary>
public static class ProbeHook
{
    public const string Variable = "REDNOTE_LOAD_PROBE";
    public const byte Read = (byte)'r';
    public const byte Collect = (byte)'c';

    private const double Mebi = 1024 * 1024;

    public static void Begin()
    {
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } path)
        {
            new Thread(() => Serve(path)) { IsBackground = true, Name = "load probe" }.Start();
        }
    }

    public static GcReading Now()
    {
        var memory = GC.GetGCMemoryInfo();
        return new GcReading(
            GC.CollectionCount(0), GC.CollectionCount(1), GC.CollectionCount(2),
            GC.GetTotalPauseDuration().TotalMilliseconds, GC.GetTotalAllocatedBytes() / Mebi,
            GC.GetTotalMemory(forceFullCollection: false) / Mebi, memory.TotalCommittedBytes / Mebi,
            GCSettings.IsServerGC);
    }

    private static void Serve(string path)
    {
        using var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(path));
        listener.Listen();
        var asked = new byte[1];
        while (true)
        {
            using var caller = listener.Accept();
            while (caller.Receive(asked) == 1)
            {
                if (asked[0] == Collect)
                {
                    // Twice: what the first one finalizes is free in the second.
                    GC.Collect(2, GCCollectionMode.Aggressive, blocking: true, compacting: true);
                    GC.WaitForPendingFinalizers();
                    GC.Collect(2, GCCollectionMode.Aggressive, blocking: true, compacting: true);
                }

                caller.Send([.. JsonSerializer.SerializeToUtf8Bytes(Now()), (byte)'\n']);
            }
        }
    }
}
