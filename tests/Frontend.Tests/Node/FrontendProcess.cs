using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text;

namespace RedNote.Frontend.Tests.Node;

/// <summary>
/// The real server as a process of its own, the way people start it: the build beside these tests, SQLite in a
/// temporary folder, loopback. It can be killed and started again on the same data and address.
/// </summary>
public sealed class FrontendProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);

    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("rednote-test-");
    private readonly Dictionary<string, string> _settings;
    private readonly StringBuilder _output = new();
    private Process? _process;

    private FrontendProcess(Dictionary<string, string> settings) => _settings = settings;

    public Uri Address { get; } = FreeAddress();

    public string DataDirectory => _data.FullName;

    public int Id => _process?.Id ?? throw new InvalidOperationException("The server is not running.");

    public static string RepositoryRoot { get; } = FindRoot();

    /// <summary>Everything the server said, over all its starts.</summary>
    public string Output
    {
        get
        {
            lock (_output)
            {
                return _output.ToString();
            }
        }
    }

    /// <param name="settings">Configuration besides the defaults, e.g. <c>RedNote__Limits__Off</c>.</param>
    public static async Task<FrontendProcess> Start(Dictionary<string, string> settings)
    {
        var server = new FrontendProcess(settings);
        try
        {
            await server.Restart();
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Runs one that ends by itself, for example because it cannot start.</summary>
    public static async Task<(int ExitCode, string Output, string Errors)> Run(
        Dictionary<string, string> settings, string dataDirectory)
    {
        using var process = Process.Start(
            StartInfo("Frontend", new(settings) { ["ASPNETCORE_URLS"] = FreeAddress().ToString() }, dataDirectory))
            ?? throw new InvalidOperationException("dotnet did not start.");
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        try
        {
            await process.WaitForExitAsync().WaitAsync(StartLimit);
        }
        catch (TimeoutException)
        {
            process.Kill();
            Assert.Fail($"The server did not end by itself:\n{await output}{await errors}");
        }

        return (process.ExitCode, await output, await errors);
    }

    /// <summary>Starts it (again) and waits for its readiness probe.</summary>
    public async Task Restart()
    {
        await Kill();
        var start = StartInfo("Frontend", _settings, _data.FullName);
        start.Environment["ASPNETCORE_URLS"] = Address.ToString();
        _process = Process.Start(start) ?? throw new InvalidOperationException("dotnet did not start.");
        _process.OutputDataReceived += (_, e) => Keep(e.Data);
        _process.ErrorDataReceived += (_, e) => Keep(e.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        await WaitUntilReady(_process);
    }

    /// <summary>Whether a call failed as one does whose server was killed under it. A connection that was reset
    /// before the client looked at it comes as the socket's own error, from HttpClient too.</summary>
    public static bool IsEndOfServer(Exception failure)
        => failure is HttpRequestException or WebSocketException or SocketException or IOException
            or InvalidOperationException;

    /// <summary>SIGKILL: no goodbye, nothing flushed. Also fine when it has ended.</summary>
    public async Task Kill()
    {
        if (_process is null)
        {
            return;
        }

        if (!_process.HasExited)
        {
            _process.Kill();
        }

        await _process.WaitForExitAsync();
        _process.Dispose();
        _process = null;
    }

    /// <summary>
    /// Gives a command to the silo program with the server's configuration, while the server runs or not, and answers
    /// its exit code and all that it printed.
    /// </summary>
    public async Task<(int Code, string Output)> Command(params string[] args)
    {
        using var process = Process.Start(StartInfo("Silo", _settings, _data.FullName, args))
            ?? throw new InvalidOperationException("dotnet did not start.");
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync().WaitAsync(StartLimit);
        return (process.ExitCode, await output + await errors);
    }

    public async ValueTask DisposeAsync()
    {
        await Kill();
        _data.Delete(recursive: true);
    }

    private static ProcessStartInfo StartInfo(
        string program, Dictionary<string, string> settings, string dataDirectory, params string[] args)
    {
        var start = new ProcessStartInfo("dotnet", [Assembly(program), .. args])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.Combine(RepositoryRoot, "Frontend"),
        };
        start.Environment["RedNote__DataDirectory"] = dataDirectory;
        start.Environment["RedNote__Storage"] = "sqlite";
        start.Environment["Logging__LogLevel__Default"] = "Warning";
        // A server that lives for seconds has no use for code that is compiled once and well (Frontend.csproj).
        start.Environment["DOTNET_TC_QuickJit"] = "1";
        foreach (var (name, value) in settings)
        {
            start.Environment[name] = value;
        }

        return start;
    }

    private static string Assembly(string program)
    {
        // .artifacts/<engine>/bin/<project>/<configuration>/: the programs' builds lie beside this one.
        var own = new DirectoryInfo(AppContext.BaseDirectory);
        var build = Path.Combine(own.FullName, "..", "..", program, own.Name);
        var path = Path.GetFullPath(Path.Combine(build, $"RedNote.{program}.dll"));
        Assert.True(File.Exists(path), $"{path} is missing: build the solution first.");
        return path;
    }

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "RedNote.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException("No RedNote.sln above the tests.");
    }

    private static Uri FreeAddress()
    {
        using var probe = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        probe.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return new Uri($"http://{probe.LocalEndPoint}");
    }

    private void Keep(string? line)
    {
        lock (_output)
        {
            _output.AppendLine(line);
        }
    }

    private async Task WaitUntilReady(Process process)
    {
        using var http = new HttpClient { BaseAddress = Address };
        var since = TimeProvider.System.GetTimestamp();
        while (!await Answers(http))
        {
            Assert.False(process.HasExited, $"The server ended:\n{Output}");
            var waited = TimeProvider.System.GetElapsedTime(since);
            Assert.True(waited < StartLimit, $"The server was not ready within {StartLimit}:\n{Output}");
            await Task.Delay(50);
        }
    }

    private static async Task<bool> Answers(HttpClient http)
    {
        try
        {
            using var answer = await http.GetAsync(new Uri("/health/ready", UriKind.Relative));
            return answer.IsSuccessStatusCode;
        }
        catch (Exception failure) when (failure is HttpRequestException or SocketException)
        {
            return false;
        }
    }
}
