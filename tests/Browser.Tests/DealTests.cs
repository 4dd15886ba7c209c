using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace RedNote.Browser.Tests;

/// <summary>Deals from the host's console to the order that is paid: what a buyer and a host see of them.</summary>
public sealed partial class DealTests(Chromium chromium)
{
    private const string Title = "好物直播 Good things";
    private const string Goods = "丝绒口红 Velvet";

    [Fact]
    public async Task Deal_OpenedByTheHost_IsBoughtAndPaidOnAPhone()
    {
        await using var show = await Show.Open(chromium, Title);
        var host = show.Host;
        var viewer = await show.OnPhone("小红");
        await host.OpenDeal(new Offer(Goods, Stock: 5, PerBuyer: 2));

        // It comes by itself.
        await Assertions.Expect(viewer.At("deal-card")).ToHaveAttributeAsync("data-phase", "open");
        await Assertions.Expect(viewer.At("stock")).ToHaveAttributeAsync("data-left", "5");
        await viewer.Photograph("deal-open-phone");
        await viewer.At("more").ClickAsync();
        await Assertions.Expect(viewer.At("buy")).ToHaveTextAsync("立即抢购 · ¥39.80");
        var announced = Assertions.Expect(host.At("order-news")).ToHaveTextAsync(AnnouncedName());
        await viewer.At("buy").ClickAsync();
        await Assertions.Expect(viewer.At("order")).ToHaveAttributeAsync("data-status", "reserved");
        await Assertions.Expect(viewer.At("pay-time")).ToHaveTextAsync(PayTime());
        await announced;
        await Assertions.Expect(viewer.At("stock")).ToHaveAttributeAsync("data-reserved", "2");
        await Assertions.Expect(viewer.At("buy")).ToHaveCountAsync(0);
        await viewer.Photograph("deal-ordered-phone");

        await viewer.At("order-pay").ClickAsync();
        await viewer.Photograph("pay-phone");
        await viewer.At("pay-confirm").ClickAsync();
        await Assertions.Expect(viewer.At("pay-dialog")).ToHaveAttributeAsync("data-status", "paid");
        await viewer.Photograph("paid-phone");
        await viewer.At("pay-close").ClickAsync();
        await Assertions.Expect(viewer.At("order")).ToHaveAttributeAsync("data-status", "paid");

        await Assertions.Expect(host.At("board-sold")).ToHaveTextAsync("2");
        await Assertions.Expect(host.At("board-gmv")).ToHaveTextAsync("¥39.80");
        await Assertions.Expect(host.At("board-conversion")).ToHaveTextAsync("100%");
        await Assertions.Expect(host.At("room-sales")).ToHaveTextAsync("¥39.80");
        await host.Counts("order-count", 1);
        await host.Photograph("deal-board-desktop");

        // What was bought is still there after a reload.
        await viewer.Page.ReloadAsync();
        await viewer.IsInRoom(Title);
        await viewer.At("chip-deal").ClickAsync();
        await Assertions.Expect(viewer.At("order")).ToHaveAttributeAsync("data-status", "paid");
        await show.HasNoComplaints();
    }

    [Fact]
    public async Task Deal_SharedInAChat_IsShownThereAsItIs()
    {
        await using var show = await Show.Open(chromium, Title);
        var viewer = await show.OnPhone("小红");
        await show.Host.OpenDeal(new Offer(Goods, Stock: 5, PerBuyer: 2));
        await Assertions.Expect(viewer.At("deal-card")).ToHaveAttributeAsync("data-phase", "open");
        var room = viewer.Page.Url;
        await viewer.Page.GotoAsync("/groups");
        await viewer.At("new-group").ClickAsync();
        await viewer.At("group-name").FillAsync("口红姐妹");
        await viewer.At("group-make").ClickAsync();
        await Assertions.Expect(viewer.At("chat")).ToHaveAttributeAsync("data-ready", "true");
        var chat = viewer.Page.Url;

        await viewer.Page.GotoAsync(room);
        await viewer.IsInRoom(Title);
        await viewer.At("chip-deal").ClickAsync();
        await viewer.At("deal-share").ClickAsync();
        await viewer.At("share-chat").ClickAsync();
        await Assertions.Expect(viewer.At("share-chat")).ToContainTextAsync("已发送");
        await viewer.Photograph("deal-share-phone");

        // The link of the deal becomes the same card.
        var deal = await viewer.At("deal-card").GetAttributeAsync("data-deal");
        await viewer.Page.GotoAsync(chat);
        await Assertions.Expect(viewer.At("chat-deal-card")).ToHaveAttributeAsync("data-deal", deal!);
        await viewer.Write($"{room}?deal={deal}");
        await Assertions.Expect(viewer.At("chat-deal-card")).ToHaveCountAsync(2);
        await Assertions.Expect(viewer.At("chat-deal-card").Last).ToContainTextAsync(Goods);
        await show.HasNoComplaints();
    }

    [Fact]
    public async Task Line_WhenSomebodyGivesTheirsUp_GoesToTheNextAndEndsSoldOut()
    {
        await using var show = await Show.Open(chromium, Title);
        var first = await show.OnPhone("小红");
        var second = await show.OnDesktop("Ann", ColorScheme.Dark);
        var third = await show.OnPhone("小绿", ColorScheme.Dark);
        await show.Host.OpenDeal(new Offer(Goods, Stock: 1));
        await first.At("buy").ClickAsync();
        await Assertions.Expect(first.At("order")).ToHaveAttributeAsync("data-status", "reserved");
        foreach (var (person, place) in new[] { (second, "1"), (third, "2") })
        {
            await Assertions.Expect(person.At("deal-card")).ToHaveAttributeAsync("data-phase", "line");
            await person.At("buy").ClickAsync();
            await Assertions.Expect(person.At("order")).ToHaveAttributeAsync("data-status", "waiting");
            await Assertions.Expect(person.At("position")).ToHaveAttributeAsync("data-value", place);
        }

        await second.Photograph("deal-line-desktop-dark");
        await third.Photograph("deal-line-phone-dark");
        await first.At("order-cancel").ClickAsync();
        await first.Photograph("cancel-phone");
        await first.At("cancel-confirm").ClickAsync();
        await Assertions.Expect(first.At("order")).ToHaveAttributeAsync("data-status", "cancelled");

        // Nobody reloads anything: the turn and the places come by themselves.
        await Assertions.Expect(second.At("order")).ToHaveAttributeAsync("data-status", "reserved");
        await Assertions.Expect(third.At("position")).ToHaveAttributeAsync("data-value", "1");
        await second.Photograph("deal-turn-desktop-dark");
        await second.At("order-pay").ClickAsync();
        await second.At("pay-confirm").ClickAsync();
        await Assertions.Expect(second.At("pay-dialog")).ToHaveAttributeAsync("data-status", "paid");

        // The line is told that nothing will come any more.
        await Assertions.Expect(third.At("order")).ToHaveAttributeAsync("data-status", "expired");
        foreach (var person in (Person[])[first, third])
        {
            await Assertions.Expect(person.At("deal-card")).ToHaveAttributeAsync("data-phase", "soldOut");
            await Assertions.Expect(person.At("buy")).ToBeDisabledAsync();
        }

        await third.Photograph("deal-sold-out-phone-dark");
        await show.HasNoComplaints();
    }

    [Fact]
    public async Task Deal_PreparedAndTimed_BeginsWhenItShouldAndEndsForAll()
    {
        await using var show = await Show.Open(chromium, Title);
        var host = show.Host;
        var viewer = await show.OnPhone("小红");
        await host.OpenDeal(new Offer("先准备好的", When: "prepared"));
        var starts = DateTime.Now.AddSeconds(25);
        await host.OpenDeal(new Offer("定时的", When: "later", At: starts));

        // What is prepared nobody else sees; what has a time counts down to it.
        await Assertions.Expect(viewer.At("deal-card")).ToHaveAttributeAsync("data-phase", "scheduled");
        await Assertions.Expect(viewer.At("chip-deal")).ToHaveCountAsync(1);
        await Assertions.Expect(viewer.At("buy")).ToBeDisabledAsync();
        await viewer.Photograph("deal-scheduled-phone");
        await host.Photograph("deals-console-desktop");
        var prepared = host.At("host-deal").Filter(new() { HasText = "先准备好的" });
        await prepared.GetByTestId("deal-begin").ClickAsync();
        await Assertions.Expect(viewer.At("chip-deal")).ToHaveCountAsync(2);
        await Assertions.Expect(prepared).ToHaveAttributeAsync("data-phase", "open");

        await Assertions.Expect(viewer.At("deal-card")).ToHaveAttributeAsync(
            "data-phase", "open", new() { Timeout = 60_000 });
        Assert.True(DateTime.Now >= starts.AddSeconds(-1), "It was open before its time.");
        await viewer.At("buy").ClickAsync();
        await Assertions.Expect(viewer.At("order")).ToHaveAttributeAsync("data-status", "reserved");
        await prepared.GetByTestId("deal-end").ClickAsync();
        await host.At("deal-end-confirm").ClickAsync();
        await Assertions.Expect(prepared).ToHaveAttributeAsync("data-phase", "over");
        await viewer.At("chip-deal").Filter(new() { HasText = "先准备好的" }).ClickAsync();
        await Assertions.Expect(viewer.At("deal-card")).ToHaveAttributeAsync("data-phase", "over");
        await show.HasNoComplaints();
    }

    [Fact]
    public async Task Deal_WithAPassPhrase_IsBoughtByItsOneButtonAndOpenedFromThePin()
    {
        await using var show = await Show.Open(chromium, Title);
        var host = show.Host;
        var viewer = await show.OnPhone("小红");
        await host.OpenDeal(new Offer(Goods, Phrase: "冲冲冲"));
        await host.At("pin-it").ClickAsync();
        await viewer.At("card-close").ClickAsync();
        await viewer.At("pinned").ClickAsync();
        await Assertions.Expect(viewer.At("deal-rules")).ToContainTextAsync("冲冲冲");

        await viewer.At("buy").ClickAsync();
        await Assertions.Expect(viewer.At("order")).ToHaveAttributeAsync("data-status", "reserved");
        await host.Sees("冲冲冲");
        await viewer.Photograph("deal-pinned-phone");

        // The show is over, the time to pay is not; and the tape has what was sold.
        await host.At("end-room").ClickAsync();
        await host.At("end-confirm").ClickAsync();
        await Assertions.Expect(viewer.At("curtain-orders")).ToBeVisibleAsync();
        await viewer.Photograph("deal-show-over-phone");
        await host.At("replay-start").ClickAsync();
        await Assertions.Expect(host.At("replay-line").Filter(new() { HasText = $"A deal began: {Goods}" }))
            .ToHaveCountAsync(1, new() { Timeout = 60_000 });
        await viewer.At("curtain-orders").ClickAsync();
        await viewer.At("order-pay").ClickAsync();
        await viewer.At("pay-confirm").ClickAsync();
        await Assertions.Expect(viewer.At("pay-dialog")).ToHaveAttributeAsync("data-status", "paid");
        await show.HasNoComplaints();
    }

    [GeneratedRegex("小红.* got 2$|小\\*.* got 2$")]
    private static partial Regex AnnouncedName();

    [GeneratedRegex("剩余付款时间 [45]:\\d\\d")]
    private static partial Regex PayTime();
}
