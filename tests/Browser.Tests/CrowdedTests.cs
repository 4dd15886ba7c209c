using Microsoft.Playwright;

namespace RedNote.Browser.Tests;

/// <summary>More is said than people can read: what did not fly elsewhere is said to whoever sent it.</summary>
public sealed class CrowdedTests(Chromium chromium)
{
    private const string Title = "人挤人 Crowded";
    private const int Sent = 8;

    [Fact]
    public async Task Danmaku_LeftOutOfTheFrames_AreMarkedForTheirSenderAndCountedForOthers()
    {
        await using var show = await Show.Open(
            chromium, Title, new() { ["RedNote__Live__DisplayBudgetPerSecond"] = "1" },
            motion: ReducedMotion.NoPreference);
        var host = show.Host;
        var viewer = await show.OnPhone("小红");

        for (var i = 0; i < Sent; i++)
        {
            await viewer.Say($"第 {i} 句各不相同的话");
            await viewer.Sees($"第 {i} 句各不相同的话");
        }

        await Assertions.Expect(viewer.At("sampled").First).ToBeVisibleAsync();
        await Assertions.Expect(host.Page.Locator(".chat-shed")).ToBeVisibleAsync();
        await viewer.Photograph("sampled-phone");

        // The one thing or the other: whatever is not marked for its sender is on the other's screen.
        var marked = await viewer.At("sampled").CountAsync();
        await Assertions.Expect(host.Messages).ToHaveCountAsync(Sent - marked);
        await host.HasNoComplaints();
        await viewer.HasNoComplaints();
    }

    [Fact]
    public async Task Danmaku_SaidByMany_IsShownOnceWithItsCount()
    {
        await using var show = await Show.Open(chromium, Title, motion: ReducedMotion.NoPreference);
        var host = show.Host;
        var viewer = await show.OnPhone("小红");
        var other = await show.OnDesktop("Ann");

        await viewer.Say("哈哈哈");
        await host.Sees("哈哈哈");
        await other.Say("哈哈哈哈哈!!");
        await Assertions.Expect(other.At("verdict")).ToContainTextAsync("yours was counted with it");
        foreach (var person in (Person[])[host, viewer, other])
        {
            await Assertions.Expect(person.At("times")).ToHaveTextAsync("×2");
            await Assertions.Expect(person.Messages).ToHaveCountAsync(1);
        }

        await viewer.HasNoComplaints();
    }

    [Fact]
    public async Task Danmaku_ByOnesOwnSettings_FlyAsTheyAreWantedAndAreRemembered()
    {
        await using var show = await Show.Open(chromium, Title, motion: ReducedMotion.NoPreference);
        var host = show.Host;
        var viewer = await show.OnPhone("小红");

        await viewer.At("fly-open").ClickAsync();
        await viewer.At("fly-only-mine").CheckAsync(new() { Force = true });
        await viewer.At("choice-quarter").CheckAsync(new() { Force = true });
        await viewer.At("fly-size").FillAsync("1.5");
        await viewer.At("fly-opacity").FillAsync("0.5");
        await viewer.Photograph("fly-settings-phone");
        await viewer.Page.Keyboard.PressAsync("Escape");
        var stage = viewer.At("danmaku-stage");
        await Assertions.Expect(stage).ToHaveCSSAsync("opacity", "0.5");
        await host.Say("别人的话");
        await viewer.Sees("别人的话");
        await viewer.Say("我的话");
        await Assertions.Expect(viewer.At("danmaku-item").Filter(new() { HasText = "我的话" })).ToHaveCountAsync(1);
        await Assertions.Expect(viewer.At("danmaku-item")).ToHaveCountAsync(1);
        await Assertions.Expect(viewer.At("danmaku-item")).ToHaveCSSAsync("font-size", "27px");

        await viewer.Page.ReloadAsync();
        await viewer.IsInRoom(Title);
        await Assertions.Expect(stage).ToHaveCSSAsync("opacity", "0.5");
        await viewer.At("fly-open").ClickAsync();
        await Assertions.Expect(viewer.At("fly-only-mine")).ToBeCheckedAsync();
        await viewer.HasNoComplaints();
    }
}
