using System.Text.Json;
using RedNote.Frontend.Tests.Node;

namespace RedNote.Frontend.Tests.Notes;

/// <summary>Notes with the official JavaScript client (note.mjs).</summary>
public sealed class NoteClientTests(ServerFixture fixture) : IClassFixture<ServerFixture>
{
    [Fact]
    public async Task Note_WithTheOfficialClient_IsCountedAndSeenAsItIs()
    {
        NodeScript.SkipWithoutNode();
        var result = await NodeScript.Run("note.mjs", new() { ["BASE_URLS"] = fixture.Server.Address.ToString() });

        Assert.Equal("one\ntwo", result.GetProperty("note").GetProperty("body").GetString());
        Assert.Equal(0, Likes(result.GetProperty("first")));
        Assert.All(result.GetProperty("answers").EnumerateArray(), answer =>
        {
            Assert.InRange(Likes(answer), 1, 8);
            Assert.True(answer.GetProperty("liked").GetBoolean());
        });
        Assert.Equal(1, result.GetProperty("collected").GetProperty("collects").GetInt32());
        Assert.Equal((7, 7), (Likes(result.GetProperty("last")), Likes(result.GetProperty("read"))));
        Assert.True(result.GetProperty("read").GetProperty("liked").GetBoolean());
        Assert.True(result.GetProperty("read").GetProperty("collected").GetBoolean());
        Assert.Equal(0, result.GetProperty("afterUnwatch").GetInt32());
        Assert.Contains("not_found: ", result.GetProperty("refused").GetString(), StringComparison.Ordinal);
    }

    private static int Likes(JsonElement counts) => counts.GetProperty("likes").GetInt32();
}
