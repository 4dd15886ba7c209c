using RedNote.Frontend.Problems;
using RedNote.Frontend.Users;
using RedNote.Live;

namespace RedNote.Frontend.Live;

/// <summary>A room's tape over REST.</summary>
internal static class RoomTapeRoute
{
    private const int DefaultLimit = 100;

    /// <param name="rooms">The group <c>/api/rooms</c>.</param>
    public static void MapTape(this RouteGroupBuilder rooms) => rooms.MapGet("/{id}/tape", Tape)
        .WithSummary("What happened in a room, by media time (ms since it went live), in order.")
        .WithDescription(
            """
            Items have `at` (media time, ms) and `kind`: `danmaku` (with `seq`, `userId`, `name`, `text`, `mode`,
            `color`, `sentAt` in Unix ms, `count` if it was said more than once, and `sampled`: true if the display
            budget left it out of the viewers' frames), `likes` (with `count`, those that came together), `started`,
            `ended`, `like_milestone`, `poll_opened`, `poll_closed`, `pk_opened`, `pk_closed`, `question`,
            `question_answered`, `draw_opened`, `draw_result`, `pinned`, `unpinned`. Further kinds may come; pass over
            what you do not know. What was recalled or dismissed is not there.

            `from`: a media time, whose items are included; 0 when absent. Or `next` of an earlier answer: then it goes
            on right behind that answer's last item, without loss or repetition however many items share a millisecond.
            `to`: a media time, whose items are not included any more, so that ranges join without overlap; absent: to
            the end. `limit`: 1 to 500, 100 when absent. `next` is there when the range holds more: ask again with it as
            `from` and the same `to`. Media time never goes back; in a live room new items come behind all others.
            """)
        .Produces<TapePage>().Refuses(400, 404, 503);

    private static async Task<IResult> Tape(
        RouteId<RoomId> id, string? from, long? to, int? limit, IGrainFactory grains)
    {
        var invalids = new Invalids();
        var start = default(TapePosition);
        invalids.Require(
            string.IsNullOrEmpty(from) || TapePosition.TryParse(from, out start),
            "from", "It has to be a media time in milliseconds, or next of an earlier answer.");
        invalids.Require(to is null or >= 0, "to", "It has to be a media time in milliseconds.");
        invalids.Require(to is null || to >= start.At, "to", "It lies before from.");
        invalids.Require(
            limit is null or (>= 1 and <= TapeQuery.MaxLimit), "limit", $"It has to be 1 to {TapeQuery.MaxLimit}.");
        if (invalids.Refusal() is { } refusal)
        {
            return refusal;
        }

        var page = await grains.LiveRoom(id.Id).Tape(new TapeQuery(start, to, limit ?? DefaultLimit));
        return page is null ? Refuse.NotFound : Results.Ok(page);
    }
}
