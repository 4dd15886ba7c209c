using System.Globalization;

namespace RedNote.Frontend.Tests.Node;

/// <summary>What the server acknowledged survives its sudden death (before-kill.mjs, after-kill.mjs).</summary>
public sealed class KillTests
{
    [Fact]
    public async Task Server_KilledUnderLoad_KeepsEverythingItAcknowledged()
    {
        NodeScript.SkipWithoutNode();
        await using var server = await FrontendProcess.Start(new()
        {
            ["RedNote__Limits__Off"] = "true",
            ["RedNote__Live__DisplayBudgetPerSecond"] = "0",
        });
        var before = await NodeScript.Run("before-kill.mjs", new()
        {
            ["BASE_URLS"] = server.Address.ToString(),
            ["SERVER_PID"] = server.Id.ToString(CultureInfo.InvariantCulture),
        });
        Assert.Empty(before.GetProperty("gaps").EnumerateArray());
        await server.Restart();

        var after = await NodeScript.Run("after-kill.mjs", new()
        {
            ["BASE_URLS"] = server.Address.ToString(),
            ["BEFORE"] = before.GetRawText(),
        });

        var wrong = after.GetProperty("wrong").EnumerateArray().Select(line => line.GetString());
        Assert.True(!wrong.Any(), string.Join('\n', wrong));
        Assert.True(after.GetProperty("owed").GetInt32() >= 100);
    }
}
