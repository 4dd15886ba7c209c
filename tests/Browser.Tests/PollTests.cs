using Microsoft.Playwright;

namespace RedNote.Browser.Tests;

/// <summary>Polls and PKs: the host opens them in the console, viewers take part in cards over the stage.</summary>
public sealed class PollTests(Chromium chromium)
{
    private const string Title = "今晚投票 Poll night";
    private const string Question = "今晚聊什么?";

    private static readonly string[] Options = ["旅行日记", "做饭翻车现场", "Pets"];

    [Fact]
    public async Task Poll_OpenedByTheHost_IsVotedInOnceAndClosesWithTheSameResultForAll()
    {
        await using var show = await Show.Open(chromium, Title);
        var host = show.Host;
        var viewer = await show.OnPhone("小红");
        await using var secondWindow = await viewer.AnotherWindow();
        await secondWindow.IsInRoom(Title);

        await host.OpenPoll(Question, Options);
        await Assertions.Expect(viewer.At("poll-card")).ToHaveAttributeAsync("data-phase", "open");
        await viewer.Photograph("poll-open-phone");
        await viewer.At("poll-option").Nth(1).ClickAsync();
        await viewer.At("poll-vote").ClickAsync();
        await Assertions.Expect(viewer.At("poll-card")).ToHaveAttributeAsync("data-phase", "voted");
        var bars = viewer.At("poll-bar");
        await Assertions.Expect(bars).ToHaveCountAsync(Options.Length);
        await Assertions.Expect(bars.Nth(1)).ToHaveAttributeAsync("data-value", "1");
        await Assertions.Expect(bars.Nth(1)).ToHaveAttributeAsync("data-mine", "true");

        // The same user in another window has not seen that ballot: the server has, and says so.
        await secondWindow.At("poll-option").Nth(0).ClickAsync();
        await secondWindow.At("poll-vote").ClickAsync();
        await Assertions.Expect(secondWindow.At("poll-note")).ToHaveTextAsync("你已经投过了");
        await Assertions.Expect(secondWindow.At("poll-bar").Nth(1)).ToHaveAttributeAsync("data-mine", "true");
        await Assertions.Expect(secondWindow.At("poll-bar").Nth(0)).ToHaveAttributeAsync("data-value", "0");
        await secondWindow.Photograph("poll-already-voted-phone");

        await Assertions.Expect(host.At("running-poll").GetByTestId("poll-bar").Nth(1))
            .ToHaveAttributeAsync("data-value", "1");
        await host.Photograph("poll-console-desktop");
        await host.At("running-poll").GetByTestId("stop").ClickAsync();
        foreach (var person in (Person[])[viewer, secondWindow])
        {
            await Assertions.Expect(person.At("poll-card")).ToHaveAttributeAsync("data-phase", "closed");
            await Assertions.Expect(person.At("poll-voters")).ToHaveAttributeAsync("data-value", "1");
            await Assertions.Expect(person.At("poll-bar").Nth(1)).ToHaveAttributeAsync("data-mine", "true");
            await person.HasNoComplaints();
        }

        await viewer.Photograph("poll-closed-phone");
        await host.HasNoComplaints();
    }

    [Fact]
    public async Task Poll_SeveralChoices_LateJoinerSeesTheStateAndVotes()
    {
        await using var show = await Show.Open(chromium, Title);
        await show.Host.OpenPoll(Question, Options, multiple: true);
        var late = await show.OnDesktop("Ann", ColorScheme.Dark);

        // There is room for the card: it is open without being asked for.
        await late.At("poll-option").Nth(0).ClickAsync();
        await late.At("poll-option").Nth(2).ClickAsync();
        await late.At("poll-vote").ClickAsync();
        await Assertions.Expect(late.At("poll-bar").Nth(2)).ToHaveAttributeAsync("data-value", "1");
        await Assertions.Expect(late.At("poll-bar").Nth(0)).ToHaveAttributeAsync("data-mine", "true");
        await late.Photograph("poll-several-desktop-dark");

        await late.Page.ReloadAsync();
        await late.IsInRoom(Title);
        await late.At("chip-poll").ClickAsync();
        await Assertions.Expect(late.At("poll-card")).ToHaveAttributeAsync("data-phase", "voted");
        await Assertions.Expect(late.At("poll-bar").Nth(2)).ToHaveAttributeAsync("data-mine", "true");
        await late.HasNoComplaints();
    }

    [Fact]
    public async Task Pk_CheeredByViewers_CountsEveryTapAndNamesTheWinner()
    {
        await using var show = await Show.Open(chromium, Title, motion: ReducedMotion.NoPreference);
        var host = show.Host;
        var viewer = await show.OnPhone("小红");

        await host.At("host-tools").ClickAsync();
        await host.At("new-pk").ClickAsync();
        await host.At("pk-left-name").FillAsync("咖啡");
        await host.At("pk-right-name").FillAsync("奶茶");
        await host.At("pk-open").ClickAsync();
        for (var i = 0; i < 7; i++)
        {
            await viewer.At("pk-right").ClickAsync();
        }

        await viewer.At("pk-left").ClickAsync();
        foreach (var person in (Person[])[host, viewer])
        {
            await Assertions.Expect(person.At("pk-right")).ToHaveAttributeAsync("data-value", "7");
            await Assertions.Expect(person.At("pk-left")).ToHaveAttributeAsync("data-value", "1");
        }

        await viewer.Photograph("pk-phone");
        await host.Photograph("pk-desktop");
        await host.At("running-pk").GetByTestId("stop").ClickAsync();
        await Assertions.Expect(viewer.At("pk")).ToHaveAttributeAsync("data-closed", "true");
        await Assertions.Expect(viewer.At("pk")).ToContainTextAsync("奶茶 获胜");
        await Assertions.Expect(viewer.At("pk-left")).ToBeDisabledAsync();
        await viewer.HasNoComplaints();
        await host.HasNoComplaints();
    }
}
