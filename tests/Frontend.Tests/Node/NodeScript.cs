using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json;

namespace RedNote.Frontend.Tests.Node;

/// <summary>Runs a script of this folder with Node.js and the official SignalR client of the page.</summary>
internal static class NodeScript
{
    private const string ResultMark = "RESULT ";
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(120);
    private static readonly string ClientApp = Path.Combine(FrontendProcess.RepositoryRoot, "Frontend", "ClientApp");

    /// <summary>Skips the test when there is no Node.js, or the page's packages are not installed.</summary>
    public static void SkipWithoutNode()
    {
        Assert.SkipUnless(HasNode(), "Node.js is not installed.");
        var client = Path.Combine(ClientApp, "node_modules", "@microsoft", "signalr");
        Assert.SkipUnless(
            Directory.Exists(client), "@microsoft/signalr is not installed; the build of Frontend installs it.");
    }

    /// <summary>Runs it to its end and answers the result it reports.</summary>
    public static async Task<JsonElement> Run(string script, Dictionary<string, string> environment)
    {
        var folder = Path.Combine(FrontendProcess.RepositoryRoot, "tests", "Frontend.Tests", "Node");
        var start = new ProcessStartInfo("node", [Path.Combine(folder, script)])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["CLIENT_APP"] = ClientApp;
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        using var node = Process.Start(start)!;
        var output = node.StandardOutput.ReadToEndAsync();
        var errors = node.StandardError.ReadToEndAsync();
        using var limit = new CancellationTokenSource(Limit);
        try
        {
            await node.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            node.Kill();
            Assert.Fail($"{script} did not end within {Limit}:\n{await output}{await errors}");
        }

        Assert.True(node.ExitCode == 0, $"{script} ended with {node.ExitCode}:\n{await output}{await errors}");
        var result = (await output).Split('\n').Single(line => line.StartsWith(ResultMark, StringComparison.Ordinal));
        return JsonElement.Parse(result[ResultMark.Length..]);
    }

    private static bool HasNode()
    {
        try
        {
            var start = new ProcessStartInfo("node", "--version") { RedirectStandardOutput = true };
            using var node = Process.Start(start)!;
            node.WaitForExit();
            return node.ExitCode == 0;
        }
        catch (Win32Exception)
        {
            return false;
        }
    }
}
