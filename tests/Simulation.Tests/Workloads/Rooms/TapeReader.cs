using System.Collections.Immutable;
using RedNote.Embedded.Simulation;
using RedNote.Live;

namespace RedNote.Simulation.Rooms;

/// <summary>Reads tapes as people do, and compares them with what is stored.</summary>
internal static class TapeReader
{
    /// <summary>Reads a piece of the tape from somewhere on, in pages: all of it that was there is in the answer.
    /// </summary>
    public static async Task Look(SimulatedWorld world, RoomCast cast, RoomRecord room, SimulationRandom random)
    {
        room.Stored.Refresh();
        var (stored, cuts) = (room.Stored.Tape, room.Stored.TapeCuts);
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
        if (room.Stored.TapeCuts > cuts)
        {
            // Between two pages something was taken from the tape.
            CheckOrder(world, room, read);
            return;
        }

        var expected = stored.Where(item => IsIn(item, from, to)).ToList();
        world.Require(
            read.Count <= expected.Count && read.Zip(expected).All(pair => IsSame(room, pair.First, pair.Second)),
            $"The tape of {room.Id} from {from} to {to} is not what is stored.");
        world.Require(
            next is not null || read.Count >= before,
            $"The tape of {room.Id} from {from} to {to} ends after {read.Count} of {before}.");
    }

    /// <summary>Reads the whole tape: it is what is stored.</summary>
    public static async Task<ImmutableArray<TapeItem>> ReadAll(SimulatedWorld world, RoomCast cast, RoomRecord room)
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
        world.Require(
            items.OfType<TapeDanmaku>().All(said => (said.Count ?? 1) == room.Stored.Danmaku[said.Seq].Count.Now),
            $"The tape of {room.Id} counts otherwise how often things were said.");
        return items.ToImmutable();
    }

    private static void CheckOrder(SimulatedWorld world, RoomRecord room, List<TapeItem> read)
    {
        var isInOrder = read.Zip(read.Skip(1)).All(pair => pair.First.At <= pair.Second.At)
            && read.OfType<TapeDanmaku>().All(danmaku => room.Stored.Danmaku.ContainsKey(danmaku.Seq));
        world.Require(isInOrder, $"The tape of {room.Id} is out of order.");
    }

    private static bool IsIn(StoredItem item, long from, long? to)
        => item.MediaAt >= from && (to is null || item.MediaAt < to);

    private static bool IsSame(RoomRecord room, TapeItem read, StoredItem stored)
        => read.At == stored.MediaAt && read switch
        {
            TapeDanmaku danmaku => stored.Kind == "danmaku" && danmaku.Seq == stored.Number
                && (!danmaku.Sampled || room.Stored.IsSampled(danmaku.Seq)),
            TapeLikes likes => stored.Kind == "likes" && likes.Count == stored.Number,
            TapeLikeMilestone reached => stored.Kind == "like_milestone" && reached.Likes == stored.Number,
            TapePollOpened opened => stored.Kind == "poll_opened" && opened.PollId.Value == stored.Number,
            TapePollClosed closed => stored.Kind == "poll_closed" && closed.PollId.Value == stored.Number
                && LoggedPoll.Show(closed.Counts, closed.Voters) == room.Stored.Polls[closed.PollId].Tally.Now,
            TapePkOpened opened => stored.Kind == "pk_opened" && opened.PkId.Value == stored.Number,
            TapePkClosed closed => stored.Kind == "pk_closed" && closed.PkId.Value == stored.Number
                && (closed.LeftPoints, closed.RightPoints) == room.Stored.Pks[closed.PkId].Points.Now,
            TapeQuestion asked => stored.Kind == "question" && asked.QuestionId.Value == stored.Number,
            TapeQuestionAnswered answered => stored.Kind == "question_answered"
                && answered.QuestionId.Value == stored.Number,
            TapeDrawOpened opened => stored.Kind == "draw_opened" && opened.Draw.DrawId.Value == stored.Number
                && opened.Draw.Seed is null,
            TapeDrawResult decided => stored.Kind == "draw_result" && decided.Draw.DrawId.Value == stored.Number,
            TapePinned => stored.Kind == "pinned",
            TapeUnpinned => stored.Kind == "unpinned",
            TapeStarted => stored.Kind == "started",
            TapeEnded => stored.Kind == "ended",
            _ => false,
        };
}
