using RedNote.Live;

namespace RedNote.Notes;

/// <summary>
/// Who likes a note and who has collected it, and exactly how many: nine bytes a user and some air. Who takes a mark
/// back keeps the place, so that nobody makes the book grow by changing their mind.
/// </summary>
internal sealed class MarkBook
{
    private const int All = (1 << (int)NoteMark.Like) | (1 << (int)NoteMark.Collect);

    private readonly IdMap<byte> _marks;
    private readonly int[] _counts = new int[2];

    public MarkBook()
        : this(new IdMap<byte>())
    {
    }

    private MarkBook(IdMap<byte> marks)
    {
        _marks = marks;
        foreach (var (_, bits) in marks.After(0))
        {
            Count(bits);
        }
    }

    /// <summary>How many have that mark now.</summary>
    public int this[NoteMark mark] => _counts[(int)mark];

    /// <summary>Bit of each mark that the user has.</summary>
    public int BitsOf(UserId user) => _marks.TryGet(user.Value, out var bits) ? bits : 0;

    public bool Holds(UserId user, NoteMark mark) => (BitsOf(user) & BitOf(mark)) != 0;

    /// <summary>Gives a user a mark or takes it; nothing changes if it is so already.</summary>
    public void Set(UserId user, NoteMark mark, bool on)
    {
        if (Holds(user, mark) == on)
        {
            return;
        }

        ref var bits = ref _marks.Enter(user.Value, out _);
        bits ^= (byte)BitOf(mark);
        _counts[(int)mark] += on ? 1 : -1;
    }

    /// <summary>All users, each with the bits.</summary>
    public byte[] Write() => _marks.Write(1, static (bytes, at, bits) =>
    {
        bytes[at] = bits;
        return at + 1;
    });

    /// <summary>Reads what <see cref="Write"/> has written; throws <see cref="FormatException"/> on anything
    /// else.</summary>
    public static MarkBook Read(ReadOnlySpan<byte> written)
        => new(new IdMap<byte>(written, static (ref ReadOnlySpan<byte> bytes) =>
        {
            if (bytes.IsEmpty || bytes[0] > All)
            {
                throw new FormatException("There are no such marks.");
            }

            var bits = bytes[0];
            bytes = bytes[1..];
            return bits;
        }));

    /// <summary>The bit of a mark.</summary>
    public static int BitOf(NoteMark mark) => 1 << (int)mark;

    private void Count(int bits)
    {
        _counts[(int)NoteMark.Like] += (bits & BitOf(NoteMark.Like)) != 0 ? 1 : 0;
        _counts[(int)NoteMark.Collect] += (bits & BitOf(NoteMark.Collect)) != 0 ? 1 : 0;
    }
}
