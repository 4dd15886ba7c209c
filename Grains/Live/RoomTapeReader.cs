using System.Collections.Immutable;
using RedNote.Journal;

namespace RedNote.Live;

/// <summary>Reads a room's tape from its log.</summary>
internal sealed class RoomTapeReader(IEventLog<LiveRoomState, LiveRoomEvent> log, int scanEvents)
{
    /// <summary>What is left of a search by halves is read through: a row of the log may hold as many.</summary>
    private const int ScanFrom = 512;

    /// <summary>Events read to find the next one that has a place.</summary>
    private const int Step = 64;

    /// <summary>
    /// A piece of the tape: as many items as asked for, or fewer when few were found among as many events as may be
    /// looked through for one answer; it says where to go on.
    /// </summary>
    public async Task<TapePage> Read(TapeQuery query)
    {
        var from = query.From.After > 0
            ? query.From.After + 1
            : await FirstFrom(RoomTape.MediaAt, query.From.At);
        var items = ImmutableArray.CreateBuilder<TapeItem>(Math.Min(query.Limit, ScanFrom));
        var read = 0;
        TapePosition last = query.From;
        while (true)
        {
            var events = await log.Read(new VersionRange(from), ScanFrom);
            foreach (var (version, raised) in await Shown(events))
            {
                if (RoomTape.Item(raised) is not { } item || item.At < query.From.At)
                {
                    continue;
                }

                if (item.At >= query.To)
                {
                    return new TapePage(items.ToImmutable(), null);
                }

                if (items.Count == query.Limit)
                {
                    return new TapePage(items.ToImmutable(), last);
                }

                items.Add(item);
                last = new TapePosition(item.At, version);
            }

            if (events.Length < ScanFrom)
            {
                return new TapePage(items.ToImmutable(), null);
            }

            from = events[^1].Version + 1;
            read += events.Length;
            if (read >= scanEvents)
            {
                return new TapePage(items.ToImmutable(), last with { After = from - 1 });
            }
        }
    }

    /// <summary>The event that shows a danmaku, with its text unless that was recalled; null: it is not in the log any
    /// more.</summary>
    public async Task<(long Version, DanmakuSent Event)?> Find(long seq)
    {
        for (var from = await FirstFrom(RoomTape.Seq, seq); ;)
        {
            var events = await log.Read(new VersionRange(from), Step);
            foreach (var (version, raised) in events)
            {
                if (raised is DanmakuSent sent && sent.Seq >= seq)
                {
                    return sent.Seq == seq ? (version, sent) : null;
                }
            }

            if (events.Length < Step)
            {
                return null;
            }

            from = events[^1].Version + 1;
        }
    }

    /// <summary>A version before which no event has <paramref name="wanted"/> or a later place; those that have it
    /// begin among the few events that follow.</summary>
    private async Task<long> FirstFrom(Func<LiveRoomEvent, long?> place, long wanted)
    {
        await log.WhenConfirmed();
        var (low, high) = (1L, log.ConfirmedVersion + 1);
        while (high - low > ScanFrom)
        {
            var middle = low + ((high - low) / 2);
            if (await NextPlaced(place, middle, high) is { } found && found.Place < wanted)
            {
                low = found.Version + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }

    /// <summary>The first event from a version on, and before another, that has a place.</summary>
    private async Task<(long Version, long Place)?> NextPlaced(
        Func<LiveRoomEvent, long?> place, long from, long before)
    {
        while (from < before)
        {
            var events = await log.Read(new VersionRange(from, before - 1), Step);
            foreach (var (version, raised) in events)
            {
                if (place(raised) is { } found)
                {
                    return (version, found);
                }
            }

            if (events.Length < Step)
            {
                break;
            }

            from = events[^1].Version + 1;
        }

        return null;
    }

    /// <summary>Events without what was said of questions that were taken away.</summary>
    private async Task<IReadOnlyList<LoggedEvent<LiveRoomEvent>>> Shown(
        ImmutableArray<LoggedEvent<LiveRoomEvent>> events)
    {
        if (RemovedQuestions.Ask(events) is not { } ask)
        {
            return events;
        }

        var removed = RemovedQuestions.Read(await log.Query(ask));
        return [.. events.Where(logged => RemovedQuestions.QuestionOf(logged.Event) is not { } question
            || !removed.Contains(question))];
    }
}
