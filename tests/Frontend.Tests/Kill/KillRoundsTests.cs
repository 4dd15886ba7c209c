using System.Globalization;
using RedNote.Frontend.Tests.Node;
using RedNote.PostgresServer;

namespace RedNote.Frontend.Tests.Kill;

/// <summary>
/// The real server is killed again and again at moments of chance while people keep it busy. What it acknowledged is
/// there after each restart, what it did not is there as a whole or not at all, and the logs verify.
/// </summary>
public abstract class KillRoundsTests(ITestOutputHelper output)
{
    private const int Rounds = 4;

    /// <summary>The moments follow from it; set it to repeat a run.</summary>
    private const string SeedName = "REDNOTE_KILL_SEED";

    private protected abstract Task<Dictionary<string, string>> Storage();

    [Fact]
    public async Task Server_KilledAgainAndAgainUnderLoad_KeepsWhatItAcknowledged()
    {
        var seed = int.TryParse(Environment.GetEnvironmentVariable(SeedName), CultureInfo.InvariantCulture, out var set)
            ? set
            : Random.Shared.Next();
        output.WriteLine($"{SeedName}={seed}");
        var chance = new Random(seed);
        await using var server = await FrontendProcess.Start(new(await Storage())
        {
            ["RedNote__Limits__Off"] = "true",
            ["RedNote__Live__DisplayBudgetPerSecond"] = "0",
            // Small enough that a run meets several snapshots.
            ["RedNote__Journal__SnapshotEvents"] = "200",
            ["RedNote__Journal__SnapshotIntervalMs"] = "100",
        });
        using var people = await KillPeople.Gather(server.Address);
        for (var round = 1; round <= Rounds; round++)
        {
            var before = people.Acknowledged;
            var busy = people.KeepBusy(server.Address);
            await Eventually(() => people.Acknowledged >= before + 50 || busy.IsCompleted, "50 danmaku acknowledged");
            var since = TimeProvider.System.GetTimestamp();
            var delay = TimeSpan.FromMilliseconds(chance.Next(1_200));
            await Task.WhenAny(busy, Task.Delay(delay));
            await server.Kill();
            await busy;
            output.WriteLine($"Round {round}: killed after {delay}, {people.Acknowledged - before} danmaku.");

            await Verifies(server, $"seed {seed}, round {round}, dead");
            await server.Restart();
            var wrong = await new KillAudit(people, server.Address).Run();
            output.WriteLine($"Up again and looked through after {TimeProvider.System.GetElapsedTime(since)}.");
            Assert.True(wrong.Count == 0, $"seed {seed}, round {round}:\n{string.Join('\n', wrong)}\n{server.Output}");
        }

        await Verifies(server, $"seed {seed}, running");
        Assert.True(people.Acknowledged >= Rounds * 50);
    }

    private static async Task Verifies(FrontendProcess server, string when)
    {
        var (code, output) = await server.Command("log", "verify", "--all");
        Assert.True(code == 0, $"{when}: {output}");
    }

    private static async Task Eventually(Func<bool> condition, string what)
    {
        var since = TimeProvider.System.GetTimestamp();
        while (!condition())
        {
            Assert.True(
                TimeProvider.System.GetElapsedTime(since) < TimeSpan.FromSeconds(30), $"Waited 30 s for: {what}.");
            await Task.Delay(10);
        }
    }
}

public sealed class SqliteKillRoundsTests(ITestOutputHelper output) : KillRoundsTests(output)
{
    private protected override Task<Dictionary<string, string>> Storage()
        => Task.FromResult(new Dictionary<string, string> { ["RedNote__Storage"] = "sqlite" });
}

public sealed class PostgresKillRoundsTests(ITestOutputHelper output) : KillRoundsTests(output), IAsyncDisposable
{
    private PrivatePostgres? _server;

    private protected override async Task<Dictionary<string, string>> Storage()
    {
        Assert.SkipUnless(PrivatePostgres.WhyNot is null, PrivatePostgres.WhyNot ?? "");
        // The server is not the one that is killed, so that it need not wait for the disk.
        _server = await PrivatePostgres.StartAsync();
        return new()
        {
            ["RedNote__Storage"] = "postgres",
            ["ConnectionStrings__RedNote"] = _server.ConnectionString,
        };
    }

    public ValueTask DisposeAsync() => _server?.DisposeAsync() ?? ValueTask.CompletedTask;
}
