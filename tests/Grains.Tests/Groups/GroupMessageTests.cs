using RedNote.Groups;

namespace RedNote.Grains.Tests.Groups;

/// <summary>Editing, taking back, reactions and receipts on a silo.</summary>
public sealed class GroupMessageTests(GroupCluster groups) : IClassFixture<GroupCluster>
{
    [Fact]
    public async Task Edit_OfOnesOwn_IsShownEverywhere()
    {
        var group = await groups.New(2);
        var seq = await groups.Send(group, 2, "first words");
        var edited = await group.Edit(new UserId(2), seq, " second words ");
        Assert.Equal((SendStatus.Accepted, seq), (edited.Status, edited.Seq!.Value));
        Assert.Equal(GroupReason.Forbidden, (await group.Edit(new UserId(1), seq, "mine")).Reason);
        Assert.Equal(GroupReason.NotMember, (await group.Edit(new UserId(9), seq, "mine")).Reason);
        Assert.Equal(GroupReason.Empty, (await group.Edit(new UserId(2), seq, " ")).Reason);
        Assert.Equal(GroupReason.NotFound, (await group.Edit(new UserId(2), 2, "x")).Reason);
        Assert.Equal(edited, await group.Edit(new UserId(2), seq, "second words"));
        await groups.Crash(group, GroupCluster.Message(1, "lost", "lost"), afterTakingEffect: false);
        var message = (await group.Messages(new UserId(1), new MessageQuery(null, null, 5))).Page!.Items.Single();
        Assert.Equal(("second words", edited.At), (message.Text, message.EditedAt));
    }

    [Fact]
    public async Task Recall_Text_IsGoneFromLogTableAndNews()
    {
        var group = await groups.New(2);
        var seq = await groups.Send(group, 2, "the-secret-one");
        await group.Edit(new UserId(2), seq, "the-secret-two");
        await group.React(new UserId(1), new Reaction(seq, "👍", On: true));
        var head = (await group.Report(new GroupPresence("f", [])))!;
        Assert.Contains("the-secret-one", await groups.Stored(group), StringComparison.Ordinal);
        Assert.Equal(SendStatus.Accepted, (await group.Recall(new UserId(2), seq)).Status);
        Assert.DoesNotContain("the-secret", await groups.Stored(group), StringComparison.Ordinal);
        var rows = await groups.Journal.QueryAsync(GroupMessages.Ask(1, 9, 9), CancellationToken.None);
        Assert.DoesNotContain(rows, row => row.Values.Any(value => value.Text?.Contains("the-secret") ?? false));
        var news = (await group.NewsAfter(head with { Number = 0 }))!;
        Assert.True(news.IsComplete);
        Assert.DoesNotContain(news.News.SelectMany(one => one.Events), told => TextOf(told).Contains("secret"));
        var message = (await group.Open(new UserId(1), null)).Opened!.Messages.Single();
        Assert.Equal(("", true, null), (message.Text, message.Recalled, message.Reactions));
        Assert.Equal(SendStatus.Accepted, (await group.Recall(new UserId(2), seq)).Status);
        Assert.Equal(GroupReason.NotFound, (await group.Edit(new UserId(2), seq, "again")).Reason);
        Assert.Equal(
            GroupReason.NotFound, (await group.React(new UserId(2), new Reaction(seq, "👍", On: true))).Reason);
        Assert.Single((await groups.Events(group)).OfType<MessageRecalled>());
    }

    [Fact]
    public async Task Recall_OfAnother_IsForOwnerAndAdmins()
    {
        var group = await groups.New(2, 3);
        var mine = await groups.Send(group, 2);
        var owners = await groups.Send(group, 1);
        Assert.Equal(GroupReason.Forbidden, (await group.Recall(new UserId(3), mine)).Reason);
        Assert.Equal(SendStatus.Accepted, (await group.Recall(new UserId(1), mine)).Status);
        await group.SetRole(new UserId(1), new UserId(3), GroupRole.Admin);
        Assert.Equal(SendStatus.Accepted, (await group.Recall(new UserId(3), owners)).Status);
        Assert.Equal(0, (await group.Summary(new UserId(3)))!.Unread);
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task Recall_TogetherWithEdits_LeavesNoText(bool recallFirst)
    {
        var group = await groups.New(2);
        var seq = await groups.Send(group, 2, "the-secret");
        var edits = Enumerable.Range(0, 5).Select(i => (Func<Task<SendAnswer>>)(
            () => group.Edit(new UserId(2), seq, $"the-secret-{i}"))).ToList();
        edits.Insert(recallFirst ? 0 : 3, () => group.Recall(new UserId(2), seq));
        await Task.WhenAll(edits.Select(edit => edit()));
        Assert.DoesNotContain("the-secret", await groups.Stored(group), StringComparison.Ordinal);
    }

    [Fact]
    public async Task React_ManyAtOnce_CountsEqualTheSets()
    {
        var users = Enumerable.Range(2, 7).Select(user => (long)user).ToArray();
        var group = await groups.New(users);
        await groups.Send(group, 1);
        await groups.Send(group, 2);
        string[] emojis = ["👍", "❤️", "🎉"];
        var random = new Random(7);
        var calls = Enumerable.Range(0, 300).Select(_ => (
            User: random.NextInt64(1, 9), Reaction: new Reaction(
                random.NextInt64(1, 3), emojis[random.Next(3)], random.Next(2) == 0))).ToList();
        var answers = await Task.WhenAll(calls.Select(call => group.React(new UserId(call.User), call.Reaction)));
        Assert.All(answers, answer => Assert.Equal(SendStatus.Accepted, answer.Status));
        await AssertCounts(group);

        // Each of them once, so that no order of the calls makes a difference.
        var each = (from user in users.Prepend(1)
                    from seq in (long[])[1, 2]
                    from emoji in emojis
                    select (User: user, Reaction: new Reaction(seq, emoji, random.Next(2) == 0))).ToList();
        await Task.WhenAll(each.Select(call => group.React(new UserId(call.User), call.Reaction)));
        Assert.Equal(each.Count(call => call.Reaction.On), await AssertCounts(group));
        await groups.Crash(group, GroupCluster.Message(1, "lost", "lost"), afterTakingEffect: false);
        Assert.Equal(each.Count(call => call.Reaction.On), await AssertCounts(group));
    }

    [Fact]
    public async Task React_Unsound_IsRefused()
    {
        var group = await groups.New(2);
        await groups.Send(group, 1);
        foreach (var emoji in new[] { "", "a", "👍👍", "1", "\uD83D", "ab👍", "\u202E", "\uFFFD" })
        {
            var refused = await group.React(new UserId(2), new Reaction(1, emoji, On: true));
            Assert.Equal(GroupReason.Invalid, refused.Reason);
        }

        Assert.Equal(GroupReason.NotFound, (await group.React(new UserId(2), new Reaction(2, "👍", true))).Reason);
        Assert.Equal(GroupReason.NotMember, (await group.React(new UserId(9), new Reaction(1, "👍", true))).Reason);
        foreach (var emoji in new[] { "👍🏽", "👨‍👩‍👧‍👦", "🇨🇳", "1️⃣", "❤️" })
        {
            Assert.Equal(
                SendStatus.Accepted, (await group.React(new UserId(2), new Reaction(1, emoji, On: true))).Status);
        }

        Assert.Equal(5, (await group.Open(new UserId(2), null)).Opened!.Messages[0].MyReactions!.Value.Length);
        Assert.Null((await group.Open(new UserId(1), null)).Opened!.Messages[0].MyReactions);
    }

    [Fact]
    public async Task Receipts_Marks_SayWhoHasRead()
    {
        var group = await groups.New(2, 3, 4);
        var seq = await groups.Send(group, 1);
        await group.Join(new UserId(5), GroupCluster.Member(5));
        await group.MarkRead(new UserId(3), seq);
        var receipts = (await group.Receipts(new UserId(1), seq)).Receipts!;
        Assert.Equal((1, 2), (receipts.Read, receipts.Unread));
        Assert.Equal([new Reader(new UserId(3), "User 3")], receipts.Readers);
        Assert.Equal(CommandStatus.NotFound, (await group.Receipts(new UserId(1), 2)).Status);
        Assert.Equal(CommandStatus.Forbidden, (await group.Receipts(new UserId(9), seq)).Status);
    }

    private static string TextOf(GroupEvent told) => told switch
    {
        MessageSent sent => sent.Message.Text,
        MessageEdited edited => edited.Message.Text,
        _ => "",
    };

    /// <summary>Counts are the sizes of the sets; answers what they come to together.</summary>
    private async Task<int> AssertCounts(IGroupGrain group)
    {
        var rows = await groups.Journal.QueryAsync(
            GroupReactions.AskOf(new UserId(1), 1, 2, 100) with
            {
                Grain = group.GetPrimaryKeyLong().ToString(),
                Where = [],
            },
            CancellationToken.None);
        var sets = rows.Select(GroupReactions.Read).CountBy(one => one).ToDictionary();
        var shown = (await group.Open(new UserId(1), null)).Opened!.Messages
            .SelectMany(message => message.Reactions!.Select(count => ((message.Seq, count.Key), count.Value)))
            .ToDictionary();
        Assert.Equal(sets.OrderBy(one => one.Key), shown.OrderBy(one => one.Key));
        return rows.Count;
    }
}
