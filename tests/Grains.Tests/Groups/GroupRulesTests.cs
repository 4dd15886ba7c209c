using RedNote.Groups;

namespace RedNote.Grains.Tests.Groups;

/// <summary>Who may do what in a group.</summary>
public sealed class GroupRulesTests
{
    private const string Secret = "abcdefghijklmnop";

    [Fact]
    public void Create_Unsound_IsRefusedAndNothingIsRaised()
    {
        var sound = TestGroup.Command(JoinPolicy.Open, 2);
        Refuses(sound with { Name = " " });
        Refuses(sound with { Name = new string('x', 41) });
        Refuses(sound with { ByName = "" });
        Refuses(sound with { Token = "no token" });
        Refuses(sound with { JoinPolicy = (JoinPolicy)9 });
        Refuses(sound with { Kind = (GroupKind)9 });
        Refuses(TestGroup.Command(JoinPolicy.Open, 2, 2));
        Refuses(TestGroup.Command(JoinPolicy.Open, 1));
        Refuses(sound with { Kind = GroupKind.Direct, Members = [] });
        Refuses(TestGroup.Command(JoinPolicy.Open, 2, 3) with { Kind = GroupKind.Direct });
        Refuses(TestGroup.Command(JoinPolicy.Open, [.. Enumerable.Range(2, 500).Select(user => (long)user)]));
        var most = new TestGroup();
        Assert.Equal(
            CommandStatus.Done,
            most.Create(TestGroup.Command(JoinPolicy.Open, [.. Enumerable.Range(2, 499).Select(i => (long)i)])));
        Assert.Equal(500, most.State.Members.Count);

        static void Refuses(CreateGroup command)
        {
            var group = new TestGroup();
            Assert.Equal(CommandStatus.Invalid, group.Create(command));
            Assert.Empty(group.Log);
        }
    }

    [Fact]
    public void Create_OfTenThousand_IsInEventsThatCanBeStored()
    {
        var group = new TestGroup(new GroupOptions { Members = 10_000 });
        var members = Enumerable.Range(2, 9_999).Select(user => (long)user).ToArray();
        Assert.Equal(CommandStatus.Done, group.Create(TestGroup.Command(JoinPolicy.Open, members)));
        Assert.Equal(10_000, group.State.Members.Count);
        Assert.All(
            group.Log.OfType<MembersJoined>(),
            joined => Assert.InRange(joined.Members.Length, 1, GroupRules.JoinedAtOnce));
        Assert.All(group.Log, raised => Assert.InRange(GroupEffect.Of(raised).Count(), 0, 1_000));
    }

    [Theory]
    [InlineData(JoinPolicy.Open, CommandStatus.Done, CommandStatus.Done)]
    [InlineData(JoinPolicy.Approval, CommandStatus.Done, CommandStatus.Forbidden)]
    [InlineData(JoinPolicy.Invite, CommandStatus.Forbidden, CommandStatus.Forbidden)]
    public void Join_ByPolicy_IsAllowed(JoinPolicy policy, CommandStatus oneself, CommandStatus byMember)
    {
        var group = TestGroup.With(null, policy, 2);
        Assert.Equal(oneself, group.Join(9, 9));
        Assert.Equal(policy == JoinPolicy.Open, group.State.Members.Find(new UserId(9)) is not null);
        Assert.Equal(byMember, group.Join(2, 8));
        Assert.Equal(CommandStatus.Forbidden, group.Join(77, 8));
        Assert.Equal(CommandStatus.Done, group.Join(1, 8));
        Assert.NotNull(group.State.Members.Find(new UserId(8)));
    }

    [Fact]
    public void Join_AskedFor_IsDecidedByAdmins()
    {
        var group = TestGroup.With(new GroupOptions { Requests = 2 }, JoinPolicy.Approval, 2);
        group.Join(7, 7);
        group.Join(7, 7);
        group.Join(8, 8);
        Assert.Equal(CommandStatus.RateLimited, group.Join(9, 9));
        Assert.Equal([new UserId(7), new UserId(8)], group.State.Requests.Select(request => request.UserId));
        Assert.Equal(CommandStatus.Forbidden, group.Remove(2, 7));
        Assert.Equal(CommandStatus.Forbidden, group.Join(2, 7));
        Assert.Equal(CommandStatus.Done, group.Join(1, 7));
        Assert.Equal(CommandStatus.Done, group.Remove(1, 8));
        Assert.Equal((0, 3), (group.State.RequestCount, group.State.Members.Count));
        Assert.Equal(2, group.Log.OfType<JoinRequested>().Count());
    }

    [Fact]
    public void Join_FullGroup_IsAConflict()
    {
        var group = TestGroup.With(new GroupOptions { Members = 3 }, JoinPolicy.Open, 2, 3);
        group.Invite(1, Secret);
        Assert.Equal(CommandStatus.Conflict, group.Join(9, 9));
        Assert.Equal(CommandStatus.Conflict, group.JoinByInvite(9, Secret));
        Assert.Equal(CommandStatus.Done, group.Join(2, 2));
        group.Remove(1, 3);
        Assert.Equal(CommandStatus.Done, group.JoinByInvite(9, Secret));
    }

    [Fact]
    public void Remove_ByRole_IsAllowed()
    {
        var group = TestGroup.With(2, 3, 4, 5);
        group.SetRole(1, 2, GroupRole.Admin);
        group.SetRole(1, 3, GroupRole.Admin);
        Assert.Equal(CommandStatus.Forbidden, group.Remove(4, 5));
        Assert.Equal(CommandStatus.Forbidden, group.Remove(2, 3));
        Assert.Equal(CommandStatus.Forbidden, group.Remove(2, 1));
        Assert.Equal(CommandStatus.Forbidden, group.Remove(99, 5));
        Assert.Equal(CommandStatus.WrongState, group.Remove(1, 1));
        Assert.Equal(CommandStatus.Done, group.Remove(2, 4));
        Assert.Equal(CommandStatus.Done, group.Remove(2, 4));
        Assert.Equal(CommandStatus.Done, group.Remove(1, 3));
        Assert.Equal(CommandStatus.Done, group.Remove(5, 5));
        Assert.Equal(3, group.Log.OfType<MemberGone>().Count());
        Assert.Equal(CommandStatus.Done, group.Remove(1, 2));
        Assert.Equal(CommandStatus.Done, group.Remove(1, 1));
        Assert.Equal(CommandStatus.NotFound, group.Join(9, 9));
    }

    [Fact]
    public void SetRole_ByOwnerAlone_AndTheOwnerCanBeAnother()
    {
        var group = TestGroup.With(new GroupOptions { Admins = 2 }, JoinPolicy.Open, 2, 3, 4);
        Assert.Equal(CommandStatus.Forbidden, group.SetRole(2, 3, GroupRole.Admin));
        Assert.Equal(CommandStatus.Done, group.SetRole(1, 2, GroupRole.Admin));
        Assert.Equal(CommandStatus.Forbidden, group.SetRole(2, 1, GroupRole.Member));
        Assert.Equal(CommandStatus.Forbidden, group.SetRole(2, 3, GroupRole.Admin));
        Assert.Equal(CommandStatus.Invalid, group.SetRole(1, 1, GroupRole.Member));
        Assert.Equal(CommandStatus.Invalid, group.SetRole(1, 2, (GroupRole)9));
        Assert.Equal(CommandStatus.NotFound, group.SetRole(1, 99, GroupRole.Admin));
        Assert.Equal(CommandStatus.Done, group.SetRole(1, 2, GroupRole.Owner));
        Assert.Equal((GroupRole.Admin, GroupRole.Owner), (group.Entry(1).Role, group.Entry(2).Role));
        Assert.Equal(new UserId(2), group.State.Members.Owner);
        Assert.Equal(CommandStatus.Forbidden, group.SetRole(1, 3, GroupRole.Admin));
        Assert.Equal(CommandStatus.Done, group.SetRole(2, 3, GroupRole.Admin));
        Assert.Equal(CommandStatus.Conflict, group.SetRole(2, 4, GroupRole.Admin));
        Assert.Equal(CommandStatus.Done, group.SetRole(2, 3, GroupRole.Member));
        Assert.Equal(CommandStatus.Done, group.SetRole(2, 4, GroupRole.Admin));
    }

    [Fact]
    public void Mute_LowerMember_CannotSendUntilItEnds()
    {
        var group = TestGroup.With(2, 3, 4);
        group.SetRole(1, 2, GroupRole.Admin);
        group.SetRole(1, 3, GroupRole.Admin);
        group.Send(4);
        Assert.Equal(CommandStatus.Forbidden, group.Mute(2, 3, 60));
        Assert.Equal(CommandStatus.Forbidden, group.Mute(2, 1, 60));
        Assert.Equal(CommandStatus.Forbidden, group.Mute(4, 4, 60));
        Assert.Equal(CommandStatus.Invalid, group.Mute(2, 4, 0));
        Assert.Equal(CommandStatus.Invalid, group.Mute(2, 4, GroupRules.MaxMuteSeconds + 1));
        Assert.Equal(CommandStatus.NotFound, group.Mute(2, 99, 60));
        Assert.Equal(CommandStatus.Done, group.Mute(2, 4, 60));
        var refused = group.Send(4);
        Assert.Equal((GroupReason.Muted, 60_000), (refused.Reason, refused.RetryAfterMs));
        Assert.Equal(GroupReason.Muted, group.Edit(4, 1, "other").Reason);
        Assert.Equal(GroupReason.Muted, group.React(4, 1, "👍").Reason);
        group.Now += 59_999;
        Assert.Equal(GroupReason.Muted, group.Send(4).Reason);
        group.Now += 1;
        Assert.Equal(SendStatus.Accepted, group.Send(4).Status);
        group.Mute(1, 4, 600);
        Assert.Equal(CommandStatus.Done, group.Mute(1, 4, null));
        Assert.Equal(SendStatus.Accepted, group.Send(4).Status);
    }

    [Fact]
    public void Invite_Bounds_AreKept()
    {
        var group = TestGroup.With(new GroupOptions { Invites = 2, InviteSeconds = 600 }, JoinPolicy.Invite, 2);
        Assert.Equal(CommandStatus.Forbidden, group.Invite(2, Secret));
        Assert.Equal(CommandStatus.Forbidden, group.Invite(99, Secret));
        Assert.Equal(CommandStatus.Invalid, group.Invite(1, "short"));
        Assert.Equal(CommandStatus.Invalid, group.Invite(1, Secret, 601));
        Assert.Equal(CommandStatus.Invalid, group.Invite(1, Secret, 0));
        Assert.Equal(CommandStatus.Invalid, group.Invite(1, Secret, 60, 0));
        Assert.Equal(CommandStatus.Invalid, group.Invite(1, new string('x', 63)));
        Assert.Equal(CommandStatus.Done, group.Invite(1, Secret, 600, 2));
        Assert.Equal(CommandStatus.Done, group.Invite(1, Secret, 600, 2));
        Assert.Equal(CommandStatus.Done, group.Invite(1, Secret + "2", 60));
        Assert.Equal(CommandStatus.RateLimited, group.Invite(1, Secret + "3", 60));
        group.Now += 60_000;
        Assert.Equal(CommandStatus.NotFound, group.JoinByInvite(7, Secret + "2"));
        Assert.Equal(CommandStatus.Done, group.Invite(1, Secret + "3", 60));
        Assert.Equal(CommandStatus.Done, group.JoinByInvite(7, Secret));
        Assert.Equal(CommandStatus.Done, group.JoinByInvite(7, Secret));
        Assert.Equal(CommandStatus.Done, group.JoinByInvite(8, Secret));
        Assert.Equal(CommandStatus.NotFound, group.JoinByInvite(9, Secret));
        Assert.Equal(4, group.State.Members.Count);
    }

    [Fact]
    public void EditAndRecall_Limits_AreThoseOfTheOptions()
    {
        var group = TestGroup.With(new GroupOptions { Edits = 2 }, JoinPolicy.Open, 2);
        group.Send(2);
        group.Now += 120_000;
        group.Send(2);
        Assert.Equal(SendStatus.Accepted, group.Recall(2, 1).Status);
        group.Now += 120_001;
        Assert.Equal(GroupReason.TooLate, group.Recall(2, 2).Reason);
        Assert.Equal(SendStatus.Accepted, group.Edit(2, 2, "one").Status);
        group.Now += 900_000 - 120_001;
        Assert.Equal(SendStatus.Accepted, group.Edit(2, 2, "two").Status);
        Assert.Equal(GroupReason.RateLimited, group.Edit(2, 2, "three").Reason);
        group.Now += 1;
        Assert.Equal(GroupReason.TooLate, group.Edit(2, 2, "three").Reason);
        Assert.Equal(SendStatus.Accepted, group.Recall(1, 2).Status);
        Assert.Equal(2, group.Log.OfType<MessageRecalled>().Count());
    }

    [Fact]
    public void Recall_InAConversation_IsForTheSenderAlone()
    {
        var group = TestGroup.Direct();
        group.Send(1);
        Assert.Equal(GroupReason.Forbidden, group.Recall(2, 1).Reason);
        Assert.Equal(GroupReason.NotFound, group.Recall(3, 1).Reason);
        Assert.Equal(SendStatus.Accepted, group.Recall(1, 1).Status);
    }

    [Fact]
    public void React_MoreEmojiThanFit_IsRefused()
    {
        var group = TestGroup.With(new GroupOptions { Emojis = 2 }, JoinPolicy.Open, 2);
        group.Send(1);
        group.React(1, 1, "👍");
        group.React(1, 1, "🎉");
        Assert.Equal(GroupReason.RateLimited, group.React(2, 1, "😀").Reason);
        Assert.Equal(SendStatus.Accepted, group.React(2, 1, "🎉").Status);
        group.React(1, 1, "👍", on: false, stands: true);
        Assert.Equal(SendStatus.Accepted, group.React(2, 1, "😀").Status);
        Assert.Equal(2, group.Card(1).Reactions["🎉"]);
    }

    [Fact]
    public void Mentions_Bounds_AreKept()
    {
        var group = TestGroup.With(new GroupOptions { Mentions = 2 }, JoinPolicy.Open, 2, 3, 4);
        Assert.Equal(GroupReason.Invalid, group.Send(1, null, 2, 3, 4).Reason);
        Assert.Equal(SendStatus.Accepted, group.Send(1, null, 2, 99).Status);
        Assert.Equal([new UserId(2)], group.Card(1).Stored.Mentions!.Value);
        Assert.Equal(GroupReason.NotFound, group.Send(1, replyTo: 2).Reason);
        Assert.Equal(SendStatus.Accepted, group.Send(1, replyTo: 1).Status);
        Assert.Null(group.Card(2).Stored.ReplyFrom);
    }
}
