using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace RedNote.Frontend.Tests.Users;

public sealed class ProfileTests(ServerFixture fixture) : IClassFixture<ServerFixture>
{
    private readonly TestServer _server = fixture.Server;

    [Fact]
    public async Task Profile_OfANewUser_HasTheContractsMembers()
    {
        var guest = await _server.Guest("Ann");

        var profile = await Profile(_server.Http, guest.Id);

        Assert.Equal(guest.Id, profile.GetProperty("userId").GetString());
        Assert.Equal("Ann", profile.GetProperty("name").GetString());
        Assert.Equal("", profile.GetProperty("signature").GetString());
        foreach (var count in new[] { "followers", "following", "notes", "likesReceived" })
        {
            Assert.Equal(0, profile.GetProperty(count).GetInt64());
        }

        Assert.Equal(JsonValueKind.Number, profile.GetProperty("level").ValueKind);
        Assert.False(profile.GetProperty("isFollowing").GetBoolean());
    }

    [Fact]
    public async Task ChangeMe_SomeMembers_LeavesTheOthers()
    {
        var guest = await _server.Guest("Ann");
        await guest.Http.PatchAsJsonAsync("/api/me", new { signature = "tea first" });
        var answer = await guest.Http.PatchAsJsonAsync("/api/me", new { name = "Anna", avatar = "/a.png" });

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var me = await TestServer.Json(await guest.Http.GetAsync("/api/me"));
        Assert.Equal("Anna", me.GetProperty("name").GetString());
        Assert.Equal("tea first", me.GetProperty("signature").GetString());
        Assert.Equal("/a.png", me.GetProperty("avatar").GetString());

        await guest.Http.PatchAsJsonAsync("/api/me", new { signature = "", avatar = "" });
        me = await TestServer.Json(await guest.Http.GetAsync("/api/me"));
        Assert.Equal("", me.GetProperty("signature").GetString());
        Assert.False(me.TryGetProperty("avatar", out _));
    }

    [Theory]
    [InlineData("""{"name":""}""", "name")]
    [InlineData("""{"name":"1234567890123456789012345"}""", "name")]
    [InlineData("""{"signature":"a\u0000b"}""", "signature")]
    [InlineData("""{"avatar":"javascript:alert(1)"}""", "avatar")]
    [InlineData("""{"avatar":"//evil.example/a.png"}""", "avatar")]
    public async Task ChangeMe_BadInput_NamesTheMemberAndChangesNothing(string body, string member)
    {
        var guest = await _server.Guest("Ann");
        using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");

        var problem = await Refusal.Is(
            await guest.Http.PatchAsync("/api/me", content), HttpStatusCode.BadRequest, "invalid");

        Assert.True(problem.GetProperty("errors").TryGetProperty(member, out _));
        var me = await TestServer.Json(await guest.Http.GetAsync("/api/me"));
        Assert.Equal(("Ann", ""), (me.GetProperty("name").GetString(), me.GetProperty("signature").GetString()));
    }

    [Fact]
    public async Task Follow_Repeated_CountsOnceAndUnfollowTakesItBack()
    {
        var fan = await _server.Guest("Fan");
        var star = await _server.Guest("Star");
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(HttpStatusCode.NoContent, (await Follow(fan, star.Id)).StatusCode);
        }

        var seen = await Profile(fan.Http, star.Id);
        Assert.Equal((1, true), Follows(seen));
        Assert.False((await Profile(_server.Http, star.Id)).GetProperty("isFollowing").GetBoolean());
        Assert.Equal(1, (await Profile(fan.Http, fan.Id)).GetProperty("following").GetInt32());

        for (var i = 0; i < 2; i++)
        {
            var answer = await fan.Http.DeleteAsync($"/api/users/{star.Id}/follow");
            Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
        }

        seen = await Profile(fan.Http, star.Id);
        Assert.Equal((0, false), Follows(seen));
    }

    [Fact]
    public async Task Follow_OneselfOrNobody_IsRefused()
    {
        var guest = await _server.Guest();

        await Refusal.Is(await Follow(guest, guest.Id), HttpStatusCode.BadRequest, "invalid");
        await Refusal.Is(await Follow(guest, "9000000000000000000"), HttpStatusCode.NotFound, "not_found");
        await Refusal.Is(await Follow(guest, "me"), HttpStatusCode.BadRequest, "invalid");
    }

    [Fact]
    public async Task User_UnknownOrMalformedId_IsRefused()
    {
        await Refusal.Is(
            await _server.Http.GetAsync("/api/users/9000000000000000000"), HttpStatusCode.NotFound, "not_found");
        foreach (var id in new[] { "0", "-1", "007", "abc", "99999999999999999999" })
        {
            await Refusal.Is(await _server.Http.GetAsync($"/api/users/{id}"), HttpStatusCode.BadRequest, "invalid");
        }
    }

    private static (int Followers, bool IsFollowing) Follows(JsonElement profile)
        => (profile.GetProperty("followers").GetInt32(), profile.GetProperty("isFollowing").GetBoolean());

    private static Task<HttpResponseMessage> Follow(TestUser fan, string star)
        => fan.Http.PutAsync($"/api/users/{star}/follow", null);

    private static async Task<JsonElement> Profile(HttpClient http, string id)
        => await TestServer.Json(await http.GetAsync($"/api/users/{id}"));
}
