using RedNote.Grains.Tests.Journal;
using RedNote.Groups;
using RedNote.Polls;
using RedNote.Users;

namespace RedNote.Grains.Tests.Groups;

public sealed class GroupGoldenTests()
    : GoldenEventTests<GroupLogEvent>("group", GroupJson.Journal.GroupLogEvent)
{
    private const long At = 1_763_700_000_000;

    private static readonly StoredMessage Whole = new(
        12, new UserId(9_001), "美 & Lin", At, 7, new UserId(9_002), [new UserId(9_003)], new Card(CardKind.Note, 55),
        At + 5_000, 2, Recalled: true);

    protected override IEnumerable<GroupLogEvent> Samples =>
    [
        new GroupCreated(
            At, new GroupId(8_000_000_000_000_000_001), GroupKind.Group, "周末徒步 & more", JoinPolicy.Approval,
            new NewMember(new UserId(9_001), "美"), "k8Zq_2"),
        new EpochBegan(At, 3),
        new SettingsChanged(At, new UserId(9_001), "新名字", "明天八点集合", JoinPolicy.Invite),
        new MembersJoined(At, new UserId(9_001), [new NewMember(new UserId(9_002), "Lin")], "77-abcdefghijklmnop"),
        new MemberGone(At, new UserId(9_001), new UserId(9_002), "Lin"),
        new RoleGiven(At, new UserId(9_001), new UserId(9_002), GroupRole.Admin),
        new MemberMuted(At, new UserId(9_001), new UserId(9_002), At + 60_000),
        new JoinRequested(At, new UserId(9_004), "Wu", [new UserId(9_001)]),
        new JoinRefused(At, new UserId(9_001), new UserId(9_004)),
        new InviteMade(At, new UserId(9_001), "77-abcdefghijklmnop", At + 86_400_000, 5),
        new InviteRevoked(At, new UserId(9_001), "77-abcdefghijklmnop"),
        new MessagePosted(At, Whole, "带上水 💧", "m-1", 3_000_000_000, new UserId(9_002)),
        new MessageChanged(At, Whole, "带上水和面包", new MessagePlace(40, "m-1", 3_000_000_000)),
        new MessageRecalled(
            At, new UserId(9_001), Whole, [new UserId(9_003)], new MessagePlace(40, "m-1", 3_000_000_000)),
        new MessageReacted(At, 12, new UserId(9_001), new UserId(9_002), "👍", On: true, 4),
        new MarksMoved(At, [new ReadMark(new UserId(9_001), 12), new ReadMark(new UserId(9_002), 9)]),
        new MembersKnocked(At, 12, [new UserId(9_003)]),
        new GroupPollOpened(
            At, 13,
            new PollTerms(
                At, new PollId(4_001), new UserId(9_001), "去哪儿？", ["山", "海"], true, true, At + 3_600_000, "p-1",
                3_000_000_000)),
        new GroupBallotsCast(At, new PollId(4_001), [new BallotGroup([0, 1], [new UserId(9_002)])]),
        new GroupPollClosed(At, new PollId(4_001), [1, 1], 1, new UserId(9_001)),
    ];
}

public sealed class GroupEffectGoldenTests()
    : GoldenEventTests<GroupEffect>("group_effect", GroupJson.Journal.GroupEffect)
{
    protected override IEnumerable<GroupEffect> Samples =>
    [
        new TellUser(new UserId(9_002), 1_763_700_000_000, IsMember: true, NoticeKind.GroupRole, new UserId(9_001))
        {
            FromName = "美",
            Seq = 12,
            Role = GroupRole.Admin,
        },
    ];
}

public sealed class ConversationGoldenTests()
    : GoldenEventTests<ConversationEvent>("conversation", ConversationJson.Journal.ConversationEvent)
{
    protected override IEnumerable<ConversationEvent> Samples =>
        [new ConversationBound(new GroupId(8_000_000_000_000_000_001))];
}
