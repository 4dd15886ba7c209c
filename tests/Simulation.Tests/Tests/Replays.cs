using System.Diagnostics;

namespace RedNote.Simulation.Tests;

/// <summary>Starts this program as a process of its own, as one does at the command line.</summary>
internal static class Replays
{
    public static Task<ProcessOutput> Start(string workload, ulong seed)
        => Start("--replay", $"{workload}:{seed}", "--turns", "0");

    public static async Task<ProcessOutput> Start(params string[] args)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(Replays).Assembly.Location, .. args])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var stop = TestContext.Current.CancellationToken;
        var errors = process.StandardError.ReadToEndAsync(stop);
        var text = await process.StandardOutput.ReadToEndAsync(stop);
        await process.WaitForExitAsync(stop);
        return new ProcessOutput(process.ExitCode, text, await errors);
    }
}

internal sealed record ProcessOutput(int ExitCode, string Text, string Errors);
