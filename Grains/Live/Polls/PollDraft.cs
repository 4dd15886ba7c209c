using System.Collections.Immutable;
using RedNote.Polls;

namespace RedNote.Live;

/// <summary>The ballots, cheers and upvotes of a batch that were accepted so far: of each kind one event per poll, PK
/// and batch.</summary>
internal sealed class PollDraft
{
    private readonly List<(PollId Poll, List<(int Choices, List<UserId> Voters)> Groups)> _ballots = [];
    private readonly HashSet<(PollId Poll, UserId User)> _voted = [];
    private readonly HashSet<UserId> _voters = [];
    private readonly List<(QuestionId Question, List<UserId> Users)> _upvotes = [];
    private readonly HashSet<(QuestionId Question, UserId User)> _upvoted = [];
    private readonly List<LikeKey> _cheerKeys = [];
    private PkId _pk;
    private long _left;
    private long _right;

    /// <summary>Upvotes of this batch.</summary>
    public int Upvotes => _upvoted.Count;

    /// <summary>Ballots of this batch, in whatever poll.</summary>
    public int Ballots => _voted.Count;

    public bool HasVoted(PollId poll, UserId user) => _voted.Contains((poll, user));

    /// <summary>In whatever poll.</summary>
    public bool HasVoted(UserId user) => _voters.Contains(user);

    public bool HasUpvoted(QuestionId question, UserId user) => _upvoted.Contains((question, user));

    public void Vote(CastVote command)
    {
        _voted.Add((command.PollId, command.User));
        _voters.Add(command.User);
        var at = _ballots.FindIndex(poll => poll.Poll == command.PollId);
        if (at < 0)
        {
            at = _ballots.Count;
            _ballots.Add((command.PollId, []));
        }

        var groups = _ballots[at].Groups;
        foreach (var (choices, voters) in groups)
        {
            if (choices == command.Choices)
            {
                voters.Add(command.User);
                return;
            }
        }

        groups.Add((command.Choices, [command.User]));
    }

    /// <summary>One PK is open at a time, so that all cheers of a batch are for the same.</summary>
    public void Cheer(Cheer command, long check)
    {
        _pk = command.PkId;
        if (command.Side == PkSide.Left)
        {
            _left += command.Count;
        }
        else
        {
            _right += command.Count;
        }

        if (command.Key is { } key)
        {
            _cheerKeys.Add(new LikeKey(command.User, key, check, command.Count));
        }
    }

    public void Upvote(UpvoteQuestion command)
    {
        _upvoted.Add((command.QuestionId, command.User));
        foreach (var (question, users) in _upvotes)
        {
            if (question == command.QuestionId)
            {
                users.Add(command.User);
                return;
            }
        }

        _upvotes.Add((command.QuestionId, [command.User]));
    }

    public void AddTo(List<LiveRoomEvent> events, long now)
    {
        foreach (var (poll, groups) in _ballots)
        {
            events.Add(new BallotsCast(
                now, poll,
                [.. groups.Select(group => new BallotGroup(PollEntry.ToList(group.Choices), [.. group.Voters]))]));
        }

        if (_left + _right > 0)
        {
            ImmutableArray<LikeKey>? keys = _cheerKeys.Count == 0 ? null : [.. _cheerKeys];
            events.Add(new CheersCounted(now, _pk, _left, _right, keys));
        }

        if (_upvotes.Count > 0)
        {
            events.Add(new QuestionsBacked(
                now, [.. _upvotes.Select(upvote => new QuestionUpvotes(upvote.Question, [.. upvote.Users]))]));
        }
    }
}
