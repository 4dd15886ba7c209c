namespace RedNote.Silo;

/// <summary>
/// Holds a data directory for this process. Two processes on one SQLite file would each believe to be the only writer of
/// every grain. The lock is on an open file, so that it ends with the process, however that ends.
/// </summary>
public sealed class DataDirectoryLock : IDisposable
{
    /// <summary>The file that is held open; what it contains is for people.</summary>
    public const string FileName = "lock";

    private readonly FileStream _file;

    private DataDirectoryLock(FileStream file) => _file = file;

    /// <summary>Makes the directory when it is missing, and takes it; throws <see cref="StartupException"/> when
    /// another process holds it, or when it cannot be written.</summary>
    public static DataDirectoryLock Take(string directory)
    {
        try
        {
            Directory.CreateDirectory(directory);
            var file = new FileStream(
                Path.Combine(directory, FileName), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            return new DataDirectoryLock(file);
        }
        catch (Exception failure) when (failure is UnauthorizedAccessException || IsReadOnly(failure))
        {
            throw new StartupException($"The data directory {directory} cannot be written.", failure);
        }
        catch (IOException failure) when (File.Exists(Path.Combine(directory, FileName)))
        {
            throw new StartupException(
                $"The data directory {directory} is held by another process. Stop that one, or set "
                + "RedNote__DataDirectory to another folder.",
                failure);
        }
        catch (IOException failure)
        {
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
}
