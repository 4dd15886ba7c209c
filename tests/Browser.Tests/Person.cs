using System.Globalization;
using Microsoft.Playwright;

namespace RedNote.Browser.Tests;

/// <summary>
/// Somebody with a browser of their own at the page. Whatever the browser complains about on the way (errors on the
/// console, uncaught exceptions, breaches of the content security policy) is kept for <see cref="HasNoComplaints"/>.
/// </summary>
internal sealed class Person : IAsyncDisposable
{
    private static readonly ViewportSize PhoneSize = new() { Width = 390, Height = 844 };
    private static readonly ViewportSize DesktopSize = new() { Width = 1280, Height = 800 };

    private readonly List<string> _complaints = [];
    private readonly IBrowserContext _context;

    private Person(IBrowserContext context, IPage page)
    {
        _context = context;
        Page = page;
    }

    public IPage Page { get; }

    public ILocator Link => Page.GetByTestId("connection-state");

    public ILocator Messages => Page.GetByTestId("recent-item");

    /// <param name="browser">Everybody's.</param>
    /// <param name="address">The server's.</param>
    /// <param name="scheme">Light or dark.</param>
    /// <param name="motion">
    /// Most want the page still: painting without a graphics card is most of what it costs to have it open.
    /// </param>
    public static Task<Person> OnPhone(
        IBrowser browser, Uri address, ColorScheme scheme = ColorScheme.Light,
        ReducedMotion motion = ReducedMotion.Reduce)
        => Open(browser, address, new()
        {
            ViewportSize = PhoneSize,
            DeviceScaleFactor = 2,
            HasTouch = true,
            IsMobile = true,
            Locale = "zh-CN",
            ColorScheme = scheme,
            ReducedMotion = motion,
        });

    /// <inheritdoc cref="OnPhone" />
    public static Task<Person> OnDesktop(
        IBrowser browser, Uri address, ColorScheme scheme = ColorScheme.Light,
        ReducedMotion motion = ReducedMotion.Reduce)
        => Open(browser, address, new()
        {
            ViewportSize = DesktopSize,
            Locale = "en-GB",
            ColorScheme = scheme,
            ReducedMotion = motion,
        });

    /// <summary>What has that <c>data-testid</c> on this page.</summary>
    public ILocator At(string testId) => Page.GetByTestId(testId);

    /// <summary>A second window of the same browser, with the same login, at the same address.</summary>
    public async Task<Person> AnotherWindow()
    {
        var window = Watch(new Person(_context, await _context.NewPageAsync()));
        await window.Page.GotoAsync(Page.Url);
        return window;
    }

    public async Task SignIn(string nickname)
    {
        await Page.GetByTestId("nickname").FillAsync(nickname);
        await Page.GetByTestId("sign-in-submit").ClickAsync();
        await Assertions.Expect(Page.GetByTestId("nickname")).ToBeHiddenAsync();
    }

    /// <summary>From the lobby to a live room of one's own; answers its address.</summary>
    public async Task<string> GoLive(string nickname, string title)
    {
        await Page.GetByTestId("go-live").First.ClickAsync();
        await SignIn(nickname);
        await Page.GetByTestId("room-title-input").FillAsync(title);
        await Page.GetByTestId("go-live-submit").ClickAsync();
        await IsInRoom(title);
        return Page.Url;
    }

    /// <summary>From the lobby into the room on that card.</summary>
    public async Task Visit(string title, string nickname)
    {
        await Page.GetByTestId("room-card").Filter(new() { HasText = title }).ClickAsync();
        await SignIn(nickname);
        await IsInRoom(title);
    }

    public async Task IsInRoom(string title)
    {
        await Assertions.Expect(Page.GetByTestId("room-title")).ToHaveTextAsync(title);
        await IsLinked();
    }

    public Task IsLinked() => Is(Link, "data-state", "live");

    public async Task Say(string text)
    {
        await Page.GetByTestId("composer-input").FillAsync(text);
        await Page.GetByTestId("composer-input").PressAsync("Enter");
    }

    /// <summary>Opens a poll in the host's console, which stays open.</summary>
    public async Task OpenPoll(string question, string[] options, bool multiple = false)
    {
        await At("host-tools").ClickAsync();
        await At("new-poll").ClickAsync();
        await At("poll-question").FillAsync(question);
        for (var i = 0; i < options.Length; i++)
        {
            if (i >= 2)
            {
                await At("add-option").ClickAsync();
            }

            await At("poll-option-input").Nth(i).FillAsync(options[i]);
        }

        if (multiple)
        {
            await At("poll-multiple").CheckAsync(new() { Force = true });
        }

        await At("poll-open").ClickAsync();
        await Assertions.Expect(At("running-poll")).ToBeVisibleAsync();
    }

    /// <summary>Opens a draw for one winner in the host's console, for everybody or with a pass-phrase.</summary>
    public async Task OpenDraw(string prize, string seconds, string? phrase = null)
    {
        await At("host-tools").ClickAsync();
        await At("new-draw").ClickAsync();
        await At("draw-prize").FillAsync(prize);
        await At("draw-seconds").SelectOptionAsync(seconds);
        if (phrase is not null)
        {
            await At("draw-condition").SelectOptionAsync("password");
            await At("draw-phrase").FillAsync(phrase);
        }

        await At("draw-open").ClickAsync();
        await Assertions.Expect(At("running-draw")).ToBeVisibleAsync();
    }

    /// <summary>Opens the host's console at its deals, if it is not open yet.</summary>
    public async Task OpenShop()
    {
        if (await At("console").CountAsync() == 0)
        {
            await At("host-tools").ClickAsync();
        }

        await At("tab-deals").ClickAsync();
        await Assertions.Expect(At("deals-tab")).ToBeVisibleAsync();
    }

    /// <summary>Makes a deal in the host's console, which stays open.</summary>
    /// <param name="deal">What is sold.</param>
    public async Task OpenDeal(Offer deal)
    {
        await OpenShop();
        await At("new-deal").ClickAsync();
        await At("deal-title").FillAsync(deal.Title);
        await At("deal-price").FillAsync(deal.Price);
        await At("deal-list-price").FillAsync(deal.ListPrice);
        await At("deal-stock").FillAsync(deal.Stock.ToString(CultureInfo.InvariantCulture));
        await At("deal-per-buyer").FillAsync(deal.PerBuyer.ToString(CultureInfo.InvariantCulture));
        await At($"choice-{deal.When}").CheckAsync(new() { Force = true });
        if (deal.At is { } at)
        {
            // Chromium shortens a full minute to one without seconds, and Playwright takes that for another value.
            at = at.Second == 0 ? at.AddSeconds(1) : at;
            await At("deal-at").FillAsync(at.ToString("yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture));
        }

        if (deal.Phrase is { } phrase)
        {
            await At("deal-condition").SelectOptionAsync("password");
            await At("deal-phrase").FillAsync(phrase);
        }

        await At("deal-open").ClickAsync();
        // The deal may be seen before the answer that closes the form.
        await Assertions.Expect(At("deal-form")).ToHaveCountAsync(0);
        await Assertions.Expect(At("host-deal").Filter(new() { HasText = deal.Title })).ToHaveCountAsync(1);
    }

    /// <summary>Ends the show that this host runs.</summary>
    public async Task End()
    {
        await At("host-tools").ClickAsync();
        await At("end-room").ClickAsync();
        await At("end-confirm").ClickAsync();
        await Assertions.Expect(At("room-ended")).ToBeVisibleAsync();
    }

    /// <summary>Presses Tab until that has the focus.</summary>
    public async Task TabTo(string testId)
    {
        const int EnoughForAnyPage = 60;
        const string FocusedTestId = "() => document.activeElement?.dataset.testid ?? null";
        await Assertions.Expect(At(testId).First).ToBeVisibleAsync();
        for (var i = 0; i < EnoughForAnyPage; i++)
        {
            await Page.Keyboard.PressAsync("Tab");
            if (await Page.EvaluateAsync<string?>(FocusedTestId) == testId)
            {
                return;
            }
        }

        Assert.Fail($"{EnoughForAnyPage} presses of Tab do not reach {testId}.");
    }

    public Task Sees(string text) => Assertions.Expect(Messages.Filter(new() { HasText = text })).ToHaveCountAsync(1);

    public Task Counts(string counter, int value)
        => Is(Page.GetByTestId(counter), "data-value", value.ToString(CultureInfo.InvariantCulture));

    /// <summary>Takes a picture for people to look at: a file under the tests' output, attached to the test.</summary>
    public async Task Photograph(string name)
    {
        var path = Path.Combine(AppContext.BaseDirectory, "screenshots", name + ".png");
        var picture = await Page.ScreenshotAsync(new() { Path = path });
        TestContext.Current.AddAttachment(name, picture, "image/png");
    }

    /// <param name="exceptions">What a complaint may contain and be forgiven.</param>
    public async Task HasNoComplaints(params string[] exceptions)
    {
        // A violation is reported by the page itself as well: a console message could be worded differently tomorrow.
        var violations = await Page.EvaluateAsync<string[]>("() => window.policyViolations");
        var complaints = _complaints.Concat(violations)
            .Where(complaint => !exceptions.Any(known => complaint.Contains(known, StringComparison.Ordinal)));
        Assert.True(!complaints.Any(), string.Join('\n', complaints));
    }

    public async ValueTask DisposeAsync() => await _context.DisposeAsync();

    private static async Task<Person> Open(IBrowser browser, Uri address, BrowserNewContextOptions options)
    {
        options.BaseURL = address.ToString();
        var context = await browser.NewContextAsync(options);
        context.SetDefaultTimeout(15_000);
        await context.AddInitScriptAsync("""
            window.policyViolations = [];
            addEventListener("securitypolicyviolation", (e) => {
              policyViolations.push(`${e.violatedDirective}: ${e.blockedURI}`);
            });
            """);
        var person = Watch(new Person(context, await context.NewPageAsync()));
        await person.Page.GotoAsync("/");
        return person;
    }

    private static Person Watch(Person person)
    {
        person.Page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning")
            {
                person._complaints.Add($"{message.Type}: {message.Text} ({message.Location})");
            }
        };
        person.Page.PageError += (_, error) => person._complaints.Add($"exception: {error}");
        return person;
    }

    private static Task Is(ILocator element, string attribute, string value)
        => Assertions.Expect(element).ToHaveAttributeAsync(attribute, value, new() { Timeout = 30_000 });
}
