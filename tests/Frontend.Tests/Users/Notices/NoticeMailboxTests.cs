using RedNote.Frontend.Tests.Fakes;
using RedNote.Frontend.Users;
using RedNote.Users;

namespace RedNote.Frontend.Tests.Users;

/// <summary>What a connection that takes nothing costs.</summary>
public sealed class NoticeMailboxTests
{
    [Fact]
    public void Push_ConnectionStalls_KeepsTheNewestFew()
    {
        var writer = new FakeWriter();
        var mailbox = new NoticeMailbox(writer, new NoticeOptions { PerConnection = 3 });
        writer.Stall();
        for (var id = 1; id <= 100; id++)
        {
            mailbox.Push(News(id));
        }

        Assert.Equal(3, mailbox.Count);
        writer.Release();
        Assert.Equal([1L, 98, 99, 100], writer.Notifications.Select(news => news.Notification.Id));
    }

    internal static NotificationNews News(long id)
        => new(new Notification(id, NoticeKind.Follow, 1, 1, false, null, null, new UserId(7), "Mei", null, null), 1);
}
