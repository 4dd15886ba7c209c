using System.Text.Json;
using RedNote.Frontend.Tests.Live.Direct;

namespace RedNote.Frontend.Tests.Node;

/// <summary>The official JavaScript client by each of its transports, on every way that a server has for its bytes
/// (transports.mjs).</summary>
public sealed class TransportTests(DirectServers servers) : IClassFixture<DirectServers>
{
    private const int Before = 220;
    private const int During = 60;

    [Fact]
    public async Task OfficialClient_ByEveryTransportAndWay_GetsTheSame()
    {
        NodeScript.SkipWithoutNode();
        var list = new List<object>();
        foreach (var way in Enum.GetValues<Way>())
        {
            var (server, hub) = await servers.Get(way);
            list.Add(new { name = $"{way}", rest = server.Address.ToString(), hub = hub.ToString() });
        }

        var results = await NodeScript.Run("transports.mjs", new()
        {
            ["SERVERS"] = JsonSerializer.Serialize(list),

            // A test's certificate is signed by nobody.
            ["NODE_TLS_REJECT_UNAUTHORIZED"] = "0",
        });

        Assert.Equal(3 * list.Count, results.GetArrayLength());
        Assert.All(results.EnumerateArray(), Check);
    }

    private static void Check(JsonElement result)
    {
        int Number(string name) => result.GetProperty(name).GetInt32();
        string? Text(string name) => result.GetProperty(name).GetString();

        var all = result.ToString();
        Assert.True(Number("first") == Before && Number("recent") == Before, all);
        Assert.True(Number("recentBytes") > 120_000 && result.GetProperty("intact").GetBoolean(), all);
        Assert.True(Number("again") == During / 12, all);
        Assert.True(result.GetProperty("gaps").GetArrayLength() == 0, all);
        Assert.True(Number("verdicts") == During, all);
        Assert.Equal("invalid: A room id is a string that holds a positive decimal integer.", Text("refusal"));
        Assert.StartsWith("invalid: ", Text("unknown"));
        Assert.True(result.GetProperty("cleanEnd").GetBoolean() && Text("after") == "accepted", all);
    }
}
