using Orleans.Configuration;
using RedNote.Embedded.Tests.Storage;

namespace RedNote.Embedded.Tests.Reminders;

[Collection(PostgresTestGroup.Name)]
public sealed class PostgresReminderTests(PostgresCluster postgres) : DurableReminderTests
{
    private string _serviceId = "";

    public override async ValueTask InitializeAsync()
    {
        _serviceId = postgres.NewServiceId();
        await base.InitializeAsync();
    }

    protected override void AddReminders(ISiloBuilder silo)
    {
        silo.Configure<ClusterOptions>(options => options.ServiceId = _serviceId);
        silo.UseAdoNetReminderService(options =>
        {
            options.Invariant = Silos.Postgres;
            options.ConnectionString = postgres.ConnectionString;
        });
    }
}
