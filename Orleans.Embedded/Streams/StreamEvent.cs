using Orleans.Streams;

namespace RedNote.Embedded.Streams;

/// <summary>An event on its way.</summary>
internal readonly record struct StreamEvent(object? Item, StreamSequenceToken Token);

/// <summary>A bounded first-in first-out queue that grows as needed and drops its oldest when full.</summary>
internal sealed class EventQueue(int capacity)
{
    private const int InitialLength = 4;

    private StreamEvent[] _events = [];
    private int _first;

    public int Count { get; private set; }

    /// <summary>Adds an event; answers false if the oldest had to go for it.</summary>
    public bool Add(in StreamEvent added)
    {
        var dropped = Count == capacity;
        if (dropped)
        {
            TryTake(out _);
        }

        if (Count == _events.Length)
        {
            Grow();
        }

        _events[(_first + Count) % _events.Length] = added;
        Count++;
        return !dropped;
    }

    public bool TryTake(out StreamEvent taken)
    {
        if (Count == 0)
        {
            taken = default;
            return false;
        }

        taken = _events[_first];
        _events[_first] = default;
        _first = (_first + 1) % _events.Length;
        Count--;
        return true;
    }

    public void Clear()
    {
        _events = [];
        _first = 0;
        Count = 0;
    }

    private void Grow()
    {
        var larger = new StreamEvent[Math.Min(capacity, Math.Max(InitialLength, _events.Length * 2))];
        for (var i = 0; i < Count; i++)
        {
            larger[i] = _events[(_first + i) % _events.Length];
        }

        _events = larger;
        _first = 0;
    }
}
