using System.Collections.Concurrent;
using System.Text.Json;
using RedNote.Frontend.Tests.Node;

namespace RedNote.Frontend.Tests.Deals;

/// <summary>Somebody in a rush: presses twice with one key, once with another, and again with the same keys until there
/// is an answer.</summary>
internal sealed class RushBuyer(TestUser user, string room, string deal)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    /// <summary>Every answer that came, by key.</summary>
    public ConcurrentBag<(string Key, JsonElement Answer)> Answers { get; } = [];

    public TestUser User => user;

    /// <summary>Called with every answer.</summary>
    public Action Answered { get; set; } = static () => { };

    /// <summary>Orders that hold pieces, as was answered.</summary>
    public IEnumerable<string> Accepted => Orders("accepted");

    public IEnumerable<string> Waiting => Orders("waiting");

    /// <summary>Presses all three buttons, until each is answered, whatever happens to the server.</summary>
    public async Task Press(Uri server)
    {
        var due = new List<string> { "first", "first", "second" };
        while (due.Count > 0)
        {
            try
            {
                await using var client = await HubClient.Connect(server, user.Token);
                await Task.WhenAll(due.ToList().Select(async key =>
                {
                    Answers.Add((key, await client.Invoke("Buy", room, deal, new { quantity = 1, key })));
                    Answered();
                    lock (due)
                    {
                        due.Remove(key);
                    }
                }));
            }
            catch (Exception failure) when (failure is HubCallException || FrontendProcess.IsEndOfServer(failure))
            {
                // The outcome is unknown: the same keys find out.
                if (failure is HubCallException refusal)
                {
                    Assert.StartsWith("try_again:", refusal.Message, StringComparison.Ordinal);
                }

                await Task.Delay(Pause);
            }
        }
    }

    /// <summary>What is wrong with what this buyer was told.</summary>
    public IEnumerable<string> Wrong()
    {
        foreach (var key in Answers.GroupBy(answer => answer.Key))
        {
            var orders = key.Where(one => one.Answer.TryGetProperty("orderId", out _))
                .Select(one => Shop.OrderId(one.Answer)).Distinct().Count();
            if (orders > 1)
            {
                yield return $"{user.Id}: key {key.Key} has {orders} orders";
            }
        }

        if (Accepted.Concat(Waiting).Distinct().Count() > 1)
        {
            yield return $"{user.Id} has more than the limit";
        }

        foreach (var (key, answer) in Answers)
        {
            if (Shop.Status(answer) is not ("accepted" or "waiting" or "limit_reached" or "sold_out"))
            {
                yield return $"{user.Id}: {key} was answered {answer}";
            }
        }
    }

    private IEnumerable<string> Orders(string status)
        => Answers.Where(one => Shop.Status(one.Answer) == status).Select(one => Shop.OrderId(one.Answer)).Distinct();
}
