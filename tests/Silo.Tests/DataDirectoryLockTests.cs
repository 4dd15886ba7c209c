using System.Diagnostics;
using System.Globalization;

namespace RedNote.Silo.Tests;

public sealed class DataDirectoryLockTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private string Data => _folder.File("data");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Take_WhileHeld_SaysWhoHoldsWhich()
    {
        using var held = DataDirectoryLock.Take(Data);

        var exception = Assert.Throws<StartupException>(() => DataDirectoryLock.Take(Data));

        Assert.Contains(Data, exception.Message, StringComparison.Ordinal);
        Assert.Contains(
            $"({Environment.ProcessId.ToString(CultureInfo.InvariantCulture)})", exception.Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Take_AfterRelease_Succeeds()
    {
        DataDirectoryLock.Take(Data).Dispose();
        DataDirectoryLock.Take(Data).Dispose();
    }

    [Fact]
    public async Task Take_OfAnotherProcess_IsRefusedUntilThatIsKilled()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Needs flock.");
        DataDirectoryLock.Take(Data).Dispose();
        using var holder = new Process
        {
            StartInfo = new ProcessStartInfo("flock")
            {
                ArgumentList =
                {
                    "--no-fork", "--nonblock", Path.Combine(Data, DataDirectoryLock.FileName),
                    "sh", "-c", "echo held; exec sleep 60",
                },
                RedirectStandardOutput = true,
            },
        };
        holder.Start();
        Assert.Equal("held", await holder.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken));

        Assert.Throws<StartupException>(() => DataDirectoryLock.Take(Data));
        // kill -9: nothing of it runs any more that could give the lock back.
        holder.Kill();
        await holder.WaitForExitAsync(TestContext.Current.CancellationToken);

        DataDirectoryLock.Take(Data).Dispose();
    }

    [Fact]
    public void Take_OfWhatIsNoFolder_SaysSo()
    {
        File.WriteAllText(Data, "a file");

        var exception = Assert.Throws<StartupException>(() => DataDirectoryLock.Take(Data));

        Assert.Contains(Data, exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("another process", exception.Message, StringComparison.Ordinal);
    }
}
