using Microsoft.Playwright;

namespace RedNote.Browser.Tests;

/// <summary>Lucky draws: entered, drawn, and recomputed in the page by who was not asked to trust anybody.</summary>
public sealed class DrawTests(Chromium chromium)
{
    private const string Title = "抽奖之夜 Lucky night";

    [Fact]
    public async Task Draw_EnteredAndDrawn_IsVerifiedInThePage()
    {
        await using var show = await Show.Open(chromium, Title);
        var host = show.Host;
        var viewer = await show.OnPhone("小红");
        var other = await show.OnDesktop("Ann", ColorScheme.Dark);

        await host.OpenDraw("口红礼盒", "10");
        await viewer.At("draw-proof").Locator("summary").ClickAsync();
        var commitment = await viewer.At("proof-commitment").TextContentAsync();
        await viewer.Photograph("draw-open-phone");
        foreach (var person in (Person[])[viewer, other])
        {
            await person.At("draw-join").ClickAsync();
            await Assertions.Expect(person.At("draw-joined")).ToBeVisibleAsync();
        }

        await Assertions.Expect(viewer.At("draw-entrants")).ToHaveAttributeAsync("data-value", "2");
        await Assertions.Expect(viewer.At("draw-winners")).ToBeVisibleAsync(new() { Timeout = 30_000 });
        await Assertions.Expect(viewer.At("draw-winners").Locator("li")).ToHaveCountAsync(1);
        Assert.Equal(commitment, await viewer.At("proof-commitment").TextContentAsync());
        await viewer.At("draw-verify").ClickAsync();
        await Assertions.Expect(viewer.At("proof-result")).ToHaveAttributeAsync("data-holds", "true");
        await viewer.At("proof-result").ScrollIntoViewIfNeededAsync();
        await viewer.Photograph("draw-verified-phone");

        // One of the two has won, and each is told the truth about it.
        await Assertions.Expect(other.At("draw-winners")).ToBeVisibleAsync();
        var phases = new[]
        {
            await viewer.At("draw-card").GetAttributeAsync("data-phase"),
            await other.At("draw-card").GetAttributeAsync("data-phase"),
        };
        Assert.Equal(["lost", "won"], phases.Order());
        await other.Photograph("draw-result-desktop-dark");
        foreach (var person in (Person[])[host, viewer, other])
        {
            await person.HasNoComplaints();
        }
    }

    [Fact]
    public async Task Proof_OfATamperedResult_IsFoundOutInThePage()
    {
        await using var show = await Show.Open(chromium, Title);
        var host = show.Host;
        var viewer = await show.OnPhone("小红");
        await host.OpenDraw("口红礼盒", "10");
        await viewer.At("draw-join").ClickAsync();
        await Assertions.Expect(viewer.At("draw-winners")).ToBeVisibleAsync(new() { Timeout = 30_000 });

        // Somebody between the server and the page puts another entrant into the list.
        await viewer.Page.RouteAsync("**/entrants*", async route =>
            await route.FulfillAsync(new() { ContentType = "application/json", Body = """{"items":["1"]}""" }));
        await viewer.At("draw-proof").Locator("summary").ClickAsync();
        await viewer.At("draw-verify").ClickAsync();
        await Assertions.Expect(viewer.At("proof-result")).ToHaveAttributeAsync("data-holds", "false");
        await viewer.Photograph("draw-does-not-hold-phone");
    }

    [Fact]
    public async Task Draw_WithAPassPhrase_IsEnteredByItsOneButton()
    {
        await using var show = await Show.Open(chromium, Title);
        var host = show.Host;
        var viewer = await show.OnPhone("小红");
        await host.OpenDraw("口红礼盒", "60", phrase: "小红最棒");

        await viewer.At("draw-join").ClickAsync();
        await Assertions.Expect(viewer.At("draw-joined")).ToBeVisibleAsync();
        await host.Sees("小红最棒");
        await viewer.Page.ReloadAsync();
        await viewer.IsInRoom(Title);
        await viewer.At("chip-draw").ClickAsync();
        await Assertions.Expect(viewer.At("draw-card")).ToHaveAttributeAsync("data-phase", "joined");
        await viewer.HasNoComplaints();
    }
}
