using Orleans.Runtime;
using Orleans.Streams;

namespace Orleans
{
    /// <summary>
    /// Subscribes the grains of a class to the streams of a namespace (or of all): an event on the stream with a key
    /// goes to the grain with that key, which is activated by it. The grain attaches its observer in
    /// <see cref="Streams.Core.IStreamSubscriptionObserver.OnSubscribed"/>.
    /// </summary>
    [AttributeUsage(AttributeTargets.Class, AllowMultiple = true)]
    public class ImplicitStreamSubscriptionAttribute : Attribute
    {
        public ImplicitStreamSubscriptionAttribute() => Predicate = new AllNamespaces();

        /// <param name="streamNamespace">The namespace, exactly.</param>
        /// <param name="streamIdMapper">Has to be null here: the embedded engine maps a stream's key as it is.</param>
        public ImplicitStreamSubscriptionAttribute(string streamNamespace, string? streamIdMapper = null)
            : this(new ExactNamespace(streamNamespace.Trim()), streamIdMapper)
        {
        }

        public ImplicitStreamSubscriptionAttribute(IStreamNamespacePredicate predicate, string? streamIdMapper = null)
        {
            if (streamIdMapper is not null)
            {
                throw new NotSupportedException("The embedded engine has no stream id mappers.");
            }

            Predicate = predicate;
        }

        public IStreamNamespacePredicate Predicate { get; }

        private sealed class AllNamespaces : IStreamNamespacePredicate
        {
            public string PredicatePattern => "*";

            public bool IsMatch(string streamNamespace) => true;
        }

        private sealed class ExactNamespace(string expected) : IStreamNamespacePredicate
        {
            public string PredicatePattern => $"namespace:{expected}";

            public bool IsMatch(string streamNamespace)
                => string.Equals(expected, streamNamespace, StringComparison.Ordinal);
        }
    }
}

namespace Orleans.Streams
{
    /// <summary>Chooses stream namespaces.</summary>
    public interface IStreamNamespacePredicate
    {
        string PredicatePattern { get; }

        bool IsMatch(string streamNamespace);
    }
}

namespace Orleans.Streams.Core
{
    /// <summary>Implemented by a grain that wants to be told of subscriptions without an observer.</summary>
    public interface IStreamSubscriptionObserver
    {
        /// <summary>
        /// An event came for a subscription that has no observer in this activation. Make the handle and resume it;
        /// otherwise the event is dropped.
        /// </summary>
        Task OnSubscribed(IStreamSubscriptionHandleFactory handleFactory);
    }

    /// <summary>Makes the handle of one subscription.</summary>
    public interface IStreamSubscriptionHandleFactory
    {
        StreamId StreamId { get; }

        string ProviderName { get; }

        GuidId SubscriptionId { get; }

        StreamSubscriptionHandle<T> Create<T>();
    }
}
