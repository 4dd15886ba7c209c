namespace RedNote.Live;

/// <summary>A PK as a room's state has it.</summary>
public sealed class PkEntry
{
    private readonly PkBegan _began;

    internal PkEntry(PkBegan began)
        : this(new StoredPk { Began = began, ClosesAt = began.ClosesAt })
    {
    }

    internal PkEntry(StoredPk stored)
    {
        _began = stored.Began;
        ClosesAt = stored.ClosesAt;
        IsClosed = stored.IsClosed;
        Left = stored.Left;
        Right = stored.Right;
    }

    public PkId Id => _began.PkId;

    public UserId By => _began.By;

    public string Key => _began.Key;

    public long Check => _began.Check;

    public long OpenedAt => _began.At;

    /// <summary>When it closes, or closed, Unix ms.</summary>
    public long ClosesAt { get; private set; }

    /// <summary>Whether its closing is in the log.</summary>
    public bool IsClosed { get; private set; }

    /// <summary>Points of the left.</summary>
    public long Left { get; private set; }

    /// <summary>Points of the right.</summary>
    public long Right { get; private set; }

    /// <summary>Who leads, or has won.</summary>
    public PkWinner Leader => Leads(Left, Right);

    public PkTally Tally => new(Id, Left, Right, IsClosed);

    /// <summary>Whether a cheer counts at that time, whatever a timer did.</summary>
    public bool IsOpen(long now) => !IsClosed && now < ClosesAt;

    public Pk ToPk(long now) => new(
        Id, _began.Left, _began.Right, Left, Right, OpenedAt, ClosesAt, !IsOpen(now), IsOpen(now) ? null : Leader);

    internal static PkWinner Leads(long left, long right)
        => left > right ? PkWinner.Left : left < right ? PkWinner.Right : PkWinner.Draw;

    internal void Apply(CheersCounted cheers)
    {
        Left += cheers.Left;
        Right += cheers.Right;
    }

    internal void Close(long at)
    {
        IsClosed = true;
        ClosesAt = Math.Min(ClosesAt, at);
    }

    internal StoredPk ToStored()
        => new() { Began = _began, ClosesAt = ClosesAt, IsClosed = IsClosed, Left = Left, Right = Right };
}

/// <summary>The form in which snapshots hold a <see cref="PkEntry"/>.</summary>
public sealed record StoredPk
{
    public required PkBegan Began { get; init; }
    public long ClosesAt { get; init; }
    public bool IsClosed { get; init; }
    public long Left { get; init; }
    public long Right { get; init; }
}
