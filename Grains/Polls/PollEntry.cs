using System.Collections.Immutable;
using System.Numerics;
using RedNote.Live;

namespace RedNote.Polls;

/// <summary>A poll as the state of a room or a group has it.</summary>
public sealed class PollEntry
{
    private PollTerms _began;
    private readonly int[] _counts;
    private BallotBox? _box;

    internal PollEntry(PollTerms began)
        : this(new StoredPoll { Began = began, ClosesAt = began.ClosesAt, Counts = [.. new int[began.Options.Length]] })
    {
    }

    internal PollEntry(StoredPoll stored)
    {
        _began = stored.Began;
        _counts = [.. stored.Counts];
        Voters = stored.Voters;
        ClosesAt = stored.ClosesAt;
        IsClosed = stored.IsClosed;
        _box = stored.Ballots is { } ballots ? BallotBox.Read(ballots) : IsClosed ? null : new BallotBox();
    }

    public PollId Id => _began.PollId;

    public UserId By => _began.By;

    public string Key => _began.Key;

    public long Check => _began.Check;

    public long OpenedAt => _began.At;

    public bool IsMultiple => _began.Multiple;

    public bool IsAnonymous => _began.Anonymous;

    public int Options => _counts.Length;

    /// <summary>When it closes, or closed, Unix ms.</summary>
    public long ClosesAt { get; private set; }

    /// <summary>Whether its closing is in the log. Its time may be over before: <see cref="IsOpen"/>.</summary>
    public bool IsClosed { get; private set; }

    /// <summary>Whether it was taken back: nothing of it is shown any more.</summary>
    public bool IsWithdrawn => _began.Question.Length == 0;

    public int Voters { get; private set; }

    /// <summary>Ballots held in memory.</summary>
    public int Ballots => _box?.Count ?? 0;

    /// <summary>Whether it is still known who voted.</summary>
    public bool KnowsVoters => _box is not null;

    public ImmutableArray<int> Counts => [.. _counts];

    /// <summary>Whether a ballot counts at that time, whatever a timer did.</summary>
    public bool IsOpen(long now) => !IsClosed && now < ClosesAt;

    public bool HasVoted(UserId user) => ChoicesOf(user) != 0;

    /// <summary>Bit i: option i; 0: has not voted, or it is no longer known.</summary>
    public int ChoicesOf(UserId user) => _box?.ChoicesOf(user) ?? 0;

    /// <summary>Whether these choices make a ballot of this poll.</summary>
    public bool Accepts(int choices)
        => choices > 0 && choices < 1 << Options && (IsMultiple || BitOperations.IsPow2(choices));

    public PollTally Tally => new(Id, Counts, Voters, IsClosed);

    public Poll ToPoll(UserId viewer, long now)
    {
        var mine = viewer == default ? 0 : ChoicesOf(viewer);
        return new Poll(
            Id, _began.Question, _began.Options, IsMultiple, IsAnonymous, Counts, Voters, OpenedAt, ClosesAt,
            Closed: !IsOpen(now), mine == 0 ? null : ToList(mine));
    }

    /// <summary>Ballots in order of the voters' ids.</summary>
    public BallotPage Page(UserId after, int limit)
    {
        var items = ImmutableArray.CreateBuilder<Ballot>();
        UserId? next = null;
        foreach (var (voter, choices) in _box?.After(after) ?? [])
        {
            if (items.Count == limit)
            {
                next = items[^1].UserId;
                break;
            }

            items.Add(new Ballot(voter, ToList(choices)));
        }

        return new BallotPage(items.ToImmutable(), next);
    }

    internal void Apply(ImmutableArray<BallotGroup> ballots)
    {
        foreach (var group in ballots)
        {
            var choices = ToBits(group.Choices);
            foreach (var voter in group.Voters)
            {
                if (_box is not null && _box.Add(voter, choices))
                {
                    Voters++;
                    Count(choices);
                }
            }
        }
    }

    internal void Close(long at)
    {
        IsClosed = true;
        ClosesAt = Math.Min(ClosesAt, at);
    }

    /// <summary>Takes it back: it is closed, and what it asked, who voted and the result are forgotten.</summary>
    internal void Withdraw(long at)
    {
        Close(at);
        _began = _began.Blanked();
        _box = null;
        Voters = 0;
        Array.Clear(_counts);
    }

    /// <summary>Forgets who voted; the counts stay.</summary>
    internal void ForgetVoters() => _box = null;

    internal StoredPoll ToStored() => new()
    {
        Began = _began,
        ClosesAt = ClosesAt,
        IsClosed = IsClosed,
        Counts = Counts,
        Voters = Voters,
        Ballots = _box?.Write(),
    };

    /// <summary>Choices in a list, from 0 and in order.</summary>
    public static ImmutableArray<int> ToList(int choices)
    {
        var list = ImmutableArray.CreateBuilder<int>(BitOperations.PopCount((uint)choices));
        for (; choices != 0; choices &= choices - 1)
        {
            list.Add(BitOperations.TrailingZeroCount(choices));
        }

        return list.MoveToImmutable();
    }

    private static int ToBits(ImmutableArray<int> choices)
    {
        var bits = 0;
        foreach (var choice in choices)
        {
            bits |= 1 << choice;
        }

        return bits;
    }

    private void Count(int choices)
    {
        for (; choices != 0; choices &= choices - 1)
        {
            _counts[BitOperations.TrailingZeroCount(choices)]++;
        }
    }
}

/// <summary>The form in which snapshots hold a <see cref="PollEntry"/>.</summary>
public sealed record StoredPoll
{
    public required PollTerms Began { get; init; }
    public long ClosesAt { get; init; }
    public bool IsClosed { get; init; }
    public ImmutableArray<int> Counts { get; init; } = [];
    public int Voters { get; init; }

    /// <summary>As <see cref="BallotBox.Write"/> gives them, which JSON holds in base 64; null: let go.</summary>
    public byte[]? Ballots { get; init; }
}
