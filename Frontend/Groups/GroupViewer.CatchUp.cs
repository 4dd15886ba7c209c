using System.Collections.Immutable;
using RedNote.Frontend.Problems;
using RedNote.Groups;

namespace RedNote.Frontend.Groups;

/// <summary>How a connection that was too slow, or whose news were lost, is sent what it missed.</summary>
internal sealed partial class GroupViewer
{
    /// <summary>Sends what was dropped: changes to what the client has, then messages; whoever missed too much is told
    /// which. The right to write is held all the while.</summary>
    private async Task CatchUp()
    {
        // Elsewhere: whoever pushed has others to serve.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        try
        {
            for (var sent = 0; TryBeginStep(out var changes, out var after);)
            {
                await Write(changes);
                var step = sent < options.CatchUpMessages
                    ? await FetchStep(after)
                    : await SkipStep(after);
                foreach (var some in step.Batches)
                {
                    await Write(some);
                }

                sent += step.Sent;
            }
        }
        catch (Exception)
        {
            // The connection is going away.
            Leave();
        }

        WriteQueued();
    }

    private bool TryBeginStep(out ImmutableArray<GroupEvent> changes, out long after)
    {
        lock (_gate)
        {
            (changes, after) = ([], _told);
            if (_phase is not (Phase.Behind or Phase.CatchingUp))
            {
                return false;
            }

            if (_isStale || _missed is { IsOver: true })
            {
                // Older messages than these are the client's to ask for again, should it show them.
                changes = [new EventsMissed(Math.Max(1, _told - MessagePage.MaxLimit + 1), _told)];
            }
            else if (_missed is not null)
            {
                changes = _missed.Before(_told);
            }

            (_missed, _isStale, _phase) = (null, false, Phase.CatchingUp);
            return true;
        }
    }

    private async Task<CatchUpStep> FetchStep(long after)
    {
        var answer = await Ask(() => source.MessagesAfter(user, after));
        if (answer.Status != CommandStatus.Done)
        {
            return Expel(answer.Status);
        }

        var page = answer.Page!;
        lock (_gate)
        {
            if (_phase is not (Phase.Behind or Phase.CatchingUp))
            {
                return CatchUpStep.Nothing;
            }

            EndStep(page.Items.IsEmpty ? after : page.Items[^1].Seq, isLast: !page.HasMore);
        }

        return new CatchUpStep([.. MessageBatch.Split(page.Items, options.MessageBytes)], page.Items.Length);
    }

    /// <summary>So much was missed that paging is better: the client is told what.</summary>
    private async Task<CatchUpStep> SkipStep(long after)
    {
        var answer = await Ask(() => source.Get(user));
        if (answer.Status != CommandStatus.Done)
        {
            return Expel(answer.Status);
        }

        var last = answer.Group!.LastSeq;
        lock (_gate)
        {
            if (_phase is not (Phase.Behind or Phase.CatchingUp))
            {
                return CatchUpStep.Nothing;
            }

            EndStep(Math.Max(after, last), isLast: true);
        }

        return last <= after ? CatchUpStep.Nothing : new CatchUpStep([[new EventsMissed(after + 1, last)]], 0);
    }

    /// <summary>The messages up to there are about to be sent; if those are all, news go out again, unless too many
    /// came meanwhile.</summary>
    private void EndStep(long told, bool isLast)
    {
        _told = told;
        _seen = Math.Max(_seen, told);
        if (_phase == Phase.CatchingUp && isLast)
        {
            _phase = Phase.Live;
            SkipTold();
        }
    }

    /// <summary>Asks until there is an answer, or nobody waits for it.</summary>
    private async Task<TAnswer> Ask<TAnswer>(Func<Task<TAnswer>> ask)
    {
        while (true)
        {
            try
            {
                return await ask();
            }
            catch (Exception failure) when (ProblemHandling.IsUnknownOutcome(failure) && !IsGone)
            {
                await Task.Delay(options.CatchUpPause, time);
            }
        }
    }

    /// <summary>The user is not a member any more, and that news was among those that were lost. The client is told to
    /// ask again, and will be refused.</summary>
    private CatchUpStep Expel(CommandStatus status)
    {
        lock (_gate)
        {
            if (_phase == Phase.Gone)
            {
                return CatchUpStep.Nothing;
            }

            _phase = Phase.Gone;
            Clear();
        }

        source.Expelled(this);
        return status == CommandStatus.TryAgain
            ? CatchUpStep.Nothing
            : new CatchUpStep([[new EventsMissed(1, Math.Max(1, _told))]], 0);
    }

    /// <summary>Takes out of what waits the messages that have just been sent.</summary>
    private void SkipTold()
    {
        for (var left = _queue?.Count ?? 0; left > 0; left--)
        {
            var waiting = _queue!.Dequeue();
            if (waiting.FirstSeq != 0 && waiting.FirstSeq <= _told)
            {
                var rest = waiting.Events.RemoveAll(
                    happened => happened is MessageSent { Message: var sent } && sent.Seq <= _told);
                if (rest.IsEmpty)
                {
                    continue;
                }

                waiting = new SharedEvents(source.Group, rest, encoder);
            }

            _queue.Enqueue(waiting);
        }
    }

    private ValueTask Write(ImmutableArray<GroupEvent> events)
        => events.IsEmpty ? ValueTask.CompletedTask : writer.Write(new SharedEvents(source.Group, events, encoder));

    /// <param name="Batches">What is to be written.</param>
    /// <param name="Sent">Messages in it.</param>
    private sealed record CatchUpStep(ImmutableArray<ImmutableArray<GroupEvent>> Batches, int Sent)
    {
        public static CatchUpStep Nothing { get; } = new([], 0);
    }
}
