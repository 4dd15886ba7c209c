using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using RedNote.Silo.Journal;

namespace RedNote.Frontend.Tests.Node;

/// <summary>
/// The promise of the live room, as the official JavaScript client sees it (many-viewers.mjs): 50 viewers, five of whom
/// send 200 danmaku and 1,000 likes each, two are cut off and rejoin.
/// </summary>
public sealed class ManyViewersTests
{
    private const int Danmaku = 1000;
    private const int Likes = 5000;

    [Fact]
    public async Task Room_FiftyViewers_EverybodySeesEverythingOnce()
    {
        NodeScript.SkipWithoutNode();
        await using var server = await FrontendProcess.Start(new()
        {
            ["RedNote__Limits__Off"] = "true",
            ["RedNote__Live__DisplayBudgetPerSecond"] = "0",
        });

        var result = await NodeScript.Run("many-viewers.mjs", new() { ["BASE_URLS"] = server.Address.ToString() });

        CheckResult(result);
    }

    [Fact]
    public async Task Room_OnTwoFrontEnds_IsTheSameAndTakesRejoinsOnTheOther()
    {
        NodeScript.SkipWithoutNode();
        var settings = new Dictionary<string, string?> { ["RedNote:Live:DisplayBudgetPerSecond"] = "0" };
        await using var first = await TestServer.Start(settings);
        var cluster = first.Services.GetRequiredService<IClusterClient>();
        // The same keys: a token that one front end gave is good at the other.
        var keys = first.Services.GetRequiredService<IProtectionKeyStore>();
        await using var second = await TestServer.Start(settings, builder => builder.Services
            .AddSingleton(cluster).AddSingleton<IGrainFactory>(cluster).AddSingleton(keys));

        var result = await NodeScript.Run(
            "many-viewers.mjs", new() { ["BASE_URLS"] = $"{first.Address},{second.Address}" });

        CheckResult(result);
    }

    private static void CheckResult(JsonElement result)
    {
        foreach (var breach in (string[])["gaps", "repeats", "twice", "missing", "strange"])
        {
            var found = result.GetProperty(breach).EnumerateArray().Select(line => line.GetString()).ToList();
            Assert.True(found.Count == 0, $"{breach}, {found.Count}: {string.Join("; ", found.Take(20))}");
        }

        Assert.Equal($$"""{"accepted":{{Danmaku}}}""", result.GetProperty("verdicts").GetRawText());
        Assert.Equal(Danmaku, result.GetProperty("distinctSeqs").GetInt32());
        Assert.Equal(Likes, result.GetProperty("likesAccepted").GetInt32());
        Assert.Equal($"[{Likes}]", result.GetProperty("likeCounters").GetRawText());
        Assert.Equal($"[{Danmaku}]", result.GetProperty("danmakuCounters").GetRawText());
        Assert.True(result.GetProperty("fewestFrames").GetInt32() >= 20, "There were too few frames to tell anything.");
        var rejoins = result.GetProperty("rejoins").EnumerateArray().ToList();
        Assert.Equal(4, rejoins.Count);
        Assert.All(rejoins, rejoin => Assert.True(rejoin.GetProperty("recovered").GetBoolean(), rejoin.ToString()));
    }
}
