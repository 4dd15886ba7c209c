using Orleans.Runtime;
using Orleans.Streams;

namespace Orleans.Streams
{
    /// <summary>Gives streams by their identity. A stream needs no creation.</summary>
    public interface IStreamProvider
    {
        string Name { get; }

        bool IsRewindable { get; }

        IAsyncStream<T> GetStream<T>(StreamId streamId);
    }

    public static class StreamProviderExtensions
    {
        public static IAsyncStream<T> GetStream<T>(this IStreamProvider streamProvider, Guid id)
            => streamProvider.GetStream<T>(StreamId.Create(null, id));

        public static IAsyncStream<T> GetStream<T>(this IStreamProvider streamProvider, string ns, Guid id)
            => streamProvider.GetStream<T>(StreamId.Create(ns, id));

        public static IAsyncStream<T> GetStream<T>(this IStreamProvider streamProvider, string id)
            => streamProvider.GetStream<T>(StreamId.Create(null, id));

        public static IAsyncStream<T> GetStream<T>(this IStreamProvider streamProvider, string ns, string id)
            => streamProvider.GetStream<T>(StreamId.Create(ns, id));

        public static IAsyncStream<T> GetStream<T>(this IStreamProvider streamProvider, long id)
            => streamProvider.GetStream<T>(StreamId.Create(null, id));

        public static IAsyncStream<T> GetStream<T>(this IStreamProvider streamProvider, string ns, long id)
            => streamProvider.GetStream<T>(StreamId.Create(ns, id));
    }
}

namespace Orleans
{
    public static class GrainStreamingExtensions
    {
        /// <summary>The provider of that name; a <see cref="KeyNotFoundException"/> if there is none.</summary>
        public static IStreamProvider GetStreamProvider(this Grain grain, string name)
            => GetStreamProvider((IGrainBase)grain, name);

        /// <inheritdoc cref="GetStreamProvider(Grain, string)"/>
        public static IStreamProvider GetStreamProvider(this IGrainBase grain, string name)
            => RedNote.Embedded.Streams.StreamServices.GetProvider(grain.GrainContext.ActivationServices, name);
    }

    public static class ClientStreamingExtensions
    {
        /// <inheritdoc cref="GrainStreamingExtensions.GetStreamProvider(Grain, string)"/>
        public static IStreamProvider GetStreamProvider(this IClusterClient client, string name)
            => RedNote.Embedded.Streams.StreamServices.GetProvider(client.ServiceProvider, name);
    }
}
