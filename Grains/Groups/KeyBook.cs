using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace RedNote.Groups;

/// <summary>
/// The keys of the messages sent in this activation: a sender who repeats one gets the first answer. It says for how
/// long back it knows all of them; for what is before that the table is asked. A key takes 80 bytes or so, as it is
/// held by a hash of 128 bits: two keys that have the same will not be met.
/// </summary>
internal sealed class KeyBook(GroupOptions options, long knownSince)
{
    private readonly Dictionary<UInt128, BoundKey> _keys = [];
    private readonly Queue<(UInt128 Key, long At)> _order = [];
    private long _knownSince = knownSince;

    /// <summary>Whether a key that is not in it is bound nowhere at that time.</summary>
    public bool KnowsAll(long now) => _knownSince <= now - GroupRules.KeyMs;

    /// <summary>What the key stands for; null: it is not in it, or has run out.</summary>
    public BoundKey? Find(UserId user, string key, long now)
        => _keys.TryGetValue(HashOf(user, key), out var bound) && IsGood(bound, now) ? bound : null;

    /// <summary>Whether a key that stands for that is bound still.</summary>
    public static bool IsGood(BoundKey bound, long now) => bound.At > now - GroupRules.KeyMs;

    public void Bind(MessagePosted posted)
        => Bind(posted.Message.From, posted.Key, new BoundKey(posted.Message.Seq, posted.Check, posted.At));

    /// <summary>Takes in all messages of the group, oldest first.</summary>
    public void Restore(IEnumerable<MessageCard> all)
    {
        _knownSince = 0;
        _keys.Clear();
        _order.Clear();
        foreach (var card in all)
        {
            Bind(card.Stored.From, card.Place.Key, new BoundKey(card.Seq, card.Place.Check, card.Stored.At));
        }
    }

    private void Bind(UserId user, string key, BoundKey made)
    {
        var hash = HashOf(user, key);
        _keys[hash] = made;
        _order.Enqueue((hash, made.At));
        while (_order.Count > options.Keys)
        {
            var oldest = _order.Dequeue();
            _knownSince = Math.Max(_knownSince, oldest.At);
            if (_keys.TryGetValue(oldest.Key, out var bound) && bound.At == oldest.At)
            {
                _keys.Remove(oldest.Key);
            }
        }
    }

    private static UInt128 HashOf(UserId user, string key)
    {
        Span<byte> hashed = stackalloc byte[sizeof(long) + (3 * TextRules.MaxKey)];
        BinaryPrimitives.WriteInt64LittleEndian(hashed, user.Value);
        var length = Encoding.UTF8.GetBytes(key, hashed[sizeof(long)..]);
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(hashed[..(sizeof(long) + length)], digest);
        return BinaryPrimitives.ReadUInt128LittleEndian(digest);
    }
}
