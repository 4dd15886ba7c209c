using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Storage;

namespace RedNote.Embedded.Tests.Storage;

public sealed class SqliteStorageTests : DurableStorageTests
{
    private readonly TempFolder _folder = new();

    private string ConnectionString => $"Data Source={_folder.File("test.db")}";

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Write_Acknowledged_IsInTheFilesBeforeTheyAreClosed()
    {
        // What a killed process leaves behind is what the files hold at that moment: so do copies of them.
        var grains = Enumerable.Range(0, 50).Select(i => GrainId.Create("basket", $"grain {i}")).ToArray();
        await Task.WhenAll(grains.Select(grain => WriteAsync(grain, "acknowledged")));
        File.Copy(_folder.File("test.db"), _folder.File("copy.db"));
        File.Copy(_folder.File("test.db-wal"), _folder.File("copy.db-wal"));

        var host = await Silos.StartAsync(silo => AddSqlite(silo, $"Data Source={_folder.File("copy.db")}"));
        try
        {
            var copy = host.Services.GetRequiredKeyedService<IGrainStorage>(Provider);
            foreach (var grain in grains)
            {
                var state = new GrainState<Basket>();
                await copy.ReadStateAsync(StateName, grain, state);
                Assert.Equal(["acknowledged"], state.State!.Items);
            }
        }
        finally
        {
            await Silos.StopAsync(host);
        }
    }

    [Fact]
    public async Task Write_ThatTheDatabaseRefuses_FailsAloneInItsBatch()
    {
        await WriteAsync(GrainId.Create("basket", "first"), "opens the file");
        await using var other = new SqliteConnection($"{ConnectionString};Pooling=False");
        await other.OpenAsync();
        Execute(other, """
            CREATE TRIGGER refuse BEFORE INSERT ON OrleansStorage WHEN NEW.GrainIdExtensionString = 'poison'
            BEGIN SELECT RAISE(ROLLBACK, 'poisoned'); END
            """);

        // Held up by this lock, the writes gather and go into one transaction.
        Execute(other, "BEGIN IMMEDIATE");
        var writes = Enumerable.Range(0, 20)
            .Select(i => WriteAsync(GrainId.Create("basket", i == 7 ? "poison" : $"grain {i}"), "good"))
            .ToArray();
        Execute(other, "COMMIT");

        for (var i = 0; i < writes.Length; i++)
        {
            if (i == 7)
            {
                await Assert.ThrowsAnyAsync<SqliteException>(() => writes[7]);
                continue;
            }

            Assert.Equal("1", (await writes[i]).ETag);
            Assert.Equal(["good"], (await ReadAsync(GrainId.Create("basket", $"grain {i}"))).State!.Items);
        }
    }

    [Fact]
    public async Task Table_AfterAWrite_HoldsTheRowThatOrleansLooksFor()
    {
        // The hashes are xxHash32: of the key's eight bytes, most significant first, and of the state's name.
        await WriteAsync(GrainId.Create(GrainType.Create("basket"), GrainIdKeyExtensions.CreateIntegerKey(42)), "mine");
        await using var connection = new SqliteConnection($"{ConnectionString};Pooling=False");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = """
            SELECT GrainIdHash, GrainIdN0, GrainIdN1, GrainTypeHash, GrainTypeString, GrainIdExtensionString, ServiceId,
                   Version, CAST(PayloadBinary AS TEXT) FROM OrleansStorage
            """;
        await using var reader = await command.ExecuteReaderAsync();
        Assert.True(await reader.ReadAsync());
        Assert.Equal(Hash([0, 0, 0, 0, 0, 0, 0, 42]), reader.GetInt32(0));
        Assert.Equal(0, reader.GetInt64(1));
        Assert.Equal(42, reader.GetInt64(2));
        Assert.Equal(Hash("basket"u8.ToArray()), reader.GetInt32(3));
        Assert.Equal(StateName, reader.GetString(4));
        Assert.True(reader.IsDBNull(5));
        Assert.Equal("default", reader.GetString(6));
        Assert.Equal(1, reader.GetInt32(7));
        Assert.Equal("""{"Items":["mine"]}""", reader.GetString(8));
    }

    [Fact]
    public void Hash_OfKnownBytes_IsXxHash32()
    {
        // From the test vectors of the algorithm's specification, seed 0.
        Assert.Equal(0x02CC5D05, Hash([]));
        Assert.Equal(0x550D7456, Hash("a"u8.ToArray()));
        Assert.Equal(0x32D153FF, Hash("abc"u8.ToArray()));
        Assert.Equal(unchecked((int)0xE2293B2F), Hash("Nobody inspects the spammish repetition"u8.ToArray()));
    }

    protected override string ServiceId => "default";

    protected override DbConnection Connect() => new SqliteConnection($"{ConnectionString};Pooling=False");

    protected override void AddStorage(ISiloBuilder silo) => AddSqlite(silo, ConnectionString);

    private static int Hash(byte[] bytes) => unchecked((int)new IdSpan(bytes).GetUniformHashCode());

    private static void AddSqlite(ISiloBuilder silo, string connectionString)
        => silo.AddAdoNetGrainStorage(Provider, options =>
        {
            options.Invariant = Silos.Sqlite;
            options.ConnectionString = connectionString;
        });

    private static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
