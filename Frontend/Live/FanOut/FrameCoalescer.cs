using System.Collections.Immutable;
using System.Runtime.InteropServices;
using RedNote.Live;

namespace RedNote.Frontend.Live;

/// <summary>
/// Makes one frame of several for a connection that cannot keep up: the latest counters and tallies, every event, and
/// no danmaku, which by then are too old to fly; how many were left out is in <see cref="FrameShed.Skipped"/>.
/// Associative, so frames can be added one by one.
/// </summary>
internal static class FrameCoalescer
{
    /// <param name="older">The earlier frame, of the same epoch.</param>
    /// <param name="newer">The one right after it.</param>
    public static RoomFrame Coalesce(RoomFrame older, RoomFrame newer) => new(
        newer.Epoch,
        newer.Seq,
        newer.At,
        newer.Counters ?? older.Counters,
        Danmaku: null,
        Join(older.Events, newer.Events),
        Sum(older, newer),
        older.From ?? older.Seq)
    {
        Polls = Latest(older.Polls, newer.Polls, static tally => tally.PollId),
        Pks = Latest(older.Pks, newer.Pks, static tally => tally.PkId),
        Questions = Latest(older.Questions, newer.Questions, static tally => tally.QuestionId),
        Draws = Latest(older.Draws, newer.Draws, static tally => tally.DrawId),
        Deals = Latest(older.Deals, newer.Deals, static ticker => ticker.DealId),
    };

    /// <summary>The newer of each key, in the order in which the keys came.</summary>
    private static ImmutableArray<T>? Latest<T, TKey>(
        ImmutableArray<T>? older, ImmutableArray<T>? newer, Func<T, TKey> key)
        where TKey : struct
    {
        if (older is not { } first || newer is not { } second)
        {
            return newer ?? older;
        }

        var latest = second.ToDictionary(key);
        var known = first.Select(key).ToHashSet();
        return
        [
            .. first.Select(tally => latest.GetValueOrDefault(key(tally), tally)),
            .. second.Where(tally => !known.Contains(key(tally))),
        ];
    }

    private static ImmutableArray<RoomEvent>? Join(
        ImmutableArray<RoomEvent>? older, ImmutableArray<RoomEvent>? newer)
    {
        if (older is not { } first || newer is not { } second)
        {
            return older ?? newer;
        }

        return Array.Exists(ImmutableCollectionsMarshal.AsArray(second)!, static happened => happened is OrderAnnounced)
            ? JoinOrders(first, second)
            : first.AddRange(second);
    }

    /// <summary>As in a room's own frames, there is one announcement for all orders of a deal, in the place of the
    /// newest: a rush comes with every frame, and would make the frame of a slow connection grow for ever.</summary>
    private static ImmutableArray<RoomEvent> JoinOrders(
        ImmutableArray<RoomEvent> first, ImmutableArray<RoomEvent> second)
    {
        var before = first.OfType<OrderAnnounced>().ToDictionary(static order => order.DealId);
        var after = second.OfType<OrderAnnounced>().Select(static order => order.DealId).ToHashSet();
        return
        [
            .. first.Where(happened => happened is not OrderAnnounced order || !after.Contains(order.DealId)),
            .. second.Select(happened => happened is OrderAnnounced order
                && before.TryGetValue(order.DealId, out var earlier) ? earlier.Followed(order) : happened),
        ];
    }

    private static FrameShed Sum(RoomFrame older, RoomFrame newer) => new(
        (older.Shed?.Merged ?? 0) + (newer.Shed?.Merged ?? 0),
        (older.Shed?.Sampled ?? 0) + (newer.Shed?.Sampled ?? 0),
        Skipped(older) + Skipped(newer));

    private static int Skipped(RoomFrame frame) => (frame.Shed?.Skipped ?? 0) + (frame.Danmaku?.Length ?? 0);
}
