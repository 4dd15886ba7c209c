using System.Collections.Immutable;
using System.Globalization;
using RedNote.Frontend.Problems;
using RedNote.Users;

namespace RedNote.Frontend.Users;

/// <param name="UpTo">The id of the newest notification that was seen; it and all before it are read.</param>
public sealed record NotificationsReadRequest(string? UpTo);

/// <summary>How many notifications are not read.</summary>
public sealed record UnreadCount(int Unread);

/// <summary>Notifications, newest first.</summary>
/// <param name="Items">At most 100.</param>
/// <param name="Unread">How many in all are not read.</param>
/// <param name="HasMore">Whether there are older ones.</param>
public sealed record NotificationList(ImmutableArray<Notification> Items, int Unread, bool HasMore);

/// <summary>A user's notifications over REST, and what tells them over the hub.</summary>
internal static class NoticeRoutes
{
    private const int DefaultLimit = 20;

    public static void AddNotices(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddOptions<NoticeOptions>().BindConfiguration(NoticeOptions.Section)
            .ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<INoticeStreams, NoticeStreams>();
        services.AddSingleton<NoticeListing>();
        services.AddSingleton<NoticeDesk>();
        services.AddHostedService(provider => provider.GetRequiredService<NoticeDesk>());
    }

    public static void MapNotices(this WebApplication app)
    {
        var notices = app.MapGroup("/api/me/notifications").WithTags("Users").RequireAuthorization();
        notices.MapGet("", List)
            .WithSummary("The caller's notifications, the newest first.")
            .WithDescription(
                """
                `after`: the id of the last one of the page before. `limit`: 1 to 100, 20 when absent. Alike ones that
                are not read (of one kind and group, or followers) are one, whose `count` says how many it gathers; with
                one more it gets a new id and moves to the front. One about messages counts as read when the caller has
                read them in the group. The newest 1,000 are kept. New ones are told over the hub, to all connections of
                the caller: `notify({notification, unread})`.
                """)
            .Produces<NotificationList>().Refuses(400, 401, 503);
        notices.MapPost("/read", MarkRead)
            .WithSummary("All notifications up to that one are read.")
            .WithDescription("`upTo`: an id. Answers how many are not read.")
            .Produces<UnreadCount>().Refuses(400, 401, 503);
    }

    private static async Task<IResult> List(string? after, int? limit, Caller caller, NoticeListing listing)
    {
        var invalids = new Invalids();
        invalids.Require(
            limit is null or (>= 1 and <= NotificationPage.MaxLimit), "limit", "It has to be 1 to 100.");
        var isId = TryParse(after, out var id);
        invalids.Require(after is null || isId, "after", IdHelp);
        return invalids.Refusal() ?? (IResult)Results.Ok(
            await listing.Page(caller.Id, after is null ? null : id, limit ?? DefaultLimit));
    }

    private static async Task<IResult> MarkRead(
        NotificationsReadRequest request, Caller caller, IGrainFactory grains, NoticeListing listing)
    {
        if (!TryParse(request.UpTo, out var upTo))
        {
            return Refuse.Invalid("upTo", IdHelp);
        }

        await grains.Inbox(caller.Id).MarkRead(upTo);
        return Results.Ok(new UnreadCount((await listing.Page(caller.Id, null, 1)).Unread));
    }

    private const string IdHelp = "It has to be a notification's id: a string that holds a positive decimal integer.";

    private static bool TryParse(string? text, out long id)
        => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out id) && id > 0;
}
