using RedNote.Live;

namespace RedNote.Polls;

/// <summary>Who voted, and for what, in order of the voters' ids; a million take 10 bytes each and some air.</summary>
public sealed class BallotBox
{
    private readonly IdMap<ushort> _ballots;

    public BallotBox()
        : this(new IdMap<ushort>())
    {
    }

    private BallotBox(IdMap<ushort> ballots) => _ballots = ballots;

    public int Count => _ballots.Count;

    /// <summary>What the ballots take of memory.</summary>
    internal long MemoryBytes => _ballots.Bytes;

    /// <summary>Puts a ballot in; false if that voter's is in it already.</summary>
    /// <param name="voter">Above 0.</param>
    /// <param name="choices">Bit i: option i; 16 at most.</param>
    public bool Add(UserId voter, int choices)
    {
        var mask = checked((ushort)choices);
        ref var ballot = ref _ballots.Enter(voter.Value, out var isNew);
        if (isNew)
        {
            ballot = mask;
        }

        return isNew;
    }

    /// <summary>What that voter chose; 0: has not voted.</summary>
    public int ChoicesOf(UserId voter) => _ballots.TryGet(voter.Value, out var choices) ? choices : 0;

    /// <summary>Ballots in order of the voters' ids, after that one.</summary>
    public IEnumerable<(UserId Voter, int Choices)> After(UserId voter)
        => _ballots.After(voter.Value).Select(ballot => (new UserId(ballot.Id), (int)ballot.Value));

    /// <summary>All ballots: each voter's id and the choices, both in seven bits to a byte.</summary>
    public byte[] Write()
        => _ballots.Write(VarInt.MaxBytes, static (bytes, at, choices) => VarInt.Write(bytes, at, choices));

    /// <summary>Reads what <see cref="Write"/> has written; throws <see cref="FormatException"/> on anything
    /// else.</summary>
    public static BallotBox Read(ReadOnlySpan<byte> written)
        => new(new IdMap<ushort>(written, static (ref ReadOnlySpan<byte> bytes) => VarInt.Read(ref bytes) switch
        {
            var choices and > 0 and <= ushort.MaxValue => (ushort)choices,
            _ => throw new FormatException("A ballot has no such choices."),
        }));
}
