using System.Collections.Immutable;
using RedNote.Frontend.Problems;
using RedNote.Frontend.Users;
using RedNote.Live;

namespace RedNote.Frontend.Live;

/// <summary>A fan as everybody may see it.</summary>
public sealed record FanCard(int Rank, UserId UserId, string Name, long Points, long WatchSeconds);

/// <summary>A room's fans with most points.</summary>
public sealed record FanCards(ImmutableArray<FanCard> Items);

/// <summary>Viewers over REST: the top fans, and what is counted of oneself.</summary>
internal static class RoomAudienceRoutes
{
    private const int DefaultLimit = 20;

    /// <param name="rooms">The group <c>/api/rooms</c>.</param>
    public static void MapAudience(this RouteGroupBuilder rooms)
    {
        rooms.MapGet("/{id}/fans", Fans)
            .WithSummary("The fans with most points: 10 for a danmaku, 1 for a like, 20 for a ballot.")
            .WithDescription(
                """
                Exact, the first first; equals are in order of id. `watchSeconds`: time in the room while it was live,
                however many connections. `limit`: 1 to 100, 20 when absent. Of a crash of the room the last ten seconds
                may be lost here; counters, messages and ballots lose nothing.
                """)
            .Produces<FanCards>().Refuses(400, 404, 503);
        rooms.MapGet("/{id}/me", Me).RequireAuthorization()
            .WithSummary("What the room counts of the caller: points, watch time in seconds, and the rank among fans.")
            .Produces<Fan>().Refuses(400, 401, 404, 503);
    }

    private static async Task<IResult> Fans(RouteId<RoomId> id, int? limit, IGrainFactory grains, UserNames names)
    {
        var invalids = new Invalids();
        invalids.Require(
            limit is null or (>= 1 and <= FanList.MaxFans), "limit", $"It has to be 1 to {FanList.MaxFans}.");
        if (invalids.Refusal() is { } refusal)
        {
            return refusal;
        }

        var fans = await grains.LiveRoom(id.Id).Fans(limit ?? DefaultLimit);
        if (fans is null)
        {
            return Refuse.NotFound;
        }

        var cards = await Task.WhenAll(fans.Items.Select(async fan => new FanCard(
            fan.Rank ?? 0, fan.UserId, await names.Of(fan.UserId) ?? "", fan.Points, fan.WatchSeconds)));
        return Results.Ok(new FanCards([.. cards]));
    }

    private static async Task<IResult> Me(RouteId<RoomId> id, Caller caller, IGrainFactory grains)
        => await grains.LiveRoom(id.Id).Fan(caller.Id) is { } fan ? Results.Ok(fan) : Refuse.NotFound;
}
