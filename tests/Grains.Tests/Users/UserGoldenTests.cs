using RedNote.Grains.Tests.Journal;
using RedNote.Users;

namespace RedNote.Grains.Tests.Users;

public sealed class UserGoldenTests() : GoldenEventTests<UserEvent>("user", UserJson.Instance.UserEvent)
{
    protected override IEnumerable<UserEvent> Samples =>
    [
        new UserCreated("美 & Lin", "k8Zq_2"),
        new ProfileChanged("Lin", "每天一杯咖啡 ☕", "/avatars/7.png"),
        new UserFollowed(new UserId(8_000_000_000_000_000_001), 12),
        new UserUnfollowed(new UserId(43)),
        new FollowRefused(new UserId(43), 12),
        new FollowerChanged(new UserId(44), Follows: true, Version: 901, "美"),
        new FollowersTold(3, new UserId(44), "美", 1_763_700_000_000),
        new SalesChanged(new RoomSales(new RoomId(3_302_915_117_000_001), 918, 41, new Money(59_700, "CNY"))),
        new LoginOpened(5_123_456_789_012_345_678, 1_766_300_000_000, 1_763_700_000_000),
        new LoginRenewed(5_123_456_789_012_345_678, 2),
        new LoginClosed(5_123_456_789_012_345_678, LoginEnd.TokenReused),
    ];
}

public sealed class UserEffectGoldenTests()
    : GoldenEventTests<UserEffect>("user_effect", UserJson.Instance.UserEffect)
{
    protected override IEnumerable<UserEffect> Samples =>
    [
        new TellFollowed(new UserId(43), Follows: true, 12),
        new TellInbox(3, new UserId(44), "美", 1_763_700_000_000),
    ];
}

public sealed class AccountGoldenTests()
    : GoldenEventTests<AccountEvent>("account", AccountJson.Instance.AccountEvent)
{
    protected override IEnumerable<AccountEvent> Samples =>
    [
        new AccountClaimed(new UserId(42), "美", "AQAAAAIAAYagAAAAE==", "k8Zq_2"),
        new AccountRehashed("AQAAAAMAAYagAAAAF=="),
    ];
}
