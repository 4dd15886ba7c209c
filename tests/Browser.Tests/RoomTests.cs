using Microsoft.Playwright;

namespace RedNote.Browser.Tests;

/// <summary>A host and a viewer, each with a browser, in one live room of a real server.</summary>
public sealed class RoomTests(Chromium chromium)
{
    /// <summary>From the key press on one page to the moving danmaku on the other.</summary>
    private const double LimitMs = 300;

    private const string Title = "周五夜聊 Friday night";

    [Fact]
    public async Task Danmaku_SentByOne_FliesOnTheOtherWithin300Ms()
    {
        await using var show = await Show.Open(chromium, Title, motion: ReducedMotion.NoPreference);
        var host = show.Host;
        var viewer = await show.OnPhone("小红");
        await Flights.StartWatching(viewer, host);

        // The first ones pay for compiling on both sides.
        for (var i = 0; i < 5; i++)
        {
            await Flights.Send(viewer, host, $"热身 warm-up {i}");
        }

        var delays = new List<double>();
        for (var i = 0; i < 9; i++)
        {
            delays.Add(await Flights.Send(viewer, host, $"弹幕 number {i}"));
        }

        // The median, as two browsers and a server share the machine with other tests; the worst are in the message.
        var measured = string.Join(", ", delays.Order().Select(delay => $"{delay:F0} ms"));
        TestContext.Current.TestOutputHelper?.WriteLine(measured);
        Assert.True(delays.Order().ElementAt(delays.Count / 2) <= LimitMs, measured);
        await host.HasNoComplaints();
        await viewer.HasNoComplaints();
    }

    [Fact]
    public async Task Room_HostAndViewer_SeeTheSameMessagesLikesAndViewers()
    {
        var browser = chromium.Browser;
        await using var server = await FrontendProcess.Start([]);
        await using var host = await Person.OnDesktop(browser, server.Address, motion: ReducedMotion.NoPreference);
        await using var viewer = await Person.OnPhone(browser, server.Address, motion: ReducedMotion.NoPreference);
        await viewer.Photograph("lobby-empty-phone");
        await host.GoLive("Momo", Title);
        await viewer.Page.ReloadAsync();
        await Assertions.Expect(viewer.Page.GetByTestId("room-card")).ToHaveCountAsync(1);
        await viewer.Photograph("lobby-phone");
        await viewer.Visit(Title, "小红");

        await viewer.Say("大家晚上好!");
        await host.Say("Welcome, everybody");
        foreach (var person in (Person[])[host, viewer])
        {
            await person.Sees("大家晚上好!");
            await person.Sees("Welcome, everybody");
            await person.Counts("viewer-count", 2);
        }

        for (var i = 0; i < 12; i++)
        {
            await viewer.Page.GetByTestId("like-button").ClickAsync();
        }

        await host.Counts("like-count", 12);
        await viewer.Counts("like-count", 12);
        await viewer.Photograph("room-phone");
        await host.Photograph("room-desktop");
        await host.HasNoComplaints();
        await viewer.HasNoComplaints();
    }

    [Fact]
    public async Task Lobby_ManyRooms_ShowsThemOnDesktopAndPhone()
    {
        var browser = chromium.Browser;
        await using var server = await FrontendProcess.Start([]);
        string[] titles =
        [
            "晚安电台 Good night radio", "Unboxing: the red parcel", "做一碗牛肉面", "旅行日记 · 大理", "Sketching live",
            "新品试色",
        ];
        foreach (var title in titles)
        {
            await using var host = await Person.OnDesktop(browser, server.Address);
            await host.GoLive("Host of " + title[..4], title);
        }

        await using var night = await Person.OnDesktop(browser, server.Address, ColorScheme.Dark);
        await using var phone = await Person.OnPhone(browser, server.Address);
        foreach (var person in (Person[])[night, phone])
        {
            await Assertions.Expect(person.Page.GetByTestId("room-card")).ToHaveCountAsync(titles.Length);
        }

        await night.Photograph("lobby-desktop-dark");
        await phone.Photograph("lobby-many-phone");
        await night.HasNoComplaints();
        await phone.HasNoComplaints();
    }

    [Fact]
    public async Task Host_EndsTheShow_ViewersAreTold()
    {
        await using var show = await Show.Open(chromium, Title, motion: ReducedMotion.NoPreference);
        var host = show.Host;
        var viewer = await show.OnPhone("小红");

        await host.Page.GetByTestId("host-tools").ClickAsync();
        await host.Photograph("host-tools-desktop");
        await host.Page.GetByTestId("end-room").ClickAsync();
        await host.Page.GetByTestId("end-confirm").ClickAsync();

        await Assertions.Expect(viewer.Page.GetByTestId("room-ended")).ToBeVisibleAsync();
        await Assertions.Expect(viewer.Page.GetByTestId("composer-input")).ToBeDisabledAsync();
        await viewer.Photograph("room-ended-phone");
        await viewer.HasNoComplaints();
    }
}
