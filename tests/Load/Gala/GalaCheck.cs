using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using RedNote.Load.Servers;

namespace RedNote.Load.Gala;

/// <summary>Compares what clients were told with what the server says when all is quiet.</summary>
internal sealed class GalaCheck(IRoomServer server, GalaLoop loop, GalaStage stage, string[] paths)
{
    /// <summary>Buyers whose own lists of orders are read.</summary>
    private const int AskedBuyers = 50;

    public async Task<List<string?>> Run(CancellationToken ct)
    {
        var stats = await server.Stats(ct);
        var problems = new List<string?>
        {
            loop.Problem, stage.Problem,
            loop.Closed == 0 ? null : $"{loop.Closed} connections were lost",
            loop.Open == 0 ? null : $"{loop.Open} calls were not answered",
            loop.Gaps == 0 ? null : $"{loop.Gaps} frames came after missing ones",
        };
        problems.AddRange(loop.Figures.Select(Unknown));
        problems.AddRange(Danmaku(stats.GetProperty("verdicts")));
        problems.AddRange(Likes(stats.GetProperty("counters").GetProperty("likes").GetInt64()));
        problems.AddRange(Ballots());
        problems.Add(await OrdersOfBuyers(ct));
        return problems;
    }

    private static string? Unknown(GalaFigures figures, int kind)
    {
        var unknown = figures.Of("try_again") + figures.Of("nothing");
        return unknown == 0 ? null : $"{unknown} times {(GalaKind)kind} was answered that it is not known";
    }

    private IEnumerable<string?> Danmaku(JsonElement totals)
    {
        long Total(string name) => totals.GetProperty(name).GetInt64();

        var told = loop.Figures[(int)GalaKind.Danmaku];
        var rejected = totals.GetProperty("rejected").EnumerateObject()
            .ToDictionary(reason => reason.Name, reason => reason.Value.GetInt64());
        var parts = Total("pending") + Total("shown") + Total("merged") + Total("sampled") + Total("held")
            + rejected.Values.Sum();
        yield return Total("received") == parts ? null : $"danmaku: received {Total("received")} is not {parts}";
        yield return Total("received") == told.Answered
            ? null : $"danmaku: received {Total("received")}, and {told.Answered} verdicts were given";
        yield return Total("shown") + Total("sampled") + Total("pending") == told.Of("accepted")
            ? null : $"danmaku: {told.Of("accepted")} were accepted, and {totals} says otherwise";
        yield return Total("merged") == told.Of("merged")
            ? null : $"danmaku: {told.Of("merged")} were merged, and {totals} says otherwise";
        foreach (var (reason, count) in rejected)
        {
            yield return told.Of(reason) == count ? null : $"danmaku: {told.Of(reason)} were {reason}, not {count}";
        }
    }

    private IEnumerable<string?> Likes(long counted)
    {
        yield return counted == loop.LikesAccepted
            ? null : $"likes: {loop.LikesAccepted} were accepted, and {counted} counted";
        yield return loop.LikesShown == counted ? null : $"likes: viewers were shown {loop.LikesShown} of {counted}";
    }

    private IEnumerable<string?> Ballots()
    {
        var accepted = loop.Figures[(int)GalaKind.Vote].Of("accepted");
        yield return accepted == stage.Ballots ? null : $"votes: {accepted} were accepted, {stage.Ballots} are counted";
        var orders = loop.Figures[(int)GalaKind.Buy].Of("accepted");
        yield return orders == stage.Orders ? null : $"buys: {orders} were accepted, {stage.Orders} orders are there";
    }

    /// <summary>What some buyers find in their lists is what they were told.</summary>
    private async Task<string?> OrdersOfBuyers(CancellationToken ct)
    {
        var all = loop.Deals.SelectMany(deal => deal.Accepted.Concat(deal.Waiting)).ToLookup(
            order => order.Value, order => order.Key);
        using var http = new HttpClient { BaseAddress = server.Process.Address };
        foreach (var buyer in all.Take(AskedBuyers))
        {
            var listed = await OrdersOf(http, paths[buyer.Key], ct);
            if (!listed.SetEquals(buyer))
            {
                return $"buyer {buyer.Key} was told of {buyer.Count()} orders, and the list has {listed.Count}";
            }
        }

        return null;
    }

    private static async Task<HashSet<long>> OrdersOf(HttpClient http, string path, CancellationToken ct)
    {
        var orders = new HashSet<long>();
        for (string? after = ""; after is not null;)
        {
            using var request = new HttpRequestMessage(
                HttpMethod.Get, $"api/orders?limit=100{(after.Length == 0 ? "" : "&after=" + after)}");
            request.Headers.Authorization = new AuthenticationHeaderValue(
                "Bearer", Uri.UnescapeDataString(path[(path.IndexOf('=', StringComparison.Ordinal) + 1)..]));
            using var answer = await http.SendAsync(request, ct);
            var page = await answer.Content.ReadFromJsonAsync<JsonElement>(ct);
            foreach (var order in page.GetProperty("items").EnumerateArray())
            {
                orders.Add(long.Parse(
                    order.GetProperty("orderId").GetString()!, System.Globalization.CultureInfo.InvariantCulture));
            }

            after = page.TryGetProperty("next", out var next) ? next.GetString() : null;
        }

        return orders;
    }
}
