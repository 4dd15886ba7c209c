using System.Net;
using RedNote.Frontend.Tests.Kill;
using RedNote.Frontend.Tests.Node;

namespace RedNote.Frontend.Tests.Faults;

/// <summary>
/// The real server, kept busy while something happens to where its data is. It says "try again" and nothing worse, is
/// not ready meanwhile, goes on by itself once the cause is gone, and has all that it acknowledged.
/// </summary>
internal sealed class FaultRun : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly FrontendProcess _server;
    private readonly KillPeople _people;
    private readonly HttpClient _http;
    private readonly CancellationTokenSource _enough = new();
    private readonly Task _busy;

    private FaultRun(FrontendProcess server, KillPeople people)
    {
        _server = server;
        _people = people;
        _http = new HttpClient { BaseAddress = server.Address, Timeout = TimeSpan.FromSeconds(20) };
        _busy = people.KeepBusy(server.Address, _enough.Token);
    }

    public static async Task<FaultRun> Start(Dictionary<string, string> settings)
    {
        var server = await FrontendProcess.Start(new(settings)
        {
            ["RedNote__Limits__Off"] = "true",
            ["RedNote__Live__DisplayBudgetPerSecond"] = "0",
            ["RedNote__Journal__Watch__RetryMs"] = "100",
            ["RedNote__Journal__Watch__ProbeMs"] = "500",
            // So small that snapshots and the folding of the write-ahead log meet with the fault too.
            ["RedNote__Journal__SnapshotEvents"] = "50",
            ["RedNote__Journal__SnapshotIntervalMs"] = "50",
            ["RedNote__Journal__Sqlite__CheckpointPages"] = "100",
            ["RedNote__Journal__Sqlite__BusyTimeoutMs"] = "100",
        });
        var run = new FaultRun(server, await KillPeople.Gather(server.Address));
        await run.GoesOn();
        return run;
    }

    /// <summary>The folder of the data.</summary>
    public string Folder => _server.DataDirectory;

    /// <summary>Something happened: waits until the server has noticed, and until everybody was told to try again.
    /// </summary>
    /// <param name="why">What the log has to say about it.</param>
    public async Task IsRefused(string why)
    {
        await Eventually(async () => await Readiness() is (HttpStatusCode.ServiceUnavailable, var text)
            && text.Contains("The journal cannot be written", StringComparison.Ordinal), "not being ready");
        var before = _people.TryAgains;
        await Eventually(() => Task.FromResult(_people.TryAgains >= before + 20), "20 times \"try again\"");
        await AskEverything();
        Assert.Contains(why, _server.Output, StringComparison.Ordinal);
        using var live = await _http.GetAsync("/health/live");
        Assert.Equal(HttpStatusCode.OK, live.StatusCode);
    }

    /// <summary>Nothing can be stored now, so that nothing is acknowledged.</summary>
    public async Task StandsStill()
    {
        // What was under way when the fault began is answered by now.
        var before = _people.Acknowledged;
        var refused = _people.TryAgains;
        await Eventually(() => Task.FromResult(_people.TryAgains >= refused + 20), "20 more times \"try again\"");
        Assert.Equal(before, _people.Acknowledged);
    }

    /// <summary>The cause is gone: waits until the same process is ready again and takes what people send.</summary>
    public async Task GoesOn()
    {
        await Eventually(async () => (await Readiness()).Status == HttpStatusCode.OK, "being ready");
        var before = _people.Acknowledged;
        await Eventually(() => Task.FromResult(_people.Acknowledged >= before + 30), "30 danmaku acknowledged");
        // They come one after the other: the last but one of them was answered.
        var accounts = _people.Accounts.Count;
        await Eventually(() => Task.FromResult(_people.Accounts.Count >= accounts + 2), "accounts registered");
    }

    /// <summary>Everything that was acknowledged is there, now and after a sudden end, and nothing is half there.
    /// </summary>
    public async Task IsWhole()
    {
        await _enough.CancelAsync();
        await _busy;
        await Audit("running");
        await _server.Restart();
        await Audit("restarted");
        var (code, output) = await _server.Command("log", "verify", "--all");
        Assert.True(code == 0, output);
    }

    public async ValueTask DisposeAsync()
    {
        await _enough.CancelAsync();
        await _server.DisposeAsync();
        await _busy;
        _people.Dispose();
        _http.Dispose();
        _enough.Dispose();
    }

    private async Task Audit(string when)
    {
        var wrong = await new KillAudit(_people, _server.Address).Run();
        Assert.True(wrong.Count == 0, $"{when}:\n{string.Join('\n', wrong)}\n{_server.Output}");
    }

    /// <summary>One call of each kind: done, or "try again", and nothing else.</summary>
    private async Task AskEverything()
    {
        await Ask(HttpMethod.Get, $"/api/rooms/{_people.Room}");
        await Ask(HttpMethod.Get, $"/api/rooms/{_people.Room}/tape");
        await Ask(HttpMethod.Get, "/api/rooms");
        await Ask(HttpMethod.Get, "/api/me");
        await Ask(HttpMethod.Get, $"/api/users/{KillPeople.IdOf(_people.Mutee)}");
        await Ask(HttpMethod.Post, "/api/auth/guest", new { name = "Late" });
        await Ask(HttpMethod.Post, "/api/rooms", new { title = "Late" });
        await Ask(HttpMethod.Post, $"/api/rooms/{_people.Room}/start", new { });
        await Ask(HttpMethod.Post, "/api/auth/login", new
        {
            handle = _people.Accounts[0].Handle,
            password = KillAccount.Password,
        });
        await using var hub = await HubClient.Connect(_server.Address, KillPeople.TokenOf(_people.Mutee));
        try
        {
            await hub.Invoke("JoinRoom", _people.Room, null);
        }
        catch (HubCallException refusal)
        {
            Assert.StartsWith("try_again:", refusal.Message, StringComparison.Ordinal);
        }
    }

    private async Task Ask(HttpMethod method, string path, object? body = null)
    {
        using var answer = await _people.Ask(method, path, _people.Host, body);
        if (!answer.IsSuccessStatusCode)
        {
            await Refusal.Is(answer, HttpStatusCode.ServiceUnavailable, "try_again");
        }
    }

    private async Task<(HttpStatusCode Status, string Text)> Readiness()
    {
        using var answer = await _http.GetAsync("/health/ready");
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }

    private async Task Eventually(Func<Task<bool>> condition, string what)
    {
        var since = TimeProvider.System.GetTimestamp();
        while (!await condition())
        {
            Assert.False(_busy.IsFaulted, $"{_busy.Exception}");
            Assert.True(
                TimeProvider.System.GetElapsedTime(since) < Limit, $"Waited {Limit} for: {what}.\n{_server.Output}");
            await Task.Delay(10);
        }
    }
}
