using System.Net;

namespace Orleans.Runtime;

/// <summary>The address of a silo: an endpoint, and a generation that tells its restarts apart.</summary>
[Serializable, GenerateSerializer, Immutable]
public sealed class SiloAddress : IEquatable<SiloAddress>
{
    private SiloAddress(IPEndPoint endpoint, int generation)
    {
        Endpoint = endpoint;
        Generation = generation;
    }

    [Id(0)]
    public IPEndPoint Endpoint { get; }

    [Id(1)]
    public int Generation { get; }

    public static SiloAddress New(IPEndPoint ep, int gen) => new(ep, gen);

    public static SiloAddress New(IPAddress address, int port, int generation)
        => new(new IPEndPoint(address, port), generation);

    public override bool Equals(object? obj) => Equals(obj as SiloAddress);

    public bool Equals(SiloAddress? other)
        => other is not null && Generation == other.Generation && Endpoint.Equals(other.Endpoint);

    public override int GetHashCode() => HashCode.Combine(Endpoint, Generation);

    public override string ToString() => $"S{Endpoint}:{Generation}";
}
