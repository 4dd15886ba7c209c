using Microsoft.Playwright;

namespace RedNote.Browser.Tests;

/// <summary>People who talk in a group, and two of them alone.</summary>
public sealed class GroupTests(Chromium chromium, CircleServer server) : IClassFixture<CircleServer>
{
    private const string Name = "周末徒步 Hikers";

    [Fact]
    public async Task Group_MadeAndJoinedByInvite_IsTalkedIn()
    {
        await using var circle = await Circle.Open(chromium, server, Name);
        var (momo, ann) = (circle.Owner, await circle.Invite("小红"));
        await momo.Write("周六爬香山，谁来？ https://example.com/map");
        await ann.HasMessage("周六爬香山");
        await ann.At("say-input").PressSequentiallyAsync("我来 @Mo");
        await ann.At("mention-hint").First.ClickAsync();
        await ann.At("say-send").ClickAsync();
        await momo.HasMessage("我来 @Momo");
        await Assertions.Expect(momo.Page.Locator(".mention.me")).ToHaveTextAsync("@Momo");
        await momo.Menu("我来 @Momo", "react");
        await Assertions.Expect(ann.At("reaction")).ToHaveAttributeAsync("data-emoji", "👍");
        await ann.At("reaction").ClickAsync();
        await Assertions.Expect(momo.At("reaction")).ToContainTextAsync("2");

        await ann.Menu("周六爬香山", "reply");
        await ann.Write("几点集合？");
        await Assertions.Expect(momo.At("quote")).ToContainTextAsync("周六爬香山");
        await momo.Menu("周六爬香山", "edit");
        await momo.Write("周日爬香山");
        await Assertions.Expect(ann.At("quote")).ToContainTextAsync("周日爬香山");
        await momo.Write("说错了");
        await ann.HasMessage("说错了");
        await Assertions.Expect(momo.At("read-state")).ToHaveAttributeAsync("data-read", "1");
        await momo.Photograph("group-desktop");
        await ann.Photograph("group-phone");
        await momo.Menu("说错了", "recall");
        await Assertions.Expect(ann.Page.Locator("[data-recalled]")).ToHaveCountAsync(1);
        foreach (var person in (Person[])[momo, ann])
        {
            await person.HasNoComplaints();
        }
    }

    [Fact]
    public async Task Note_SentAsACard_ShowsItsLikesAsTheyChangeAndTakesOne()
    {
        await using var circle = await Circle.Open(chromium, server, Name);
        var (momo, ann) = (circle.Owner, await circle.Invite("小红"));
        var note = await circle.SendNote("早春通勤穿搭", "白衬衫配牛仔裤\n再加一件风衣");
        await Assertions.Expect(ann.At("chat-note-card")).ToHaveAttributeAsync("data-note", note);
        await Assertions.Expect(momo.At("chat-note-card")).ToContainTextAsync("早春通勤穿搭");

        await ann.At("note-like").ClickAsync();
        foreach (var person in (Person[])[momo, ann])
        {
            await Assertions.Expect(person.At("note-like")).ToHaveAttributeAsync("data-likes", "1");
        }

        await Assertions.Expect(ann.At("note-like")).ToHaveAttributeAsync("aria-pressed", "true");
        await Assertions.Expect(momo.At("note-like")).ToHaveAttributeAsync("aria-pressed", "false");
        await momo.Photograph("group-note-desktop");
        await ann.Photograph("group-note-phone");
        await ann.At("note-like").ClickAsync();
        await Assertions.Expect(momo.At("note-like")).ToHaveAttributeAsync("data-likes", "0");
        await circle.DeleteNote(note);
        await Assertions.Expect(ann.At("chat-note-card")).ToHaveCountAsync(0);
        await Assertions.Expect(momo.At("chat-note-card")).ToHaveCountAsync(0);
        foreach (var person in (Person[])[momo, ann])
        {
            await person.HasNoComplaints();
        }
    }

    [Fact]
    public async Task Group_WhatItsOwnerDecides_HoldsAtOnce()
    {
        await using var circle = await Circle.Open(chromium, server, Name);
        var (momo, ann) = (circle.Owner, await circle.Invite("小红"));
        await momo.At("say-poll").ClickAsync();
        await momo.At("poll-question").FillAsync("去哪里?");
        await momo.At("poll-option-input").Nth(0).FillAsync("香山");
        await momo.At("poll-option-input").Nth(1).FillAsync("长城");
        await momo.At("poll-open").ClickAsync();
        await ann.At("poll-option").First.ClickAsync();
        await ann.At("poll-vote").ClickAsync();
        await Assertions.Expect(ann.At("poll-bar")).ToHaveCountAsync(2);
        await Assertions.Expect(momo.At("poll-voters")).ToHaveAttributeAsync("data-value", "1");
        await ann.Photograph("group-poll-phone");
        await momo.At("members-open").ClickAsync();
        await momo.At("edit-announcement").FillAsync("记得带水");
        await momo.At("group-save").ClickAsync();
        await Assertions.Expect(ann.At("announcement")).ToContainTextAsync("记得带水");
        await momo.At("member-menu").ClickAsync();
        await momo.Photograph("group-members-desktop");
        await momo.At("mute").ClickAsync();
        await Assertions.Expect(ann.At("muted-note")).ToBeVisibleAsync();
        await momo.At("member-menu").ClickAsync();
        await momo.At("unmute").ClickAsync();
        await Assertions.Expect(ann.At("say-input")).ToBeVisibleAsync();
        await momo.At("member-menu").ClickAsync();
        await momo.At("remove-member").ClickAsync();
        await momo.At("remove-confirm").ClickAsync();
        await Assertions.Expect(ann.At("chat-closed")).ToBeVisibleAsync();
        await ann.Photograph("group-removed-phone");
        await momo.HasNoComplaints();
    }

    [Fact]
    public async Task Away_ManyMessages_AreCountedFoundAndSummed()
    {
        await using var circle = await Circle.Open(chromium, server, Name);
        var (momo, ann) = (circle.Owner, await circle.Invite("小红"));
        await momo.Write("大家好");
        await Assertions.Expect(momo.At("read-state")).ToHaveAttributeAsync("data-read", "1");
        await ann.At("chat-back").ClickAsync();
        for (var n = 1; n <= 10; n++)
        {
            await momo.Write(n == 5 ? "@小红 你带相机吗？" : $"第 {n} 条");
        }

        await ann.Page.ReloadAsync();
        await Assertions.Expect(ann.At("group-item")).ToHaveAttributeAsync("data-unread", "10");
        await Assertions.Expect(ann.At("bell")).Not.ToHaveAttributeAsync("data-unread", "0");
        await ann.Photograph("groups-list-phone");
        await ann.At("bell").ClickAsync();
        await Assertions.Expect(ann.At("notification").First).ToBeVisibleAsync();
        await ann.Photograph("inbox-phone");
        await ann.At("notification").First.ClickAsync();
        await Assertions.Expect(ann.At("new-line")).ToBeVisibleAsync();
        await Assertions.Expect(ann.At("digest-banner")).ToBeVisibleAsync();
        await ann.At("digest-open").ClickAsync();
        await Assertions.Expect(ann.At("digest")).ToContainTextAsync("你带相机吗");
        await ann.Photograph("digest-phone");
        await ann.Page.Keyboard.PressAsync("Escape");
        await ann.At("find-open").ClickAsync();
        await ann.At("find-words").FillAsync("相机");
        await ann.At("find").ClickAsync();
        await ann.At("found").ClickAsync();
        await Assertions.Expect(ann.Page.Locator(".found-now")).ToContainTextAsync("相机");
        await ann.At("chat-back").ClickAsync();
        await Assertions.Expect(ann.At("group-item")).ToHaveAttributeAsync("data-unread", "0");
        await ann.HasNoComplaints();
    }

    [Fact]
    public async Task Pages_EveryState_PassTheAudit()
    {
        // The desktop's are dark, the phone's light.
        await using var circle = await Circle.Open(chromium, server, Name, ColorScheme.Dark);
        var (momo, ann) = (circle.Owner, await circle.Invite("小红"));
        var audit = new Audit();
        await momo.Write("有人吗？");
        await ann.HasMessage("有人吗？");
        await ann.Write("在");
        await momo.HasMessage("在");
        await momo.Menu("在", "react");
        await Assertions.Expect(ann.At("reaction")).ToBeVisibleAsync();
        await Check("chat on a phone", ann);
        await momo.At("message-menu").First.ClickAsync();
        await Check("chat on a desktop, with a message's menu", momo);
        await momo.At("members-open").ClickAsync();
        await Assertions.Expect(momo.At("invite")).ToBeVisibleAsync();
        await Check("members", momo);
        await ann.Page.GotoAsync($"/user/{await circle.OwnerId()}");
        await ann.At("user-message").ClickAsync();
        await ann.Write("嗨");
        await Assertions.Expect(ann.At("read-state")).ToBeVisibleAsync();
        await Check("a conversation", ann);
        await ann.At("chat-back").ClickAsync();
        await Assertions.Expect(ann.At("group-item")).ToHaveCountAsync(2);
        await Check("the list", ann);
        await ann.At("new-group").ClickAsync();
        await Assertions.Expect(ann.At("group-name")).ToBeVisibleAsync();
        await Check("a new group", ann);

        audit.HasPassed();

        async Task Check(string state, Person person)
        {
            await audit.Check(state, person);
            await person.Photograph($"groups, {state}");
        }
    }
}
