using System.Collections.Immutable;

namespace RedNote.Live;

/// <summary>The newest danmaku of a room, in order of their numbers; of more than it holds the oldest go.</summary>
public sealed class RecentDanmaku
{
    private readonly int _most;
    private readonly List<Danmaku> _items;
    private int _first;

    public RecentDanmaku(int most, ImmutableArray<Danmaku> items)
    {
        _most = most;
        _items = [.. items.IsDefault ? [] : items];
    }

    public int Count => _items.Count - _first;

    /// <summary>Takes one in whose number is above all others'.</summary>
    public void Add(Danmaku danmaku)
    {
        _items.Add(danmaku);
        while (Count > _most)
        {
            _first++;
        }

        // What left is dropped in one go now and then, which costs less than to move the rest each time.
        if (_first >= _most)
        {
            _items.RemoveRange(0, _first);
            _first = 0;
        }
    }

    /// <summary>Notes how often it was said; false if it is not held.</summary>
    public bool TryCount(long seq, int count)
    {
        var index = IndexOf(seq);
        if (index >= 0)
        {
            _items[index] = _items[index] with { Count = count };
        }

        return index >= 0;
    }

    /// <summary>Gives back space that is held for more.</summary>
    public void TrimExcess()
    {
        _items.RemoveRange(0, _first);
        _first = 0;
        _items.TrimExcess();
    }

    public Danmaku? Find(long seq) => IndexOf(seq) is >= 0 and var index ? _items[index] : null;

    public bool Remove(long seq)
    {
        var index = IndexOf(seq);
        if (index >= 0)
        {
            _items.RemoveAt(index);
        }

        return index >= 0;
    }

    /// <summary>The newest after that number, at most so many, oldest first.</summary>
    public ImmutableArray<Danmaku> After(long seq, int most)
    {
        var index = _items.Count;
        while (index > _first && _items.Count - index < most && _items[index - 1].Seq > seq)
        {
            index--;
        }

        return [.. _items.Skip(index)];
    }

    public ImmutableArray<Danmaku> ToArray() => [.. _items.Skip(_first)];

    /// <summary>Where the one of that number stands from <paramref name="low"/> on; below zero: nowhere.</summary>
    internal static int IndexOf(List<Danmaku> items, int low, long seq)
    {
        var high = items.Count - 1;
        while (low <= high)
        {
            var middle = (low + high) / 2;
            var found = items[middle].Seq;
            if (found == seq)
            {
                return middle;
            }

            (low, high) = found < seq ? (middle + 1, high) : (low, middle - 1);
        }

        return -1;
    }

    private int IndexOf(long seq) => IndexOf(_items, _first, seq);
}
