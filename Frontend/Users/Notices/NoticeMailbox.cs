using RedNote.Frontend.Live;

namespace RedNote.Frontend.Users;

/// <summary>What one connection is yet to be told of its user's notifications.</summary>
internal sealed class NoticeMailbox(IFrameWriter writer, NoticeOptions options)
    : LatestMailbox<long, NotificationNews>(options.PerConnection)
{
    protected override long KeyOf(NotificationNews news) => news.Notification.Id;

    protected override ValueTask Write(NotificationNews news) => writer.WriteNotification(news);
}
