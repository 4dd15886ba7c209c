using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace RedNote.Frontend.Tests;

/// <summary>A whole front end with a silo of its own, in memory, on a free loopback port.</summary>
public sealed class TestServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private TestServer(WebApplication app)
    {
        _app = app;
        Address = new Uri(app.Urls.First());
        Http = new HttpClient { BaseAddress = Address };
    }

    /// <summary>Where it listens; of several addresses the first.</summary>
    public Uri Address { get; }

    public IEnumerable<Uri> Addresses => _app.Urls.Select(address => new Uri(address));

    /// <summary>A client without a token.</summary>
    public HttpClient Http { get; }

    public IServiceProvider Services => _app.Services;

    public IHostApplicationLifetime Lifetime => _app.Lifetime;

    /// <summary>Starts a server. Rate limits and the display budget are off unless a setting
    /// turns them on.</summary>
    public static async Task<TestServer> Start(
        Dictionary<string, string?>? settings = null, Action<WebApplicationBuilder>? configure = null)
    {
        var all = new Dictionary<string, string?>
        {
            ["urls"] = "http://127.0.0.1:0",
            ["RedNote:Storage"] = "memory",
            ["RedNote:Limits:Off"] = "true",
            ["RedNote:Live:DisplayBudgetPerSecond"] = "0",
        };
        foreach (var (name, value) in settings ?? [])
        {
            all[name] = value;
        }

        var app = FrontendApp.Build([.. all.Select(setting => $"--{setting.Key}={setting.Value}")], builder =>
        {
            builder.Logging.ClearProviders();
            configure?.Invoke(builder);
        });
        await app.StartAsync();
        return new TestServer(app);
    }

    /// <summary>A new guest.</summary>
    public async Task<TestUser> Guest(string name = "Ann")
    {
        var answer = await Http.PostAsJsonAsync("/api/auth/guest", new { name });
        Assert.Equal(System.Net.HttpStatusCode.Created, answer.StatusCode);
        return User(await Json(answer));
    }

    /// <summary>Who a login's answer speaks of, on this server.</summary>
    public TestUser User(JsonElement session) => UserAt(Address, session);

    /// <summary>Who a login's answer speaks of, on that server.</summary>
    public static TestUser UserAt(Uri server, JsonElement session)
    {
        var token = session.GetProperty("accessToken").GetString()!;
        var http = new HttpClient { BaseAddress = server };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return new TestUser(
            session.GetProperty("userId").GetString()!, token, session.GetProperty("refreshToken").GetString()!, http);
    }

    /// <summary>A room that is live, and its host.</summary>
    public async Task<(string Room, TestUser Host)> LiveRoom(string title = "Cooking")
    {
        var host = await Guest("Host");
        var created = await Json(await host.Http.PostAsJsonAsync("/api/rooms", new { title }));
        var room = created.GetProperty("roomId").GetString()!;
        (await host.Http.PostAsync($"/api/rooms/{room}/start", null)).EnsureSuccessStatusCode();
        return (room, host);
    }

    public Task<HubClient> Connect(TestUser user) => HubClient.Connect(Address, user.Token);

    public static async Task<JsonElement> Json(HttpResponseMessage answer)
        => (await JsonDocument.ParseAsync(await answer.Content.ReadAsStreamAsync())).RootElement;

    public Task Stop() => _app.StopAsync();

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _app.DisposeAsync();
    }
}

/// <summary>A user and a client that bears the user's token.</summary>
public sealed record TestUser(string Id, string Token, string RefreshToken, HttpClient Http);

/// <summary>One server for all tests of a class; they use rooms and users of their own.</summary>
public sealed class ServerFixture : IAsyncLifetime
{
    public TestServer Server { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Server = await TestServer.Start();

    public ValueTask DisposeAsync() => Server.DisposeAsync();
}
