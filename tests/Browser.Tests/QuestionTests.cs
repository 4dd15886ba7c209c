using Microsoft.Playwright;

namespace RedNote.Browser.Tests;

/// <summary>Questions: asked, wanted by others, pinned and answered. And the pin of a text.</summary>
public sealed class QuestionTests(Chromium chromium)
{
    private const string Title = "有问必答 Ask me";

    [Fact]
    public async Task Question_AskedUpvotedPinned_IsAnsweredForEverybody()
    {
        await using var show = await Show.Open(chromium, Title);
        var host = show.Host;
        var asker = await show.OnPhone("小红");
        var other = await show.OnDesktop("Ann");
        foreach (var person in (Person[])[asker, other])
        {
            await person.At("chip-questions").ClickAsync();
        }

        await asker.At("ask-input").FillAsync("主播用什么相机?");
        await asker.At("ask-send").ClickAsync();
        await Assertions.Expect(asker.At("ask-note")).ToHaveTextAsync("问题已提交");
        var question = other.At("question").Filter(new() { HasText = "主播用什么相机?" });
        await question.GetByTestId("upvote").ClickAsync();
        await Assertions.Expect(question.GetByTestId("upvote")).ToHaveAttributeAsync("aria-pressed", "true");
        await Assertions.Expect(asker.At("upvote")).ToHaveAttributeAsync("data-value", "1");
        await asker.Photograph("questions-phone");

        await host.At("chip-questions").ClickAsync();
        await host.At("question-pin").ClickAsync();
        await Assertions.Expect(asker.At("pinned")).ToContainTextAsync("主播用什么相机?");
        await host.At("question-answer").ClickAsync();
        await host.At("answer-input").FillAsync("二手淘的 R6");
        await host.Photograph("questions-host-desktop");
        await host.At("answer-send").ClickAsync();
        foreach (var person in (Person[])[asker, other, host])
        {
            await Assertions.Expect(person.At("answer")).ToContainTextAsync("二手淘的 R6");
            await Assertions.Expect(person.At("question")).ToHaveAttributeAsync("data-state", "answered");
            await person.HasNoComplaints();
        }
    }

    [Fact]
    public async Task Text_PinnedByTheHost_IsSeenUntilItIsTakenAway()
    {
        await using var show = await Show.Open(chromium, Title);
        var host = show.Host;
        var viewer = await show.OnPhone("小红");

        await host.At("host-tools").ClickAsync();
        await host.At("new-pin").ClickAsync();
        await host.At("pin-text").FillAsync("下播前抽奖");
        await host.At("pin-save").ClickAsync();
        await Assertions.Expect(viewer.At("pinned")).ToContainTextAsync("下播前抽奖");
        await host.At("new-pin").ClickAsync();
        await host.At("unpin").ClickAsync();
        await Assertions.Expect(viewer.At("pinned")).ToHaveCountAsync(0);
        await viewer.HasNoComplaints();
    }
}
