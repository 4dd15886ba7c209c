using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Orleans.Streams;

namespace Orleans.Streams
{
    /// <summary>The place of an event in its stream; grows from event to event, not always by one.</summary>
    [Serializable]
    [GenerateSerializer]
    [SuppressMessage("Design", "CA1067", Justification = "Orleans leaves Equals(object) to the derived tokens.")]
    public abstract class StreamSequenceToken : IEquatable<StreamSequenceToken?>, IComparable<StreamSequenceToken?>
    {
        public abstract long SequenceNumber { get; protected set; }

        /// <summary>The place within a batch, from 0.</summary>
        public abstract int EventIndex { get; protected set; }

        public abstract bool Equals(StreamSequenceToken? other);

        public abstract int CompareTo(StreamSequenceToken? other);
    }
}

namespace Orleans.Providers.Streams.Common
{
    /// <summary>The tokens of memory streams.</summary>
    [Serializable]
    [GenerateSerializer]
    public class EventSequenceToken : StreamSequenceToken
    {
        public EventSequenceToken(long sequenceNumber)
            : this(sequenceNumber, 0)
        {
        }

        public EventSequenceToken(long sequenceNumber, int eventIndex)
        {
            SequenceNumber = sequenceNumber;
            EventIndex = eventIndex;
        }

        public EventSequenceToken()
        {
        }

        [Id(0)]
        public override long SequenceNumber { get; protected set; }

        [Id(1)]
        public override int EventIndex { get; protected set; }

        public override bool Equals(object? obj) => Equals(obj as StreamSequenceToken);

        public override bool Equals(StreamSequenceToken? other)
            => other is EventSequenceToken
                && other.SequenceNumber == SequenceNumber && other.EventIndex == EventIndex;

        public override int CompareTo(StreamSequenceToken? other)
        {
            if (other is null) return 1;
            if (other is not EventSequenceToken) throw new ArgumentOutOfRangeException(nameof(other));
            var bySequence = SequenceNumber.CompareTo(other.SequenceNumber);
            return bySequence != 0 ? bySequence : EventIndex.CompareTo(other.EventIndex);
        }

        public override int GetHashCode() => HashCode.Combine(SequenceNumber, EventIndex);

        public override string ToString() => string.Create(
            CultureInfo.InvariantCulture, $"[EventSequenceToken: SeqNum={SequenceNumber}, EventIndex={EventIndex}]");
    }
}
