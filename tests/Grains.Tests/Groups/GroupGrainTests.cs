using RedNote.Groups;

namespace RedNote.Grains.Tests.Groups;

/// <summary>The group grain on a silo: making groups, sending, opening, reading.</summary>
public sealed class GroupGrainTests(GroupCluster groups) : IClassFixture<GroupCluster>
{
    [Fact]
    public async Task Create_Twice_WithTheSameTokenIsOnce()
    {
        var group = groups.Grains.Group(groups.NextId());
        var command = new CreateGroup(
            GroupCluster.Owner, "Owner", GroupKind.Group, " Hikers ", JoinPolicy.Open, [GroupCluster.Member(2)], "t");
        var made = await group.Create(command);
        Assert.Equal((CommandStatus.Done, "Hikers", 2), (made.Status, made.Group!.Name, made.Group.Members));
        Assert.Equal((GroupRole.Owner, GroupCluster.Owner), (made.Group.MyRole!.Value, made.Group.OwnerId!.Value));
        Assert.Equal(made, await group.Create(command));
        Assert.Equal(CommandStatus.Conflict, (await group.Create(command with { Token = "other" })).Status);
        Assert.Equal(CommandStatus.Conflict, (await group.Create(command with { By = new UserId(2) })).Status);
    }

    [Fact]
    public async Task NoSuchGroup_EveryCall_SaysSo()
    {
        var group = groups.Grains.Group(groups.NextId());
        var user = GroupCluster.Owner;
        Assert.Equal(CommandStatus.NotFound, (await group.Get(user)).Status);
        Assert.Equal(CommandStatus.NotFound, (await group.Open(user, null)).Status);
        Assert.Equal(CommandStatus.NotFound, (await group.Members(user, default, 10)).Status);
        Assert.Equal(GroupReason.NotFound, (await group.Send(GroupCluster.Message(1, "Hi", "k"))).Reason);
        Assert.Equal(GroupReason.NotFound, (await group.Recall(user, 1)).Reason);
        Assert.Null(await group.Summary(user));
        Assert.Null(await group.MarkRead(user, 1));
        Assert.Null(await group.Report(new GroupPresence("f", [])));
        Assert.Empty(await groups.Events(group));
    }

    [Fact]
    public async Task Send_Messages_AreNumberedWithoutGapAndOpenInOrder()
    {
        var group = await groups.New(2, 3);
        var sent = await Task.WhenAll(Enumerable.Range(0, 60).Select(i => groups.Send(group, 1 + (i % 3), $"m{i}")));
        Assert.Equal(Enumerable.Range(1, 60).Select(seq => (long)seq), sent.Order());
        var opened = (await group.Open(new UserId(2), null)).Opened!;
        Assert.Equal((60, 50), (opened.Group.LastSeq, opened.Messages.Length));
        Assert.Equal(Enumerable.Range(11, 50).Select(seq => (long)seq), opened.Messages.Select(item => item.Seq));
        Assert.Equal([1L, 2, 3], opened.Members.Select(member => member.UserId.Value));
        var rest = (await group.Open(new UserId(2), 58)).Opened!;
        Assert.Equal([59L, 60], rest.Messages.Select(item => item.Seq));
        Assert.False(rest.HasMore);
    }

    [Fact]
    public async Task Send_SameKey_GetsTheFirstAnswer()
    {
        var group = await groups.New(2);
        var message = GroupCluster.Message(2, "Hi", "key-1");
        var first = await group.Send(message);
        Assert.Equal(SendStatus.Accepted, first.Status);
        await groups.Send(group, 1);
        Assert.Equal(first, await group.Send(message));
        Assert.Equal(GroupReason.Conflict, (await group.Send(message with { Text = "Ho" })).Reason);
        Assert.Equal(GroupReason.Conflict, (await group.Send(message with { ReplyTo = 1 })).Reason);
        var other = await group.Send(message with { From = new UserId(1), FromName = "Owner" });
        Assert.Equal(3, other.Seq);
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task Send_WriteFails_RetryIsThereOnce(bool afterTakingEffect)
    {
        var group = await groups.New(2);
        await groups.Send(group, 1);
        var message = GroupCluster.Message(2, "Hi", "key-1");
        await groups.Crash(group, message, afterTakingEffect);
        var answers = await Task.WhenAll(group.Send(message), group.Send(message));
        Assert.Equal((SendStatus.Accepted, 2), (answers[0].Status, answers[0].Seq));
        Assert.Equal(answers[0], answers[1]);
        Assert.Equal(2, (await groups.Events(group)).OfType<MessagePosted>().Count());
        Assert.Equal(GroupReason.Conflict, (await group.Send(message with { Text = "Ho" })).Reason);
    }

    [Fact]
    public async Task Send_Unsound_IsRefusedAndChangesNothing()
    {
        var group = await groups.New(2);
        var message = GroupCluster.Message(2, "Hi", "key-1");
        Assert.Equal(GroupReason.Empty, (await group.Send(message with { Text = "  " })).Reason);
        Assert.Equal(GroupReason.TooLong, (await group.Send(message with { Text = new string('x', 5_001) })).Reason);
        Assert.Equal(GroupReason.Invalid, (await group.Send(message with { Text = "a\u0007b" })).Reason);
        Assert.Equal(GroupReason.Invalid, (await group.Send(message with { Key = "no key" })).Reason);
        Assert.Equal(GroupReason.NotFound, (await group.Send(message with { ReplyTo = 1 })).Reason);
        Assert.Equal(GroupReason.NotMember, (await group.Send(message with { From = new UserId(99) })).Reason);
        var twice = message with { Mentions = GroupCluster.Users(1, 1) };
        Assert.Equal(GroupReason.Invalid, (await group.Send(twice)).Reason);
        Assert.Equal(
            GroupReason.Invalid, (await group.Send(message with { Card = new Card(CardKind.Note, 0) })).Reason);
        Assert.Equal(0, (await group.Get(new UserId(2))).Group!.LastSeq);
        var card = await group.Send(message with { Text = "", Card = new Card(CardKind.Note, 5) });
        Assert.Equal(1, card.Seq);
    }

    [Fact]
    public async Task Summary_UnreadAndMark_FollowWhatIsReadAndSent()
    {
        var group = await groups.New(2, 3);
        await groups.Send(group, 1, "one");
        await groups.Send(group, 2, "two", replyTo: 1);
        await groups.Send(group, 1, "three");
        var first = (await group.Summary(new UserId(1)))!;
        Assert.Equal((1, 1, 1), (first.ReadSeq, first.Unread, first.UnreadMentions));
        var second = (await group.Summary(new UserId(2)))!;
        Assert.Equal((0, 2, "three"), (second.ReadSeq, second.Unread, second.LastMessage!.Text));
        Assert.Equal(2, await group.MarkRead(new UserId(2), 2));
        Assert.Equal(2, await group.MarkRead(new UserId(2), 1));
        Assert.Equal(1, (await group.Summary(new UserId(2)))!.Unread);
        Assert.Equal(3, await group.MarkRead(new UserId(2), 900));
        Assert.Equal(0, (await group.Summary(new UserId(2)))!.Unread);
        Assert.Equal(3, (await group.Summary(new UserId(3)))!.Unread);
        Assert.Null(await group.MarkRead(new UserId(99), 1));
        await groups.Send(group, 2);
        var all = (await group.Summary(new UserId(2)))!;
        Assert.Equal((4, 0), (all.ReadSeq, all.Unread));
    }

    [Fact]
    public async Task Messages_Pages_AreWholeInBothDirections()
    {
        var group = await groups.New(2);
        for (var i = 1; i <= 12; i++)
        {
            await groups.Send(group, 1, $"m{i}");
        }

        await Shows(new MessageQuery(null, null, 5), true, [8L, 9, 10, 11, 12]);
        await Shows(new MessageQuery(8, null, 5), true, [3L, 4, 5, 6, 7]);
        await Shows(new MessageQuery(3, null, 5), false, [1L, 2]);
        await Shows(new MessageQuery(null, 3, 3), true, [4L, 5, 6]);
        await Shows(new MessageQuery(null, 10, 3), false, [11L, 12]);
        await Shows(new MessageQuery(null, 12, 3), false, []);
        await Shows(new MessageQuery(1, null, 3), false, []);
        await Shows(new MessageQuery(null, long.MaxValue, 3), false, []);
        await Shows(new MessageQuery(null, null, -4), true, [12L]);
        Assert.Equal(
            CommandStatus.Invalid, (await group.Messages(new UserId(2), new MessageQuery(5, 5, 3))).Status);
        Assert.Equal(
            CommandStatus.Forbidden, (await group.Messages(new UserId(9), new MessageQuery(null, null, 3))).Status);

        async Task Shows(MessageQuery query, bool hasMore, long[] seqs)
        {
            var page = (await group.Messages(new UserId(2), query)).Page!;
            Assert.Equal(seqs, page.Items.Select(item => item.Seq));
            Assert.Equal(hasMore, page.HasMore);
        }
    }

    [Fact]
    public async Task Conversation_OfTwo_IsTheirsAlone()
    {
        var group = await groups.NewDirect(71, 72);
        var mine = (await group.Get(new UserId(71))).Group!;
        Assert.Equal(("User 72", new UserId(72), 2), (mine.Name, mine.PeerId!.Value, mine.Members));
        Assert.Equal("User 71", (await group.Get(new UserId(72))).Group!.Name);
        Assert.Equal(CommandStatus.NotFound, (await group.Get(new UserId(73))).Status);
        Assert.Equal(CommandStatus.NotFound, (await group.Open(new UserId(73), null)).Status);
        Assert.Equal(GroupReason.NotFound, (await group.Send(GroupCluster.Message(73, "Hi", "k"))).Reason);
        Assert.Equal(CommandStatus.WrongState, (await group.Join(new UserId(71), GroupCluster.Member(73))).Status);
        Assert.Equal(CommandStatus.NotFound, (await group.Join(new UserId(73), GroupCluster.Member(73))).Status);
        Assert.Equal(CommandStatus.WrongState, await group.Remove(new UserId(71), new UserId(72)));
        Assert.Equal(CommandStatus.WrongState, await group.Mute(new UserId(71), new UserId(72), 60));
        await groups.Send(group, 71);
        Assert.Equal(1, (await group.Summary(new UserId(72)))!.Unread);
    }

    [Fact]
    public async Task ConversationGrain_BoundTwice_KeepsTheFirst()
    {
        var conversation = groups.Grains.Conversation(new UserId(81), new UserId(80));
        Assert.Null(await conversation.Get());
        Assert.Equal(new GroupId(5), await conversation.Bind(new GroupId(5)));
        Assert.Equal(new GroupId(5), await conversation.Bind(new GroupId(6)));
        Assert.Equal(
            new GroupId(5), await groups.Grains.Conversation(new UserId(80), new UserId(81)).Get());
    }

    [Fact]
    public async Task Removed_Member_IsAStrangerAtOnce()
    {
        var group = await groups.New(JoinPolicy.Invite, 2, 3);
        await groups.Send(group, 2);
        Assert.Equal(CommandStatus.Done, await group.Remove(new UserId(1), new UserId(2)));
        Assert.Equal(CommandStatus.Forbidden, (await group.Open(new UserId(2), null)).Status);
        Assert.Equal(CommandStatus.Forbidden, (await group.Get(new UserId(2))).Status);
        Assert.Equal(GroupReason.NotMember, (await group.Send(GroupCluster.Message(2, "Hi", "k"))).Reason);
        Assert.Null(await group.Summary(new UserId(2)));
        Assert.Equal(2, (await group.Get(new UserId(1))).Group!.Members);
    }

    [Fact]
    public async Task Read_BeforeTheCommit_WaitsForIt()
    {
        var group = await groups.New(2);
        await groups.Send(group, 1);
        using (var hold = groups.Journal.Hold())
        {
            var send = group.Send(GroupCluster.Message(2, "Hi", "k"));
            await groups.Cluster.WhenAppending(GroupCluster.Log(group));
            var summary = group.Summary(new UserId(1));
            var opened = group.Open(new UserId(1), null);
            var refused = group.Send(GroupCluster.Message(99, "Hi", "k"));
            await group.DeliverEffects();
            groups.Journal.FailNext(GroupCluster.Log(group), afterTakingEffect: false);
            Assert.False(summary.IsCompleted || opened.IsCompleted || refused.IsCompleted);
            hold.Dispose();
            Assert.Equal(GroupReason.TryAgain, (await send).Reason);
            Assert.Equal(GroupReason.TryAgain, (await refused).Reason);
            await Assert.ThrowsAsync<TryAgainException>(() => summary);
            await Assert.ThrowsAsync<TryAgainException>(() => opened);
        }

        await GroupCluster.Back(group);
        Assert.Equal(1, (await group.Get(new UserId(1))).Group!.LastSeq);
    }
}
