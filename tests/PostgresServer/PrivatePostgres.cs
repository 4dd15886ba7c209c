using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace RedNote.PostgresServer;

/// <summary>
/// A PostgreSQL server of one's own for tests and measurements: in a temporary folder, on a free port of the loopback
/// address, without a password; gone with everything in it when disposed.
/// </summary>
public sealed class PrivatePostgres : IAsyncDisposable
{
    private const string Installations = "/usr/lib/postgresql";

    /// <summary>How long it may take to start: after a crash it goes through its log, and a durable one
    /// syncs all its files.</summary>
    private const string StartSeconds = "300";

    private readonly string _folder = Directory.CreateTempSubdirectory("rednote-postgres-").FullName;
    private readonly int _port = FreePort();
    private readonly string _binaries;
    private bool _runs;

    private PrivatePostgres(string binaries) => _binaries = binaries;

    /// <summary>Why there can be no server here, for a skipped test; null: there can be one.</summary>
    public static string? WhyNot
        => FindBinaries() is null ? $"PostgreSQL is not installed in {Installations}." : null;

    /// <summary>Connects to the database that every server has at first.</summary>
    public string ConnectionString => ConnectionStringOf("postgres");

    /// <param name="isDurable">Whether commits wait for the disk, as a real server's do; tests that pull no plug are
    /// quicker without.</param>
    public static async Task<PrivatePostgres> StartAsync(bool isDurable = false)
    {
        var server = new PrivatePostgres(FindBinaries() ?? throw new InvalidOperationException(WhyNot));
        try
        {
            await server.Start(isDurable);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    public string ConnectionStringOf(string database)
        => $"Host=127.0.0.1;Port={_port};Username=postgres;Database={database};Include Error Detail=true";

    /// <summary>Makes an empty database and answers how to connect to it.</summary>
    public async Task<string> CreateDatabase(string name)
    {
        await RunAsPostgres("createdb", "-h", "127.0.0.1", "-p", $"{_port}", "-U", "postgres", name);
        return ConnectionStringOf(name);
    }

    /// <summary>Stops it as a crash would; <see cref="Resume"/> starts it on the same data and port.</summary>
    public async Task Stop()
    {
        if (_runs)
        {
            _runs = false;
            await RunAsPostgres("pg_ctl", "-D", $"{_folder}/data", "-m", "immediate", "-w", "stop");
        }
    }

    /// <summary>Starts what was stopped.</summary>
    public async Task Resume()
    {
        await RunAsPostgres(
            "pg_ctl", "-D", $"{_folder}/data", "-w", "-t", StartSeconds, "-l", $"{_folder}/log", "start");
        _runs = true;
    }

    public async ValueTask DisposeAsync()
    {
        await Stop();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task Start(bool isDurable)
    {
        if (Environment.IsPrivilegedProcess)
        {
            // The server refuses to run as root.
            await Run("chown", "postgres", _folder);
        }

        await RunAsPostgres("initdb", "-D", $"{_folder}/data", "-A", "trust", "-U", "postgres", "-E", "UTF8", "-N");
        await File.AppendAllTextAsync(
            $"{_folder}/data/postgresql.conf",
            $"""

            port = {_port}
            unix_socket_directories = '{_folder}'
            listen_addresses = '127.0.0.1'
            fsync = {(isDurable ? "on" : "off")}

            """);
        await Resume();
    }

    private static string? FindBinaries() => Directory.Exists(Installations)
        ? Directory.GetDirectories(Installations).Select(version => Path.Combine(version, "bin"))
            .LastOrDefault(folder => File.Exists(Path.Combine(folder, "initdb")))
        : null;

    /// <summary>A port of the loopback address that nobody listens on.</summary>
    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private Task RunAsPostgres(string program, params string[] arguments)
        => Environment.IsPrivilegedProcess
            ? Run("runuser", ["-u", "postgres", "--", $"{_binaries}/{program}", .. arguments])
            : Run($"{_binaries}/{program}", arguments);

    private static async Task Run(string program, params string[] arguments)
    {
        // Its output is not read: the server that pg_ctl leaves behind would keep the pipes open.
        var start = new ProcessStartInfo("/bin/sh")
        {
            ArgumentList = { "-c", "exec \"$@\" >/dev/null 2>&1", "sh", program },
            WorkingDirectory = "/tmp",
        };
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        using var process = Process.Start(start)!;
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException(
                $"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}.");
        }
    }
}
