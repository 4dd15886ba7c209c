using System.Collections.Immutable;
using RedNote.Polls;

namespace RedNote.Live;

/// <summary>The polls and PKs of a room, in the order in which they were opened; bounded, see the options.</summary>
public sealed class PollBook
{
    /// <summary>How long a key is kept, and with it what it was used for.</summary>
    public const long KeyMs = 7 * 24 * 3_600_000L;

    private readonly LiveRoomOptions _options;
    private readonly List<PollEntry> _polls;
    private readonly List<PkEntry> _pks;

    public PollBook(LiveRoomOptions options, StoredPolls stored)
    {
        _options = options;
        _polls = [.. stored.Polls.Select(poll => new PollEntry(poll))];
        _pks = [.. stored.Pks.Select(pk => new PkEntry(pk))];
    }

    /// <summary>In order of opening.</summary>
    public IReadOnlyList<PollEntry> Polls => _polls;

    /// <summary>In order of opening.</summary>
    public IReadOnlyList<PkEntry> Pks => _pks;

    /// <summary>When the next one is to be closed, Unix ms; null: none is open.</summary>
    public long? NextClosing
    {
        get
        {
            long? next = null;
            foreach (var poll in _polls)
            {
                next = poll.IsClosed || poll.ClosesAt >= next ? next : poll.ClosesAt;
            }

            foreach (var pk in _pks)
            {
                next = pk.IsClosed || pk.ClosesAt >= next ? next : pk.ClosesAt;
            }

            return next;
        }
    }

    public PollEntry? Find(PollId id) => _polls.FindLast(poll => poll.Id == id);

    public PkEntry? Find(PkId id) => _pks.FindLast(pk => pk.Id == id);

    public PollEntry? FindPoll(UserId by, string key) => _polls.FindLast(poll => poll.By == by && poll.Key == key);

    public PkEntry? FindPk(UserId by, string key) => _pks.FindLast(pk => pk.By == by && pk.Key == key);

    /// <summary>Whether the user has voted in that poll, or in any that is kept (null). Of a poll whose voters were let
    /// go it is not known.</summary>
    public bool HasVoted(UserId user, PollId? poll)
        => poll is { } id ? Find(id)?.HasVoted(user) ?? false : _polls.Exists(entry => entry.HasVoted(user));

    /// <summary>Whether another poll would find a place at that time.</summary>
    public bool HasPlaceForPoll(long now)
        => _polls.Count < _options.KeptPolls || _polls.Exists(poll => MayGo(poll.IsClosed, poll.OpenedAt, now));

    /// <summary>Whether another PK would find a place at that time.</summary>
    public bool HasPlaceForPk(long now)
        => _pks.Count < _options.KeptPolls || _pks.Exists(pk => MayGo(pk.IsClosed, pk.OpenedAt, now));

    public void Apply(PollEvent raised)
    {
        switch (raised)
        {
            case BallotsCast cast:
                Find(cast.PollId)?.Apply(cast.Ballots);
                break;
            case CheersCounted cheers:
                Find(cheers.PkId)?.Apply(cheers);
                break;
            case PollBegan began:
                MakePlace(_polls, poll => MayGo(poll.IsClosed, poll.OpenedAt, began.At));
                _polls.Add(new PollEntry(began.ToTerms()));
                break;
            case PollEnded ended:
                Close(ended);
                break;
            case PkBegan began:
                MakePlace(_pks, pk => MayGo(pk.IsClosed, pk.OpenedAt, began.At));
                _pks.Add(new PkEntry(began));
                break;
            case PkEnded ended:
                Find(ended.PkId)?.Close(ended.At);
                break;
            default:
                throw new NotSupportedException($"Polls do not know {raised.GetType().Name}.");
        }
    }

    /// <summary>What is shown to who joins: the open ones and the last closed ones.</summary>
    public ImmutableArray<Poll> PollsFor(UserId viewer, long now)
    {
        var closed = _polls.Count(poll => !poll.IsOpen(now));
        return
        [
            .. _polls.Where(poll => poll.IsOpen(now) || closed-- <= _options.SnapshotPolls)
                .Select(poll => poll.ToPoll(viewer, now)),
        ];
    }

    /// <summary>As <see cref="PollsFor"/>.</summary>
    public ImmutableArray<Pk> PksAt(long now)
    {
        var closed = _pks.Count(pk => !pk.IsOpen(now));
        return [.. _pks.Where(pk => pk.IsOpen(now) || closed-- <= _options.SnapshotPolls).Select(pk => pk.ToPk(now))];
    }

    public StoredPolls ToStored() => new()
    {
        Polls = [.. _polls.Select(poll => poll.ToStored())],
        Pks = [.. _pks.Select(pk => pk.ToStored())],
    };

    private void Close(PollEnded ended)
    {
        Find(ended.PollId)?.Close(ended.At);
        var known = _polls.Where(poll => poll is { IsClosed: true, KnowsVoters: true })
            .OrderBy(poll => poll.ClosesAt).ToList();
        var ballots = known.Sum(poll => (long)poll.Ballots);
        foreach (var poll in known)
        {
            if (ballots <= _options.KeptBallots)
            {
                break;
            }

            ballots -= poll.Ballots;
            poll.ForgetVoters();
        }
    }

    private void MakePlace<T>(List<T> entries, Predicate<T> mayGo)
    {
        if (entries.Count >= _options.KeptPolls && entries.FindIndex(mayGo) is >= 0 and var oldest)
        {
            entries.RemoveAt(oldest);
        }
    }

    private static bool MayGo(bool isClosed, long openedAt, long now) => isClosed && openedAt <= now - KeyMs;
}

/// <summary>The form in which snapshots hold a <see cref="PollBook"/>.</summary>
public sealed record StoredPolls
{
    public ImmutableArray<StoredPoll> Polls { get; init; } = [];
    public ImmutableArray<StoredPk> Pks { get; init; } = [];
}
