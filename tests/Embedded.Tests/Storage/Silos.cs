using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace RedNote.Embedded.Tests.Storage;

/// <summary>Starts silos as a program does; whoever names a driver here has the drivers registered.</summary>
internal static class Silos
{
    public static readonly string Sqlite = "System.Data.SQLite";
    public static readonly string Postgres = "Npgsql";

    static Silos()
    {
        DbProviderFactories.RegisterFactory(Sqlite, SqliteFactory.Instance);
        DbProviderFactories.RegisterFactory(Postgres, NpgsqlFactory.Instance);
        SQLitePCL.Batteries_V2.Init();
    }

    public static async Task<IHost> StartAsync(Action<ISiloBuilder> configure, TimeProvider? time = null)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        if (time is not null)
        {
            builder.Services.AddSingleton(time);
        }

        builder.UseOrleans(configure);
        var host = builder.Build();
        await host.StartAsync();
        return host;
    }

    public static async Task StopAsync(IHost? host)
    {
        if (host is not null)
        {
            await host.StopAsync();
            host.Dispose();
        }
    }
}
