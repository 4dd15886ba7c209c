using System.Globalization;
using Microsoft.Playwright;

namespace RedNote.Browser.Tests;

/// <summary>A show that is over, watched again: in time, by slider and keys, moved against the video.</summary>
public sealed class ReplayTests(Chromium chromium)
{
    private const string Title = "看过还想看 Once more";

    /// <summary>How far a danmaku may be shown from its media time.</summary>
    private const double LimitMs = 100;

    // What each flight's position was when it took off, by what the player itself says.
    private const string WatchTakeOffs = """
        () => {
          window.takeOffs = [];
          const stage = document.querySelector('[data-testid="danmaku-stage"]');
          new MutationObserver((changes) => {
            for (const { addedNodes } of changes) {
              for (const node of addedNodes) {
                for (const item of node.querySelectorAll?.('[data-testid="danmaku-item"]') ?? []) {
                  window.takeOffs.push({ text: item.textContent, now: performance.now() });
                }
              }
            }
          }).observe(stage, { childList: true, subtree: true });
        }
        """;

    [Fact]
    public async Task Replay_OfAnEndedRoom_ShowsEachDanmakuInItsTimeAndFollowsTheSlider()
    {
        var browser = chromium.Browser;
        await using var server = await FrontendProcess.Start([]);
        await using var host = await Person.OnDesktop(browser, server.Address, motion: ReducedMotion.NoPreference);
        await host.GoLive("Momo", Title);
        string[] said = ["第一句 first", "第二句 second", "第三句 third", "第四句 fourth"];
        foreach (var text in said)
        {
            await host.Say(text);
            await host.Sees(text);
            await host.Page.WaitForTimeoutAsync(700);
        }

        await host.End();
        await using var viewer = await Person.OnPhone(browser, server.Address, motion: ReducedMotion.NoPreference);
        await Assertions.Expect(viewer.At("replay-card")).ToHaveCountAsync(1);
        await viewer.At("replay-card").ClickAsync();
        await viewer.At("replay-start").ClickAsync();
        await viewer.Page.EvaluateAsync(WatchTakeOffs);
        var lines = viewer.At("replay-line").Filter(new() { HasText = "句" });
        await Assertions.Expect(lines).ToHaveCountAsync(said.Length, new() { Timeout = 30_000 });
        await viewer.Photograph("replay-phone");
        await InTime(viewer, lines, said);
        await viewer.HasNoComplaints();
    }

    [Fact]
    public async Task Replay_ByKeyboard_PausesJumpsAndRemembersTheOffset()
    {
        var browser = chromium.Browser;
        await using var server = await FrontendProcess.Start([]);
        await using var host = await Person.OnDesktop(browser, server.Address, motion: ReducedMotion.NoPreference);
        await host.GoLive("Momo", Title);
        await host.Say("开场");
        await host.Sees("开场");
        await host.Page.WaitForTimeoutAsync(3_000);
        await host.Say("尾声");
        await host.Sees("尾声");
        await host.End();
        await host.At("replay-start").ClickAsync();
        await host.At("replay-toggle").FocusAsync();
        await host.Page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(host.At("replay-toggle")).ToHaveAttributeAsync("data-playing", "false");

        await host.At("replay-slider").FocusAsync();
        await host.Page.Keyboard.PressAsync("End");
        await host.At("replay-toggle").PressAsync("Enter");
        // It begins anew, and on a slow machine some time passed before anybody spoke.
        await Assertions.Expect(Line(host, "开场")).ToHaveCountAsync(1, new() { Timeout = 30_000 });
        await host.At("replay-slider").FocusAsync();
        await host.Page.Keyboard.PressAsync("Home");
        await Assertions.Expect(Line(host, "尾声")).ToHaveCountAsync(0);
        await host.Photograph("replay-desktop");

        await host.At("replay-speed").SelectOptionAsync("2");
        await host.At("offset-later").ClickAsync();
        await Assertions.Expect(host.At("replay-offset")).ToHaveAttributeAsync("data-value", "500");
        await host.Page.ReloadAsync();
        await host.At("replay-start").ClickAsync();
        await Assertions.Expect(host.At("replay-offset")).ToHaveAttributeAsync("data-value", "500");
        await Assertions.Expect(Line(host, "尾声")).ToHaveCountAsync(1, new() { Timeout = 30_000 });
        await host.At("replay-leave").ClickAsync();
        await Assertions.Expect(host.At("room-ended")).ToBeVisibleAsync();
        await host.HasNoComplaints();
    }

    private static ILocator Line(Person person, string text)
        => person.At("replay-line").Filter(new() { HasText = text });

    /// <summary>Flights took off as far from each other as the media times on the tape are.</summary>
    private static async Task InTime(Person person, ILocator lines, string[] said)
    {
        var media = new List<double>();
        var took = new List<double>();
        for (var i = 0; i < said.Length; i++)
        {
            media.Add(double.Parse(
                (await lines.Nth(i).GetAttributeAsync("data-at"))!, CultureInfo.InvariantCulture));
            took.Add(await person.Page.EvaluateAsync<double>(
                "text => window.takeOffs.find((flight) => flight.text === text)?.now ?? -1", said[i]));
        }

        Assert.DoesNotContain(-1, took);
        for (var i = 1; i < said.Length; i++)
        {
            var drift = took[i] - took[0] - (media[i] - media[0]);
            Assert.True(
                Math.Abs(drift) <= LimitMs, $"'{said[i]}' flew {drift:F0} ms from its media time, at most {LimitMs}.");
        }
    }
}
