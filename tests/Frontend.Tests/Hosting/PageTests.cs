using System.IO.Compression;
using System.Net;
using System.Text;

namespace RedNote.Frontend.Tests;

public sealed class PageTests : IAsyncLifetime
{
    private const string Html = "<!doctype html><title>RedNote</title>";
    private const string Script = "console.log('a script that is long enough to be worth compressing')";

    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("rednote-page-");
    private TestServer _server = null!;

    public async ValueTask InitializeAsync()
    {
        var assets = _root.CreateSubdirectory("assets");
        await File.WriteAllTextAsync(Path.Combine(_root.FullName, "index.html"), Html);
        var script = Path.Combine(assets.FullName, "index-abc123.js");
        await File.WriteAllTextAsync(script, Script);
        await using (var compressed = new BrotliStream(File.Create(script + ".br"), CompressionLevel.Fastest))
        {
            await compressed.WriteAsync(Encoding.UTF8.GetBytes(Script));
        }

        _server = await TestServer.Start(new() { ["webroot"] = _root.FullName });
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _root.Delete(recursive: true);
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/room/123")]
    [InlineData("/deals")]
    [InlineData("/orders")]
    [InlineData("/me")]
    [InlineData("/groups")]
    [InlineData("/groups/1")]
    [InlineData("/invite/1-0123456789abcdef")]
    [InlineData("/user/1")]
    public async Task Page_AtItsAddresses_IsServedAndAskedForAgain(string address)
    {
        var answer = await _server.Http.GetAsync(address);

        Assert.Equal(Html, await answer.Content.ReadAsStringAsync());
        Assert.Equal("text/html", answer.Content.Headers.ContentType?.MediaType);
        Assert.True(answer.Headers.CacheControl!.NoCache);
        var policy = Assert.Single(answer.Headers.GetValues("Content-Security-Policy"));
        Assert.Contains("default-src 'self'", policy, StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
        Assert.Equal("nosniff", Assert.Single(answer.Headers.GetValues("X-Content-Type-Options")));
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/room/123")]
    [InlineData("/assets/index-abc123.js")]
    public async Task Head_OfThePageOrAnAsset_IsAnsweredAsGetWithoutTheBody(string address)
    {
        var whole = await _server.Http.GetAsync(address);
        var answer = await _server.Http.SendAsync(new HttpRequestMessage(HttpMethod.Head, address));

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(whole.Content.Headers.ContentType, answer.Content.Headers.ContentType);
        Assert.Equal(whole.Content.Headers.ContentLength, answer.Content.Headers.ContentLength);
        Assert.Equal(whole.Headers.CacheControl, answer.Headers.CacheControl);
        Assert.Empty(await answer.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task Asset_WithItsHash_IsKeptForEver()
    {
        var answer = await _server.Http.GetAsync("/assets/index-abc123.js");

        Assert.Equal(Script, await answer.Content.ReadAsStringAsync());
        Assert.Contains("immutable", answer.Headers.CacheControl!.ToString(), StringComparison.Ordinal);
        Assert.Empty(answer.Content.Headers.ContentEncoding);
    }

    [Fact]
    public async Task Asset_WithACompressedCopy_IsSentCompressedUnderItsType()
    {
        var request = new HttpRequestMessage(HttpMethod.Get, "/assets/index-abc123.js");
        request.Headers.Add("Accept-Encoding", "gzip, br");
        var answer = await _server.Http.SendAsync(request);

        Assert.Equal("br", Assert.Single(answer.Content.Headers.ContentEncoding));
        Assert.Equal("text/javascript", answer.Content.Headers.ContentType?.MediaType);
        Assert.Contains("Accept-Encoding", answer.Headers.Vary);
        using var plain = new StreamReader(
            new BrotliStream(await answer.Content.ReadAsStreamAsync(), CompressionMode.Decompress));
        Assert.Equal(Script, await plain.ReadToEndAsync());
    }

    [Theory]
    [InlineData("/nothing")]
    [InlineData("/assets/nothing.js")]
    [InlineData("/room/1/2")]
    public async Task Address_ThatIsNobodys_IsNotFound(string address)
        => await Refusal.Is(await _server.Http.GetAsync(address), HttpStatusCode.NotFound, "not_found");

    [Fact]
    public async Task Page_NotBuilt_SaysHowTo()
    {
        File.Delete(Path.Combine(_root.FullName, "index.html"));

        var text = await _server.Http.GetStringAsync("/");

        Assert.Contains("dotnet run --project Frontend", text, StringComparison.Ordinal);
        Assert.Contains("Node.js", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Health_WhileRunning_IsLiveAndReady()
    {
        Assert.Equal(HttpStatusCode.OK, (await _server.Http.GetAsync("/health/live")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await _server.Http.GetAsync("/health/ready")).StatusCode);
    }

    [Fact]
    public async Task Cors_OtherSites_OnlyThoseConfigured()
    {
        await using var server = await TestServer.Start(
            new() { ["RedNote:Cors:Origins:0"] = "https://friend.example" });

        Assert.Equal("https://friend.example", await AllowedOrigin(server, "https://friend.example"));
        Assert.Null(await AllowedOrigin(server, "https://other.example"));
        Assert.Null(await AllowedOrigin(_server, "https://friend.example"));
    }

    [Fact]
    public async Task ApiDescription_NamesEveryRoute()
    {
        var document = await TestServer.Json(await _server.Http.GetAsync("/openapi/v1.json"));

        var paths = document.GetProperty("paths").EnumerateObject().ToDictionary(
            path => path.Name, path => path.Value.EnumerateObject().Select(verb => verb.Name).Order().ToArray());
        Assert.Equal(["post"], paths["/api/auth/guest"]);
        Assert.Equal(["get", "patch"], paths["/api/me"]);
        Assert.Equal(["delete", "put"], paths["/api/users/{id}/follow"]);
        Assert.Equal(["get", "post"], paths["/api/rooms"]);
        Assert.Equal(["get", "patch"], paths["/api/rooms/{id}/settings"]);
        Assert.Equal(["delete", "put"], paths["/api/rooms/{id}/mutes/{userId}"]);
        Assert.DoesNotContain("/", paths.Keys);
        var schemas = document.GetProperty("components").GetProperty("schemas");
        Assert.Equal("string", schemas.GetProperty("RoomId").GetProperty("type").GetString());
        var required = schemas.GetProperty("Room").GetProperty("required").EnumerateArray().Select(m => m.GetString());
        Assert.Contains("roomId", required);
        Assert.DoesNotContain("startedAt", required);
    }

    private static async Task<string?> AllowedOrigin(TestServer server, string origin)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, "/api/rooms");
        request.Headers.Add("Origin", origin);
        var answer = await server.Http.SendAsync(request);
        return answer.Headers.TryGetValues("Access-Control-Allow-Origin", out var allowed) ? allowed.Single() : null;
    }
}
