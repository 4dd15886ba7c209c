using Microsoft.Extensions.DependencyInjection;
using RedNote.Groups;
using RedNote.Journal;

namespace RedNote.Grains.Tests.Groups;

/// <summary>What members who look on are told, and those who do not.</summary>
public sealed class GroupNewsTests(GroupCluster groups) : IClassFixture<GroupCluster>
{
    [Fact]
    public async Task News_OfEverything_ComeOnceInOrderWithoutGap()
    {
        var group = await groups.New(2);
        var news = await NewsLog.Of(groups, group);
        await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => groups.Send(group, 2)));
        await group.Change(GroupCluster.Owner, new GroupChange("New name", "Tomorrow", null));
        await group.Join(new UserId(3), GroupCluster.Member(3));
        await group.Mute(GroupCluster.Owner, new UserId(3), 60);
        await group.Remove(GroupCluster.Owner, new UserId(3));
        await news.When<MemberChanged>("the removal", told => told.Change == MemberChange.Removed);
        Assert.Equal(
            Enumerable.Range(1, 100).Select(seq => (long)seq),
            news.Events.OfType<MessageSent>().Select(sent => sent.Message.Seq));
        var numbers = news.News.Select(one => one.Head.Number).ToList();
        Assert.Equal(Enumerable.Range((int)numbers[0], numbers.Count).Select(number => (long)number), numbers);
        Assert.Single(news.News.Select(one => one.Head.Epoch).Distinct());
        var changes = news.Events.OfType<MemberChanged>().Where(told => told.UserId == new UserId(3)).ToList();
        Assert.Equal(
            [MemberChange.Joined, MemberChange.Muted, MemberChange.Removed], changes.Select(told => told.Change));
        Assert.Equal(("User 3", null, 2), (changes[2].Name, changes[2].Role, changes[2].Members));
        Assert.Equal("New name", Assert.Single(news.Events.OfType<GroupRenamed>()).Name);
    }

    [Fact]
    public async Task NewsAfter_WhatWasMissed_IsAllOfItOrNothing()
    {
        var group = await groups.New(2);
        var opened = (await group.Open(new UserId(2), null)).Opened!.Head;
        for (var i = 0; i < 3; i++)
        {
            await groups.Send(group, 1);
            // Opening closes what there is under a number.
            await group.Open(new UserId(2), null);
        }

        var missed = (await group.NewsAfter(opened))!;
        Assert.True(missed.IsComplete);
        Assert.Equal([1L, 2, 3], missed.News.SelectMany(one => one.Events).OfType<MessageSent>()
            .Select(sent => sent.Message.Seq));
        Assert.Empty((await group.NewsAfter(missed.Head))!.News);
        Assert.False((await group.NewsAfter(opened with { Epoch = 77 }))!.IsComplete);
        Assert.False((await group.NewsAfter(opened with { Number = 900 }))!.IsComplete);
        await groups.Crash(group, GroupCluster.Message(1, "lost", "lost"), afterTakingEffect: false);
        var after = (await group.NewsAfter(missed.Head))!;
        Assert.False(after.IsComplete);
        Assert.True(after.Head.Epoch > missed.Head.Epoch);
    }

    [Fact]
    public async Task MarkRead_OthersAreTold_AndTypingIsThrottled()
    {
        var group = await groups.New(2);
        var news = await NewsLog.Of(groups, group);
        await groups.Send(group, 1);
        await group.MarkRead(new UserId(2), 1);
        await news.When<MessagesRead>("the mark", read => read == new MessagesRead(new UserId(2), 1) { At = read.At });
        Assert.True(await group.Type(new UserId(2), "User 2"));
        Assert.True(await group.Type(new UserId(2), "User 2"));
        Assert.False(await group.Type(new UserId(9), "Nobody"));
        await groups.Send(group, 2);
        await news.When<MessageSent>("the message", sent => sent.Message.Seq == 2);
        Assert.Equal("User 2", Assert.Single(news.Events.OfType<MemberTyping>()).Name);
        Assert.DoesNotContain(
            await groups.Events(group), raised => raised.GetType().Name.Contains("Typing", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Knock_MembersWhoDoNotLookOn_AreToldOnceUntilTheyRead()
    {
        await using var own = new GroupCluster(new GrainCluster
        {
            Configure = services => services.Configure<GroupOptions>(options =>
            {
                options.KnockMs = 10;
                options.MarksMs = 10;
            }),
        });
        await own.InitializeAsync();
        var group = await own.New(2, 3, 4);
        await group.Report(new GroupPresence("front", GroupCluster.Users(2)));
        await own.Send(group, 1);
        await Knocks(1);
        for (var i = 0; i < 5; i++)
        {
            await own.Send(group, 1);
        }

        await group.MarkRead(new UserId(3), 6);
        await Eventually.Holds(
            "the mark is stored", async () => (await own.Events(group)).OfType<MarksMoved>().Any());
        await own.Send(group, 1);
        await Knocks(2);
        var knocks = (await own.Events(group)).OfType<MembersKnocked>().ToList();
        Assert.Equal(GroupCluster.Users(3, 4), knocks[0].Users);
        Assert.Equal(GroupCluster.Users(3), knocks[1].Users);

        Task Knocks(int count) => Eventually.Holds(
            $"{count} knocks", async () => (await own.Events(group)).OfType<MembersKnocked>().Count() == count);
    }

    [Fact]
    public async Task Effects_OfMentionsRepliesAndDirect_AreOwedToInboxes()
    {
        var group = await groups.New(2, 3);
        await groups.Send(group, 2);
        var mention = GroupCluster.Message(1, "@User 3", "m", replyTo: 1) with
        {
            Mentions = GroupCluster.Users(3, 1, 9),
        };
        Assert.Equal(SendStatus.Accepted, (await group.Send(mention)).Status);
        var posted = (await groups.Events(group)).OfType<MessagePosted>().Last();
        Assert.Equal(
            [("inbox/2", "reply"), ("inbox/3", "mention")],
            GroupEffect.Of(posted).OrderBy(draft => draft.Receiver).Select(Notice));
        var direct = await groups.NewDirect(61, 62);
        await groups.Send(direct, 61);
        await direct.Report(new GroupPresence("front", GroupCluster.Users(61, 62)));
        await groups.Send(direct, 61);
        var messages = (await groups.Events(direct)).OfType<MessagePosted>().ToList();
        Assert.Equal(("inbox/62", "direct"), Notice(Assert.Single(GroupEffect.Of(messages[0]))));
        Assert.Empty(GroupEffect.Of(messages[1]));

        static (string, string) Notice(EffectDraft draft) => (
            draft.Receiver, GroupEffect.Read(draft.Payload).Notice.ToString()!.ToLowerInvariant());
    }
}
