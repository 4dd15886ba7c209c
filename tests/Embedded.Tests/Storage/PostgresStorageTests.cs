using System.Data.Common;
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

    protected override string ServiceId => _serviceId;

    protected override DbConnection Connect() => new NpgsqlConnection(postgres.ConnectionString);

    protected override void AddStorage(ISiloBuilder silo)
    {
        silo.Configure<ClusterOptions>(options => options.ServiceId = _serviceId);
        silo.AddAdoNetGrainStorage(Provider, options =>
        {
            options.Invariant = Silos.Postgres;
            options.ConnectionString = postgres.ConnectionString;
        });
    }
}
