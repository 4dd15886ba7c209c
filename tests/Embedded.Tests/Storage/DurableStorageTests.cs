using System.Data;
using System.Data.Common;
using Orleans.Storage;

namespace RedNote.Embedded.Tests.Storage;

/// <summary>What storage in a database keeps besides.</summary>
public abstract class DurableStorageTests : GrainStorageTests
{
    [Fact]
    public async Task Restart_AfterWrites_KeepsThemAndTheirETags()
    {
        var grain = GrainId.Create("basket", "kept");
        var written = await WriteAsync(grain, "one");
        await RestartAsync();
        var read = await ReadAsync(grain);
        Assert.Equal(["one"], read.State!.Items);
        Assert.Equal(written.ETag, read.ETag);
        read.State.Items.Add("two");
        await Storage.WriteStateAsync(StateName, grain, read);
        Assert.NotEqual(written.ETag, read.ETag);
    }

    [Fact]
    public async Task ETag_OfARow_IsItsVersionCountedFromOne()
    {
        var grain = GrainId.Create("basket", "counted");
        var state = await WriteAsync(grain, "one");
        Assert.Equal("1", state.ETag);
        await Storage.WriteStateAsync(StateName, grain, state);
        Assert.Equal("2", state.ETag);
        await Storage.ClearStateAsync(StateName, grain, state);
        Assert.Equal("3", state.ETag);
    }

    [Fact]
    public async Task StateName_OfTwoGrainTypes_IsRefused()
    {
        await WriteAsync(GrainId.Create("basket", "7"), "one");
        var exception = await Assert.ThrowsAsync<BadProviderConfigException>(
            () => ReadAsync(GrainId.Create("crate", "7")));
        Assert.Contains("'basket' and 'crate'", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Queries_ForOrleans_ReadAndWriteTheSameRows()
    {
        // Orleans runs the texts it finds in OrleansQuery with these parameters, and takes no row for a conflict.
        var grain = GrainId.Create("basket", "both engines");
        await WriteAsync(grain, "embedded");
        Assert.Empty(await RunQueryAsync("WriteToStorageKey", version: null));
        Assert.Empty(await RunQueryAsync("WriteToStorageKey", version: 7));
        Assert.Equal([2], await RunQueryAsync("WriteToStorageKey", version: 1));
        var read = await ReadAsync(grain);
        Assert.Equal("2", read.ETag);
        Assert.Equal(["orleans"], read.State!.Items);
        Assert.Empty(await RunQueryAsync("ClearStorageKey", version: 1));
        Assert.Equal([3], await RunQueryAsync("ClearStorageKey", version: 2));
        Assert.False((await ReadAsync(grain)).RecordExists);
    }

    protected abstract string ServiceId { get; }

    protected abstract DbConnection Connect();

    private static void Add(DbCommand command, string name, DbType type, object? value)
    {
        var parameter = command.CreateParameter();
        parameter.ParameterName = name;
        parameter.DbType = type;
        parameter.Value = value ?? DBNull.Value;
        command.Parameters.Add(parameter);
    }

    /// <summary>Runs a text as Orleans does and answers the rows of all its results.</summary>
    private async Task<List<int>> RunQueryAsync(string name, int? version)
    {
        await using var connection = Connect();
        await connection.OpenAsync();
        await using var find = connection.CreateCommand();
        find.CommandText = $"SELECT QueryText FROM OrleansQuery WHERE QueryKey = '{name}'";
        await using var query = connection.CreateCommand();
        query.CommandText = (string)(await find.ExecuteScalarAsync())!;
        await AddHashesAsync(connection, query);
        Add(query, "GrainIdN0", DbType.Int64, 0L);
        Add(query, "GrainIdN1", DbType.Int64, 0L);
        Add(query, "GrainTypeString", DbType.String, StateName);
        Add(query, "GrainIdExtensionString", DbType.String, "both engines");
        Add(query, "ServiceId", DbType.String, ServiceId);
        Add(query, "GrainStateVersion", DbType.Int32, version);
        Add(query, "PayloadBinary", DbType.Binary, """{"Items":["orleans"]}"""u8.ToArray());
        await using var reader = await query.ExecuteReaderAsync();
        List<int> rows = [];
        do
        {
            while (await reader.ReadAsync())
            {
                rows.Add(reader.GetInt32(reader.GetOrdinal("NewGrainStateVersion")));
            }
        }
        while (await reader.NextResultAsync());

        return rows;
    }

    private async Task AddHashesAsync(DbConnection connection, DbCommand query)
    {
        await using var row = connection.CreateCommand();
        row.CommandText = $"SELECT GrainIdHash, GrainTypeHash FROM OrleansStorage WHERE ServiceId = '{ServiceId}'";
        await using var reader = await row.ExecuteReaderAsync();
        Assert.True(await reader.ReadAsync());
        Add(query, "GrainIdHash", DbType.Int32, reader.GetInt32(0));
        Add(query, "GrainTypeHash", DbType.Int32, reader.GetInt32(1));
    }
}
