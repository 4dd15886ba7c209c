using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace RedNote.Live;

/// <summary>
/// The idempotency keys of a room: a user who repeats a key gets the first result back. Bounded by age, per user and
/// in all; what falls out was promised no longer (ten minutes, the last 64 per user).
/// </summary>
public sealed class KeyLedger(LiveRoomOptions options)
{
    private readonly Dictionary<(UserId User, string Key), KeyEntry> _entries = [];
    private readonly Dictionary<UserId, Queue<KeyEntry>> _perUser = [];
    private readonly Queue<KeyEntry> _order = [];

    /// <summary>Keys held now.</summary>
    public int Count => _entries.Count;

    /// <summary>The entry of a key that is still held, or null.</summary>
    public KeyEntry? Find(UserId user, string key, long now)
        => _entries.TryGetValue((user, key), out var entry) && entry.At > now - MaxAgeMs ? entry : null;

    public void Bind(KeyEntry entry)
    {
        Expire(entry.At);
        _entries[(entry.User, entry.Key)] = entry;
        _order.Enqueue(entry);

        ref var own = ref CollectionsMarshal.GetValueRefOrAddDefault(_perUser, entry.User, out _);
        own ??= new Queue<KeyEntry>();
        own.Enqueue(entry);
        if (own.Count > options.KeysPerUser)
        {
            Forget(own.Dequeue());
        }

        while (_order.Count > options.Keys)
        {
            Drop(_order.Dequeue());
        }
    }

    /// <summary>
    /// A hash of a command's content; the same on every machine and in every process. It is stored with every key, so
    /// 32 bits have to do: once in four billion times somebody who uses a key for something else is not told so.
    /// </summary>
    public static long ContentHash(SendDanmaku command)
        => Hash($"{(int)command.Mode}\n{command.Color}\n{command.Text}");

    /// <summary>A hash of a like's content.</summary>
    public static long ContentHash(LikeRoom command) => Hash($"like\n{command.Count}");

    /// <summary>A hash of a cheer's content.</summary>
    public static long ContentHash(Cheer command) => Hash($"cheer\n{command.Side}\n{command.Count}");

    /// <summary>A hash of a question's content.</summary>
    public static long ContentHash(AskQuestion command) => Hash($"ask\n{command.Text}");

    /// <summary>A hash of the content of a command that counts taps.</summary>
    public static long ContentHash(RoomCommand command) => command switch
    {
        Cheer cheer => ContentHash(cheer),
        LikeRoom like => ContentHash(like),
        _ => throw new ArgumentException($"A {command.GetType().Name} counts no taps.", nameof(command)),
    };

    /// <summary>A command's key as it is bound: keys of cheers count for each PK, and those of questions apart from the
    /// rest. No client's key has a colon.</summary>
    public static string? KeyOf(RoomCommand command) => command switch
    {
        { Key: null } => null,
        Cheer { Key: { } key, PkId: var pk } => KeyOfCheer(pk, key),
        AskQuestion { Key: { } key } => KeyOfQuestion(key),
        _ => command.Key,
    };

    public static string KeyOfCheer(PkId pk, string key) => $"pk:{pk}:{key}";

    public static string KeyOfQuestion(string key) => $"ask:{key}";

    /// <summary>A hash of what a key stands for.</summary>
    internal static long Hash(string text)
    {
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(text), digest);
        return BinaryPrimitives.ReadUInt32BigEndian(digest);
    }

    private long MaxAgeMs => options.KeyMinutes * 60_000L;

    private void Expire(long now)
    {
        while (_order.TryPeek(out var oldest) && oldest.At <= now - MaxAgeMs)
        {
            Drop(_order.Dequeue());
        }
    }

    private void Drop(KeyEntry entry)
    {
        Forget(entry);
        if (_perUser.TryGetValue(entry.User, out var own)
            && own.TryPeek(out var first)
            && ReferenceEquals(first, entry))
        {
            own.Dequeue();
            if (own.Count == 0)
            {
                _perUser.Remove(entry.User);
            }
        }
    }

    private void Forget(KeyEntry entry)
    {
        if (Holds(entry))
        {
            _entries.Remove((entry.User, entry.Key));
        }
    }

    private bool Holds(KeyEntry entry)
        => _entries.TryGetValue((entry.User, entry.Key), out var held) && ReferenceEquals(held, entry);
}

/// <summary>A key that is bound: to what became of a danmaku, or to a count of likes.</summary>
/// <param name="User">Whose key.</param>
/// <param name="Key">The client's key.</param>
/// <param name="Content">A hash of the command, to tell a repeat from a conflict.</param>
/// <param name="Result">The danmaku's seq or held number, or the likes accepted.</param>
/// <param name="At">When it was bound, Unix ms.</param>
/// <param name="Status">What became of a danmaku.</param>
public sealed record KeyEntry(
    UserId User, string Key, long Content, long Result, long At, VerdictStatus Status = VerdictStatus.Accepted)
{
    /// <summary>What the sender of the danmaku was told.</summary>
    public Verdict ToVerdict() => Status switch
    {
        VerdictStatus.Merged => Verdict.Merge(Result),
        VerdictStatus.Held => Verdict.Hold(Result),
        _ => Verdict.Accept(Result),
    };
}
