using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Storage;
using RedNote.Embedded.Storage;

namespace Orleans.Configuration
{
    /// <summary>Options of an ADO.NET storage provider.</summary>
    public class AdoNetGrainStorageOptions : IStorageProviderSerializerOptions
    {
        /// <summary>
        /// The database driver, as in Orleans: <c>System.Data.SQLite</c> (which is Microsoft.Data.Sqlite) or
        /// <c>Npgsql</c>. The embedded engine takes the factory registered for it in
        /// <see cref="System.Data.Common.DbProviderFactories"/>. The default is Orleans' own, SQL Server, which it does
        /// not support.
        /// </summary>
        public string Invariant { get; set; } = "Microsoft.Data.SqlClient";

        /// <summary>Where the database is. Required.</summary>
        public string? ConnectionString { get; set; }

        /// <inheritdoc/>
        public IGrainStorageSerializer GrainStorageSerializer { get; set; } = null!;
    }
}

namespace Orleans.Hosting
{
    /// <summary>Registers storage in a relational database.</summary>
    public static class AdoNetGrainStorageSiloBuilderExtensions
    {
        /// <summary>Adds ADO.NET storage as the default provider.</summary>
        public static ISiloBuilder AddAdoNetGrainStorageAsDefault(
            this ISiloBuilder builder, Action<AdoNetGrainStorageOptions> configureOptions)
            => builder.AddAdoNetGrainStorage(StorageServices.DefaultProviderName, configureOptions);

        /// <summary>Adds ADO.NET storage under a name.</summary>
        public static ISiloBuilder AddAdoNetGrainStorage(
            this ISiloBuilder builder, string name, Action<AdoNetGrainStorageOptions> configureOptions)
            => builder.AddAdoNetGrainStorage(name, options => options.Configure(configureOptions));

        /// <inheritdoc cref="AddAdoNetGrainStorage(ISiloBuilder, string, Action{AdoNetGrainStorageOptions})"/>
        public static ISiloBuilder AddAdoNetGrainStorage(
            this ISiloBuilder builder,
            string name,
            Action<OptionsBuilder<AdoNetGrainStorageOptions>>? configureOptions = null)
        {
            configureOptions?.Invoke(builder.Services.AddOptions<AdoNetGrainStorageOptions>(name));
            StorageServices.AddAdoNet(builder.Services, name);
            return builder;
        }
    }
}
