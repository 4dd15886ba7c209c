using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using RedNote.Frontend.Tests.Node;

namespace RedNote.Frontend.Tests.Kill;

/// <summary>
/// People who keep a server busy until it dies under them or they are told to stop, and remember what it acknowledged.
/// </summary>
public sealed class KillPeople : IDisposable
{
    private const int Talkers = 3;

    /// <summary>Danmaku that one talker has under way at the same time.</summary>
    private const int Pipelined = 4;

    private readonly HttpClient _http;
    private readonly JsonElement _host;
    private readonly JsonElement[] _talkers;
    private readonly JsonElement _mutee;
    private CancellationToken _stop;
    private int _round;
    private int _tryAgains;

    private KillPeople(
        HttpClient http, Uri server, string room, JsonElement host, JsonElement[] talkers, JsonElement mutee)
    {
        _http = http;
        Server = server;
        Room = room;
        _host = host;
        _talkers = talkers;
        _mutee = mutee;
        Lines = [.. talkers.Select(_ => new List<KillLine>())];
    }

    /// <summary>Where they go; it may come up again under another address.</summary>
    public Uri Server { get; set; }

    public string Room { get; }

    public IReadOnlyList<JsonElement> TalkerSessions => _talkers;

    public JsonElement Host => _host;

    public JsonElement Mutee => _mutee;

    /// <summary>By talker, in order of sending.</summary>
    public IReadOnlyList<List<KillLine>> Lines { get; }

    public List<KillAccount> Accounts { get; } = [];

    public KillRegister Signature { get; } = new("the signature");

    public KillRegister BlockedWord { get; } = new("the blocked word");

    public KillRegister Muted { get; } = new("the mute");

    public long LikesAccepted { get; set; }

    public long LikesSent { get; set; }

    /// <summary>What the server answered although it should not; the test fails with it.</summary>
    public List<string> Surprises { get; } = [];

    public int Acknowledged => Lines.Sum(lines => Count(lines));

    /// <summary>Commands that were answered "try again".</summary>
    public int TryAgains => Volatile.Read(ref _tryAgains);

    public static async Task<KillPeople> Gather(Uri server)
    {
        var http = new HttpClient { BaseAddress = server, Timeout = TimeSpan.FromSeconds(20) };
        var host = await Guest(http, "host");
        var talkers = await Task.WhenAll(Enumerable.Range(0, Talkers).Select(i => Guest(http, $"talker {i}")));
        var mutee = await Guest(http, "mutee");
        using var created = await Ask(http, HttpMethod.Post, "/api/rooms", host, new { title = "Killed" });
        var room = (await Read(created)).GetProperty("roomId").GetString()!;
        using var started = await Ask(http, HttpMethod.Post, $"/api/rooms/{room}/start", host, new { });
        started.EnsureSuccessStatusCode();
        return new KillPeople(http, server, room, host, talkers, mutee);
    }

    public static string IdOf(JsonElement session) => session.GetProperty("userId").GetString()!;

    public static string TokenOf(JsonElement session) => session.GetProperty("accessToken").GetString()!;

    public static async Task<JsonElement> Read(HttpResponseMessage answer)
        => (await JsonDocument.ParseAsync(await answer.Content.ReadAsStreamAsync())).RootElement;

    public Task<HttpResponseMessage> Ask(HttpMethod method, string path, JsonElement? session, object? body = null)
        => Ask(_http, method, new Uri(Server, path).ToString(), session, body);

    /// <summary>Everybody at once, until the server does not answer any more or it is enough.</summary>
    public async Task KeepBusy(Uri server, CancellationToken stop = default)
    {
        _round++;
        _stop = stop;
        var hubs = await Task.WhenAll(_talkers.Select(talker => Join(server, talker)));
        var work = new List<Task> { Like(hubs[0]), Register(), Change(), Block(), Mute() };
        work.AddRange(hubs.SelectMany(
            (hub, i) => Enumerable.Range(0, Pipelined).Select(lane => Talk(hub, i, lane))));
        await Task.WhenAll(work);
        foreach (var hub in hubs)
        {
            await hub.DisposeAsync();
        }
    }

    public async Task<HubClient> Join(Uri server, JsonElement session)
    {
        var hub = await HubClient.Connect(server, TokenOf(session));
        await hub.Invoke("JoinRoom", Room, null);
        return hub;
    }

    public void Dispose()
    {
        _http.Dispose();
    }

    private static int Count(List<KillLine> lines)
    {
        lock (lines)
        {
            return lines.Count(line => line.Seq > 0);
        }
    }

    private static async Task<JsonElement> Guest(HttpClient http, string name)
    {
        using var answer = await Ask(http, HttpMethod.Post, "/api/auth/guest", null, new { name });
        return await Read(answer.EnsureSuccessStatusCode());
    }

    private static async Task<HttpResponseMessage> Ask(
        HttpClient http, HttpMethod method, string path, JsonElement? session, object? body)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Content = body is null ? null : JsonContent.Create(body);
        if (session is { } caller)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", TokenOf(caller));
        }

        return await http.SendAsync(request);
    }

    /// <summary>Repeats something until the server is dead, or it is enough.</summary>
    private async Task UntilDead(Func<int, Task> once)
    {
        try
        {
            for (var i = 0; !_stop.IsCancellationRequested; i++)
            {
                await once(i);
            }
        }
        catch (Exception end) when (FrontendProcess.IsEndOfServer(end))
        {
            // That was the end of the server; what it did last is not known.
        }
    }

    /// <summary>Whether a command was acknowledged. Anything but a yes or "try again" is a surprise.</summary>
    private async Task<bool> Did(HttpMethod method, string path, JsonElement session, object? body = null)
    {
        using var answer = await Ask(method, path, session, body);
        await Expect(answer, $"{method} {path}");
        return answer.IsSuccessStatusCode;
    }

    private async Task Expect(HttpResponseMessage answer, string what)
    {
        if (answer.IsSuccessStatusCode)
        {
            return;
        }

        var text = await answer.Content.ReadAsStringAsync();
        if (answer.StatusCode == HttpStatusCode.ServiceUnavailable && text.Contains("\"try_again\""))
        {
            await TryAgain();
        }
        else
        {
            Surprise($"{what}: {answer.StatusCode} {text}");
        }
    }

    /// <summary>Counts it, and takes a breath: a server that cannot do anything now answers at once.</summary>
    private Task TryAgain()
    {
        Interlocked.Increment(ref _tryAgains);
        return Task.Delay(TimeSpan.FromMilliseconds(20));
    }

    private void Surprise(string what)
    {
        lock (Surprises)
        {
            Surprises.Add(what);
        }
    }

    private Task Talk(HubClient hub, int talker, int lane) => UntilDead(async i =>
    {
        var key = $"r{_round}-{lane}-{i}";
        var line = new KillLine(key, $"line {talker} {key}");
        lock (Lines[talker])
        {
            Lines[talker].Add(line);
        }

        JsonElement verdict;
        try
        {
            verdict = await hub.Invoke("SendDanmaku", Room, new { text = line.Text, key });
        }
        catch (HubCallException refusal) when (refusal.Message.StartsWith("try_again:", StringComparison.Ordinal))
        {
            // No verdict: the sender's name was too old to go by, and could not be read again.
            await TryAgain();
            return;
        }

        if (verdict.GetProperty("status").GetString() == "accepted")
        {
            lock (Lines[talker])
            {
                line.Seq = verdict.GetProperty("seq").GetInt64();
            }
        }
        else if (verdict.GetProperty("reason").GetString() == "try_again")
        {
            await TryAgain();
        }
        else
        {
            Surprise($"'{line.Text}' was answered {verdict}");
        }
    });

    private Task Like(HubClient hub) => UntilDead(async i =>
    {
        var count = (i % 5) + 1;
        LikesSent += count;
        try
        {
            LikesAccepted += (await hub.Invoke("Like", Room, count, null)).GetProperty("accepted").GetInt64();
        }
        catch (HubCallException refusal) when (refusal.Message.StartsWith("try_again:", StringComparison.Ordinal))
        {
            await TryAgain();
        }
        catch (HubCallException refusal)
        {
            Surprise($"{count} likes: {refusal.Message}");
        }
    });

    /// <summary>Registers accounts, and the first talker follows each.</summary>
    private Task Register() => UntilDead(async i =>
    {
        var account = new KillAccount($"acc.{_round}.{i}");
        Accounts.Add(account);
        var body = new { handle = account.Handle, password = KillAccount.Password, name = "Account" };
        using var answer = await Ask(HttpMethod.Post, "/api/auth/register", null, body);
        if (answer.StatusCode == HttpStatusCode.Created)
        {
            account.UserId = IdOf(await Read(answer));
            account.WasFollowTried = true;
            account.IsFollowed = await Did(HttpMethod.Put, $"/api/users/{account.UserId}/follow", _talkers[0]);
        }
        else
        {
            await Expect(answer, $"register {account.Handle}");
            // Each account that is left open costs the audit a slow login.
            await Task.Delay(TimeSpan.FromMilliseconds(200));
        }
    });

    private Task Change() => UntilDead(i => Set(
        Signature, $"signature {_round} {i}", value => Did(
            HttpMethod.Patch, "/api/me", _talkers[1], new { signature = value })));

    private Task Block() => UntilDead(i => Set(
        BlockedWord, $"forbidden{_round}x{i}x", value => Did(
            HttpMethod.Patch, $"/api/rooms/{Room}/settings", _host, new { blockedWords = new[] { value } })));

    private Task Mute() => UntilDead(i => Set(Muted, i % 2 == 0 ? "muted" : "may talk", value => Did(
        value == "muted" ? HttpMethod.Put : HttpMethod.Delete, $"/api/rooms/{Room}/mutes/{IdOf(_mutee)}", _host)));

    private static async Task Set(KillRegister register, string value, Func<string, Task<bool>> send)
    {
        var sent = register.Send(value);
        if (await send(value))
        {
            register.Acknowledge(sent);
        }
    }
}
