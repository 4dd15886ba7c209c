using Microsoft.Playwright;

namespace RedNote.Browser.Tests;

/// <summary>Every state of the page passes the audit, and a journey needs no mouse.</summary>
public sealed class AccessibilityTests(Chromium chromium)
{
    private const string Title = "Quiet hour";

    [Theory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task Pages_EveryState_PassTheAudit(ColorScheme scheme)
    {
        var browser = chromium.Browser;
        await using var server = await FrontendProcess.Start([]);
        await using var host = await Person.OnDesktop(browser, server.Address, scheme);
        await using var viewer = await Person.OnPhone(browser, server.Address, scheme);
        var audit = new Audit();
        await Assertions.Expect(viewer.Page.GetByTestId("go-live").First).ToBeVisibleAsync();
        await audit.Check("empty lobby", viewer);
        await host.Page.GetByTestId("sign-in").ClickAsync();
        await Assertions.Expect(host.Page.GetByTestId("nickname")).ToBeVisibleAsync();
        await audit.Check("sign in", host);
        await host.Photograph($"sign-in-desktop-{scheme}");
        await host.Page.Keyboard.PressAsync("Escape");
        await host.GoLive("Momo", Title);
        await viewer.Page.ReloadAsync();
        await Assertions.Expect(viewer.Page.GetByTestId("room-card")).ToBeVisibleAsync();
        await audit.Check("lobby", viewer);
        await viewer.Visit(Title, "小红");
        await viewer.Say("hello");
        await host.Sees("hello");
        await audit.Check("room on a phone", viewer);
        await audit.Check("room on a desktop", host);
        await host.Photograph($"room-desktop-{scheme}");
        await host.Page.GetByTestId("host-tools").ClickAsync();
        await Assertions.Expect(host.Page.GetByTestId("end-room")).ToBeVisibleAsync();
        await audit.Check("host tools", host);

        audit.HasPassed();
    }

    [Theory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task Cards_EveryState_PassTheAudit(ColorScheme scheme)
    {
        await using var show = await Show.Open(chromium, Title, scheme: scheme);
        var host = show.Host;
        var viewer = await show.OnPhone("小红", scheme);
        await viewer.Say("hello");
        await host.Sees("hello");
        var audit = new Audit();
        await host.OpenPoll("Tea or coffee?", ["Tea", "Coffee"]);
        await Assertions.Expect(viewer.At("poll-vote")).ToBeVisibleAsync();
        await audit.Check("a poll on a phone", viewer);
        await viewer.At("poll-option").First.ClickAsync();
        await viewer.At("poll-vote").ClickAsync();
        await Assertions.Expect(viewer.At("poll-bar")).ToHaveCountAsync(2);
        await audit.Check("a poll, voted", viewer);
        await audit.Check("a poll in the console", host);
        await CheckConsole(host, audit);
        await CheckCards(viewer, audit);
        await host.At("end-room").ClickAsync();
        await host.At("end-confirm").ClickAsync();
        await Assertions.Expect(viewer.At("room-ended")).ToBeVisibleAsync();
        await audit.Check("an ended room", viewer);
        foreach (var person in (Person[])[host, viewer])
        {
            await person.At("replay-start").ClickAsync();
            await Assertions.Expect(person.At("replay-line").First).ToBeVisibleAsync();
            await audit.Check("a replay", person);
            await person.Photograph($"replay-{(person == host ? "desktop" : "phone")}-{scheme}");
        }

        await host.Page.GotoAsync("/");
        await Assertions.Expect(host.At("replay-card")).ToBeVisibleAsync();
        await audit.Check("a lobby with replays", host);
        audit.HasPassed();
    }

    /// <summary>Every tab and every form of the host's console, which is open.</summary>
    private static async Task CheckConsole(Person host, Audit audit)
    {
        foreach (var form in (string[])["new-pk", "new-draw", "new-pin", "new-poll"])
        {
            await host.At(form).ClickAsync();
            await audit.Check(form, host);
        }

        foreach (var tab in (string[])["review", "order", "figures", "audit"])
        {
            await host.At($"tab-{tab}").ClickAsync();
            await audit.Check(tab, host);
        }

        await Assertions.Expect(host.At("audit-item").First).ToBeVisibleAsync();
        await audit.Check("audit with items", host);
    }

    /// <summary>The cards that are always there, and how danmaku fly.</summary>
    private static async Task CheckCards(Person viewer, Audit audit)
    {
        await viewer.At("card-close").ClickAsync();
        await viewer.At("chip-questions").ClickAsync();
        await viewer.At("ask-input").FillAsync("Why?");
        await viewer.At("ask-send").ClickAsync();
        await Assertions.Expect(viewer.At("question")).ToBeVisibleAsync();
        await audit.Check("questions", viewer);
        await viewer.At("card-close").ClickAsync();
        await viewer.At("chip-fans").ClickAsync();
        await Assertions.Expect(viewer.At("fan")).ToBeVisibleAsync();
        await audit.Check("fans", viewer);
        await viewer.At("card-close").ClickAsync();
        await viewer.At("fly-open").ClickAsync();
        await Assertions.Expect(viewer.At("fly-settings")).ToBeVisibleAsync();
        await audit.Check("how danmaku fly", viewer);
        await viewer.Page.Keyboard.PressAsync("Escape");
        await viewer.At("chat-toggle").ClickAsync();
        await viewer.At("line-menu").ClickAsync();
        await audit.Check("what to do with a line", viewer);
    }

    [Fact]
    public async Task Audit_PageWithFaults_FindsEachOfThem()
    {
        await using var context = await chromium.Browser.NewContextAsync();
        var page = await context.NewPageAsync();
        await page.SetContentAsync("""
            <html><title>Faults</title><body style="background: white">
            <main><h1>One</h1><h1 id="same">Two</h1><p id="same" style="color: #888">too pale</p>
            <p style="color: #767676">just dark enough</p><button></button><input>
            <div aria-hidden="true"><a href="#">hidden</a></div><div style="width: 5000px">wide</div></main>
            """);
        var findings = await Audit.Of(page);

        string[] expected =
        [
            "no name: <button", "no name: <input", "no label: <input", "the id same", "2 visible <h1>", "no lang",
            "hidden from readers: <a", "px wide in a", "contrast 3.54",
        ];
        Assert.All(expected, fault => Assert.Contains(fault, string.Join('\n', findings), StringComparison.Ordinal));
        Assert.Equal(expected.Length, findings.Length);
    }

    [Fact]
    public async Task Journey_WithKeyboardOnly_GoesLiveAndSpeaks()
    {
        var browser = chromium.Browser;
        await using var server = await FrontendProcess.Start([]);
        await using var host = await Person.OnDesktop(browser, server.Address);
        var keys = host.Page.Keyboard;

        await host.TabTo("go-live");
        await keys.PressAsync("Enter");
        await Assertions.Expect(host.Page.GetByTestId("nickname")).ToBeFocusedAsync();
        await keys.TypeAsync("Momo");
        await keys.PressAsync("Enter");
        await Assertions.Expect(host.Page.GetByTestId("room-title-input")).ToBeFocusedAsync();
        await keys.TypeAsync(Title);
        await keys.PressAsync("Enter");
        await host.IsInRoom(Title);
        await host.TabTo("composer-input");
        await keys.TypeAsync("no mouse needed");
        await keys.PressAsync("Enter");
        await host.Sees("no mouse needed");
        await host.TabTo("like-button");
        await keys.PressAsync("Enter");
        await host.Counts("like-count", 1);
        await host.HasNoComplaints();
    }

    [Fact]
    public async Task Cards_WithKeyboardOnly_AreOpenedVotedInAndLeft()
    {
        await using var show = await Show.Open(chromium, Title);
        var host = show.Host;
        var viewer = await show.OnDesktop("Ann");
        await host.OpenPoll("Tea or coffee?", ["Tea", "Coffee"]);
        await Assertions.Expect(viewer.At("poll-card")).ToBeVisibleAsync();
        var keys = viewer.Page.Keyboard;

        await viewer.At("poll-option").Locator("input").First.FocusAsync();
        await keys.PressAsync("ArrowDown");
        await keys.PressAsync("Enter");
        await Assertions.Expect(viewer.At("poll-bar").Nth(1)).ToHaveAttributeAsync("data-mine", "true");
        await viewer.TabTo("card-close");
        await keys.PressAsync("Enter");
        await Assertions.Expect(viewer.At("chip-poll")).ToBeFocusedAsync();
        await keys.PressAsync("Enter");
        await Assertions.Expect(viewer.At("card").Locator("h2")).ToBeFocusedAsync();
        await keys.PressAsync("Escape");
        await Assertions.Expect(viewer.At("card")).ToHaveCountAsync(0);
        await Assertions.Expect(viewer.At("chip-poll")).ToBeFocusedAsync();
        await host.TabTo("console-close");
        await host.Page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(host.At("host-tools")).ToBeFocusedAsync();
        await viewer.HasNoComplaints();
    }
}
