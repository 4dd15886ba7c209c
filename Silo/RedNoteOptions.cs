using Microsoft.Extensions.Options;

namespace RedNote.Silo;

/// <summary>Where the truth is kept.</summary>
public enum StorageKind
{
    /// <summary>Nothing survives the process.</summary>
    Memory,

    /// <summary>A file in the data directory; the default.</summary>
    Sqlite,

    /// <summary>A PostgreSQL database: connection string <c>RedNote</c>.</summary>
    Postgres,
}

/// <summary>How a RedNote process stores its data; configuration section <c>RedNote</c>.</summary>
public sealed class RedNoteOptions
{
    public const string Section = "RedNote";

    /// <summary>Name of the SQLite file of the snapshots.</summary>
    public const string DatabaseName = "rednote.db";

    /// <summary>Folder of the SQLite databases. Default <c>./data</c>; made absolute at start.</summary>
    public string DataDirectory { get; set; } = "data";

    /// <summary>memory, sqlite or postgres. Default sqlite.</summary>
    public StorageKind Storage { get; set; } = StorageKind.Sqlite;

    /// <summary>From <c>ConnectionStrings:RedNote</c>; needed with postgres.</summary>
    public string? ConnectionString { get; set; }

    /// <summary>The SQLite file of the snapshots.</summary>
    public string DatabaseFile => Path.Combine(DataDirectory, DatabaseName);

    /// <summary>The SQLite file of the event logs.</summary>
    public string JournalFile => Path.Combine(DataDirectory, Journal.SqliteJournalStore.FileName);
}

internal sealed class RedNoteOptionsValidator : IValidateOptions<RedNoteOptions>
{
    public ValidateOptionsResult Validate(string? name, RedNoteOptions options)
    {
        if (string.IsNullOrWhiteSpace(options.DataDirectory))
        {
            return ValidateOptionsResult.Fail("RedNote:DataDirectory names no folder.");
        }

        return options.Storage == StorageKind.Postgres && string.IsNullOrWhiteSpace(options.ConnectionString)
            ? ValidateOptionsResult.Fail("RedNote:Storage is postgres, but ConnectionStrings:RedNote is missing.")
            : ValidateOptionsResult.Success;
    }
}
