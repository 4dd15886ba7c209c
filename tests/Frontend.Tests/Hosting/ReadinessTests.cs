using System.Net;
using RedNote.PostgresServer;

namespace RedNote.Frontend.Tests.Hosting;

/// <summary>What the probes say while the database is gone.</summary>
public sealed class ReadinessTests : IAsyncLifetime
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private PrivatePostgres _database = null!;
    private TestServer _server = null!;

    public async ValueTask InitializeAsync()
    {
        Assert.SkipWhen(PrivatePostgres.WhyNot is not null, PrivatePostgres.WhyNot ?? "");
        _database = await PrivatePostgres.StartAsync();
        _server = await TestServer.Start(new()
        {
            ["RedNote:Storage"] = "postgres",
            ["ConnectionStrings:RedNote"] = $"{_database.ConnectionString};Password=secret",
            ["RedNote:Journal:Watch:ProbeMs"] = "200",
            ["RedNote:Journal:Watch:RetryMs"] = "100",
        });
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }

        if (_database is not null)
        {
            await _database.DisposeAsync();
        }
    }

    [Fact]
    public async Task Ready_WhileTheDatabaseIsGone_IsUnhealthyAndRecoversByItself()
    {
        var well = await Expect(HttpStatusCode.OK);
        Assert.Equal("Healthy", well);

        await _database.Stop();

        // Nobody writes: the silo finds out by itself.
        var why = await Expect(HttpStatusCode.ServiceUnavailable);
        Assert.StartsWith("The journal cannot be written: ", why, StringComparison.Ordinal);
        Assert.DoesNotContain("127.0.0.1", why, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", why, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await _server.Http.GetAsync("/health/live")).StatusCode);

        await _database.Resume();

        await Expect(HttpStatusCode.OK);
        await ExpectNewGuest();
    }

    [Fact]
    public async Task Ready_AfterACommitFailed_IsUnhealthyUntilTheDatabaseIsBack()
    {
        await _server.Guest();
        await _database.Stop();

        Assert.Equal(HttpStatusCode.ServiceUnavailable, await PostGuest());

        await Expect(HttpStatusCode.ServiceUnavailable);
        await _database.Resume();
        await Expect(HttpStatusCode.OK);
        await ExpectNewGuest();
    }

    private async Task<HttpStatusCode> PostGuest()
    {
        using var content = new StringContent("""{"name":"Bob"}""", null, "application/json");
        using var answer = await _server.Http.PostAsync("/api/auth/guest", content);
        return answer.StatusCode;
    }

    /// <summary>Connections that the stop had ended are found out one by one; what meets one is to be tried again.
    /// </summary>
    private async Task ExpectNewGuest()
    {
        var since = TimeProvider.System.GetTimestamp();
        while (await PostGuest() is var status && status != HttpStatusCode.Created)
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
            Assert.True(TimeProvider.System.GetElapsedTime(since) < Limit, $"No new guest within {Limit}.");
        }
    }

    /// <summary>Waits until the probe answers so; returns what it says of the journal.</summary>
    private async Task<string> Expect(HttpStatusCode status)
    {
        var since = TimeProvider.System.GetTimestamp();
        while (true)
        {
            using var answer = await _server.Http.GetAsync("/health/ready");
            var body = await TestServer.Json(answer);
            if (answer.StatusCode == status)
            {
                return body.GetProperty("checks").GetProperty("journal").GetString()!;
            }

            var waited = TimeProvider.System.GetElapsedTime(since);
            Assert.True(waited < Limit, $"Readiness was not {status} within {Limit}: {body}");
            await Task.Delay(20);
        }
    }
}
