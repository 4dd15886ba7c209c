using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using RedNote.Load.Measure;

namespace RedNote.Load.Servers;

/// <summary>A server as a child process on its own core, on loopback and a free port; killed when disposed.</summary>
public sealed class ServerProcess : IAsyncDisposable
{
    private const int KeptLines = 40;
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);

    private readonly Queue<string> _lastLines = new();
    private readonly Process _process;
    private bool _isDisposed;

    private ServerProcess(Process process, IPEndPoint endPoint, ServerProbe probe)
    {
        Probe = probe;
        _process = process;
        EndPoint = endPoint;
        Address = new Uri($"http://{endPoint}");
    }

    public IPEndPoint EndPoint { get; }

    public Uri Address { get; }

    /// <summary>Its garbage collector.</summary>
    public ServerProbe Probe { get; }

    /// <summary>Processor time of all its threads since it began.</summary>
    public TimeSpan Cpu
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    /// <summary>The part of <see cref="Cpu"/> outside the kernel.</summary>
    public TimeSpan UserCpu
    {
        get
        {
            _process.Refresh();
            return _process.UserProcessorTime;
        }
    }

    /// <summary>Memory it has now, in bytes.</summary>
    public long Memory
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64;
        }
    }

    /// <summary>Memory it had at most, in bytes.</summary>
    public long PeakMemory
    {
        get
        {
            _process.Refresh();
            return _process.PeakWorkingSet64;
        }
    }

    /// <summary>Starts <c>dotnet assembly arguments</c> and waits until it answers its readiness probe.</summary>
    public static async Task<ServerProcess> Start(
        string assembly,
        int? core,
        IReadOnlyDictionary<string, string> environment,
        string[] arguments,
        CancellationToken ct)
    {
        var endPoint = FreeEndPoint();
        var (file, args) = Cores.Pinned(core, "dotnet", [assembly, .. arguments]);
        var start = new ProcessStartInfo(file, args)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetDirectoryName(assembly)!,
        };
        start.Environment["ASPNETCORE_URLS"] = $"http://{endPoint}";
        start.Environment["Logging__LogLevel__Default"] = "Warning";
        var probe = new ServerProbe();
        foreach (var (name, value) in environment.Concat(probe.Environment))
        {
            start.Environment[name] = value;
        }

        var server = new ServerProcess(
            Process.Start(start) ?? throw new LoadException($"{file} could not be started."), endPoint, probe);
        try
        {
            server.KeepLastLines();
            await server.WaitUntilReady(ct);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_isDisposed)
        {
            return;
        }

        _isDisposed = true;
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
        Probe.Dispose();
    }

    /// <summary>What it printed last, for a message that says why something went wrong.</summary>
    public string LastOutput()
    {
        lock (_lastLines)
        {
            return string.Join('\n', _lastLines);
        }
    }

    private static IPEndPoint FreeEndPoint()
    {
        using var probe = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        probe.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return (IPEndPoint)probe.LocalEndPoint!;
    }

    private void KeepLastLines()
    {
        _process.OutputDataReceived += (_, e) => Keep(e.Data);
        _process.ErrorDataReceived += (_, e) => Keep(e.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    private void Keep(string? line)
    {
        lock (_lastLines)
        {
            _lastLines.Enqueue(line ?? "");
            if (_lastLines.Count > KeptLines)
            {
                _lastLines.Dequeue();
            }
        }
    }

    private async Task WaitUntilReady(CancellationToken ct)
    {
        using var http = new HttpClient { BaseAddress = Address };
        var since = Stopwatch.GetTimestamp();
        while (!await Answers(http, ct))
        {
            if (_process.HasExited || Stopwatch.GetElapsedTime(since) > StartLimit)
            {
                var what = _process.HasExited ? $"ended with code {_process.ExitCode}" : "was not ready in 60 s";
                throw new LoadException($"The server {what}. It said:\n{LastOutput()}");
            }

            await Task.Delay(50, ct);
        }
    }

    private static async Task<bool> Answers(HttpClient http, CancellationToken ct)
    {
        try
        {
            using var answer = await http.GetAsync(new Uri("health/ready", UriKind.Relative), ct);
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
