using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Playwright;

namespace RedNote.Browser.Tests;

/// <summary>
/// Stands between a page and the hub, and does to calls of one method what a test wants: answers them itself, or loses
/// the server's answer together with the connection, as a bad network does. Everything else goes through.
/// </summary>
internal sealed class HubWire
{
    /// <summary>Ends each message of SignalR's JSON protocol.</summary>
    private const char Separator = '\u001e';

    private const int Invocation = 1;
    private const int Completion = 3;

    private readonly string _method;
    private readonly Queue<string> _answers = [];
    private readonly HashSet<string> _toLose = [];
    private readonly Lock _gate = new();
    private int _lose;

    private HubWire(string method) => _method = method;

    /// <summary>The arguments of each call of the method, as the page sent them.</summary>
    public List<JsonArray> Calls { get; } = [];

    /// <summary>Has to be asked for before the page opens its connection.</summary>
    public static async Task<HubWire> Between(IPage page, string method)
    {
        var wire = new HubWire(method);
        await page.RouteWebSocketAsync(url => url.Contains("/hub", StringComparison.Ordinal), wire.Relay);
        return wire;
    }

    /// <summary>The next call gets this as its result, and the server does not hear of it.</summary>
    public void AnswerNext(string json)
    {
        lock (_gate)
        {
            _answers.Enqueue(json);
        }
    }

    /// <summary>The server hears the next calls, and its answers are lost with the connection.</summary>
    public void LoseAnswers(int count)
    {
        lock (_gate)
        {
            _lose = count;
        }
    }

    private void Relay(IWebSocketRoute page)
    {
        var server = page.ConnectToServer();
        page.OnMessage(frame => FromPage(page, server, frame.Text ?? ""));
        server.OnMessage(frame => FromServer(page, frame.Text ?? ""));
    }

    private void FromPage(IWebSocketRoute page, IWebSocketRoute server, string text)
    {
        foreach (var message in text.Split(Separator, StringSplitOptions.RemoveEmptyEntries))
        {
            var call = JsonNode.Parse(message)!.AsObject();
            var answer = (int?)call["type"] == Invocation && (string?)call["target"] == _method ? Take(call) : null;
            if (answer is null)
            {
                server.Send(message + Separator);
            }
            else
            {
                page.Send($$"""{"type":3,"invocationId":"{{call["invocationId"]}}","result":{{answer}}}""" + Separator);
            }
        }
    }

    /// <summary>The answer that the test has ready; null: the server is asked.</summary>
    private string? Take(JsonObject call)
    {
        lock (_gate)
        {
            Calls.Add(JsonSerializer.SerializeToNode(call["arguments"])!.AsArray());
            if (_answers.TryDequeue(out var answer))
            {
                return answer;
            }

            if (_lose > 0)
            {
                _lose--;
                _toLose.Add((string)call["invocationId"]!);
            }

            return null;
        }
    }

    private void FromServer(IWebSocketRoute page, string text)
    {
        foreach (var message in text.Split(Separator, StringSplitOptions.RemoveEmptyEntries))
        {
            var parsed = JsonNode.Parse(message)!.AsObject();
            lock (_gate)
            {
                if ((int?)parsed["type"] == Completion && _toLose.Remove((string)parsed["invocationId"]!))
                {
                    _ = page.CloseAsync(new() { Code = 4000, Reason = "The test cut it." });
                    return;
                }
            }

            page.Send(message + Separator);
        }
    }
}
