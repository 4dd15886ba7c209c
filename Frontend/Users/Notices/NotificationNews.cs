using RedNote.Frontend.Deals;
using RedNote.Users;

namespace RedNote.Frontend.Users;

/// <summary>A notification as its user is told over the hub: <c>notify({...})</c>.</summary>
/// <param name="Notification">It.</param>
/// <param name="Unread">How many were not read when it came; those about messages that were read in the group count
/// until the list is asked for.</param>
public sealed record NotificationNews(Notification Notification, int Unread);

/// <summary>A connection of a user.</summary>
internal interface IUserListener : IOrderListener
{
    /// <summary>Never waits.</summary>
    void TellNotification(NotificationNews news);
}
