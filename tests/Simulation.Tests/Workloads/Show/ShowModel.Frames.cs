using System.Collections.Immutable;
using System.Globalization;
using RedNote.Live;
using RedNote.Simulation.Rooms;

namespace RedNote.Simulation.Show;

/// <summary>What viewers are told of polls, PKs, questions, draws and pins.</summary>
internal sealed partial class ShowModel
{
    private readonly Dictionary<DrawId, string> _commitments = [];

    /// <summary>What who joins is told besides the danmaku.</summary>
    public void Show(RoomSnapshot snapshot, UserId viewer, long known)
    {
        Stored.Refresh();
        var from = From(known);
        foreach (var poll in snapshot.Polls) Show(poll, viewer, known);
        foreach (var poll in Stored.Polls.Values.Where(poll => poll.ClosedBy == 0 && poll.OpenedBy <= from))
        {
            // One whose time is over counts among those that have closed.
            Require(
                IsOver(0, poll.ClosesAt) || snapshot.Polls.Any(shown => shown.PollId == poll.Id),
                $"who joins is not told of poll {poll.Id}");
        }

        foreach (var pk in snapshot.Pks) Show(pk, known);
        foreach (var draw in snapshot.Draws) Show(draw, from);
        foreach (var draw in Stored.Draws.Values.Where(draw => draw.DecidedBy == 0 && draw.Version <= from))
        {
            Require(
                snapshot.Draws.Any(shown => shown.DrawId == draw.Id), $"who joins is not told of draw {draw.Id}");
        }

        Show(snapshot.Questions, viewer, known, Stored.Bounds.SnapshotQuestions, isTop: true);
        Require(
            Stored.Pin.Held(from, Stored.Head, pin => pin == StoredRoom.Show(snapshot.Pinned)),
            $"{snapshot.Pinned} is shown as pinned, {Stored.Pin.Now} is");
    }

    /// <summary>A poll is seen by a viewer (default: by nobody in particular).</summary>
    public void Show(Poll shown, UserId viewer, long known)
    {
        Stored.Refresh();
        var from = From(known);
        var isThere = Stored.Polls.TryGetValue(shown.PollId, out var poll) && poll.Question == shown.Question
            && shown.Options.Length == poll.Options
            && poll.Tally.Held(from, Stored.Head, tally => tally == LoggedPoll.Show(shown.Counts, shown.Voters))
            && (shown.Closed ? IsOver(poll.ClosedBy, poll.ClosesAt) : poll.ClosedBy == 0 || poll.ClosedBy > from);
        Require(isThere, $"{Tell(shown)} is shown, stored is {poll?.Tally.Now}, closed by {poll?.ClosedBy}");
        if (viewer == default) return;
        var has = poll!.Ballots.TryGetValue(viewer, out var ballot);
        var mine = shown.MyChoices is { } choices ? choices.Sum(choice => 1 << choice) : 0;
        var isForgotten = Stored.Bounds.KeptBallots < 1_000 && poll.ClosedBy > 0;
        Require(
            mine == 0 ? !has || ballot.Version > from || isForgotten : has && ballot.Choices == mine,
            $"{viewer} is told to have chosen {mine:b} in {shown.PollId}, stored is {ballot}");
    }

    /// <summary>A PK is seen by somebody.</summary>
    public void Show(Pk shown, long known)
    {
        Stored.Refresh();
        var isThere = Stored.Pks.TryGetValue(shown.PkId, out var pk)
            && pk.Points.Held(From(known), Stored.Head, points => points == (shown.LeftPoints, shown.RightPoints))
            && (!shown.Closed || IsOver(pk.ClosedBy, pk.ClosesAt))
            && shown.Winner is null == !shown.Closed
            && shown.Winner is null or PkWinner.Draw == (shown.LeftPoints == shown.RightPoints || !shown.Closed);
        Require(isThere, $"{shown} is shown, stored is {pk?.Points.Now}");
    }

    /// <summary>A draw is seen by somebody: before its time it gives nothing away, and behind it all can be
    /// recomputed.</summary>
    public void Show(Draw shown, long from)
    {
        if (!Stored.Draws.TryGetValue(shown.DrawId, out var draw))
        {
            Stored.Refresh();
            draw = Stored.Draws.GetValueOrDefault(shown.DrawId);
        }

        Require(draw is not null, $"{shown} is shown and not stored");
        Require(
            _commitments.TryAdd(shown.DrawId, shown.Commitment) || _commitments[shown.DrawId] == shown.Commitment,
            $"draw {shown.DrawId} is committed to {shown.Commitment} and to {_commitments[shown.DrawId]}");
        if (shown.Seed is null)
        {
            Require(
                shown.WinnerIds is null && shown.EntrantsHash is null
                    && (draw!.DecidedBy == 0 || draw.DecidedBy > from),
                $"{shown} gives nothing, decided by {draw?.DecidedBy}");
            return;
        }

        Stored.Refresh();
        Require(draw!.DecidedBy > 0 && shown.Closed, $"{shown} gives its seed away");
        var wrong = DrawAudit.FindWrong(
            shown.Seed, _commitments[shown.DrawId], DrawAudit.InOrder(draw.Entrants.Keys), shown.Winners, shown.Seed,
            shown.Commitment, shown.EntrantsHash, [.. shown.WinnerIds ?? []]);
        Require(wrong is null && shown.Entrants == draw.Entrants.Count, $"draw {shown.DrawId}: {wrong}");
    }

    /// <summary>A list of open questions is seen by a viewer.</summary>
    public void Show(ImmutableArray<Question> shown, UserId viewer, long known, int most, bool isTop)
    {
        Stored.Refresh();
        var from = From(known);
        foreach (var question in shown) Show(question, viewer, from);
        var isInOrder = shown.Zip(shown.Skip(1)).All(pair => isTop
            ? pair.First.Upvotes > pair.Second.Upvotes
                || (pair.First.Upvotes == pair.Second.Upvotes
                    && pair.First.QuestionId.Value < pair.Second.QuestionId.Value)
            : pair.First.QuestionId.Value > pair.Second.QuestionId.Value);
        Require(isInOrder, $"questions are out of order: {string.Join(' ', shown.Select(one => one.QuestionId))}");
        if (shown.Length >= most) return;
        var hidden = Stored.OpenQuestions.FirstOrDefault(
            question => question.Version <= from && shown.All(one => one.QuestionId != question.Id));
        Require(hidden is null, $"question {hidden?.Id} is open and not shown");
    }

    /// <summary>What was said again is spared too, so that nobody can say where the viewer goes on.</summary>
    public override long Skip(long next, int count) => 0;

    protected override bool IsStoredToo(RoomEvent happened)
    {
        switch (happened)
        {
            case PollOpened { Poll: var poll }:
                return Stored.Polls.ContainsKey(poll.PollId);
            case PollClosed { Poll: var poll }:
                return Stored.Polls.TryGetValue(poll.PollId, out var closed) && closed.ClosedBy > 0
                    && LoggedPoll.Show(poll.Counts, poll.Voters) == closed.Tally.Now && poll.Closed;
            case PkOpened { Pk: var pk }:
                return Stored.Pks.ContainsKey(pk.PkId);
            case PkClosed { Pk: var pk }:
                return Stored.Pks.TryGetValue(pk.PkId, out var over) && over.ClosedBy > 0
                    && over.Points.Now == (pk.LeftPoints, pk.RightPoints) && pk.Closed;
            case QuestionAsked { Question: var asked }:
                return Stored.Questions.TryGetValue(asked.QuestionId.Value, out var question)
                    && question.Text == asked.Text && question.User == asked.UserId;
            case QuestionAnswered { Question: var answered }:
                return Stored.Questions.TryGetValue(answered.QuestionId.Value, out var settled)
                    && settled.IsAnswered && settled.Answer == answered.Answer
                    && settled.Upvoters.Count == answered.Upvotes;
            case QuestionDismissed { QuestionId: var id }:
                return Stored.Questions.TryGetValue(id.Value, out var gone) && gone.IsGone;
            case ItemPinned { Pin: var pin }:
                return Stored.Pin.Last(pinned => pinned == StoredRoom.Show(pin)) > 0;
            case ItemUnpinned:
                return Stored.Pin.Last(pinned => pinned.Length == 0) > 0;
            default:
                return IsModerated(happened);
        }
    }

    protected override void ShowTallies(RoomFrame frame)
    {
        if (!AreStored(frame)) Stored.Refresh();
        if (!AreStored(frame)) Violate($"frame {frame.Epoch}.{frame.Seq} tells tallies that never were");
    }

    private bool IsModerated(RoomEvent happened)
    {
        switch (happened)
        {
            case MessageRecalled { Seq: var seq }:
                return Stored.Danmaku.TryGetValue(seq, out var danmaku) && danmaku.RecalledBy > 0;
            case HeldReviewed { HeldId: var heldId } reviewed:
                return Stored.Held.TryGetValue(heldId, out var held) && held.ReviewedBy > 0
                    && held.Seq == reviewed.Seq && reviewed.Approved == reviewed.Seq is not null;
            case ModeratorChanged changed:
                return Stored.ModeratorOf(changed.UserId).Last(moderates => moderates == changed.Moderator) > 0;
            case DrawAnnounced { Draw: var draw }:
                Show(draw, from: 0);
                return draw.Seed is null;
            case DrawResultAnnounced { Draw: var draw }:
                Show(draw, from: 0);
                return draw.Seed is not null;
            default:
                return false;
        }
    }

    private bool AreStored(RoomFrame frame)
    {
        return (frame.Polls ?? []).All(tally => Stored.Polls.TryGetValue(tally.PollId, out var poll)
                && poll.Tally.Held(0, Stored.Head, stored => stored == LoggedPoll.Show(tally.Counts, tally.Voters))
                && (!tally.Closed || poll.ClosedBy > 0))
            && (frame.Pks ?? []).All(tally => Stored.Pks.TryGetValue(tally.PkId, out var pk)
                && pk.Points.Held(0, Stored.Head, points => points == (tally.LeftPoints, tally.RightPoints)))
            && (frame.Draws ?? []).All(tally => Stored.Draws.TryGetValue(tally.DrawId, out var draw)
                && draw.Count.Held(0, Stored.Head, count => count == tally.Entrants)
                && (!tally.Closed || draw.ClosedBy > 0))
            && (frame.Questions ?? []).All(tally
                => Stored.Questions.TryGetValue(tally.QuestionId.Value, out var question)
                && question.Upvotes.Held(0, Stored.Head, count => count == tally.Upvotes));
    }

    private void Show(Question shown, UserId viewer, long from)
    {
        var isThere = Stored.Questions.TryGetValue(shown.QuestionId.Value, out var question)
            && question.Text == shown.Text && question.User == shown.UserId
            && question.Upvotes.Held(from, Stored.Head, count => count == shown.Upvotes)
            && (question.SettledBy == 0 || question.SettledBy > from);
        Require(isThere, $"{shown} is shown as open, stored is {question?.Upvotes.Now}, settled {question?.SettledBy}");
        if (viewer == default) return;
        var has = question!.Upvoters.TryGetValue(viewer, out var version);
        Require(
            shown.Upvoted == true ? has : !has || version > from,
            $"{viewer} is told {shown.Upvoted} of question {shown.QuestionId}, stored is {has}");
    }

    private static string Tell(Poll poll) => string.Create(
        CultureInfo.InvariantCulture,
        $"poll {poll.PollId} {LoggedPoll.Show(poll.Counts, poll.Voters)} {poll.Closed}");
}
