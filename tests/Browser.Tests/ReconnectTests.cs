using Microsoft.Playwright;

namespace RedNote.Browser.Tests;

/// <summary>The page comes back by itself, with everything that was said meanwhile and nothing twice.</summary>
public sealed class ReconnectTests(Chromium chromium)
{
    private const string Title = "Round the clock";

    /// <summary>What a browser itself writes on the console about a server that is not there.</summary>
    private const string NetworkError = "net::ERR_";

    private const string WebSocketError = "WebSocket connection to";

    [Fact]
    public async Task Viewer_CutOff_ResumesWithoutGapOrRepeat()
    {
        var browser = chromium.Browser;
        await using var server = await FrontendProcess.Start([]);
        await using var cable = new Cable(server.Address);
        await using var host = await Person.OnDesktop(browser, server.Address, motion: ReducedMotion.NoPreference);
        await using var viewer = await Person.OnPhone(browser, cable.Address, motion: ReducedMotion.NoPreference);
        await host.GoLive("Momo", Title);
        await viewer.Page.ReloadAsync();
        await viewer.Visit(Title, "小红");
        await host.Say("before");
        await viewer.Sees("before");

        cable.Cut();
        await Assertions.Expect(viewer.Link).ToHaveAttributeAsync("data-state", "reconnecting");
        await viewer.Photograph("room-reconnecting-phone");
        string[] meanwhile = ["while away 1", "while away 2", "while away 3"];
        foreach (var text in meanwhile)
        {
            await host.Say(text);
            await host.Sees(text);
        }

        cable.Mend();
        await viewer.IsLinked();
        await viewer.Say("back again");
        await host.Sees("back again");
        foreach (var text in (string[])["before", .. meanwhile, "back again"])
        {
            await viewer.Sees(text);
        }

        await viewer.HasNoComplaints(NetworkError, WebSocketError);
    }

    [Fact]
    public async Task Everybody_ServerKilledAndStarted_GoesOnWhereTheyWere()
    {
        await using var show = await Show.Open(chromium, Title, motion: ReducedMotion.NoPreference);
        var host = show.Host;
        var viewer = await show.OnPhone("小红");
        await viewer.Say("before");
        await host.Sees("before");

        await show.Server.Kill();
        await Assertions.Expect(viewer.Link).ToHaveAttributeAsync("data-state", "reconnecting");
        await show.Server.Restart();

        await viewer.IsLinked();
        await host.IsLinked();
        await host.Say("after");
        foreach (var person in (Person[])[host, viewer])
        {
            await person.Sees("before");
            await person.Sees("after");
            await person.HasNoComplaints(NetworkError, WebSocketError);
        }
    }
}
