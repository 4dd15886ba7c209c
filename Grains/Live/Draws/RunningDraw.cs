using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace RedNote.Live;

/// <summary>A draw from its opening to its result, as the events of its room have made it.</summary>
public sealed class RunningDraw
{
    private readonly DrawOpened _opened;
    private readonly IdSet _entrants;
    private readonly IdSet _said;
    private long[]? _list;

    public RunningDraw(DrawOpened opened)
        : this(new StoredDraw { Opened = opened })
    {
    }

    public RunningDraw(StoredDraw stored)
    {
        _opened = stored.Opened;
        _entrants = IdSet.Read(stored.Entrants);
        _said = IdSet.Read(stored.Said);
        ClosesAt = stored.ClosedAt ?? _opened.ClosesAt;
        IsClosed = stored.ClosedAt is not null;
        Listed = stored.Listed;
        Commitment = DrawProof.Commitment(_opened.Seed.Hex);
    }

    public DrawId Id => _opened.DrawId;

    public DrawCondition Condition => _opened.Condition;

    /// <summary>The cut-off, Unix ms; once closed, when that was.</summary>
    public long ClosesAt { get; private set; }

    public bool IsClosed { get; private set; }

    /// <summary>How many of the entrants are in the log as the frozen list.</summary>
    public int Listed { get; private set; }

    public string Commitment { get; }

    public int Entrants => _entrants.Count;

    public DrawTally Tally => new(Id, Entrants, IsClosed);

    /// <summary>Bytes that entrants and those who said the phrase take.</summary>
    public long Bytes => _entrants.Bytes + _said.Bytes;

    public bool HasEntered(UserId user) => _entrants.Contains(user.Value);

    public bool HasSaid(UserId user) => _said.Contains(user.Value);

    public bool IsOpen(long now) => !IsClosed && now < ClosesAt;

    public void Apply(DrawPhraseSaid said) => AddAll(_said, said.Users);

    public void Apply(DrawEntered entered)
    {
        if (IsClosed)
        {
            throw new InvalidOperationException($"Draw {Id} was entered after its cut-off.");
        }

        AddAll(_entrants, entered.Users);
    }

    public void Apply(DrawClosed closed)
    {
        IsClosed = true;
        ClosesAt = Math.Min(ClosesAt, closed.At);
    }

    public void Apply(DrawListed listed) => Listed = listed.First + listed.Users.Length;

    /// <summary>The frozen list from a place on.</summary>
    public ImmutableArray<UserId> List(int first, int count)
    {
        var part = new UserId[count];
        for (var i = 0; i < count; i++)
        {
            part[i] = new UserId(Frozen[first + i]);
        }

        return ImmutableCollectionsMarshal.AsImmutableArray(part);
    }

    /// <summary>What is published before the result: nothing that would give it away.</summary>
    public Draw Card(bool closed) => new(
        Id, _opened.Prize, _opened.Winners, Condition, _opened.At, ClosesAt, closed, Entrants, Commitment,
        EntrantsHash: null, Seed: null, WinnerIds: null);

    /// <summary>The result; only of a draw that is closed.</summary>
    public Draw Result()
    {
        var seed = _opened.Seed.Hex;
        var hash = DrawProof.EntrantsHash(Frozen);
        var places = DrawProof.WinningPlaces(seed, hash, Frozen.Length, _opened.Winners);
        return Card(closed: true) with
        {
            EntrantsHash = hash,
            Seed = seed,
            WinnerIds = [.. places.Select(place => new UserId(Frozen[place]))],
        };
    }

    public StoredDraw ToStored() => new()
    {
        Opened = _opened,
        Entrants = _entrants.Write(),
        Said = _said.Write(),
        ClosedAt = IsClosed ? ClosesAt : null,
        Listed = Listed,
    };

    private long[] Frozen => _list ??= Sorted();

    private long[] Sorted()
    {
        if (!IsClosed)
        {
            throw new InvalidOperationException($"Draw {Id} is open, so that it has no list yet.");
        }

        var ids = _entrants.ToArray();
        OrdinalIds.Sort(ids);
        return ids;
    }

    private static void AddAll(IdSet set, ImmutableArray<UserId> users)
    {
        foreach (var user in users)
        {
            set.Add(user.Value);
        }
    }
}

/// <summary>The form in which snapshots hold a <see cref="RunningDraw"/>.</summary>
public sealed record StoredDraw
{
    public required DrawOpened Opened { get; init; }

    /// <summary>See <see cref="IdSet.Write"/>.</summary>
    public string Entrants { get; init; } = "";

    /// <summary>Who said the phrase, likewise.</summary>
    public string Said { get; init; } = "";

    /// <summary>When it was closed, Unix ms; null while it is open.</summary>
    public long? ClosedAt { get; init; }

    public int Listed { get; init; }
}
