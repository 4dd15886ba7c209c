using System.Data.Common;
using System.Globalization;
using System.Text.Json;
using RedNote.Journal;

namespace RedNote.Silo.Operations;

/// <summary>
/// The snapshots of logs as they lie in Orleans' storage table, which is the same on both engines. A row there is found
/// by a hash, so where each log's row is is read once, at the start.
/// </summary>
internal sealed class SnapshotTable : IAsyncDisposable
{
    private readonly DbConnection? _connection;
    private readonly Dictionary<LogId, Place> _places = [];

    private SnapshotTable(DbConnection? connection) => _connection = connection;

    /// <summary>The logs that had a snapshot when this was opened.</summary>
    public IEnumerable<LogId> Known => _places.Keys.OrderBy(id => id.Log, StringComparer.Ordinal)
        .ThenBy(id => id.Key, StringComparer.Ordinal);

    public static async Task<SnapshotTable> Open(JournalDatabase database, LogKinds kinds, CancellationToken ct)
    {
        var table = new SnapshotTable(await database.OpenSnapshots(ct));
        try
        {
            await table.FindPlaces(database.IsSqlite, kinds, ct);
            return table;
        }
        catch
        {
            await table.DisposeAsync();
            throw;
        }
    }

    /// <summary>The stored snapshot as it is now; null: there is none.</summary>
    public async Task<LogSnapshot?> Read(LogId id, CancellationToken ct)
    {
        if (!_places.TryGetValue(id, out var place))
        {
            return null;
        }

        await using var command = _connection!.CreateCommand();
        command.CommandText = $"""
            SELECT PayloadBinary FROM OrleansStorage
            WHERE GrainIdHash = {place.IdHash} AND GrainTypeHash = {place.TypeHash} AND GrainTypeString = @state
                AND GrainIdN1 = {place.Number} AND coalesce(GrainIdExtensionString, '') = @extension
            """;
        Add(command, "@state", StateOf(id.Log));
        Add(command, "@extension", place.Extension);
        if (await command.ExecuteScalarAsync(ct) is not byte[] payload)
        {
            return null;
        }

        try
        {
            return new JsonStateSerializer().Deserialize<LogSnapshot>(new BinaryData(payload)) is { Version: > 0 } found
                ? found
                : null;
        }
        catch (JsonException error)
        {
            throw new LogUnreadableException($"{id}: the stored snapshot cannot be read: {error.Message}", error);
        }
    }

    public ValueTask DisposeAsync() => _connection?.DisposeAsync() ?? ValueTask.CompletedTask;

    /// <summary>What the journal calls the state in which it keeps snapshots.</summary>
    private static string StateOf(string log) => $"log-{log}";

    private static void Add(DbCommand command, string name, object value)
    {
        var parameter = command.CreateParameter();
        parameter.ParameterName = name;
        parameter.Value = value;
        command.Parameters.Add(parameter);
    }

    private async Task FindPlaces(bool isSqlite, LogKinds kinds, CancellationToken ct)
    {
        if (_connection is null || !await HasTable(isSqlite, ct))
        {
            return;
        }

        var logs = kinds.Names.ToDictionary(StateOf, StringComparer.Ordinal);
        await using var command = _connection.CreateCommand();
        command.CommandText = """
            SELECT GrainTypeString, GrainIdN1, GrainIdExtensionString, GrainIdHash, GrainTypeHash FROM OrleansStorage
            WHERE PayloadBinary IS NOT NULL AND GrainTypeString LIKE 'log-%'
            """;
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            if (logs.TryGetValue(reader.GetString(0), out var log))
            {
                var extension = reader.IsDBNull(2) ? "" : reader.GetString(2);
                var place = new Place(reader.GetInt32(3), reader.GetInt32(4), reader.GetInt64(1), extension);
                var key = extension.StartsWith(LogSnapshot.TextKeyMark, StringComparison.Ordinal)
                    ? extension[LogSnapshot.TextKeyMark.Length..]
                    : place.Number.ToString(CultureInfo.InvariantCulture);
                _places[new LogId(log, key)] = place;
            }
        }
    }

    private async Task<bool> HasTable(bool isSqlite, CancellationToken ct)
    {
        await using var command = _connection!.CreateCommand();
        command.CommandText = isSqlite
            ? "SELECT count(*) FROM sqlite_master WHERE name = 'OrleansStorage'"
            : "SELECT count(*) WHERE to_regclass('OrleansStorage') IS NOT NULL";
        return Convert.ToInt64(await command.ExecuteScalarAsync(ct), CultureInfo.InvariantCulture) > 0;
    }

    /// <summary>Where a log's row is.</summary>
    private sealed record Place(int IdHash, int TypeHash, long Number, string Extension);
}
