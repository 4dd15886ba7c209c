using System.Diagnostics;
using System.Globalization;

namespace RedNote.Silo.Tests;

/// <summary>A disk in memory that can be full or read-only; for those who may mount one.</summary>
internal sealed class SmallDisk : IDisposable
{
    private readonly string _path;

    private SmallDisk(string path) => _path = path;

    /// <summary>Skips the test where nothing can be mounted.</summary>
    public static SmallDisk Mount(string path, int megabytes)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Needs a tmpfs.");
        Directory.CreateDirectory(path);
        var size = megabytes.ToString(CultureInfo.InvariantCulture);
        Assert.SkipUnless(
            Run("mount", "-t", "tmpfs", "-o", $"size={size}m", "none", path), "Needs the right to mount a tmpfs.");
        return new SmallDisk(path);
    }

    public string File(string name) => Path.Combine(_path, name);

    /// <summary>Takes the room of the disk but for some, and answers the file that does.</summary>
    public string Fill(long leaveBytes)
    {
        var filler = File("filler");
        using var file = System.IO.File.Create(filler);
        var left = new DriveInfo(_path).AvailableFreeSpace - leaveBytes;
        var block = new byte[4_096];
        for (; left >= block.Length; left -= block.Length)
        {
            file.Write(block);
        }

        return filler;
    }

    public void MakeReadOnly() => Assert.True(Run("mount", "-o", "remount,ro", _path), "The disk is in use.");

    public void MakeWritable() => Assert.True(Run("mount", "-o", "remount,rw", _path));

    // Lazily: a store that a failed test left open must not keep the mount there for ever.
    public void Dispose() => Assert.True(Run("umount", "--lazy", _path));

    private static bool Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}
