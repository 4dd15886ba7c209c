using System.Diagnostics;
using RedNote.Load.Probe;
using RedNote.Load.Servers;

namespace RedNote.Load.Gala;

/// <summary>Processors and memory in the course of the evening, second by second.</summary>
internal sealed class GalaWatch(ServerProcess server, GalaPace pace)
{
    private readonly Process _self = Process.GetCurrentProcess();
    private readonly List<Second> _seconds = [];
    private (TimeSpan Server, TimeSpan Own, double At)? _last;
    private GcReading? _before;

    /// <summary>A second that has passed, in cores; memory in MiB.</summary>
    public sealed record Second(double At, bool InBurst, double Server, double Own, double Memory);

    public IReadOnlyList<Second> Seconds => _seconds;

    /// <summary>The server's garbage collector during the evening.</summary>
    public GcReading? Collections { get; private set; }

    public void Begin() => _before = server.Probe.Read();

    public void End() => Collections = server.Probe.Read().Since(_before!);

    public void Note(double at)
    {
        _self.Refresh();
        var (cpu, own) = (server.Cpu, _self.TotalProcessorTime);
        if (_last is { } last && at > last.At)
        {
            var passed = TimeSpan.FromSeconds(at - last.At);
            _seconds.Add(new Second(
                at, pace.IsBurst(last.At) && pace.IsBurst(at - 0.1), (cpu - last.Server) / passed,
                (own - last.Own) / passed, server.Memory / (1024.0 * 1024.0)));
        }

        _last = (cpu, own, at);
    }

    /// <summary>Cores of the server and of this program, on average over the seconds in bursts or outside.</summary>
    public (double Server, double Own) Cores(bool inBurst)
    {
        var some = _seconds.Where(second => second.InBurst == inBurst).ToList();
        return some.Count == 0 ? (0, 0) : (some.Average(second => second.Server), some.Average(second => second.Own));
    }
}
