using RedNote.Silo.Operations;

namespace RedNote.Silo.Tests.Operations;

/// <summary>The command that recomputes a published draw, on files as somebody would have fetched them.</summary>
public sealed class DrawVerifyTests : IDisposable
{
    /// <summary>With what follows from it by the contract's words, as a few lines of Python have computed it.</summary>
    private const string Seed = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("rednote-test-");

    private static string[] Entrants => ["1001", "1002", "1003", "205", "33"];

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Verify_PublishedDraw_SaysThatItIsFair()
    {
        var (code, output) = await Verify(Draw(), """{"items":["1001","1002","1003","205","33"]}""");
        Assert.True(code == 0, output);
        Assert.EndsWith("The draw is as it says.\n", output, StringComparison.Ordinal);
        Assert.Contains($"  0: {Winners[0]}\n  1: {Winners[1]}\n", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"items":["1001","1002"],"next":"1002"}{"items":["1003","205","33"]}""")]
    [InlineData("""[{"items":["1001","1002"],"next":"1002"},{"items":["1003","205","33"]}]""")]
    [InlineData("""["1001","1002","1003","205","33"]""")]
    [InlineData("1001\n1002\n1003\n205\n33\n")]
    public async Task Verify_ListInAnyForm_IsRead(string list) => Assert.Equal(0, (await Verify(Draw(), list)).Code);

    [Theory]
    [InlineData("""["1001","1002","1003","205"]""", "WRONG entrants")]
    [InlineData("""["1001","1002","1003","205","34"]""", "WRONG list")]
    [InlineData("""["1002","1001","1003","205","33"]""", "WRONG order")]
    public async Task Verify_AnotherList_IsFoundOut(string list, string finding)
    {
        var (code, output) = await Verify(Draw(), list);
        Assert.Equal(1, code);
        Assert.Contains(finding, output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Verify_AnotherSeedOrWinner_IsFoundOut()
    {
        var list = string.Join('\n', Entrants);
        var loser = Entrants.First(id => !Winners.Contains(id));
        var (code, output) = await Verify(Draw().Replace(Winners[1], loser, StringComparison.Ordinal), list);
        Assert.Equal((1, true), (code, output.Contains("WRONG winners", StringComparison.Ordinal)));
        (code, output) = await Verify(Draw().Replace(Seed, new string('0', 64), StringComparison.Ordinal), list);
        Assert.Equal((1, true), (code, output.Contains("WRONG seed", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("{}", "[]")]
    [InlineData("""{"seed":"00"}""", "[]")]
    [InlineData("nonsense", "[]")]
    [InlineData(null, """{"entrants":[]}""")]
    [InlineData(null, "[1,2]")]
    public async Task Verify_WhatIsNoDraw_EndsWith2(string? draw, string list)
        => Assert.Equal(2, (await Verify(draw ?? Draw(), list)).Code);

    private static string[] Winners => ["1003", "33"];

    private static string Draw() => $$"""
        {
            "drawId": "7", "prize": "A lipstick", "winners": 2, "entrants": 5, "closed": true,
            "commitment": "7b3d979ca8330a94fa7e9e1b466d8b99e0bcdea1ec90596c0dcc8d7ef6b4300c",
            "entrantsHash": "e9e5a076c8f0c9e5d71cd962e2afccfa8bd02165bb628c9813a1957c7a3f17c0",
            "seed": "{{Seed}}",
            "winnerIds": ["{{Winners[0]}}", "{{Winners[1]}}"]
        }
        """;

    private async Task<(int Code, string Output)> Verify(string draw, string list)
    {
        var drawFile = Path.Combine(_folder.FullName, "draw.json");
        var listFile = Path.Combine(_folder.FullName, "entrants.json");
        await File.WriteAllTextAsync(drawFile, draw);
        await File.WriteAllTextAsync(listFile, list);
        using var output = new StringWriter { NewLine = "\n" };
        var code = await OperationsProgram.Run(
            ["draw", "verify", "--draw", drawFile, "--entrants", listFile], () => new RedNoteOptions(), [], output,
            output, TestContext.Current.CancellationToken);
        return (code, output.ToString());
    }
}
