using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Threading.Channels;

namespace RedNote.Load.Rush;

/// <summary>
/// What buyers do about orders that hold pieces: 13 of 20 pay, one pays after it was declined, two are declined and
/// give up, two take it back, and two forget it. Over REST, many at the same time.
/// </summary>
internal sealed class RushPayments : IAsyncDisposable
{
    private const int Workers = 16;

    private readonly Channel<(string Token, long Order)> _due = Channel.CreateUnbounded<(string, long)>();
    private readonly ConcurrentDictionary<long, string> _done = [];
    private readonly ConcurrentQueue<string> _problems = [];
    private readonly HttpClient _http;
    private readonly Task _working;

    public RushPayments(Uri server, CancellationToken ct)
    {
        _http = new HttpClient { BaseAddress = server };
        _working = Task.WhenAll(Enumerable.Range(0, Workers).Select(_ => Task.Run(() => Work(ct), ct)));
    }

    /// <summary>What became of orders, by their buyers' doing: paid, cancelled, forgotten, expired.</summary>
    public IReadOnlyDictionary<long, string> Done => _done;

    /// <summary>The first thing that went wrong, or null.</summary>
    public string? Problem => _problems.TryPeek(out var first) ? first : null;

    /// <summary>An order holds pieces: its buyer does something about it.</summary>
    public void Add(string token, long order) => _due.Writer.TryWrite((token, order));

    public async ValueTask DisposeAsync()
    {
        _due.Writer.TryComplete();
        await _working;
        _http.Dispose();
    }

    private async Task Work(CancellationToken ct)
    {
        await foreach (var (token, order) in _due.Reader.ReadAllAsync(ct))
        {
            try
            {
                _done[order] = await Decide(token, order, ct);
            }
            catch (Exception failure) when (failure is HttpRequestException or LoadException)
            {
                _problems.Enqueue($"order {order}: {failure.Message}");
            }
        }
    }

    private async Task<string> Decide(string token, long order, CancellationToken ct)
    {
        switch (order % 20)
        {
            case 18 or 19:
                return "forgotten";
            case 16 or 17:
                return await Send(token, order, "cancel", new { }, ct);
            case 14 or 15:
                await Send(token, order, "pay", new { key = "decline-1" }, ct);
                return await Send(token, order, "cancel", new { }, ct);
            case 13:
                await Send(token, order, "pay", new { key = "decline-1" }, ct);
                return await Send(token, order, "pay", new { key = "again" }, ct);
            default:
                return await Send(token, order, "pay", new { key = "pay" }, ct);
        }
    }

    /// <summary>The order's status from then on.</summary>
    private async Task<string> Send(string token, long order, string what, object body, CancellationToken ct)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"api/orders/{order}/{what}")
        {
            Content = JsonContent.Create(body),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using var answer = await _http.SendAsync(request, ct);
        var json = await answer.Content.ReadFromJsonAsync<JsonElement>(ct);
        if (answer.StatusCode == HttpStatusCode.OK)
        {
            return json.GetProperty("status").GetString()!;
        }

        // Who is late finds it gone: to pay says so, and there is nothing to take back.
        return answer.StatusCode == HttpStatusCode.Conflict ? "expired"
            : throw new LoadException($"{what} was answered {(int)answer.StatusCode}: {json}");
    }
}
