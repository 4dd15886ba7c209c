using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace RedNote.Frontend.Tests.Deals;

/// <summary>A live room whose host sells.</summary>
internal sealed record Shop(TestServer Server, string Room, TestUser Host)
{
    private int _keys;

    private string Path => $"/api/rooms/{Room}/deals";

    public static async Task<Shop> Open(TestServer server)
    {
        var (room, host) = await server.LiveRoom();
        return new Shop(server, room, host);
    }

    /// <summary>A deal; what is given replaces what it would be: ten pieces, one for each, open for an hour.</summary>
    public static Dictionary<string, object?> Terms(params (string Name, object? Value)[] changes)
    {
        var terms = new Dictionary<string, object?>
        {
            ["title"] = "Tea",
            ["price"] = new { amount = 1_990, currency = "CNY" },
            ["stock"] = 10,
            ["perBuyer"] = 1,
            ["seconds"] = 3_600,
            ["key"] = "deal",
        };
        foreach (var (name, value) in changes)
        {
            terms[name] = value;
        }

        return terms;
    }

    public Task<HttpResponseMessage> Post(Dictionary<string, object?> terms, TestUser? by = null)
        => (by ?? Host).Http.PostAsJsonAsync(Path, terms);

    /// <summary>Makes a deal, and gives its id.</summary>
    public async Task<string> Deal(params (string Name, object? Value)[] changes)
    {
        var answer = await Post(Terms([("key", $"deal-{Interlocked.Increment(ref _keys)}"), .. changes]));
        var deal = await TestServer.Json(answer);
        Assert.True(answer.StatusCode == HttpStatusCode.Created, deal.GetRawText());
        return deal.GetProperty("dealId").GetString()!;
    }

    public Task<JsonElement> Card(string deal) => Host.Http.GetFromJsonAsync<JsonElement>($"{Path}/{deal}");

    public Task<JsonElement> Board(string deal) => Host.Http.GetFromJsonAsync<JsonElement>($"{Path}/{deal}/board");

    public Task<HttpResponseMessage> Do(string deal, string what, TestUser? by = null)
        => (by ?? Host).Http.PostAsync($"{Path}/{deal}/{what}", null);

    public Task<JsonElement> Buy(HubClient client, string deal, string key, object? quantity = null)
        => client.Invoke("Buy", Room, deal, new { quantity = quantity ?? 1, key });

    /// <summary>Everything about a deal that anybody could have changed.</summary>
    public async Task<string> All(string deal) => $"{await Card(deal)}\n{await Board(deal)}";

    public static string? Status(JsonElement answer) => answer.GetProperty("status").GetString();

    public static string OrderId(JsonElement answer) => answer.GetProperty("orderId").GetString()!;

    public static Task<HttpResponseMessage> Pay(TestUser buyer, string order, string key)
        => buyer.Http.PostAsJsonAsync($"/api/orders/{order}/pay", new { key });

    public static Task<HttpResponseMessage> Cancel(TestUser buyer, string order)
        => buyer.Http.PostAsync($"/api/orders/{order}/cancel", null);

    public static Task<JsonElement> Order(TestUser buyer, string order)
        => buyer.Http.GetFromJsonAsync<JsonElement>($"/api/orders/{order}");

    /// <summary>The next news of an order that have that status.</summary>
    public static async Task<JsonElement> News(HubClient client, string order, string status)
        => (await client.Next(
            message => HubClient.IsPush(message, "order")
                && message.GetProperty("arguments")[0] is var news
                && OrderId(news) == order && Status(news) == status,
            $"order {order} {status}")).GetProperty("arguments")[0];

    /// <summary>Waits until an order has that status.</summary>
    public static async Task Until(TestUser buyer, string order, string status)
    {
        var since = TimeProvider.System.GetTimestamp();
        while (Status(await Order(buyer, order)) is var now && now != status)
        {
            Assert.True(
                TimeProvider.System.GetElapsedTime(since) < HubClient.Patience, $"Order {order} stays {now}.");
            await Task.Delay(50);
        }
    }
}
