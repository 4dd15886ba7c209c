using RedNote.Live;

namespace RedNote.Simulation.Groups;

/// <summary>Polls: opens them, votes once or twice, closes them, looks at them.</summary>
internal sealed partial class GroupPerson
{
    private readonly Dictionary<(GroupId Group, string Key), (OpenPoll Command, PollId Poll)> _polls = [];

    private async Task OpenPoll(GroupBook group, int number)
    {
        var key = $"p{number % 6}";
        if (!_polls.TryGetValue((group.Id, key), out var bound) || number % 5 == 0)
        {
            var word = $"{id}x{++_words}e";
            bound = (new OpenPoll(
                new PollId((id.Value * 1_000_000) + _words), $"q{word} where to?", [$"a{word}", $"b{word}", $"c{word}"],
                number % 2 == 0, number % 3 == 0, 5 + (number % 100), key), default);
        }

        var command = bound.Command;
        var (asked, oldest) = (group.Head, group.Oldest);
        var outcome = await Until($"opens {command}", group, grain => grain.OpenPoll(id, Name, command));
        var what = $"{command} of {id} is answered {outcome}";
        if (outcome is { Status: CommandStatus.Done, Poll: { } poll })
        {
            group.Acknowledge(asked, what, view => view.Polls.GetValueOrDefault(poll.PollId.Value) is { } stored
                && stored.By == id.Value && stored.Key == key && stored.Seq == outcome.Seq
                && (view.Message(stored.Seq) is { Recalled: true }
                    || view.Message(stored.Seq)?.Card?.Id == poll.PollId.Value));
            world.Require(
                poll.Question.Length > 0 || group.Now.Polls[poll.PollId.Value].IsWithdrawn, $"{what} without a word.");
            world.Require(
                bound.Poll == default || bound.Poll == poll.PollId, $"{key} of {id} was {bound.Poll}; {what}.");
            _polls[(group.Id, key)] = (command, poll.PollId);
            return;
        }

        group.Judge(oldest, what, view => outcome.Status switch
        {
            CommandStatus.NotFound => view.Members.IsEmpty || (view.IsDirect && !view.Has(id)),
            CommandStatus.Forbidden => !view.Has(id) || view.Member(id) is { MutedUntil: not null },
            CommandStatus.Conflict => view.Polls.Values.Any(one => one.By == id.Value && one.Key == key)
                && (!_polls.TryGetValue((group.Id, key), out var first) || first.Command != command),
            CommandStatus.RateLimited =>
                view.Polls.Values.Count(one => !one.IsClosed) >= cast.Options.OpenPolls
                || view.Polls.Count >= cast.Options.KeptPolls,
            _ => false,
        });
    }

    private async Task Vote(GroupBook group, int number)
    {
        if (SomePoll(group, number) is not { } poll) return;
        var choices = number % 9;
        var (asked, oldest) = (group.Head, group.Oldest);
        var verdict = await Until($"votes {choices} in {poll}", group, grain => grain.Vote(id, poll, choices));
        var what = $"{choices} of {id} in {poll} is answered {verdict}";
        if (verdict.Status == VerdictStatus.Accepted)
            group.Acknowledge(
                asked, what, view => view.Polls[poll.Value].Ballots.GetValueOrDefault(id.Value) == choices);
        else if (verdict.Reason == RejectReason.AlreadyVoted)
            group.Acknowledge(asked, what, view => view.Polls[poll.Value].Ballots.ContainsKey(id.Value));
        else
            group.Judge(oldest, what, view => verdict.Reason switch
            {
                RejectReason.NotFound => !view.Has(id) || !view.Polls.ContainsKey(poll.Value),
                RejectReason.PollClosed => view.Polls.ContainsKey(poll.Value),
                RejectReason.InvalidChoice => view.Polls.TryGetValue(poll.Value, out var stored)
                    && (choices is 0 or > 7 || (!stored.IsMultiple && choices is not (1 or 2 or 4))),
                _ => false,
            });
    }

    private async Task LookAtPoll(GroupBook group, int number)
    {
        if (SomePoll(group, number) is not { } poll) return;
        var oldest = group.Oldest;
        var outcome = await Until($"looks at {poll}", group, grain => grain.Poll(poll, id));
        CheckPoll(group, oldest, poll, outcome);
    }

    private async Task ClosePoll(GroupBook group, int number)
    {
        if (SomePoll(group, number) is not { } poll) return;
        var (asked, oldest) = (group.Head, group.Oldest);
        var outcome = await Until($"closes {poll}", group, grain => grain.ClosePoll(id, poll));
        if (outcome.Status == CommandStatus.Forbidden && group.Log.Views.Any(view => view.Has(id)))
        {
            group.Judge(
                oldest, $"closing {poll} is forbidden to {id}",
                view => !view.Has(id)
                    || (!view.IsAdmin(id) && view.ShownPoll(poll) is { } shown && shown.By != id.Value));
            return;
        }

        CheckPoll(group, oldest, poll, outcome);
        if (outcome.Poll is not { } closed) return;
        world.Require(closed.Closed, $"{closed} was closed by {id}.");
        group.Acknowledge(asked, $"{closed} was closed", view => view.Polls.ContainsKey(poll.Value));
    }

    private void CheckPoll(GroupBook group, long oldest, PollId poll, PollOutcome outcome)
    {
        if (outcome.Status == CommandStatus.NotFound && group.Now.Has(id))
        {
            group.Judge(oldest, $"{poll} is not found", view => !view.Has(id) || view.ShownPoll(poll) is null);
            return;
        }

        if (!IsServed(group, oldest, outcome.Status)) return;
        var shown = outcome.Poll!;
        group.Judge(
            oldest, $"{id} is shown {shown}: {string.Join(' ', shown.Counts)}",
            view => view.ShownPoll(poll) is { } stored
                && stored.Matches(shown.Counts, shown.Voters) && (shown.Closed || !stored.IsClosed)
                && (shown.MyChoices ?? []).Sum(choice => 1 << choice) == stored.Ballots.GetValueOrDefault(id.Value));
    }

    private async Task LookAtBallots(GroupBook group, int number)
    {
        if (SomePoll(group, number) is not { } poll) return;
        var oldest = group.Oldest;
        var outcome = await Until(
            $"looks who voted in {poll}", group, grain => grain.Ballots(id, poll, default, 100));
        group.Judge(oldest, $"{id} is answered {outcome} to who voted in {poll}", view => outcome.Status switch
        {
            CommandStatus.NotFound => view.Members.IsEmpty || (view.IsDirect && !view.Has(id))
                || view.ShownPoll(poll) is null,
            CommandStatus.Forbidden => !view.Has(id) || view.ShownPoll(poll) is { IsAnonymous: true },
            _ => view.Has(id) && view.ShownPoll(poll) is { IsAnonymous: false } open
                && open.Ballots.SequenceEqual(outcome.Page!.Items.Select(ballot => KeyValuePair.Create(
                    ballot.UserId.Value, ballot.Choices.Sum(choice => 1 << choice)))),
        });
    }

    private static PollId? SomePoll(GroupBook group, int number)
        => group.Now.Polls is { IsEmpty: false } polls
            ? new PollId(polls.Keys.ElementAt(number % polls.Count))
            : null;
}
