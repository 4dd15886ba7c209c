using System.Text.Json;
using RedNote.Frontend.Tests.Node;

namespace RedNote.Frontend.Tests.Groups;

/// <summary>Groups with the official JavaScript client (group.mjs).</summary>
public sealed class GroupClientTests(ServerFixture fixture) : IClassFixture<ServerFixture>
{
    [Fact]
    public async Task Group_WithTheOfficialClient_IsSeenWholeInOrderAndOnce()
    {
        NodeScript.SkipWithoutNode();
        var result = await NodeScript.Run("group.mjs", new() { ["BASE_URLS"] = fixture.Server.Address.ToString() });

        var answers = result.GetProperty("answers").EnumerateArray().ToList();
        Assert.All(answers, answer => Assert.Equal("accepted", Circle.Status(answer)));
        Assert.Equal(To(40), answers.Select(Circle.Seq).Order());
        Assert.Equal(Circle.Seq(answers[1]), Circle.Seq(result.GetProperty("again")));
        Assert.Equal(To(40), Seqs(result, "theirs"));
        Assert.Equal(To(46), Seqs(result, "mine"));
        Assert.Equal(To(46).Skip(40), Seqs(result, "back"));
        Assert.Equal(0, result.GetProperty("early").GetInt32());
        Assert.Equal("accepted", Circle.Status(result.GetProperty("reaction")));
        Assert.Equal("accepted", Circle.Status(result.GetProperty("recalled")));
        Assert.Equal(46, result.GetProperty("mark").GetProperty("readSeq").GetInt64());
        Assert.Contains("not_found: ", result.GetProperty("refused").GetString(), StringComparison.Ordinal);
    }

    private static IEnumerable<long> To(int last) => Enumerable.Range(1, last).Select(n => (long)n);

    private static IEnumerable<long> Seqs(JsonElement result, string whose)
        => result.GetProperty(whose).EnumerateArray().Select(seq => seq.GetInt64());
}
