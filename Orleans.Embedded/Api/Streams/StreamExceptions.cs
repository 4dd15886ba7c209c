using Orleans.Runtime;

namespace Orleans.Streams;

/// <summary>Tells an observer that an event was given up, after it could not be delivered for too long.</summary>
[Serializable]
[GenerateSerializer]
public sealed class StreamEventDeliveryFailureException : OrleansException
{
    public StreamEventDeliveryFailureException()
    {
    }

    public StreamEventDeliveryFailureException(string message)
        : base(message)
    {
    }

    public StreamEventDeliveryFailureException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
