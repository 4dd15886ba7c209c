using Npgsql;
using Orleans.Configuration;

namespace RedNote.Embedded.Tests.Storage;

[Collection(PostgresTestGroup.Name)]
public sealed class PostgresStorageTests(PostgresCluster postgres) : DurableStorageTests
{
    private string _serviceId = "";

    public override async ValueTask InitializeAsync()
    {
        _serviceId = postgres.NewServiceId();
        await base.InitializeAsync();
    }

    [Fact]
    public async Task Queries_ForOrleans_ReadAndWriteTheSameRows()
    {
        // Orleans runs the texts it finds in OrleansQuery with these parameters, and takes no row for a conflict.
        var grain = GrainId.Create("basket", "both engines");
        await WriteAsync(grain, "embedded");
        Assert.Null(await RunQueryAsync("WriteToStorageKey", version: null));
        Assert.Null(await RunQueryAsync("WriteToStorageKey", version: 7));
        Assert.Equal(2, await RunQueryAsync("WriteToStorageKey", version: 1));
        var read = await ReadAsync(grain);
        Assert.Equal("2", read.ETag);
        Assert.Equal(["orleans"], read.State!.Items);
        Assert.Equal(3, await RunQueryAsync("ClearStorageKey", version: 2));
        Assert.False((await ReadAsync(grain)).RecordExists);
    }

    protected override void AddStorage(ISiloBuilder silo)
    {
        silo.Configure<ClusterOptions>(options => options.ServiceId = _serviceId);
        silo.AddAdoNetGrainStorage(Provider, options =>
        {
            options.Invariant = Silos.Postgres;
            options.ConnectionString = postgres.ConnectionString;
        });
    }

    private async Task<int?> RunQueryAsync(string name, int? version)
    {
        await using var connection = new NpgsqlConnection(postgres.ConnectionString);
        await connection.OpenAsync();
        await using var find = new NpgsqlCommand("SELECT QueryText FROM OrleansQuery WHERE QueryKey = @k", connection);
        find.Parameters.AddWithValue("k", name);
        await using var query = new NpgsqlCommand((string)(await find.ExecuteScalarAsync())!, connection);
        await using var row = new NpgsqlCommand(
            "SELECT GrainIdHash, GrainTypeHash FROM OrleansStorage WHERE ServiceId = @s", connection);
        row.Parameters.AddWithValue("s", _serviceId);
        await using (var reader = await row.ExecuteReaderAsync())
        {
            Assert.True(await reader.ReadAsync());
            query.Parameters.AddWithValue("GrainIdHash", reader.GetInt32(0));
            query.Parameters.AddWithValue("GrainTypeHash", reader.GetInt32(1));
        }

        query.Parameters.AddWithValue("GrainIdN0", 0L);
        query.Parameters.AddWithValue("GrainIdN1", 0L);
        query.Parameters.AddWithValue("GrainTypeString", StateName);
        query.Parameters.AddWithValue("GrainIdExtensionString", "both engines");
        query.Parameters.AddWithValue("ServiceId", _serviceId);
        query.Parameters.Add(new NpgsqlParameter("GrainStateVersion", System.Data.DbType.Int32)
        {
            Value = (object?)version ?? DBNull.Value,
        });
        query.Parameters.AddWithValue("PayloadBinary", """{"Items":["orleans"]}"""u8.ToArray());
        return (int?)await query.ExecuteScalarAsync();
    }
}
