using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Storage;
using RedNote.Embedded.Storage;

namespace Orleans.Configuration
{
    /// <summary>Options of a memory storage provider: a store that lives and dies with its silo.</summary>
    public class MemoryGrainStorageOptions : IStorageProviderSerializerOptions
    {
        /// <inheritdoc/>
        public IGrainStorageSerializer GrainStorageSerializer { get; set; } = null!;
    }
}

namespace Orleans.Hosting
{
    /// <summary>Registers memory storage.</summary>
    public static class MemoryGrainStorageSiloBuilderExtensions
    {
        /// <summary>Adds memory storage as the default provider.</summary>
        public static ISiloBuilder AddMemoryGrainStorageAsDefault(
            this ISiloBuilder builder, Action<MemoryGrainStorageOptions> configureOptions)
            => builder.AddMemoryGrainStorageAsDefault(options => options.Configure(configureOptions));

        /// <inheritdoc cref="AddMemoryGrainStorageAsDefault(ISiloBuilder, Action{MemoryGrainStorageOptions})"/>
        public static ISiloBuilder AddMemoryGrainStorageAsDefault(
            this ISiloBuilder builder, Action<OptionsBuilder<MemoryGrainStorageOptions>>? configureOptions = null)
            => builder.AddMemoryGrainStorage(StorageServices.DefaultProviderName, configureOptions);

        /// <summary>Adds memory storage under a name.</summary>
        public static ISiloBuilder AddMemoryGrainStorage(
            this ISiloBuilder builder, string name, Action<MemoryGrainStorageOptions> configureOptions)
            => builder.AddMemoryGrainStorage(name, options => options.Configure(configureOptions));

        /// <inheritdoc cref="AddMemoryGrainStorage(ISiloBuilder, string, Action{MemoryGrainStorageOptions})"/>
        public static ISiloBuilder AddMemoryGrainStorage(
            this ISiloBuilder builder,
            string name,
            Action<OptionsBuilder<MemoryGrainStorageOptions>>? configureOptions = null)
        {
            configureOptions?.Invoke(builder.Services.AddOptions<MemoryGrainStorageOptions>(name));
            StorageServices.AddMemory(builder.Services, name);
            return builder;
        }
    }
}
