using RedNote.Load.Measure;
using RedNote.Load.Servers;

namespace RedNote.Load.Idle;

/// <summary>What a server has at a moment.</summary>
/// <param name="ResidentMiB">Of the machine's memory.</param>
/// <param name="HeapMiB">Of it on its heap; right after a full collection, what is alive.</param>
internal readonly record struct IdleReading(double ResidentMiB, double HeapMiB);

/// <summary>Reads a server's memory when it has come to rest.</summary>
internal sealed class IdleReader(ServerProcess server, int settleSeconds, CancellationToken stop)
{
    private const double Mebi = 1024 * 1024;

    /// <summary>Readings, one a second, of which the median counts.</summary>
    private const int Readings = 5;

    private readonly CancellationToken _stop = stop;

    /// <summary>Waits and reads, with viewers who go on answering pings, or without any.</summary>
    public IdleReading Settled(IdleLoop? loop, Action each)
    {
        Wait(loop, settleSeconds, each);
        var resident = new List<double>();
        Wait(loop, Readings + 1, () => resident.Add(server.Memory / Mebi));
        return new IdleReading(Figures.Median(resident), server.Probe.Read().HeapMiB);
    }

    /// <summary>Reads after a full collection.</summary>
    public IdleReading Collected()
    {
        var heap = server.Probe.Collect();
        return new IdleReading(server.Memory / Mebi, heap.HeapMiB);
    }

    private void Wait(IdleLoop? loop, int seconds, Action each)
    {
        if (loop is not null)
        {
            loop.Stay(TimeSpan.FromSeconds(seconds), each);
            return;
        }

        for (var second = 0; second < seconds; second++)
        {
            _stop.WaitHandle.WaitOne(TimeSpan.FromSeconds(1));
            _stop.ThrowIfCancellationRequested();
            each();
        }
    }
}
