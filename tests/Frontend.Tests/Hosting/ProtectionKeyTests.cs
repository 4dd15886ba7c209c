using System.Net;
using System.Net.Http.Headers;
using RedNote.PostgresServer;

namespace RedNote.Frontend.Tests.Hosting;

/// <summary>Tokens hold as long and as far as the database reaches that their keys are in.</summary>
public sealed class ProtectionKeyTests : IDisposable
{
    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("rednote-test-");

    public void Dispose() => _data.Delete(recursive: true);

    [Fact]
    public async Task Token_AfterARestartOnSqlite_StillHolds()
    {
        var settings = new Dictionary<string, string?>
        {
            ["RedNote:Storage"] = "sqlite",
            ["RedNote:DataDirectory"] = _data.FullName,
        };
        string token;
        await using (var before = await TestServer.Start(settings))
        {
            token = (await before.Guest()).Token;
            await before.Stop();
        }

        await using (var after = await TestServer.Start(settings))
        {
            Assert.Equal(HttpStatusCode.OK, await StatusOf(after, token));
            await after.Stop();
        }

        // Not in the folder of earlier versions, and not in the user's home.
        Assert.DoesNotContain(_data.EnumerateFileSystemInfos(), entry => entry.Name == "keys");
    }

    [Fact]
    public async Task Token_OfOneFrontEnd_HoldsOnAnotherOfTheSameDatabaseOnly()
    {
        Assert.SkipWhen(PrivatePostgres.WhyNot is not null, PrivatePostgres.WhyNot ?? "");
        await using var postgres = await PrivatePostgres.StartAsync();
        var settings = new Dictionary<string, string?>
        {
            ["RedNote:Storage"] = "postgres",
            ["ConnectionStrings:RedNote"] = postgres.ConnectionString,
        };
        // Both at once, on an empty database: each may make a key.
        var servers = await Task.WhenAll(TestServer.Start(settings), TestServer.Start(settings));
        await using var first = servers[0];
        await using var second = servers[1];
        await using var stranger = await TestServer.Start();

        var (ofFirst, ofSecond) = ((await first.Guest()).Token, (await second.Guest()).Token);

        Assert.Equal(HttpStatusCode.OK, await StatusOf(second, ofFirst));
        Assert.Equal(HttpStatusCode.OK, await StatusOf(first, ofSecond));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusOf(stranger, ofFirst));
    }

    private static async Task<HttpStatusCode> StatusOf(TestServer server, string token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/me");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using var answer = await server.Http.SendAsync(request);
        return answer.StatusCode;
    }
}
