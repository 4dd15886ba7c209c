using System.Security.Claims;
using RedNote.Frontend.Problems;
using RedNote.Users;

namespace RedNote.Frontend.Users;

/// <summary>Profiles and who follows whom.</summary>
internal static class ProfileRoutes
{
    public static void MapProfiles(this WebApplication app)
    {
        var api = app.MapGroup("/api").WithTags("Users");
        api.MapGet("/me", Me).RequireAuthorization()
            .WithSummary("The caller's profile.")
            .Produces<UserProfile>().Refuses(401, 404);
        api.MapPatch("/me", Change).RequireAuthorization()
            .WithSummary("Changes the members that are given; an empty signature or avatar clears it.")
            .Produces<UserProfile>().Refuses(400, 401, 404);
        api.MapGet("/users/{id}", Get)
            .WithSummary("A user's profile, as the caller sees it.")
            .Produces<UserProfile>().Refuses(400, 404);
        api.MapPut("/users/{id}/follow", Follow).RequireAuthorization()
            .WithSummary("Follows a user.")
            .Produces(StatusCodes.Status204NoContent).Refuses(400, 401, 404);
        api.MapDelete("/users/{id}/follow", Unfollow).RequireAuthorization()
            .WithSummary("No longer follows a user.")
            .Produces(StatusCodes.Status204NoContent).Refuses(400, 401, 404);
    }

    private static async Task<IResult> Me(Caller caller, IGrainFactory grains)
        => Answer(await grains.User(caller.Id).Profile(caller.Id));

    private static async Task<IResult> Get(RouteId<UserId> id, ClaimsPrincipal principal, IGrainFactory grains)
        => Answer(await grains.User(id.Id).Profile(principal.TryGetUserId(out var reader) ? reader : null));

    private static async Task<IResult> Change(
        Caller caller, ProfileChange change, IGrainFactory grains, UserPresences presences)
    {
        var invalids = new Invalids();
        var name = change.Name is null ? null : invalids.Text("name", change.Name, TextRules.MaxUserName);
        var signature = invalids.OptionalText("signature", change.Signature, TextRules.MaxSignature);
        invalids.Require(
            string.IsNullOrEmpty(change.Avatar) || TextRules.IsImageAddress(change.Avatar),
            "avatar", "It has to be an https address or a path on this site.");
        if (invalids.Refusal() is { } refusal)
        {
            return refusal;
        }

        var outcome = await grains.User(caller.Id).ChangeProfile(new ProfileChange(name, signature, change.Avatar));
        if (outcome.Status != CommandStatus.Done)
        {
            return Refuse.For(outcome.Status);
        }

        presences.Renamed(caller.Id, outcome.Profile!.Name);
        return Results.Ok(outcome.Profile);
    }

    private static async Task<IResult> Follow(RouteId<UserId> id, Caller caller, IGrainFactory grains)
        => Answer(await grains.User(caller.Id).Follow(id.Id));

    private static async Task<IResult> Unfollow(RouteId<UserId> id, Caller caller, IGrainFactory grains)
        => Answer(await grains.User(caller.Id).Unfollow(id.Id));

    private static IResult Answer(UserProfile? profile) => profile is null ? Refuse.NotFound : Results.Ok(profile);

    private static IResult Answer(CommandStatus status)
        => status == CommandStatus.Done ? Results.NoContent() : Refuse.For(status);
}
