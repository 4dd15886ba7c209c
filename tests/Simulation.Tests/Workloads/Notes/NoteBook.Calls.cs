using RedNote.Notes;

namespace RedNote.Simulation.Notes;

/// <summary>The calls of a note's grain, each judged when it is answered.</summary>
internal sealed partial class NoteBook
{
    public async Task Write(object grain, WriteNote command, Func<Task<NoteOutcome>> call)
    {
        Say(command.Content);
        var arrival = Arrive(grain);
        var (status, note) = await call();
        var isOwn = Now.Author == command.Author.Value && Now.Key == command.Key;
        switch (status)
        {
            case CommandStatus.Done:
                Require(isOwn && WasFirst(command.Content), $"was written by {command}");
                CheckDone(arrival, command.Author, note!);
                break;
            case CommandStatus.Conflict:
                Require(isOwn && (Now.IsDeleted || !WasFirst(command.Content, unless: true)), $"refuses {command}");
                break;
            case CommandStatus.Forbidden:
                Require(Now.Author > 0 && !isOwn, $"forbids {command}");
                break;
            default:
                Require(status == CommandStatus.TryAgain, $"answers {command} with {status}");
                break;
        }
    }

    public async Task Change(object grain, UserId by, NoteChange change, Func<Task<NoteOutcome>> call)
    {
        Say(new NoteContent(change.Title ?? "", change.Body ?? "", change.Images ?? [], change.Tags ?? []));
        var arrival = Arrive(grain);
        var (status, note) = await call();
        if (status != CommandStatus.Done)
        {
            CheckRefusal(arrival, by, status);
            return;
        }

        CheckDone(arrival, by, note!);
        var content = note!.Content;
        Require(
            Now.Author == by.Value && content.Title == (change.Title ?? content.Title)
                && content.Body == (change.Body ?? content.Body)
                && content.Images.SequenceEqual(change.Images ?? content.Images)
                && content.Tags.SequenceEqual(change.Tags ?? content.Tags),
            $"was changed by {by} to {change}: {note}");
    }

    public async Task Delete(object grain, UserId by, Func<Task<CommandStatus>> call)
    {
        var arrival = Arrive(grain);
        var status = await call();
        if (status != CommandStatus.Done)
        {
            CheckRefusal(arrival, by, status);
            return;
        }

        Require(Now.IsDeleted && Now.Author == by.Value, $"was deleted by {by}");
        Know(arrival, Moments.First(moment => moment.IsDeleted).Version);
    }

    public async Task Get(object grain, UserId? reader, Func<Task<Note?>> call)
    {
        var arrival = Arrive(grain);
        if (await call() is not { } note)
        {
            Require(Was(arrival.Oldest, moment => !moment.IsShown), $"is not shown from {arrival.Oldest} on");
            return;
        }

        var version = note.Counts.Version;
        Require(
            version >= arrival.Oldest && version <= Head && Moments[(int)version].Matches(note, reader),
            $"is shown to {reader} as {note} from {arrival.Oldest} on");
        Know(arrival, version);
    }

    public async Task Watch(object grain, Func<Task<NoteCounts?>> call)
    {
        var arrival = Arrive(grain);
        if (await call() is not { } counts)
        {
            Require(Was(arrival.Oldest, moment => moment.Author == 0), $"is not watched from {arrival.Oldest} on");
            return;
        }

        Require(counts.Version >= arrival.Oldest, $"counts {counts}, and knew {arrival.Oldest}");
        CheckTold(counts);
        Know(arrival, counts.Version);
    }

    /// <summary>Likes and collects. Who repeats or is late changes nothing; a count is that of the very moment.
    /// </summary>
    public async Task Mark(object grain, MarkBatch batch, Func<Task<MarkOutcome>> call)
    {
        var now = _world.Cluster.Loop.Now;
        _open.RemoveAll(old => now - old.At > Lingering.Ticks);
        var arrival = Arrive(grain);
        var came = arrival.Activation.Came;
        came[batch.Gateway] = Math.Max(batch.Number, came.GetValueOrDefault(batch.Gateway));
        var isLate = arrival.Activation.Decided.GetValueOrDefault(batch.Gateway) > batch.Number;
        var attempt = new Attempt(batch, now);
        if (!isLate) _open.Add(attempt);
        var outcome = await call();
        switch (outcome.Status)
        {
            case CommandStatus.Done:
                Require(!isLate, $"takes {batch.Gateway}:{batch.Number}, which one that followed has overtaken");
                CheckMarks(arrival, batch, outcome);
                _cast.Sent(this, batch);
                break;
            case CommandStatus.NotFound:
                Require(Was(arrival.Oldest, moment => !moment.IsShown), $"is not marked from {arrival.Oldest} on");
                break;
            case CommandStatus.WrongState:
                var last = came.GetValueOrDefault(batch.Gateway);
                Require(last > batch.Number, $"calls {batch.Gateway}:{batch.Number} late, and the last was {last}");
                break;
            default:
                // What has become of it is open, and stays so: it is not taken out.
                Require(outcome.Status == CommandStatus.TryAgain, $"answers {outcome}");
                return;
        }

        _open.Remove(attempt);
    }

    /// <summary>Finds the version on which the batch was decided, at or after what was stored when it came.</summary>
    private void CheckMarks(Arrival arrival, MarkBatch batch, MarkOutcome outcome)
    {
        var decided = arrival.Activation.Decided;
        decided[batch.Gateway] = Math.Max(batch.Number, decided.GetValueOrDefault(batch.Gateway));
        for (var version = arrival.Head; version <= Head; version++)
        {
            var trial = new MarkTrial(Moments[(int)version], batch.Marks);
            var after = version + trial.Events;
            if (!trial.Counts.SequenceEqual(outcome.Counts) || after > Head || !trial.Became(Moments[(int)after]))
                continue;
            Know(arrival, after);
            for (var i = 0; i < batch.Marks.Length; i++) Answers.Add((batch.Marks[i], outcome.Counts[i]));
            return;
        }

        Require(
            false, $"answers {string.Join(' ', batch.Marks)} with {string.Join(' ', outcome.Counts)}, nowhere so from "
                + $"{arrival.Head} on");
    }

    /// <summary>What is answered as done is so at a version that holds all that was stored when it was asked for.
    /// </summary>
    private void CheckDone(Arrival arrival, UserId by, Note note)
    {
        var version = note.Counts.Version;
        Require(
            version >= arrival.Head && version <= Head && Moments[(int)version].Matches(note, by),
            $"is answered to {by} as {note} from {arrival.Head} on");
        Know(arrival, version);
    }

    private void CheckRefusal(Arrival arrival, UserId by, CommandStatus status)
    {
        var isRight = status switch
        {
            CommandStatus.NotFound => Was(arrival.Oldest, moment => !moment.IsShown),
            CommandStatus.Forbidden => Now.Author > 0 && Now.Author != by.Value,
            _ => status == CommandStatus.TryAgain,
        };
        Require(isRight, $"answers {by} with {status} from {arrival.Oldest} on");
    }

    /// <summary>Whether that was written first, as far as it is known.</summary>
    private bool WasFirst(NoteContent content, bool unless = false)
        => Now.First is { } first ? NoteMoment.AreAlike(first, content) : !unless;

    private void Say(NoteContent content) => _said.UnionWith(NoteMoment.Words(content));
}
