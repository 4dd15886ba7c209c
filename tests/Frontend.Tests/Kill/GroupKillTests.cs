using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using RedNote.Frontend.Tests.Node;

namespace RedNote.Frontend.Tests.Kill;

/// <summary>
/// The real server is killed while members of a group talk; their clients try again with the same keys. What was
/// acknowledged is there under its number, what was not is there once at most, and no number is missing.
/// </summary>
public sealed class GroupKillTests
{
    private const int Members = 3;
    private const int Lanes = 4;
    private const int Rounds = 2;
    private const int PerRound = 60;

    private readonly Lock _gate = new();

    /// <summary>Number by key; null: not acknowledged yet.</summary>
    private readonly Dictionary<string, long?> _sent = [];
    private readonly List<string> _wrong = [];
    private string _group = "";

    [Fact]
    public async Task Group_ServerKilledWhileMembersTalk_KeepsWhatItAcknowledgedOnce()
    {
        await using var server = await FrontendProcess.Start(new() { ["RedNote__Limits__Off"] = "true" });
        using var http = new HttpClient { BaseAddress = server.Address };
        var members = new List<JsonElement>();
        for (var i = 0; i < Members; i++)
        {
            var answer = await http.PostAsJsonAsync("/api/auth/guest", new { name = $"Member {i}" });
            members.Add(await TestServer.Json(answer));
        }

        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Token(members[0]));
        var made = await http.PostAsJsonAsync(
            "/api/groups", new { name = "Killed", memberIds = members.Skip(1).Select(KillPeople.IdOf) });
        _group = (await TestServer.Json(made)).GetProperty("groupId").GetString()!;
        for (var round = 1; round <= Rounds; round++)
        {
            var talking = Talk(server.Address, members, round);
            await Fakes.Eventually.Holds(() => Acknowledged >= round * PerRound || talking.IsCompleted);
            await server.Kill();
            await talking;
            await server.Restart();
        }

        await Repeat(server.Address, members);
        Assert.Empty(_wrong);
        Assert.True(_sent.Values.All(seq => seq is not null), "Not everything was taken in the end.");
        Assert.True(Acknowledged >= Rounds * PerRound);
        await Compare(http);
        var (code, output) = await server.Command("log", "verify", "--all");
        Assert.True(code == 0, output);
    }

    private int Acknowledged
    {
        get
        {
            lock (_gate)
            {
                return _sent.Values.Count(seq => seq is not null);
            }
        }
    }

    private static string Token(JsonElement session) => KillPeople.TokenOf(session);

    /// <summary>Everybody at once, until the server is dead. Each lane first repeats what nobody has answered.
    /// </summary>
    private async Task Talk(Uri server, List<JsonElement> members, int round)
    {
        var clients = await Task.WhenAll(members.Select(member => HubClient.Connect(server, Token(member))));
        await Task.WhenAll(clients.SelectMany((client, member) => Enumerable.Range(0, Lanes).Select(async lane =>
        {
            try
            {
                foreach (var key in Unanswered($"{member}-{lane}-"))
                {
                    await Send(client, key);
                }

                for (var n = 0; ; n++)
                {
                    await Send(client, $"{member}-{lane}-{round}-{n}");
                }
            }
            catch (Exception end) when (FrontendProcess.IsEndOfServer(end))
            {
                // That was the end of the server; what it did last is not known.
            }
        })));
        foreach (var client in clients)
        {
            await client.DisposeAsync();
        }
    }

    private async Task Repeat(Uri server, List<JsonElement> members)
    {
        for (var member = 0; member < Members; member++)
        {
            await using var client = await HubClient.Connect(server, Token(members[member]));
            foreach (var key in Unanswered($"{member}-"))
            {
                await Send(client, key);
            }

            // And some that were answered: the answer is the same.
            foreach (var key in Answered($"{member}-").Take(10))
            {
                await Send(client, key);
            }
        }
    }

    private async Task Send(HubClient client, string key)
    {
        lock (_gate)
        {
            _sent.TryAdd(key, null);
        }

        var answer = await client.Invoke("SendMessage", _group, new { text = $"text {key}", key });
        lock (_gate)
        {
            if (answer.GetProperty("status").GetString() != "accepted")
            {
                if (answer.GetProperty("reason").GetString() != "try_again")
                {
                    _wrong.Add($"{key}: {answer}");
                }

                return;
            }

            var seq = answer.GetProperty("seq").GetInt64();
            if (_sent[key] is { } known && known != seq)
            {
                _wrong.Add($"{key} was {known} and is {seq}");
            }

            _sent[key] = seq;
        }
    }

    private List<string> Unanswered(string of) => Keys(of, isAnswered: false);

    private List<string> Answered(string of) => Keys(of, isAnswered: true);

    private List<string> Keys(string of, bool isAnswered)
    {
        lock (_gate)
        {
            return [.. _sent.Where(one => one.Value is not null == isAnswered
                && one.Key.StartsWith(of, StringComparison.Ordinal)).Select(one => one.Key)];
        }
    }

    private async Task Compare(HttpClient http)
    {
        var found = new List<(long Seq, string Text)>();
        while (true)
        {
            var after = found.Count == 0 ? 0 : found[^1].Seq;
            var page = await http.GetFromJsonAsync<JsonElement>(
                $"/api/groups/{_group}/messages?after={after}&limit=200");
            found.AddRange(page.GetProperty("items").EnumerateArray().Select(
                one => (one.GetProperty("seq").GetInt64(), one.GetProperty("text").GetString()!)));
            if (!page.GetProperty("hasMore").GetBoolean())
            {
                break;
            }
        }

        Assert.Equal(Enumerable.Range(1, found.Count).Select(n => (long)n), found.Select(one => one.Seq));
        Assert.Equal(
            _sent.OrderBy(one => one.Value).Select(one => (one.Value!.Value, $"text {one.Key}")), found);
    }
}
