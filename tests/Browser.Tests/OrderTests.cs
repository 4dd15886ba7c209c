using Microsoft.Playwright;

namespace RedNote.Browser.Tests;

/// <summary>One's orders on a page of their own, and all deals of the site on another.</summary>
public sealed class OrderTests(Chromium chromium)
{
    private const string Title = "好物直播 Good things";
    private const string Goods = "丝绒口红 Velvet";

    /// <summary>Compressed, as it comes over the network.</summary>
    private const int FirstLoadLimit = 150 * 1024;

    [Fact]
    public async Task Orders_SeenFromTheLobby_AreListedPaidAndCancelled()
    {
        await using var show = await Show.Open(chromium, Title);
        await show.Host.OpenDeal(new Offer(Goods, Stock: 9, PerBuyer: 3));
        var viewer = await show.OnPhone("小红");
        await viewer.At("chip-deal").ClickAsync();
        for (var i = 1; i <= 2; i++)
        {
            await viewer.At("buy").ClickAsync();
            await Assertions.Expect(viewer.At("order")).ToHaveCountAsync(i);
        }

        await viewer.At("card-close").ClickAsync();
        await viewer.At("back").ClickAsync();
        await Assertions.Expect(viewer.At("orders-badge")).ToHaveTextAsync("2");
        await viewer.Photograph("lobby-badge-phone");
        await viewer.At("nav-orders").ClickAsync();
        await Assertions.Expect(viewer.At("order")).ToHaveCountAsync(2);
        await viewer.Photograph("orders-phone");
        await viewer.At("order-cancel").First.ClickAsync();
        await viewer.At("cancel-confirm").ClickAsync();
        await Assertions.Expect(Order(viewer, "cancelled")).ToHaveCountAsync(1);
        await viewer.At("order-pay").ClickAsync();
        await viewer.At("pay-confirm").ClickAsync();
        await viewer.At("pay-close").ClickAsync();
        await Assertions.Expect(Order(viewer, "paid")).ToHaveCountAsync(1);
        await Assertions.Expect(viewer.At("orders-badge")).ToHaveCountAsync(0);

        // The same in the other language, and from there back into the room.
        await viewer.At("language").ClickAsync();
        await Assertions.Expect(Order(viewer, "paid")).ToContainTextAsync("Payment received");
        await viewer.At("order-room").First.ClickAsync();
        await viewer.IsInRoom(Title);
        await show.HasNoComplaints();
    }

    [Fact]
    public async Task Orders_OutsideOfTheRoom_FollowWhatTheHubPushes()
    {
        await using var show = await Show.Open(chromium, Title);
        await show.Host.OpenDeal(new Offer(Goods, Stock: 1));
        var first = await show.OnPhone("小红");
        var second = await show.OnDesktop("Ann", ColorScheme.Dark);
        var third = await show.OnDesktop("Bea");
        await first.At("chip-deal").ClickAsync();
        await first.At("buy").ClickAsync();
        await Assertions.Expect(first.At("order")).ToHaveAttributeAsync("data-status", "reserved");
        foreach (var person in (Person[])[second, third])
        {
            await person.At("buy").ClickAsync();
            await Assertions.Expect(person.At("order")).ToHaveAttributeAsync("data-status", "waiting");
        }

        await second.Page.GotoAsync("/orders");
        await Assertions.Expect(second.At("position")).ToHaveAttributeAsync("data-value", "1");
        await second.Photograph("orders-desktop-dark");
        await third.At("back").ClickAsync();
        await Assertions.Expect(third.At("nav-orders")).ToBeVisibleAsync();
        await first.At("order-cancel").ClickAsync();
        await first.At("cancel-confirm").ClickAsync();
        await Assertions.Expect(second.At("order")).ToHaveAttributeAsync("data-status", "reserved");
        await Assertions.Expect(second.At("orders-badge")).ToHaveTextAsync("1");

        // Who waits is told in the lobby too.
        await second.At("order-cancel").ClickAsync();
        await second.At("cancel-confirm").ClickAsync();
        await Assertions.Expect(third.At("orders-badge")).ToHaveTextAsync("1");
        await show.HasNoComplaints();
    }

    [Fact]
    public async Task Sale_DealsOfTheSite_CountDownAndLeadIntoTheirRoom()
    {
        await using var show = await Show.Open(chromium, Title);
        await using var visitor = await Person.OnPhone(chromium.Browser, show.Server.Address);
        await visitor.At("nav-deals").ClickAsync();
        await Assertions.Expect(visitor.At("sale")).ToContainTextAsync("现在没有秒杀");
        await show.Host.OpenDeal(new Offer(Goods, Stock: 12));
        await show.Host.OpenDeal(new Offer("保湿面霜", When: "later", At: DateTime.Now.AddMinutes(90)));

        // Nobody reloads: the list is asked for again while somebody looks at it.
        await Assertions.Expect(visitor.At("sale-card")).ToHaveCountAsync(2, new() { Timeout = 30_000 });
        await Assertions.Expect(visitor.At("sale-card").First).ToContainTextAsync(Goods);
        await Assertions.Expect(visitor.At("countdown")).ToHaveCountAsync(2);
        await visitor.Photograph("sale-phone");
        await using var night = await Person.OnDesktop(chromium.Browser, show.Server.Address, ColorScheme.Dark);
        await night.Page.GotoAsync("/deals");
        await Assertions.Expect(night.At("sale-card")).ToHaveCountAsync(2);
        await night.Photograph("sale-desktop-dark");
        await visitor.At("sale-card").First.ClickAsync();
        await visitor.SignIn("小红");
        await visitor.IsInRoom(Title);
        await visitor.HasNoComplaints();
        await night.HasNoComplaints();
    }

    [Fact]
    public async Task FirstLoad_OfTheLobby_StaysWithinItsBudget()
    {
        const string Transferred = """
            () => performance.getEntries()
              .filter((entry) => "encodedBodySize" in entry && !entry.name.includes("/api/"))
              .reduce((sum, entry) => sum + entry.encodedBodySize, 0)
            """;
        await using var server = await FrontendProcess.Start([]);
        await using var visitor = await Person.OnPhone(chromium.Browser, server.Address);
        await Assertions.Expect(visitor.At("go-live").First).ToBeVisibleAsync();
        await visitor.Page.WaitForLoadStateAsync(LoadState.NetworkIdle);

        var bytes = await visitor.Page.EvaluateAsync<int>(Transferred);
        TestContext.Current.TestOutputHelper?.WriteLine($"{bytes:N0} bytes");
        Assert.InRange(bytes, 1_000, FirstLoadLimit);
    }

    private static ILocator Order(Person person, string status)
        => person.Page.Locator($"[data-testid=order][data-status={status}]");
}
