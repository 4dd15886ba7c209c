using RedNote.Grains.Tests.Journal;
using RedNote.Users;

namespace RedNote.Grains.Tests.Users;

public sealed class InboxGoldenTests() : GoldenEventTests<InboxEvent>("inbox", InboxJson.Instance.InboxEvent)
{
    protected override IEnumerable<InboxEvent> Samples =>
    [
        new MembershipChanged(new GroupId(42), IsMember: true, 17, 1_763_700_000_000, [new GroupId(40)]),
        new NoticeTaken(
            9,
            new NewNotice(
                NoticeKind.JoinRequest, "group/42", 18, 1_763_700_000_001, new GroupId(42), "茶友", new UserId(7),
                "美 & Lin", 118, "今天喝什么 ☕", 2),
            3,
            Gathers: 4,
            KeptFrom: 2,
            ["group/40"]),
        new NotificationsRead(9),
    ];
}
