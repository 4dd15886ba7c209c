using Microsoft.Extensions.DependencyInjection;
using Orleans.Hosting;

namespace RedNote.Embedded.Streams;

/// <summary>Configures the options of a stream provider, on a silo or on a client.</summary>
internal sealed class StreamConfigurator(string name, IServiceCollection services)
    : ISiloMemoryStreamConfigurator, IClusterClientMemoryStreamConfigurator
{
    public string Name => name;

    public Action<Action<IServiceCollection>> ConfigureDelegate => configure => configure(services);
}
