using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using RedNote.PostgresServer;

namespace RedNote.Load.Deals;

/// <summary>
/// The fast way that loses nothing: stock and orders in Redis, sold by one Lua script, on a server that waits for the
/// disk (<c>appendfsync always</c>), asked by Redis' own benchmark without pipelining.
/// </summary>
internal sealed class RedisScript(DealsPlan plan) : IDealSide
{
    private const string Server = "/usr/bin/redis-server";
    private const string Benchmark = "/usr/bin/redis-benchmark";

    /// <summary>Requests for each second that the measurement is to last.</summary>
    private const int PerSecond = 60_000;

    private const string Sell = """
        if redis.call('HEXISTS', KEYS[2], ARGV[1]) == 1 then return 0 end
        local left = tonumber(redis.call('GET', KEYS[1]))
        if left <= 0 then return -1 end
        redis.call('SET', KEYS[1], left - 1)
        redis.call('HSET', KEYS[2], ARGV[1], 1)
        return 1
        """;

    public string Name => "a Lua script in Redis";

    /// <summary>Why it cannot be measured here; null: it can be.</summary>
    public static string? WhyNot
        => File.Exists(Server) && File.Exists(Benchmark) ? null : $"Redis is not installed in {Server}.";

    public async Task<DealResult> Measure(CancellationToken ct)
    {
        var folder = Directory.CreateTempSubdirectory("rednote-redis-");
        var port = PrivatePostgres.FreePort();
        using var server = Start(
            Server, "--port", $"{port}", "--bind", "127.0.0.1", "--dir", folder.FullName, "--appendonly", "yes",
            "--appendfsync", "always", "--save", "", "--logfile", Path.Combine(folder.FullName, "log"));
        try
        {
            using var client = await Connect(port, ct);
            await Ask(client, ["SET", "stock", "100000000"], ct);
            var script = await Ask(client, ["SCRIPT", "LOAD", Sell], ct);
            await Run(port, script, PerSecond, ct);
            return await Run(port, script, PerSecond * (int)plan.Time.TotalSeconds, ct);
        }
        finally
        {
            server.Kill();
            await server.WaitForExitAsync(CancellationToken.None);
            folder.Delete(recursive: true);
        }
    }

    private async Task<DealResult> Run(int port, string script, int requests, CancellationToken ct)
    {
        using var benchmark = Start(
            Benchmark, "-h", "127.0.0.1", "-p", $"{port}", "-c", $"{plan.Callers}", "-n", $"{requests}", "-r",
            "1000000000", "--csv", "EVALSHA", script, "2", "stock", "orders", "__rand_int__");
        var table = await benchmark.StandardOutput.ReadToEndAsync(ct);
        await benchmark.WaitForExitAsync(ct);
        var lines = table.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var names = Cells(lines[0]);
        var cells = Cells(lines[^1]);
        return new DealResult(Figure("rps"), Figure("p50_latency_ms"), Figure("p99_latency_ms"));

        double Figure(string name) => double.Parse(cells[Array.IndexOf(names, name)], CultureInfo.InvariantCulture);

        // The first cell is the command, which has commas of its own; the figures are counted from the end.
        static string[] Cells(string line)
            => [.. line.Split("\",\"").Select(cell => cell.Trim('"')).TakeLast(7)];
    }

    private static async Task<TcpClient> Connect(int port, CancellationToken ct)
    {
        for (var attempt = 1; ; attempt++)
        {
            var client = new TcpClient();
            try
            {
                await client.ConnectAsync(IPAddress.Loopback, port, ct);
                return client;
            }
            catch (SocketException) when (attempt < 100)
            {
                client.Dispose();
                await Task.Delay(50, ct);
            }
        }
    }

    /// <summary>Asks in Redis' own protocol; the answer is one line, or one text without line ends.</summary>
    private static async Task<string> Ask(TcpClient client, string[] words, CancellationToken ct)
    {
        var request = new StringBuilder().Append(CultureInfo.InvariantCulture, $"*{words.Length}\r\n");
        foreach (var word in words)
        {
            request.Append(CultureInfo.InvariantCulture, $"${Encoding.UTF8.GetByteCount(word)}\r\n{word}\r\n");
        }

        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.UTF8.GetBytes(request.ToString()), ct);
        using var reader = new StreamReader(stream, leaveOpen: true);
        var answer = await reader.ReadLineAsync(ct) ?? throw new LoadException("Redis has closed the connection.");
        return answer[0] switch
        {
            '-' => throw new LoadException($"Redis answers {answer}"),
            '$' => (await reader.ReadLineAsync(ct))!,
            _ => answer[1..],
        };
    }

    private static Process Start(string program, params string[] arguments)
        => Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
}
