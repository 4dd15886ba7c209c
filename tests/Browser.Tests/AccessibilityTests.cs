using Microsoft.Playwright;

namespace RedNote.Browser.Tests;

/// <summary>
/// What can be checked by machine of "keyboard and screen-reader friendly": names, landmarks, ids, contrast (WCAG 2.2
/// AA, measured from computed colours), and a journey without a mouse.
/// </summary>
public sealed class AccessibilityTests(Chromium chromium)
{
    private const string Title = "Quiet hour";

    /// <summary>Answers what is wrong with the page as it is, a line each.</summary>
    private static readonly string Audit = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "audit.js"));

    [Theory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task Pages_EveryState_PassTheAudit(ColorScheme scheme)
    {
        var browser = chromium.Browser;
        await using var server = await FrontendProcess.Start([]);
        await using var host = await Person.OnDesktop(browser, server.Address, scheme);
        await using var viewer = await Person.OnPhone(browser, server.Address, scheme);

        var findings = new List<string>();
        async Task Check(string state, Person person)
            => findings.AddRange((await person.Page.EvaluateAsync<string[]>(Audit)).Select(line => $"{state}: {line}"));

        await Assertions.Expect(viewer.Page.GetByTestId("go-live").First).ToBeVisibleAsync();
        await Check("empty lobby", viewer);
        await host.Page.GetByTestId("sign-in").ClickAsync();
        await Assertions.Expect(host.Page.GetByTestId("nickname")).ToBeVisibleAsync();
        await Check("sign in", host);
        await host.Photograph($"sign-in-desktop-{scheme}");
        await host.Page.Keyboard.PressAsync("Escape");
        await host.GoLive("Momo", Title);
        await viewer.Page.ReloadAsync();
        await Assertions.Expect(viewer.Page.GetByTestId("room-card")).ToBeVisibleAsync();
        await Check("lobby", viewer);
        await viewer.Visit(Title, "小红");
        await viewer.Say("hello");
        await host.Sees("hello");
        await Check("room on a phone", viewer);
        await Check("room on a desktop", host);
        await host.Photograph($"room-desktop-{scheme}");
        await host.Page.GetByTestId("host-tools").ClickAsync();
        await Assertions.Expect(host.Page.GetByTestId("end-room")).ToBeVisibleAsync();
        await Check("host tools", host);

        Assert.True(findings.Count == 0, string.Join('\n', findings));
    }

    [Theory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task Cards_EveryState_PassTheAudit(ColorScheme scheme)
    {
        var browser = chromium.Browser;
        await using var server = await FrontendProcess.Start([]);
        await using var host = await Person.OnDesktop(browser, server.Address, scheme);
        await using var viewer = await Person.OnPhone(browser, server.Address, scheme);
        await host.GoLive("Momo", Title);
        await viewer.Page.ReloadAsync();
        await viewer.Visit(Title, "小红");
        await viewer.Say("hello");
        await host.Sees("hello");
        var findings = new List<string>();
        async Task Check(string state, Person person)
            => findings.AddRange((await person.Page.EvaluateAsync<string[]>(Audit)).Select(line => $"{state}: {line}"));

        await host.OpenPoll("Tea or coffee?", ["Tea", "Coffee"]);
        await Assertions.Expect(viewer.At("poll-vote")).ToBeVisibleAsync();
        await Check("a poll on a phone", viewer);
        await viewer.At("poll-option").First.ClickAsync();
        await viewer.At("poll-vote").ClickAsync();
        await Assertions.Expect(viewer.At("poll-bar")).ToHaveCountAsync(2);
        await Check("a poll, voted", viewer);
        await Check("a poll in the console", host);
        await CheckConsole(host, Check);
        await CheckCards(viewer, Check);
        await host.At("end-room").ClickAsync();
        await host.At("end-confirm").ClickAsync();
        await Assertions.Expect(viewer.At("room-ended")).ToBeVisibleAsync();
        await Check("an ended room", viewer);
        foreach (var person in (Person[])[host, viewer])
        {
            await person.At("replay-start").ClickAsync();
            await Assertions.Expect(person.At("replay-line").First).ToBeVisibleAsync();
            await Check("a replay", person);
            await person.Photograph($"replay-{(person == host ? "desktop" : "phone")}-{scheme}");
        }

        await host.Page.GotoAsync("/");
        await Assertions.Expect(host.At("replay-card")).ToBeVisibleAsync();
        await Check("a lobby with replays", host);
        Assert.True(findings.Count == 0, string.Join('\n', findings));
    }

    /// <summary>Every tab and every form of the host's console, which is open.</summary>
    private static async Task CheckConsole(Person host, Func<string, Person, Task> check)
    {
        foreach (var form in (string[])["new-pk", "new-draw", "new-pin", "new-poll"])
        {
            await host.At(form).ClickAsync();
            await check(form, host);
        }

        foreach (var tab in (string[])["review", "order", "figures", "audit"])
        {
            await host.At($"tab-{tab}").ClickAsync();
            await check(tab, host);
        }

        await Assertions.Expect(host.At("audit-item").First).ToBeVisibleAsync();
        await check("audit with items", host);
    }

    /// <summary>The cards that are always there, and how danmaku fly.</summary>
    private static async Task CheckCards(Person viewer, Func<string, Person, Task> check)
    {
        await viewer.At("card-close").ClickAsync();
        await viewer.At("chip-questions").ClickAsync();
        await viewer.At("ask-input").FillAsync("Why?");
        await viewer.At("ask-send").ClickAsync();
        await Assertions.Expect(viewer.At("question")).ToBeVisibleAsync();
        await check("questions", viewer);
        await viewer.At("card-close").ClickAsync();
        await viewer.At("chip-fans").ClickAsync();
        await Assertions.Expect(viewer.At("fan")).ToBeVisibleAsync();
        await check("fans", viewer);
        await viewer.At("card-close").ClickAsync();
        await viewer.At("fly-open").ClickAsync();
        await Assertions.Expect(viewer.At("fly-settings")).ToBeVisibleAsync();
        await check("how danmaku fly", viewer);
        await viewer.Page.Keyboard.PressAsync("Escape");
        await viewer.At("chat-toggle").ClickAsync();
        await viewer.At("line-menu").ClickAsync();
        await check("what to do with a line", viewer);
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
        var findings = await page.EvaluateAsync<string[]>(Audit);

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

        await TabTo(host, "go-live");
        await keys.PressAsync("Enter");
        await Assertions.Expect(host.Page.GetByTestId("nickname")).ToBeFocusedAsync();
        await keys.TypeAsync("Momo");
        await keys.PressAsync("Enter");
        await Assertions.Expect(host.Page.GetByTestId("room-title-input")).ToBeFocusedAsync();
        await keys.TypeAsync(Title);
        await keys.PressAsync("Enter");
        await host.IsInRoom(Title);
        await TabTo(host, "composer-input");
        await keys.TypeAsync("no mouse needed");
        await keys.PressAsync("Enter");
        await host.Sees("no mouse needed");
        await TabTo(host, "like-button");
        await keys.PressAsync("Enter");
        await host.Counts("like-count", 1);
        await host.HasNoComplaints();
    }

    [Fact]
    public async Task Cards_WithKeyboardOnly_AreOpenedVotedInAndLeft()
    {
        var browser = chromium.Browser;
        await using var server = await FrontendProcess.Start([]);
        await using var host = await Person.OnDesktop(browser, server.Address);
        await using var viewer = await Person.OnDesktop(browser, server.Address);
        await host.GoLive("Momo", Title);
        await viewer.Page.ReloadAsync();
        await viewer.Visit(Title, "Ann");
        await host.OpenPoll("Tea or coffee?", ["Tea", "Coffee"]);
        await Assertions.Expect(viewer.At("poll-card")).ToBeVisibleAsync();
        var keys = viewer.Page.Keyboard;

        await viewer.At("poll-option").Locator("input").First.FocusAsync();
        await keys.PressAsync("ArrowDown");
        await keys.PressAsync("Enter");
        await Assertions.Expect(viewer.At("poll-bar").Nth(1)).ToHaveAttributeAsync("data-mine", "true");
        await TabTo(viewer, "card-close");
        await keys.PressAsync("Enter");
        await Assertions.Expect(viewer.At("chip-poll")).ToBeFocusedAsync();
        await keys.PressAsync("Enter");
        await Assertions.Expect(viewer.At("card").Locator("h2")).ToBeFocusedAsync();
        await keys.PressAsync("Escape");
        await Assertions.Expect(viewer.At("card")).ToHaveCountAsync(0);
        await Assertions.Expect(viewer.At("chip-poll")).ToBeFocusedAsync();
        await TabTo(host, "console-close");
        await host.Page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(host.At("host-tools")).ToBeFocusedAsync();
        await viewer.HasNoComplaints();
    }

    private static async Task TabTo(Person person, string testId)
    {
        const int EnoughForAnyPage = 60;
        const string FocusedTestId = "() => document.activeElement?.dataset.testid ?? null";
        await Assertions.Expect(person.Page.GetByTestId(testId).First).ToBeVisibleAsync();
        for (var i = 0; i < EnoughForAnyPage; i++)
        {
            await person.Page.Keyboard.PressAsync("Tab");
            if (await person.Page.EvaluateAsync<string?>(FocusedTestId) == testId)
            {
                return;
            }
        }

        Assert.Fail($"{EnoughForAnyPage} presses of Tab do not reach {testId}.");
    }
}
