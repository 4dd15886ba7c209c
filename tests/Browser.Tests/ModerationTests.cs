using Microsoft.Playwright;

namespace RedNote.Browser.Tests;

/// <summary>Order in the room: review, recall, mutes, the shield, and what the host's figures say of all of
/// it.</summary>
public sealed class ModerationTests(Chromium chromium)
{
    private const string Title = "安静的房间 In order";

    [Fact]
    public async Task Danmaku_HeldForReview_IsShownOnceApprovedAndNeverWhenRefused()
    {
        await using var show = await Show.Open(chromium, Title);
        var host = show.Host;
        var viewer = await show.OnPhone("小红");
        await host.At("host-tools").ClickAsync();
        await host.At("tab-order").ClickAsync();
        await host.At("choice-all").CheckAsync(new() { Force = true });
        await host.Photograph("order-desktop");
        await host.At("settings-save").ClickAsync();
        await Assertions.Expect(viewer.At("composer-input")).ToHaveAttributeAsync("placeholder", "发言通过审核后才会显示");

        await viewer.Say("请放我进去");
        await Assertions.Expect(viewer.At("held-line")).ToContainTextAsync("请放我进去");
        await Assertions.Expect(viewer.At("verdict")).ToContainTextAsync("等待审核");
        await viewer.Say("不该出现的话");
        await viewer.Photograph("held-phone");
        // Also with the console closed the host is told that somebody waits.
        await host.At("console-close").ClickAsync();
        await Assertions.Expect(host.At("host-tools")).ToHaveAttributeAsync(
            "aria-label", "Host console, 2 danmaku wait for review");
        await host.Photograph("waiting-desktop");
        await host.At("host-tools").ClickAsync();
        await host.At("tab-review").ClickAsync();
        await Assertions.Expect(host.At("held-item")).ToHaveCountAsync(2);
        await host.Photograph("review-desktop");
        await host.At("held-item").Filter(new() { HasText = "请放我进去" }).GetByTestId("approve").ClickAsync();
        await host.At("held-item").Filter(new() { HasText = "不该出现的话" }).GetByTestId("refuse").ClickAsync();

        await viewer.Sees("请放我进去");
        await Assertions.Expect(viewer.At("held-line")).ToHaveCountAsync(1);
        await Assertions.Expect(viewer.At("held-line")).ToHaveAttributeAsync("data-refused", "true");
        await host.At("tab-figures").ClickAsync();
        await Assertions.Expect(host.At("total-shown")).ToHaveTextAsync("1");
        await Assertions.Expect(host.At("total-rejected")).ToHaveTextAsync("1");
        await Assertions.Expect(host.At("totals")).ToHaveAttributeAsync("data-received", "2");
        await Assertions.Expect(host.At("totals")).ToHaveAttributeAsync("data-sum", "2");
        await host.Photograph("figures-desktop");
        await host.At("console-close").ClickAsync();
        await host.Sees("请放我进去");
        await Assertions.Expect(host.Messages.Filter(new() { HasText = "不该出现的话" })).ToHaveCountAsync(0);
        await host.HasNoComplaints();
        await viewer.HasNoComplaints();
    }

    [Fact]
    public async Task Rules_AnswerComesLate_DoNotUndoWhatTheHostHasChosen()
    {
        await using var show = await Show.Open(chromium, Title);
        var host = show.Host;
        var viewer = await show.OnPhone("小红");
        var release = new TaskCompletionSource();
        await host.Page.RouteAsync("**/api/rooms/*/settings", async route =>
        {
            if (route.Request.Method == "GET")
            {
                await release.Task;
            }

            await route.ContinueAsync();
        });
        await host.At("host-tools").ClickAsync();
        await host.At("tab-order").ClickAsync();
        await host.At("choice-all").CheckAsync(new() { Force = true });
        var answered = host.Page.WaitForResponseAsync(answer => answer.Request.Method == "GET"
            && answer.Url.EndsWith("/settings", StringComparison.Ordinal));
        release.SetResult();
        await (await answered).FinishedAsync();
        await host.At("settings-save").ClickAsync();
        await Assertions.Expect(viewer.At("composer-input")).ToHaveAttributeAsync("placeholder", "发言通过审核后才会显示");
    }

    [Fact]
    public async Task Danmaku_Recalled_DisappearsForBoth()
    {
        await using var show = await Show.Open(chromium, Title);
        var host = show.Host;
        var viewer = await show.OnPhone("小红");
        await viewer.Say("说漏嘴了");
        await viewer.Say("这句留下");
        await host.Sees("说漏嘴了");
        await host.Sees("这句留下");

        await viewer.At("chat-toggle").ClickAsync();
        var line = viewer.Messages.Filter(new() { HasText = "说漏嘴了" });
        await line.GetByTestId("line-menu").ClickAsync();
        await viewer.Photograph("recall-phone");
        await line.GetByTestId("recall").ClickAsync();
        foreach (var person in (Person[])[host, viewer])
        {
            await Assertions.Expect(person.Messages.Filter(new() { HasText = "说漏嘴了" })).ToHaveCountAsync(0);
            await person.Sees("这句留下");
        }

        var late = await show.OnDesktop("Ann");
        await late.Sees("这句留下");
        await Assertions.Expect(late.Messages).ToHaveCountAsync(1);
        await viewer.HasNoComplaints();
    }

    [Fact]
    public async Task Viewer_MutedForAWhile_IsToldAndTheLogHasIt()
    {
        await using var show = await Show.Open(chromium, Title);
        var host = show.Host;
        var viewer = await show.OnPhone("小红");
        await viewer.Say("第一句");
        await host.Sees("第一句");
        var line = host.Messages.Filter(new() { HasText = "第一句" });
        await line.HoverAsync();
        await line.GetByTestId("line-menu").ClickAsync();
        await host.Photograph("line-menu-desktop");
        await line.GetByTestId("mute").First.ClickAsync();

        await host.At("host-tools").ClickAsync();
        await host.At("tab-order").ClickAsync();
        await Assertions.Expect(host.At("muted-user")).ToContainTextAsync("小红");
        await viewer.Say("还能说吗");
        await Assertions.Expect(viewer.At("verdict")).ToHaveTextAsync("你被禁言了");
        await host.At("shield").ClickAsync(new() { Force = true });
        await Assertions.Expect(viewer.At("composer-input")).ToHaveAttributeAsync("placeholder", "关注主播后可以发言");
        await host.At("tab-audit").ClickAsync();
        await Assertions.Expect(host.At("audit-item").Filter(new() { HasText = "Momo muted 小红 until" }))
            .ToHaveCountAsync(1);
        await host.Photograph("audit-desktop");
        await host.HasNoComplaints();
        await viewer.HasNoComplaints();
    }
}
