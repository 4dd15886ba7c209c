using System.Collections.Immutable;
using RedNote.Deals;
using RedNote.Frontend.Live;
using RedNote.Frontend.Tests.Fakes;
using RedNote.Live;

namespace RedNote.Frontend.Tests.Live;

public sealed class FrameCoalescerTests
{
    private static readonly RoomCounters Older = RoomCounters.Zero with { Likes = 1 };
    private static readonly RoomCounters Newer = RoomCounters.Zero with { Likes = 2 };

    [Fact]
    public void Coalesce_Two_KeepsLatestCountersAllEventsAndCountsDanmaku()
    {
        var first = Sample.Frame(4, 1, "a", "b") with
        {
            Counters = Older,
            Events = [new RoomStarted { At = 1 }],
            Shed = new FrameShed(1, 2, null),
        };
        var second = Sample.Frame(5, 1, "c") with
        {
            Counters = Newer,
            Events = [new RoomEnded { At = 2 }],
            Shed = new FrameShed(3, 4, null),
        };

        var both = FrameCoalescer.Coalesce(first, second);

        Assert.Equal((4L, 5L, second.At), (both.From, both.Seq, both.At));
        Assert.Equal(Newer, both.Counters);
        Assert.Null(both.Danmaku);
        Assert.Equal([typeof(RoomStarted), typeof(RoomEnded)], both.Events!.Value.Select(e => e.GetType()));
        Assert.Equal(new FrameShed(4, 6, 3), both.Shed);
    }

    [Fact]
    public void Coalesce_NothingInTheNewer_KeepsTheOlder()
    {
        var both = FrameCoalescer.Coalesce(
            Sample.Frame(1) with { Counters = Older, Events = [new RoomStarted()] }, Sample.Frame(2));

        Assert.Equal(Older, both.Counters);
        Assert.Single(both.Events!.Value);
        Assert.Equal(0, both.Shed!.Skipped);
    }

    [Fact]
    public void Coalesce_AnyFrames_KeepTheLatestOfEveryTallyAndEveryEventInOrder()
    {
        var random = new Random(11);
        for (var run = 0; run < 200; run++)
        {
            RoomFrame[] frames = [.. Enumerable.Range(1, random.Next(2, 30)).Select(seq => WithTallies(random, seq))];
            var one = frames.Aggregate(FrameCoalescer.Coalesce);

            Assert.Equal((1L, (long)frames.Length), (one.From, one.Seq));
            Assert.Equal(
                Latest(frames, frame => frame.Polls, tally => tally.PollId), one.Polls?.OrderBy(t => t.PollId.Value));
            Assert.Equal(
                Latest(frames, frame => frame.Pks, tally => tally.PkId), one.Pks?.OrderBy(t => t.PkId.Value));
            Assert.Equal(
                Latest(frames, frame => frame.Questions, tally => tally.QuestionId),
                one.Questions?.OrderBy(t => t.QuestionId.Value));
            Assert.Equal(
                Latest(frames, frame => frame.Draws, tally => tally.DrawId), one.Draws?.OrderBy(t => t.DrawId.Value));
            Assert.Equal(
                Latest(frames, frame => frame.Deals, ticker => ticker.DealId), one.Deals?.OrderBy(t => t.DealId.Value));
            Assert.Equal(
                frames.SelectMany(frame => frame.Events ?? []).Where(happened => happened is not OrderAnnounced),
                (one.Events ?? []).Where(happened => happened is not OrderAnnounced));
            Assert.Equal(
                frames.SelectMany(frame => frame.Events ?? []).OfType<OrderAnnounced>()
                    .GroupBy(order => order.DealId).OrderBy(group => group.Key.Value)
                    .Select(group => group.Last() with
                    {
                        Orders = group.Sum(order => order.Orders),
                        Pieces = group.Sum(order => order.Pieces),
                    }),
                (one.Events ?? []).OfType<OrderAnnounced>().OrderBy(order => order.DealId.Value));
            Assert.Equal(frames.LastOrDefault(frame => frame.Counters is not null)?.Counters, one.Counters);
        }
    }

    [Fact]
    public void Coalesce_AFrame_LeavesNoMemberOut()
    {
        // A member that is added to frames has to be thought of here.
        string[] known =
        [
            "Epoch", "Seq", "At", "Counters", "Danmaku", "Events", "Shed", "From", "Polls", "Pks", "Questions", "Draws",
            "Deals", "Sampled",
        ];
        Assert.Equal(known.Order(), typeof(RoomFrame).GetProperties().Select(member => member.Name).Order());
    }

    [Fact]
    public void Coalesce_Always_IsAssociative()
    {
        var random = new Random(7);
        for (var run = 0; run < 200; run++)
        {
            var (a, b, c) = (Any(random, 1), Any(random, 2), Any(random, 3));
            var left = FrameCoalescer.Coalesce(FrameCoalescer.Coalesce(a, b), c);
            var right = FrameCoalescer.Coalesce(a, FrameCoalescer.Coalesce(b, c));

            Assert.Equal(left with { Events = null }, right with { Events = null });
            Assert.Equal(left.Events?.ToArray() ?? [], right.Events?.ToArray() ?? []);
            Assert.Equal((1L, 3L), (left.From, left.Seq));
        }
    }

    /// <summary>The last tally of each key, by key; null: there was none.</summary>
    private static List<T>? Latest<T, TKey>(
        RoomFrame[] frames, Func<RoomFrame, ImmutableArray<T>?> of, Func<T, TKey> key)
        where TKey : struct, IEntityId<TKey>
    {
        var all = frames.SelectMany(frame => of(frame) ?? []).GroupBy(key).OrderBy(group => group.Key.Value)
            .Select(group => group.Last()).ToList();
        return all.Count == 0 ? null : all;
    }

    private static RoomFrame WithTallies(Random random, long seq) => Any(random, seq) with
    {
        Polls = Some(random, id => new PollTally(new PollId(id), [random.Next(9), 1], random.Next(9), id == 3)),
        Pks = Some(random, id => new PkTally(new PkId(id), random.Next(9), random.Next(9), false)),
        Questions = Some(random, id => new QuestionTally(new QuestionId(id), random.Next(9))),
        Draws = Some(random, id => new DrawTally(new DrawId(id), random.Next(9), false)),
        Deals = Some(random, id => new DealTicker(
            new DealId(id), random.Next(9), random.Next(9), 0, DealState.Open, 0, false)),
    };

    private static ImmutableArray<T>? Some<T>(Random random, Func<int, T> make)
        => random.Next(2) == 0 ? null
            : [.. Enumerable.Range(1, 5).Where(id => id == 5 || random.Next(2) == 0).Select(make)];

    /// <summary>At most one announcement of each deal, as a room makes them.</summary>
    private static IEnumerable<OrderAnnounced> Orders(Random random) => Enumerable.Range(1, 3)
        .Where(_ => random.Next(2) == 0)
        .Select(id => new OrderAnnounced(
            new DealId(id), $"n{random.Next(99)}", random.Next(1, 5), random.Next(1, 9), random.Next(1, 9)));

    private static RoomFrame Any(Random random, long seq)
    {
        var frame = Sample.Frame(seq, 1, [.. Enumerable.Repeat("x", random.Next(3))]);
        return frame with
        {
            Counters = random.Next(2) == 0 ? null : RoomCounters.Zero with { Likes = random.Next(100) },
            Events = random.Next(2) == 0 ? null
                : [new UserMuted(new UserId(random.Next(1, 9)), true), .. Orders(random)],
            Shed = random.Next(2) == 0 ? null : new FrameShed(random.Next(5), random.Next(5), null),
        };
    }
}
