using System.Collections.Immutable;
using RedNote.Frontend.Deals;
using RedNote.Frontend.Limits;
using RedNote.Frontend.Problems;
using RedNote.Frontend.Users;
using RedNote.Live;

namespace RedNote.Frontend.Live;

/// <param name="Title">1 to 60 characters.</param>
/// <param name="Cover">An https address or a path on this site.</param>
/// <param name="StartsAt">When it is announced for, Unix ms.</param>
public sealed record NewRoomRequest(string? Title, string? Cover, long? StartsAt);

public sealed record RoomList(ImmutableArray<Room> Items);

/// <summary>Rooms over REST: make, find, start, end, and the host's commands.</summary>
internal static class RoomRoutes
{
    private const int DefaultLimit = 50;

    public static void MapRooms(this WebApplication app)
    {
        var rooms = app.MapGroup("/api/rooms").WithTags("Live rooms");
        rooms.MapPost("", Create).RequireAuthorization().RequireRateLimiting(RateLimits.NewRoom)
            .WithSummary("Makes a room, hosted by the caller.")
            .Produces<Room>(StatusCodes.Status201Created).Refuses(400, 401, 429, 503);
        rooms.MapGet("", List)
            .WithSummary("Rooms of a state: live (default), scheduled or ended; at most limit (1 to 100, default 50).")
            .Produces<RoomList>().Refuses(400);
        rooms.MapGet("/{id}", Get)
            .WithSummary("One room.")
            .Produces<Room>().Refuses(400, 404);
        rooms.MapPost("/{id}/start", Start).RequireAuthorization()
            .WithSummary("Goes live (host).")
            .Produces<Room>().Refuses(400, 401, 403, 404, 409, 503);
        rooms.MapPost("/{id}/end", End).RequireAuthorization()
            .WithSummary("Ends the show for good (host).")
            .Produces<Room>().Refuses(400, 401, 403, 404, 503);
        rooms.MapGet("/{id}/settings", Settings).RequireAuthorization()
            .WithSummary("All settings (host).")
            .Produces<HostSettings>().Refuses(400, 401, 403, 404);
        rooms.MapPatch("/{id}/settings", ChangeSettings).RequireAuthorization()
            .WithSummary("Changes the settings that are given (host; a moderator may change the shield alone).")
            .WithDescription(
                """
                `slowModeSeconds` (0 to 600), `followersOnly`, `blockedWords` (at most 500 of 1 to 40 characters; found
                whatever their case, width, accents, or gaps between letters), `hold`: `off`, `words` (what holds a
                blocked word waits for review instead of being refused), `suspicious` (also what looks like
                advertising) or `all`; `shield`: while it is up at least 30 s of slow mode, followers only, and hold
                `suspicious` hold whatever the others say, and a user may not say the same twice within seconds.
                """)
            .Produces<HostSettings>().Refuses(400, 401, 403, 404, 409, 503);
        rooms.MapModeration();
        rooms.MapPolls();
        rooms.MapQuestions();
        rooms.MapPins();
        rooms.MapTape();
        rooms.MapDraws();
        rooms.MapDeals();
        rooms.MapAudience();
        rooms.MapStats();
    }

    private static async Task<IResult> Create(
        NewRoomRequest request, Caller caller, IGrainFactory grains, IIdGenerator ids)
    {
        var invalids = new Invalids();
        var title = invalids.Text("title", request.Title, TextRules.MaxRoomTitle);
        invalids.Require(
            request.Cover is null || TextRules.IsImageAddress(request.Cover),
            "cover", "It has to be an https address or a path on this site.");
        invalids.Require(request.StartsAt is null or > 0, "startsAt", "It has to be a time in Unix milliseconds.");
        if (invalids.Refusal() is { } refusal)
        {
            return refusal;
        }

        var host = await grains.User(caller.Id).Profile(null);
        if (host is null)
        {
            return Refuse.Unauthorized;
        }

        // Two ids of one millisecond agree once in four million; thrice in a row is something else.
        for (var attempt = 0; attempt < 3; attempt++)
        {
            var id = new RoomId(ids.NextId());
            var outcome = await grains.LiveRoom(id).Create(new CreateRoom(
                caller.Id, host.Name, title, request.Cover, request.StartsAt, ids.NextToken()));
            if (outcome.Status == CommandStatus.Done)
            {
                return Results.Created($"/api/rooms/{id}", outcome.Room);
            }

            if (outcome.Status != CommandStatus.Conflict)
            {
                return Refuse.For(outcome.Status);
            }
        }

        return Refuse.TryAgain;
    }

    private static async Task<IResult> List(string? state, int? limit, Lobby lobby)
    {
        var invalids = new Invalids();
        RoomState? wanted = state switch
        {
            null or "" or "live" => RoomState.Live,
            "scheduled" => RoomState.Scheduled,
            "ended" => RoomState.Ended,
            _ => null,
        };
        invalids.Require(wanted is not null, "state", "It has to be live, scheduled or ended.");
        invalids.Require(limit is null or (>= 1 and <= Lobby.MaxRooms), "limit", "It has to be 1 to 100.");
        if (invalids.Refusal() is { } refusal)
        {
            return refusal;
        }

        var rooms = await lobby.List(wanted!.Value);
        var most = limit ?? DefaultLimit;
        return Results.Ok(new RoomList(rooms.Length <= most ? rooms : rooms[..most]));
    }

    private static async Task<IResult> Get(RouteId<RoomId> id, IGrainFactory grains)
        => await grains.LiveRoom(id.Id).Get() is { } room ? Results.Ok(room) : Refuse.NotFound;

    private static async Task<IResult> Start(RouteId<RoomId> id, Caller caller, IGrainFactory grains)
        => Answer(await grains.LiveRoom(id.Id).Start(caller.Id));

    private static async Task<IResult> End(RouteId<RoomId> id, Caller caller, IGrainFactory grains)
        => Answer(await grains.LiveRoom(id.Id).End(caller.Id));

    private static async Task<IResult> Settings(RouteId<RoomId> id, Caller caller, IGrainFactory grains)
        => Answer(await grains.LiveRoom(id.Id).Settings(caller.Id));

    private static async Task<IResult> ChangeSettings(
        RouteId<RoomId> id, RoomSettingsChange change, Caller caller, IGrainFactory grains)
        => Answer(await grains.LiveRoom(id.Id).ChangeSettings(caller.Id, change));

    private static IResult Answer(RoomOutcome outcome)
        => outcome.Status == CommandStatus.Done ? Results.Ok(outcome.Room) : Refuse.For(outcome.Status);

    private static IResult Answer(SettingsOutcome outcome)
        => outcome.Status == CommandStatus.Done ? Results.Ok(outcome.Settings) : Refuse.For(outcome.Status);
}
