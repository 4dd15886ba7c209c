using System.Collections.Immutable;

namespace RedNote.Live;

/// <summary>Danmaku that wait for review, in order of their numbers. The room sees to its bounds before it adds. Most
/// rooms that a silo knows hold nothing back, and cost next to nothing here.</summary>
public sealed class HeldQueue
{
    private SortedDictionary<long, HeldDanmaku>? _items;
    private Dictionary<UserId, int>? _perUser;

    public HeldQueue(ImmutableArray<HeldDanmaku> items)
    {
        foreach (var item in items)
        {
            Add(item);
        }
    }

    public int Count => _items?.Count ?? 0;

    private IEnumerable<HeldDanmaku> Items => _items is null ? [] : _items.Values;

    public int CountOf(UserId user) => _perUser?.GetValueOrDefault(user) ?? 0;

    public HeldDanmaku? Find(long heldId) => _items?.GetValueOrDefault(heldId);

    public void Add(HeldDanmaku item)
    {
        (_items ??= []).Add(item.HeldId, item);
        (_perUser ??= [])[item.UserId] = CountOf(item.UserId) + 1;
    }

    public void Remove(long heldId)
    {
        if (_items is not null && _items.Remove(heldId, out var item))
        {
            var left = CountOf(item.UserId) - 1;
            if (left == 0)
            {
                _perUser!.Remove(item.UserId);
            }
            else
            {
                _perUser![item.UserId] = left;
            }
        }
    }

    public HeldPage Page(long after, int limit)
    {
        ImmutableArray<HeldDanmaku> found = [.. Items.Where(item => item.HeldId > after).Take(limit + 1)];
        return found.Length > limit
            ? new HeldPage(found[..limit], Count, found[limit - 1].HeldId)
            : new HeldPage(found, Count, null);
    }

    public ImmutableArray<HeldDanmaku> ToArray() => [.. Items];
}
