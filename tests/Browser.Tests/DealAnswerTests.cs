using Microsoft.Playwright;

namespace RedNote.Browser.Tests;

/// <summary>The button tells the truth: whatever the server answers, and when no answer comes.</summary>
public sealed class DealAnswerTests(Chromium chromium)
{
    private const string Title = "说实话 Honestly";
    private const string Goods = "丝绒口红";

    /// <summary>What a browser itself says of a connection that breaks.</summary>
    private const string Broken = "WebSocket";

    [Fact]
    public async Task Answer_LostTwice_IsAskedForWithTheSameKeyAndMakesOneOrder()
    {
        await using var show = await Show.Open(chromium, Title);
        await show.Host.OpenDeal(new Offer(Goods, Stock: 5, PerBuyer: 5));
        await using var viewer = await Person.OnPhone(chromium.Browser, show.Server.Address);
        var wire = await HubWire.Between(viewer.Page, "Buy");
        await viewer.Visit(Title, "小红");
        await viewer.At("chip-deal").ClickAsync();
        wire.LoseAnswers(2);
        await viewer.At("buy").ClickAsync();

        // As long as nobody knows, the page says so and does not pretend either way.
        await Assertions.Expect(viewer.At("buy-box")).ToHaveAttributeAsync("data-state", "unknown");
        await Assertions.Expect(viewer.At("buy-note")).ToContainTextAsync("还不知道结果");
        await viewer.Photograph("deal-unknown-phone");
        await Assertions.Expect(viewer.At("buy-box")).ToHaveAttributeAsync("data-state", "answered");
        await Assertions.Expect(viewer.At("order")).ToHaveCountAsync(1);
        await Assertions.Expect(viewer.At("stock")).ToHaveAttributeAsync("data-reserved", "1");
        Assert.Equal(3, wire.Calls.Count);
        Assert.Single(wire.Calls.Select(call => (string?)call[2]!["key"]).Distinct());

        // Another press is another order, with a key of its own.
        await viewer.At("buy").ClickAsync();
        await Assertions.Expect(viewer.At("order")).ToHaveCountAsync(2);
        Assert.Equal(2, wire.Calls.Select(call => (string?)call[2]!["key"]).Distinct().Count());
        await viewer.HasNoComplaints(Broken);
    }

    [Fact]
    public async Task Press_PageReloadedBeforeTheAnswer_IsTakenUpAgainAsTheSameOrder()
    {
        await using var show = await Show.Open(chromium, Title);
        await show.Host.OpenDeal(new Offer(Goods, Stock: 5, PerBuyer: 5));
        await using var viewer = await Person.OnPhone(chromium.Browser, show.Server.Address);
        var wire = await HubWire.Between(viewer.Page, "Buy");
        await viewer.Visit(Title, "小红");
        await viewer.At("chip-deal").ClickAsync();
        wire.LoseAnswers(1);
        await viewer.At("buy").ClickAsync();
        await Assertions.Expect(viewer.At("buy-box")).ToHaveAttributeAsync("data-state", "unknown");

        await viewer.Page.ReloadAsync();
        await viewer.IsInRoom(Title);
        await viewer.At("chip-deal").ClickAsync();
        await Assertions.Expect(viewer.At("order")).ToHaveAttributeAsync("data-status", "reserved");
        await Assertions.Expect(viewer.At("order")).ToHaveCountAsync(1);
        await Assertions.Expect(viewer.At("stock")).ToHaveAttributeAsync("data-reserved", "1");
        Assert.Single(wire.Calls.Select(call => (string?)call[2]!["key"]).Distinct());
    }

    [Fact]
    public async Task Refusals_OfEveryKind_AreSaidAsTheyAre()
    {
        await using var show = await Show.Open(chromium, Title);
        await show.Host.OpenDeal(new Offer(Goods, Stock: 5));
        await using var viewer = await Person.OnPhone(chromium.Browser, show.Server.Address);
        var wire = await HubWire.Between(viewer.Page, "Buy");
        await viewer.Visit(Title, "小红");
        await viewer.At("chip-deal").ClickAsync();
        (string Status, string Said)[] refusals =
        [
            ("sold_out", "手慢了"), ("limit_reached", "每人限购 1 件"), ("not_started", "还没开始"), ("ended", "活动已结束"),
            ("not_eligible", "你现在不能买"), ("not_found", "找不到"), ("conflict", "冲突"), ("invalid", "没有下单"),
        ];
        foreach (var (status, said) in refusals)
        {
            wire.AnswerNext($$"""{"status":"{{status}}"}""");
            await viewer.At("buy").ClickAsync();
            await Assertions.Expect(viewer.At("buy-note")).ToContainTextAsync(said);
            await Assertions.Expect(viewer.At("order")).ToHaveCountAsync(0);
        }

        // Too fast: the button waits as long as the server asks for, and works again.
        wire.AnswerNext("""{"status":"rate_limited","retryAfterMs":1500}""");
        await viewer.At("buy").ClickAsync();
        await Assertions.Expect(viewer.At("buy-note")).ToContainTextAsync("太快了");
        await Assertions.Expect(viewer.At("buy")).ToHaveAttributeAsync("aria-disabled", "true");
        await viewer.Photograph("deal-too-fast-phone");
        await Assertions.Expect(viewer.At("buy")).ToHaveAttributeAsync("aria-disabled", "false");
        await viewer.At("buy").ClickAsync();
        await Assertions.Expect(viewer.At("order")).ToHaveAttributeAsync("data-status", "reserved");
        Assert.Equal(wire.Calls.Count, wire.Calls.Select(call => (string?)call[2]!["key"]).Distinct().Count());
        await viewer.HasNoComplaints();
    }

    [Fact]
    public async Task Payments_DeclinedAndSlow_AreToldAsTheyAreAndEndPaid()
    {
        await using var show = await Show.Open(chromium, Title);
        await show.Host.OpenDeal(new Offer(Goods, Stock: 5));
        var viewer = await show.OnDesktop("Ann");
        await viewer.At("buy").ClickAsync();
        await viewer.At("order-pay").ClickAsync();
        await viewer.At("pay-plan").SelectOptionAsync("decline");
        await viewer.At("pay-confirm").ClickAsync();
        var dialog = viewer.At("pay-dialog");
        await Assertions.Expect(dialog.GetByRole(AriaRole.Alert)).ToContainTextAsync("Insufficient funds");
        await Assertions.Expect(dialog).ToHaveAttributeAsync("data-status", "reserved");
        await viewer.Photograph("pay-declined-desktop");

        // The answer comes later, and by itself.
        await viewer.At("pay-plan").SelectOptionAsync("slow");
        await viewer.At("pay-confirm").ClickAsync();
        await Assertions.Expect(dialog).ToHaveAttributeAsync("data-status", "paying");
        await viewer.Photograph("pay-pending-desktop");
        await Assertions.Expect(dialog).ToHaveAttributeAsync("data-status", "paid");
        await show.HasNoComplaints();
    }

    [Fact]
    public async Task Payment_AnswerLost_IsAskedForWithTheSameKey()
    {
        await using var show = await Show.Open(chromium, Title);
        await show.Host.OpenDeal(new Offer(Goods, Stock: 5));
        var viewer = await show.OnPhone("小红");
        await viewer.At("chip-deal").ClickAsync();
        await viewer.At("buy").ClickAsync();
        var keys = new List<string>();
        await viewer.Page.RouteAsync("**/api/orders/*/pay", async route =>
        {
            lock (keys)
            {
                keys.Add(route.Request.PostData!);
            }

            // The server has heard it the first time; only its word does not get through.
            if (keys.Count == 1)
            {
                await route.FetchAsync();
                await route.AbortAsync();
            }
            else
            {
                await route.ContinueAsync();
            }
        });
        await viewer.At("order-pay").ClickAsync();
        await viewer.At("pay-confirm").ClickAsync();
        await Assertions.Expect(viewer.At("pay-dialog")).ToHaveAttributeAsync("data-status", "paid");
        await Assertions.Expect(show.Host.At("board-sold")).ToHaveTextAsync("1");
        Assert.Single(keys.Distinct());
        await viewer.HasNoComplaints("net::ERR_");
    }
}
