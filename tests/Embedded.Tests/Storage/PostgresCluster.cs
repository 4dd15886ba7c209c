using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace RedNote.Embedded.Tests.Storage;

/// <summary>
/// A PostgreSQL server of the tests' own, in a temporary folder, on a free port of the loopback address. Where
/// PostgreSQL 15 is not installed, the tests that need it are skipped.
/// </summary>
public sealed class PostgresCluster : IAsyncLifetime
{
    private const string Binaries = "/usr/lib/postgresql/15/bin";

    private string? _folder;
    private int _serviceIds;
    private int _port;

    /// <summary>Answers a service id of its own for a test, or skips the test.</summary>
    public string NewServiceId()
    {
        Assert.SkipUnless(Directory.Exists(Binaries), $"PostgreSQL is not installed in {Binaries}.");
        return $"test {Interlocked.Increment(ref _serviceIds)}";
    }

    /// <summary>Where the server is. Tests share the database and differ by service id.</summary>
    public string ConnectionString
        => $"Host=127.0.0.1;Port={_port};Username=postgres;Database=postgres;Include Error Detail=true";

    public async ValueTask InitializeAsync()
    {
        if (!Directory.Exists(Binaries))
        {
            return;
        }

        _folder = Directory.CreateTempSubdirectory("rednote-postgres-").FullName;
        if (Environment.IsPrivilegedProcess)
        {
            // The server refuses to run as root.
            await RunAsync("chown", "postgres", _folder);
        }

        _port = FreePort();
        await RunAsPostgresAsync(
            "initdb", "-D", $"{_folder}/data", "-A", "trust", "-U", "postgres", "-E", "UTF8", "-N");
        await RunAsPostgresAsync(
            "pg_ctl", "-D", $"{_folder}/data", "-w", "-l", $"{_folder}/log", "-o",
            $"-p {_port} -k {_folder} -c listen_addresses=127.0.0.1 -c fsync=off", "start");
    }

    public async ValueTask DisposeAsync()
    {
        if (_folder is null)
        {
            return;
        }

        await RunAsPostgresAsync("pg_ctl", "-D", $"{_folder}/data", "-m", "immediate", "-w", "stop");
        Directory.Delete(_folder, recursive: true);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static Task RunAsPostgresAsync(string program, params string[] arguments)
        => Environment.IsPrivilegedProcess
            ? RunAsync("runuser", ["-u", "postgres", "--", $"{Binaries}/{program}", .. arguments])
            : RunAsync($"{Binaries}/{program}", arguments);

    private static async Task RunAsync(string program, params string[] arguments)
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
        Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}.");
    }
}

/// <summary>The tests that use PostgreSQL share one server.</summary>
[CollectionDefinition(Name)]
public sealed class PostgresTestGroup : ICollectionFixture<PostgresCluster>
{
    public const string Name = "postgres";
}
