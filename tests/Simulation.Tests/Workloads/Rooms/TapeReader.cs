using System.Collections.Immutable;
using RedNote.Embedded.Simulation;
using RedNote.Live;

namespace RedNote.Simulation.Rooms;

/// <summary>Reads tapes as people do, and compares them with what is stored.</summary>
internal static class TapeReader
{
    /// <summary>Reads a piece of the tape from somewhere on, in pages: all of it that was there is in the answer.
    /// </summary>
    public static async Task Look(SimulatedWorld world, RoomCast cast, RoomModel room, SimulationRandom random)
    {
        room.Stored.Refresh();
        var stored = room.Stored.Tape;
        var from = stored.Count > 0 && random.Chance(0.7) ? random.Pick(stored).MediaAt : 0;
        long? to = random.Chance(0.2) ? from + random.Next(10_000) : null;
        var known = room.Known;
        var before = stored.Count(item => IsIn(item, from, to));
        var pages = 1 + random.Next(4);
        var limit = random.Next(4) switch { 0 => 1, 1 => 5, 2 => 50, _ => 1_000 };
        var read = new List<TapeItem>();
        var next = (TapePosition?)new TapePosition(from, 0);
        while (next is { } position && pages-- > 0)
        {
            var page = await cast.Grains.LiveRoom(room.Id).Tape(new TapeQuery(position, to, limit));
            if (page is null)
            {
                room.CheckAbsent(known);
                return;
            }

            world.Require(page.Items.Length <= TapeQuery.MaxLimit, $"{page.Items.Length} items in a page.");
            read.AddRange(page.Items);
            next = page.Next;
        }

        room.Stored.Refresh();
        var expected = stored.Where(item => IsIn(item, from, to)).ToList();
        world.Require(
            read.Count <= expected.Count && read.Zip(expected).All(pair => IsSame(room, pair.First, pair.Second)),
            $"The tape of {room.Id} from {from} to {to} is not what is stored.");
        world.Require(
            next is not null || read.Count >= before,
            $"The tape of {room.Id} from {from} to {to} ends after {read.Count} of {before}.");
    }

    /// <summary>Reads the whole tape: it is what is stored.</summary>
    public static async Task<ImmutableArray<TapeItem>> ReadAll(SimulatedWorld world, RoomCast cast, RoomModel room)
    {
        var items = ImmutableArray.CreateBuilder<TapeItem>();
        for (TapePosition? next = default(TapePosition); next is { } position;)
        {
            var page = await cast.Grains.LiveRoom(room.Id).Tape(new TapeQuery(position, null, 100));
            items.AddRange(page!.Items);
            next = page.Next;
        }

        room.Stored.Refresh();
        world.Require(
            items.Count == room.Stored.Tape.Count
                && items.Zip(room.Stored.Tape).All(pair => IsSame(room, pair.First, pair.Second)),
            $"The tape of {room.Id} is not what is stored.");
        world.Require(
            items.OfType<TapeDanmaku>().All(danmaku => danmaku.Sampled == room.Stored.IsSampled(danmaku.Seq)),
            $"The tape of {room.Id} marks others as left out than are.");
        return items.ToImmutable();
    }

    private static bool IsIn(StoredItem item, long from, long? to)
        => item.MediaAt >= from && (to is null || item.MediaAt < to);

    private static bool IsSame(RoomModel room, TapeItem read, StoredItem stored)
        => read.At == stored.MediaAt && read switch
        {
            TapeDanmaku danmaku => stored.Kind == "danmaku" && danmaku.Seq == stored.Number
                && (!danmaku.Sampled || room.Stored.IsSampled(danmaku.Seq)),
            TapeLikes likes => stored.Kind == "likes" && likes.Count == stored.Number,
            TapeLikeMilestone reached => stored.Kind == "like_milestone" && reached.Likes == stored.Number,
            TapeStarted => stored.Kind == "started",
            TapeEnded => stored.Kind == "ended",
            _ => false,
        };
}
