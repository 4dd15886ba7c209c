using System.Collections.Immutable;

namespace RedNote.Live;

/// <summary>Danmaku that wait for review, in order of their numbers. The room sees to its bounds before it adds.
/// </summary>
public sealed class HeldQueue
{
    private readonly SortedDictionary<long, HeldDanmaku> _items = [];
    private readonly Dictionary<UserId, int> _perUser = [];

    public HeldQueue(ImmutableArray<HeldDanmaku> items)
    {
        foreach (var item in items)
        {
            Add(item);
        }
    }

    public int Count => _items.Count;

    public int CountOf(UserId user) => _perUser.GetValueOrDefault(user);

    public HeldDanmaku? Find(long heldId) => _items.GetValueOrDefault(heldId);

    public void Add(HeldDanmaku item)
    {
        _items.Add(item.HeldId, item);
        _perUser[item.UserId] = CountOf(item.UserId) + 1;
    }

    public void Remove(long heldId)
    {
        if (_items.Remove(heldId, out var item))
        {
            var left = CountOf(item.UserId) - 1;
            if (left == 0)
            {
                _perUser.Remove(item.UserId);
            }
            else
            {
                _perUser[item.UserId] = left;
            }
        }
    }

    public HeldPage Page(long after, int limit)
    {
        ImmutableArray<HeldDanmaku> found = [.. _items.Values.Where(item => item.HeldId > after).Take(limit + 1)];
        return found.Length > limit
            ? new HeldPage(found[..limit], Count, found[limit - 1].HeldId)
            : new HeldPage(found, Count, null);
    }

    public ImmutableArray<HeldDanmaku> ToArray() => [.. _items.Values];
}
