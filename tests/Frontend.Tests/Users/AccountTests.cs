using System.Net;
using System.Net.Http.Json;
using Microsoft.Extensions.DependencyInjection;
using RedNote.Frontend.Tests.Fakes;

namespace RedNote.Frontend.Tests.Users;

public sealed class AccountTests(ServerFixture fixture) : IClassFixture<ServerFixture>
{
    private const string Password = "correct horse";

    private readonly TestServer _server = fixture.Server;

    [Fact]
    public async Task Guest_WithName_IsAUserWithThatName()
    {
        var answer = await _server.Http.PostAsJsonAsync("/api/auth/guest", new { name = "  小红 " });

        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        var session = await TestServer.Json(answer);
        Assert.Equal("小红", session.GetProperty("name").GetString());
        Assert.Equal(1800, session.GetProperty("expiresIn").GetInt64());
        var me = await TestServer.Json(await _server.User(session).Http.GetAsync("/api/me"));
        Assert.Equal(session.GetProperty("userId").GetString(), me.GetProperty("userId").GetString());
        Assert.Equal("小红", me.GetProperty("name").GetString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("1234567890123456789012345")]
    [InlineData("a\u0007b")]
    public async Task Guest_BadName_IsInvalid(string name)
    {
        var answer = await _server.Http.PostAsJsonAsync("/api/auth/guest", new { name });

        var problem = await Refusal.Is(answer, HttpStatusCode.BadRequest, "invalid");
        Assert.True(problem.GetProperty("errors").TryGetProperty("name", out _));
    }

    [Fact]
    public async Task Register_ThenLogin_IsTheSameUser()
    {
        var registered = await TestServer.Json(await Register("Tea.Lover"));
        var answer = await Login(" tea.lover ", Password);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var session = await TestServer.Json(answer);
        Assert.Equal(registered.GetProperty("userId").GetString(), session.GetProperty("userId").GetString());
        Assert.Equal("Tea", session.GetProperty("name").GetString());
    }

    [Fact]
    public async Task Register_HandleOfAnother_IsTaken()
    {
        Assert.Equal(HttpStatusCode.Created, (await Register("taken.one")).StatusCode);

        await Refusal.Is(await Register("TAKEN.ONE"), HttpStatusCode.Conflict, "handle_taken");
    }

    [Fact]
    public async Task Register_ByManyAtOnce_OneGetsTheHandle()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Register("wanted")));

        Assert.Single(answers, answer => answer.StatusCode == HttpStatusCode.Created);
        Assert.Equal(5, answers.Count(answer => answer.StatusCode == HttpStatusCode.Conflict));
    }

    [Theory]
    [InlineData("ab", Password, "handle")]
    [InlineData("with space", Password, "handle")]
    [InlineData("fine.handle", "1234567", "password")]
    [InlineData("fine.handle", null, "password")]
    public async Task Register_BadInput_NamesTheMember(string handle, string? password, string member)
    {
        var answer = await _server.Http.PostAsJsonAsync("/api/auth/register", new { handle, password, name = "Tea" });

        var problem = await Refusal.Is(answer, HttpStatusCode.BadRequest, "invalid");
        Assert.Single(problem.GetProperty("errors").EnumerateObject(), error => error.Name == member);
    }

    [Theory]
    [InlineData("known.one", "wrong password")]
    [InlineData("unknown.one", Password)]
    [InlineData("!", Password)]
    [InlineData("known.one", "")]
    public async Task Login_WrongHandleOrPassword_SaysTheSame(string handle, string password)
    {
        await Register("known.one");

        await Refusal.Is(await Login(handle, password), HttpStatusCode.Unauthorized, "bad_credentials");
    }

    [Fact]
    public async Task Refresh_GivesNewTokens_ThatWork()
    {
        var guest = await _server.Guest("Ann");
        var answer = await Refresh(guest.RefreshToken);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var session = await TestServer.Json(answer);
        Assert.Equal(guest.Id, session.GetProperty("userId").GetString());
        Assert.Equal("Ann", session.GetProperty("name").GetString());
        var renewed = _server.User(session);
        Assert.NotEqual(guest.RefreshToken, renewed.RefreshToken);
        Assert.Equal(HttpStatusCode.OK, (await renewed.Http.GetAsync("/api/me")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await Refresh(renewed.RefreshToken)).StatusCode);
    }

    [Fact]
    public async Task Refresh_OldTokenAgain_EndsTheLogin()
    {
        var guest = await _server.Guest();
        var renewed = _server.User(await TestServer.Json(await Refresh(guest.RefreshToken)));

        await Refusal.Is(await Refresh(guest.RefreshToken), HttpStatusCode.Unauthorized, "unauthorized");

        await Refusal.Is(await Refresh(renewed.RefreshToken), HttpStatusCode.Unauthorized, "unauthorized");
    }

    [Fact]
    public async Task Refresh_TokenUsedByManyAtOnce_WorksAtMostOnce()
    {
        var guest = await _server.Guest();

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Refresh(guest.RefreshToken)));

        Assert.True(answers.Count(answer => answer.IsSuccessStatusCode) <= 1);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("not a token")]
    [InlineData("QUJD")]
    public async Task Refresh_NotAToken_IsUnauthorized(string? refreshToken)
        => await Refusal.Is(await Refresh(refreshToken), HttpStatusCode.Unauthorized, "unauthorized");

    [Fact]
    public async Task Refresh_AccessTokenInstead_IsUnauthorized()
    {
        var guest = await _server.Guest();

        await Refusal.Is(await Refresh(guest.Token), HttpStatusCode.Unauthorized, "unauthorized");
    }

    [Fact]
    public async Task Logout_EndsTheLogin()
    {
        var guest = await _server.Guest();

        Assert.Equal(HttpStatusCode.NoContent, (await guest.Http.PostAsync("/api/auth/logout", null)).StatusCode);

        await Refusal.Is(await Refresh(guest.RefreshToken), HttpStatusCode.Unauthorized, "unauthorized");
    }

    [Fact]
    public async Task Logout_ByRefreshToken_EndsTheLogin()
    {
        var guest = await _server.Guest();

        var answer = await _server.Http.PostAsJsonAsync(
            "/api/auth/logout", new { refreshToken = guest.RefreshToken });

        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
        await Refusal.Is(await Refresh(guest.RefreshToken), HttpStatusCode.Unauthorized, "unauthorized");
    }

    [Fact]
    public async Task Logout_WithoutAnyToken_IsUnauthorized()
        => await Refusal.Is(
            await _server.Http.PostAsync("/api/auth/logout", null), HttpStatusCode.Unauthorized, "unauthorized");

    [Fact]
    public async Task Token_InTheAddress_IsTakenForTheHubOnly()
    {
        var guest = await _server.Guest();

        var answer = await _server.Http.GetAsync($"/api/me?access_token={guest.Token}");

        await Refusal.Is(answer, HttpStatusCode.Unauthorized, "unauthorized");
        await using var hub = await _server.Connect(guest);
    }

    [Fact]
    public async Task Tokens_AfterTheirTime_AreRefused()
    {
        var time = new ShiftedTime();
        await using var server = await TestServer.Start(
            configure: builder => builder.Services.AddSingleton<TimeProvider>(time));
        var guest = await server.Guest();
        Assert.Equal(HttpStatusCode.OK, (await guest.Http.GetAsync("/api/me")).StatusCode);

        time.Shift(TimeSpan.FromMinutes(31));
        await Refusal.Is(await guest.Http.GetAsync("/api/me"), HttpStatusCode.Unauthorized, "unauthorized");
        var renewed = server.User(await TestServer.Json(await server.Http.PostAsJsonAsync(
            "/api/auth/refresh", new { refreshToken = guest.RefreshToken })));
        Assert.Equal(HttpStatusCode.OK, (await renewed.Http.GetAsync("/api/me")).StatusCode);

        time.Shift(TimeSpan.FromDays(31));
        var late = await server.Http.PostAsJsonAsync("/api/auth/refresh", new { refreshToken = renewed.RefreshToken });
        await Refusal.Is(late, HttpStatusCode.Unauthorized, "unauthorized");
    }

    [Fact]
    public async Task Tokens_AfterARestart_StillWork()
    {
        var folder = Directory.CreateTempSubdirectory("rednote-keys-");
        try
        {
            var settings = new Dictionary<string, string?>
            {
                ["RedNote:Storage"] = "sqlite",
                ["RedNote:DataDirectory"] = folder.FullName,
            };
            TestUser guest;
            await using (var before = await TestServer.Start(settings))
            {
                guest = await before.Guest("Ann");
                await before.Stop();
            }

            await using var after = await TestServer.Start(settings);
            var answer = await after.Http.SendAsync(new HttpRequestMessage(HttpMethod.Get, "/api/me")
            {
                Headers = { { "Authorization", "Bearer " + guest.Token } },
            });
            Assert.Equal("Ann", (await TestServer.Json(answer)).GetProperty("name").GetString());
            var renewed = await after.Http.PostAsJsonAsync(
                "/api/auth/refresh", new { refreshToken = guest.RefreshToken });
            Assert.Equal(HttpStatusCode.OK, renewed.StatusCode);
            await after.Stop();
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private Task<HttpResponseMessage> Register(string handle)
        => _server.Http.PostAsJsonAsync("/api/auth/register", new { handle, password = Password, name = "Tea" });

    private Task<HttpResponseMessage> Login(string handle, string password)
        => _server.Http.PostAsJsonAsync("/api/auth/login", new { handle, password });

    private Task<HttpResponseMessage> Refresh(string? refreshToken)
        => _server.Http.PostAsJsonAsync("/api/auth/refresh", new { refreshToken });
}
