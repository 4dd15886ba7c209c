using RedNote.Embedded.Simulation;
using RedNote.Live;
using RedNote.Simulation.Rooms;

namespace RedNote.Simulation.Show;

/// <summary>Ballots, cheers, questions, upvotes and entries: each counts once, and what was acknowledged counts.
/// </summary>
internal sealed partial class ShowModel
{
    private readonly HashSet<(UserId User, PollId Poll, int Choices)> _votes = [];
    private readonly Dictionary<(UserId User, PkId Pk, string Key), (PkSide Side, int Count)> _cheers = [];
    private readonly HashSet<(UserId User, PkId Pk, string Key)> _cheered = [];
    private readonly HashSet<(UserId User, PollId Poll)> _voted = [];
    private readonly HashSet<(UserId User, QuestionId Question)> _upvoted = [];
    private readonly HashSet<(UserId User, DrawId Draw)> _entered = [];
    private readonly Dictionary<(UserId User, string Key), QuestionId> _asked = [];

    public void Vote(UserId user, PollId poll, int choices) => _votes.Add((user, poll, choices));

    public void Cheer(UserId user, PkId pk, string key, PkSide side, int count)
        => _cheers.TryAdd((user, pk, key), (side, count));

    /// <summary>Judges the verdict on a ballot.</summary>
    public bool Voted(UserId user, PollId id, int choices, Asked asked, RoomAnswer? answer)
    {
        World.Cluster.Note($"{user} votes {choices:b} in {id}: {Tell(answer)}");
        Stored.Refresh();
        if (IsUnknown(answer)) return false;
        var poll = Stored.Polls[id];
        var has = poll.Ballots.TryGetValue(user, out var ballot);
        switch (answer)
        {
            case Verdict { Status: VerdictStatus.Accepted }:
                Require(has && ballot.Choices == choices, $"{user}'s ballot {choices:b} counts, stored is {ballot}");
                Know(ballot.Version);
                _voted.Add((user, id));
                break;
            case Verdict { Reason: RejectReason.AlreadyVoted }:
                Require(has, $"{user} has voted already in {id}, and has no ballot");
                Know(ballot.Version);
                _voted.Add((user, id));
                break;
            case Verdict { Reason: RejectReason.PollClosed }:
                // Of old polls it may be forgotten who has voted.
                var isForgotten = Stored.Bounds.KeptBallots < 1_000 && poll.ClosedBy > 0;
                var isKnown = has && ballot.Version <= asked.Known && !World.Cluster.WasShared && !isForgotten;
                Require(IsOver(poll.ClosedBy, poll.ClosesAt) && !isKnown, $"poll {id} is told to be closed to {user}");
                break;
            case Verdict { Reason: RejectReason.InvalidChoice }:
                Require(!poll.Allows(choices), $"{choices:b} is no ballot in {id}");
                break;
            default:
                Require(World.Cluster.WasShared && IsNotFound(answer), $"{answer} is no answer to a ballot");
                return false;
        }

        return true;
    }

    /// <summary>Judges the answer to cheers.</summary>
    public bool Cheered(UserId user, PkId id, string key, int count, Asked asked, RoomAnswer? answer)
    {
        World.Cluster.Note($"{user} cheers {count} in {id} with {key}: {Tell(answer)}");
        Stored.Refresh();
        if (IsUnknown(answer)) return false;
        var pk = Stored.Pks[id];
        var isFirst = _cheers[(user, id, key)].Count == count;
        var isBound = Stored.Bound(user, $"pk:{id}:{key}") is not null;
        switch (answer)
        {
            case LikesAccepted { Accepted: var accepted }:
                Require(accepted == count && isFirst && isBound, $"{accepted} of {count} cheers of {user} are stored");
                _cheered.Add((user, id, key));
                break;
            case Verdict { Reason: RejectReason.PollClosed }:
                Require(
                    IsOver(pk.ClosedBy, pk.ClosesAt) && !IsBroken(_cheered.Contains((user, id, key))),
                    $"PK {id} is told to be closed to {user} with {key}");
                break;
            case Verdict { Reason: RejectReason.Conflict }:
                Require(isBound && !isFirst, $"{user}'s key {key} conflicts");
                break;
            default:
                Require(
                    World.Cluster.WasShared && IsNotFound(answer),
                    $"{answer} is no answer to a cheer at {asked.Known}");
                return false;
        }

        return true;
    }

    /// <summary>Judges the verdict on a question.</summary>
    public bool Put(UserId user, string text, string key, Asked asked, RoomAnswer? answer)
    {
        World.Cluster.Note($"{user} asks '{text}' with {key}: {Tell(answer)} {(answer as Verdict)?.QuestionId}");
        Stored.Refresh();
        if (IsUnknown(answer)) return false;
        switch (answer)
        {
            case Verdict { Status: VerdictStatus.Accepted, QuestionId: { } id }:
                var isIt = Stored.Questions.TryGetValue(id.Value, out var question) && question.User == user
                    && question.Text == text && question.Key == key;
                Require(isIt, $"'{text}' of {user} is question {id}, which is '{question?.Text}'");
                Require(
                    _asked.TryAdd((user, key), id) || _asked[(user, key)] == id, $"'{text}' is question {id} as well");
                Know(question!.Version);
                break;
            case Verdict { Status: VerdictStatus.Rejected, Reason: { } reason } refusal:
                var isConflict = reason == RejectReason.Conflict
                    && Stored.Bound(user, $"ask:{key}") is { } bound && bound != text;
                Require(
                    isConflict || IsRefused(user, text, asked, refusal), $"question '{text}' of {user}: {reason}");
                break;
            default:
                Violate($"{answer} is no answer to a question");
                break;
        }

        return true;
    }

    /// <summary>Judges the verdict on an upvote.</summary>
    public bool Upvoted(UserId user, QuestionId id, Asked asked, RoomAnswer? answer)
    {
        World.Cluster.Note($"{user} upvotes {id}: {Tell(answer)}");
        Stored.Refresh();
        if (IsUnknown(answer)) return false;
        var question = Stored.Questions[id.Value];
        switch (answer)
        {
            case Verdict { Status: VerdictStatus.Accepted } or Verdict { Reason: RejectReason.AlreadyVoted }:
                var has = question.Upvoters.TryGetValue(user, out var version);
                Require(has, $"{user}'s upvote of {id} counts, and is not stored");
                Know(version);
                _upvoted.Add((user, id));
                break;
            case Verdict { Reason: RejectReason.NotFound }:
                Require(question.SettledBy > 0 || World.Cluster.WasShared, $"question {id} is open, and not found");
                break;
            case Verdict { Reason: RejectReason.NotLive }:
                Require(WasNotLive(asked.Known), $"upvote of {id} while live");
                break;
            default:
                Violate($"{answer} is no answer to an upvote");
                break;
        }

        return true;
    }

    /// <summary>Judges the verdict on an entry.</summary>
    public bool Entered(UserId user, DrawId id, Asked asked, RoomAnswer? answer)
    {
        World.Cluster.Note($"{user} enters {id}: {Tell(answer)} {(answer as Verdict)?.Unmet}");
        Stored.Refresh();
        if (IsUnknown(answer)) return false;
        var draw = Stored.Draws[id];
        var has = draw.Entrants.TryGetValue(user, out var version);
        switch (answer)
        {
            case Verdict { Status: VerdictStatus.Accepted }:
                Require(has, $"{user} is in draw {id}, and not stored");
                Know(version);
                _entered.Add((user, id));
                break;
            case Verdict { Reason: RejectReason.DrawClosed }:
                var isKnown = has && version <= asked.Known && draw.DecidedBy == 0 && !World.Cluster.WasShared;
                Require(IsOver(draw.ClosedBy, draw.ClosesAt) && !isKnown, $"draw {id} is closed to {user}");
                break;
            case Verdict { Unmet: { } unmet } refusal:
                Require(
                    unmet.ToString().Equals(draw.Condition, StringComparison.OrdinalIgnoreCase)
                        && refusal.Reason == (unmet == DrawConditionKind.Followed
                            ? RejectReason.FollowersOnly
                            : RejectReason.Invalid)
                        && !(has && version <= asked.Known && !World.Cluster.WasShared)
                        && MayNotMeet(user, draw, asked),
                    $"{user} may not enter draw {id} of '{draw.Condition} {draw.Value}'");
                break;
            default:
                Require(World.Cluster.WasShared && IsNotFound(answer), $"{answer} is no answer to an entry");
                return false;
        }

        return true;
    }

    private static bool IsNotFound(RoomAnswer? answer) => answer is Verdict { Reason: RejectReason.NotFound };

    private static bool IsUnknown(RoomAnswer? answer)
        => answer is null or Verdict { Reason: RejectReason.TryAgain or RejectReason.RateLimited };

    /// <summary>Whether nobody's ballot needs to count any more.</summary>
    private bool IsOver(long closedBy, long closesAt)
        => closedBy > 0 || Wall >= closesAt || World.Cluster.Faults.Count(FaultKind.ClockForward) > 0;

    private bool MayNotMeet(UserId user, LoggedDraw draw, Asked asked)
    {
        var isStale = World.Cluster.WasShared;
        return draw.Condition switch
        {
            "password" => isStale || !draw.Said.TryGetValue(user, out var said) || said > asked.Known,
            "voted" => isStale || Stored.Bounds.KeptBallots < 1_000
                || !Stored.Polls.Values.Any(poll => poll.Ballots.TryGetValue(user, out var ballot)
                    && ballot.Version <= asked.Known),
            "followed" => MayNotFollow(user, asked),
            "watched" => true,
            _ => false,
        };
    }

    private void CheckVotes()
    {
        foreach (var (user, poll) in _voted)
            Require(Stored.Polls[poll].Ballots.ContainsKey(user), $"{user}'s ballot in {poll} is lost");
        foreach (var (user, pk, key) in _cheered)
            Require(Stored.Bound(user, $"pk:{pk}:{key}") is not null, $"{user}'s cheer {key} is lost");
        foreach (var (user, question) in _upvoted)
            Require(Stored.Questions[question.Value].Upvoters.ContainsKey(user), $"{user}'s upvote is lost");
        foreach (var (user, draw) in _entered)
            Require(Stored.Draws[draw].Entrants.ContainsKey(user), $"{user}'s entry into {draw} is lost");
    }

    private (PkSide Side, int Count)? FindCheer(UserId user, PkId pk, string key)
        => _cheers.TryGetValue((user, pk, key), out var cheer) ? cheer : null;
}
