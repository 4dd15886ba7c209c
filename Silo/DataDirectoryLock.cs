using System.Globalization;

namespace RedNote.Silo;

/// <summary>
/// Holds a data directory for this process. Two processes on one SQLite file would each believe to be the only writer
/// of every grain. The lock is on an open file, so that it ends with the process, however that ends.
/// </summary>
public sealed class DataDirectoryLock : IDisposable
{
    /// <summary>The file that is held open.</summary>
    public const string FileName = "lock";

    // Says which process holds the lock, for people; that file itself cannot be read while it is held.
    private const string HolderFileName = "lock.pid";

    private readonly FileStream _file;

    private DataDirectoryLock(FileStream file) => _file = file;

    /// <summary>Makes the directory when it is missing, and takes it; throws <see cref="StartupException"/> when
    /// another process holds it, or when it cannot be written.</summary>
    public static DataDirectoryLock Take(string directory)
    {
        FileStream? file = null;
        try
        {
            Directory.CreateDirectory(directory);
            file = new FileStream(
                Path.Combine(directory, FileName), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            File.WriteAllText(
                Path.Combine(directory, HolderFileName), Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
            return new DataDirectoryLock(file);
        }
        catch (Exception failure) when (failure is UnauthorizedAccessException || IsReadOnly(failure))
        {
            file?.Dispose();
            throw new StartupException($"The data directory {directory} cannot be written.", failure);
        }
        catch (IOException failure) when (IsHeld(failure))
        {
            throw new StartupException(
                $"The data directory {directory} is held by another process{Holder(directory)}. Stop that one, or set "
                + "RedNote__DataDirectory to another folder.",
                failure);
        }
        catch (IOException failure)
        {
            file?.Dispose();
            throw new StartupException($"The data directory {directory} cannot be used: {failure.Message}", failure);
        }
    }

    public void Dispose() => _file.Dispose();

    private static bool IsReadOnly(Exception failure)
    {
        // What the runtime answers for EROFS.
        const int readOnlyFileSystem = 30;
        return failure is IOException && failure.HResult == readOnlyFileSystem;
    }

    private static bool IsHeld(IOException failure)
    {
        // What the runtime answers for EWOULDBLOCK on Linux and macOS, and for a sharing violation on Windows.
        const int linux = 11, macOs = 35, windows = unchecked((int)0x80070020);
        return failure.HResult is linux or macOs or windows;
    }

    private static string Holder(string directory)
    {
        try
        {
            var holder = File.ReadAllText(Path.Combine(directory, HolderFileName));
            return int.TryParse(holder, CultureInfo.InvariantCulture, out var process) ? $" ({process})" : "";
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
