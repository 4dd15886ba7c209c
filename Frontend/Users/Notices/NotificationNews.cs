using RedNote.Frontend.Deals;
using RedNote.Users;

namespace RedNote.Frontend.Users;

/// <summary>A notification as its user is told over the hub: <c>notify({...})</c>.</summary>
/// <param name="Notification">It.</param>
/// <param name="Unread">How many were not read when it came, without those about messages that were read in their group
/// as far as the inbox has heard of it. What was read while the inbox was asleep, or is read at the same moment, counts
/// until the list is asked for: only the group knows, and asking all groups for each notification would cost more than
/// the notification.</param>
public sealed record NotificationNews(Notification Notification, int Unread);

/// <summary>A connection of a user.</summary>
internal interface IUserListener : IOrderListener
{
    /// <summary>Never waits.</summary>
    void TellNotification(NotificationNews news);
}
