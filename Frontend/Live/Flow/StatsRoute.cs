using RedNote.Frontend.Problems;
using RedNote.Frontend.Users;
using RedNote.Frontend.Wire;
using RedNote.Live;

namespace RedNote.Frontend.Live;

/// <summary>A room in figures.</summary>
/// <param name="Epoch">What the verdicts count from: the room's present activation.</param>
/// <param name="Counters">As everybody sees them.</param>
/// <param name="Verdicts">What became of every danmaku.</param>
public sealed record RoomStatsView(long Epoch, RoomCounters Counters, VerdictTotalsView Verdicts);

/// <summary>
/// What became of the danmaku of one epoch: received = pending + shown + merged + sampled + held + rejected.
/// </summary>
/// <param name="Received">Danmaku with a verdict.</param>
/// <param name="Pending">Accepted, waiting for a frame.</param>
/// <param name="Shown">Sent to the viewers.</param>
/// <param name="Merged">Shown as one more of another.</param>
/// <param name="Sampled">On the tape only.</param>
/// <param name="Held">Waiting for a moderator.</param>
/// <param name="Rejected">By reason.</param>
/// <param name="Repeated">Sends answered with the result of an earlier one under the same key; not received again.
/// </param>
public sealed record VerdictTotalsView(
    long Received,
    long Pending,
    long Shown,
    long Merged,
    long Sampled,
    long Held,
    IReadOnlyDictionary<string, long> Rejected,
    long Repeated);

/// <summary>What became of everything that was sent to a room, over REST.</summary>
internal static class StatsRoute
{
    public static void MapStats(this RouteGroupBuilder rooms)
        => rooms.MapGet("/{id}/stats", Stats).RequireAuthorization()
            .WithSummary("Counters, and what became of every danmaku of this epoch: at any moment received = pending"
                + " + shown + merged + sampled + held + the sum of rejected (host).")
            .Produces<RoomStatsView>().Refuses(400, 401, 403, 404, 503);

    private static async Task<IResult> Stats(RouteId<RoomId> id, Caller caller, IGrainFactory grains)
    {
        var outcome = await grains.LiveRoom(id.Id).Stats(caller.Id);
        return outcome.Stats is { } stats ? Results.Ok(View(stats)) : Refuse.For(outcome.Status);
    }

    private static RoomStatsView View(RoomStats stats)
    {
        var verdicts = stats.Verdicts;
        return new RoomStatsView(stats.Epoch, stats.Counters, new VerdictTotalsView(
            verdicts.Received, verdicts.Pending, verdicts.Shown, verdicts.Merged, verdicts.Sampled, verdicts.Held,
            verdicts.Rejected.ToDictionary(refused => SnakeCase.Of(refused.Reason), refused => refused.Count),
            verdicts.Repeated));
    }
}
