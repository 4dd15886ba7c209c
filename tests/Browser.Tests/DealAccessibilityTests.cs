using Microsoft.Playwright;

namespace RedNote.Browser.Tests;

/// <summary>Deals, orders, the host's board and the page of all deals pass the audit, light and dark, and a deal is
/// bought and paid with keys alone.</summary>
public sealed class DealAccessibilityTests(Chromium chromium)
{
    private const string Title = "好物直播 Good things";
    private const string Goods = "丝绒口红 Velvet";

    [Theory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task Deals_EveryState_PassTheAudit(ColorScheme scheme)
    {
        await using var show = await Show.Open(chromium, Title, scheme: scheme);
        var (host, audit) = (show.Host, new Audit());
        var phone = await show.OnPhone("小红", scheme);
        var desktop = await show.OnDesktop("Ann", scheme);
        await host.OpenShop();
        await audit.Check("no deals in the console", host);
        await host.At("new-deal").ClickAsync();
        await audit.Check("the form of a deal", host);
        await host.Photograph($"deal-form-desktop-{scheme}");
        await host.At("new-deal").ClickAsync();
        await host.OpenDeal(new Offer("晚点开始", When: "later", At: DateTime.Now.AddHours(30)));
        await Assertions.Expect(desktop.At("deal-card")).ToHaveAttributeAsync("data-phase", "scheduled");
        await audit.Check("a scheduled deal", desktop);
        await host.OpenDeal(new Offer(Goods, Stock: 30, PerBuyer: 28));
        await phone.At("card-close").ClickAsync();
        await phone.At("chip-deal").First.ClickAsync();
        await Assertions.Expect(phone.At("deal-card")).ToHaveAttributeAsync("data-phase", "open");
        await audit.Check("an open deal on a phone", phone);
        await CheckBuying(phone, audit);
        await desktop.At("chip-deal").First.ClickAsync();
        await Assertions.Expect(desktop.At("low-stock")).ToBeVisibleAsync();
        await audit.Check("a deal with little left", desktop);
        await Assertions.Expect(host.At("board-sold")).ToHaveTextAsync("28");
        await audit.Check("the board", host);
        await host.Photograph($"deal-board-desktop-{scheme}");
        await CheckPages(phone, desktop, audit, scheme);
        audit.HasPassed();
        await show.HasNoComplaints();
    }

    [Fact]
    public async Task Deal_WithKeyboardOnly_IsBoughtAndPaid()
    {
        await using var show = await Show.Open(chromium, Title);
        var viewer = await show.OnDesktop("Ann");
        await show.Host.OpenDeal(new Offer(Goods, Stock: 5, PerBuyer: 3));
        var keys = viewer.Page.Keyboard;
        await viewer.TabTo("more");
        await keys.PressAsync("Enter");
        await Assertions.Expect(viewer.At("quantity")).ToHaveTextAsync("2");
        await viewer.TabTo("buy");
        await keys.PressAsync("Enter");
        await Assertions.Expect(viewer.At("order")).ToHaveAttributeAsync("data-status", "reserved");
        // What came of it is read out.
        await Assertions.Expect(viewer.At("buy-note")).ToContainTextAsync("It is yours");
        await viewer.TabTo("order-pay");
        await keys.PressAsync("Enter");
        await viewer.TabTo("pay-confirm");
        await keys.PressAsync("Enter");
        await Assertions.Expect(viewer.At("pay-close")).ToBeFocusedAsync();
        await keys.PressAsync("Enter");
        await Assertions.Expect(viewer.At("order")).ToHaveAttributeAsync("data-status", "paid");
        await show.HasNoComplaints();
    }

    [Fact]
    public async Task Host_OnAPhone_RunsTheShop()
    {
        await using var server = await FrontendProcess.Start([]);
        await using var host = await Person.OnPhone(chromium.Browser, server.Address);
        await host.GoLive("小红", Title);
        var audit = new Audit();
        await host.OpenShop();
        await host.At("new-deal").ClickAsync();
        await audit.Check("the form on a phone", host);
        await host.Photograph("deal-form-phone");
        await host.At("new-deal").ClickAsync();
        await host.OpenDeal(new Offer("明天的", When: "later", At: DateTime.Now.AddHours(30)));
        await host.OpenDeal(new Offer(Goods, Stock: 30));
        await Assertions.Expect(host.At("board-left")).ToHaveTextAsync("30");
        await audit.Check("the shop on a phone", host);
        await host.Photograph("deal-board-phone");
        audit.HasPassed();
        await host.HasNoComplaints();
    }

    /// <summary>From the order to the payment, which leaves little in stock.</summary>
    private static async Task CheckBuying(Person buyer, Audit audit)
    {
        for (var i = 1; i < 28; i++)
        {
            await buyer.At("more").ClickAsync();
        }

        await buyer.At("buy").ClickAsync();
        await Assertions.Expect(buyer.At("order")).ToHaveAttributeAsync("data-status", "reserved");
        await audit.Check("an order to be paid", buyer);
        await buyer.At("order-cancel").ClickAsync();
        await Assertions.Expect(buyer.At("cancel-confirm")).ToBeVisibleAsync();
        await audit.Check("asking before it is cancelled", buyer);
        await buyer.Page.Keyboard.PressAsync("Escape");
        await Assertions.Expect(buyer.At("cancel-confirm")).ToHaveCountAsync(0);
        await buyer.At("order-pay").ClickAsync();
        await Assertions.Expect(buyer.At("pay-confirm")).ToBeVisibleAsync();
        await audit.Check("paying", buyer);
        await buyer.At("pay-confirm").ClickAsync();
        await Assertions.Expect(buyer.At("pay-close")).ToBeVisibleAsync();
        await audit.Check("paid", buyer);
        await buyer.At("pay-close").ClickAsync();
    }

    private static async Task CheckPages(Person phone, Person desktop, Audit audit, ColorScheme scheme)
    {
        await desktop.At("buy").ClickAsync();
        await Assertions.Expect(desktop.At("order")).ToHaveAttributeAsync("data-status", "reserved");
        foreach (var (person, where) in new[] { (phone, "phone"), (desktop, "desktop") })
        {
            await person.Page.GotoAsync("/orders");
            await Assertions.Expect(person.At("order")).ToHaveCountAsync(1);
            await audit.Check($"orders on a {where}", person);
            await person.Photograph($"orders-{where}-{scheme}");
            await person.At("nav-deals").ClickAsync();
            await Assertions.Expect(person.At("sale-card")).ToHaveCountAsync(2);
            await audit.Check($"all deals on a {where}", person);
            await person.Photograph($"sale-{where}-{scheme}");
        }
    }
}
