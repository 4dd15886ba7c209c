using System.Globalization;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace RedNote.Frontend.Tests.Live.Fuzz;

/// <summary>
/// Whatever clients send to the hub: every call is answered as the wire contract says, a connection that sends what is
/// no call is ended with a code or goes on, and afterwards the room is exactly what the answers said.
/// </summary>
public sealed class HubFuzzTests : IAsyncLifetime
{
    private const int Connections = 8;
    private const int FramesPerConnection = 2_000;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly int _seed = FuzzSeed.Next();

    private readonly LogCapture _log = new();
    private TestServer _server = null!;

    public async ValueTask InitializeAsync()
        => _server = await TestServer.Start(configure: builder => builder.Logging.AddProvider(_log));

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task Hub_RandomFrames_AreAnsweredAsDocumentedAndTheRoomReconciles()
    {
        var (id, host) = await _server.LiveRoom();
        await host.Http.PatchAsJsonAsync($"/api/rooms/{id}/settings", new { blockedWords = new[] { "advert" } });
        var room = await FuzzRoom.Open(_server, host, id);
        var ledger = new FuzzLedger(room);
        await using var bystander = await _server.Connect(await _server.Guest("Bystander"));
        await bystander.Invoke("JoinRoom", id, null);
        try
        {
            await Task.WhenAll(Enumerable.Range(0, Connections).Select(n => Task.Run(() => Fuzz(n, room, ledger))));
            await Reconcile(host, room, ledger);
            ExpectVariety(ledger);
            Assert.Empty(_log.Troubles);
            await ExpectTheBystanderSawAll(bystander, id, ledger);
        }
        catch (Exception failure)
        {
            throw new InvalidOperationException(
                $"{FuzzSeed.Again(_seed)}: {failure.Message}\n{string.Join('\n', _log.Troubles.Take(10))}", failure);
        }
    }

    private async Task Fuzz(int number, FuzzRoom room, FuzzLedger ledger)
    {
        var json = new FuzzJson(new Random(_seed + number));
        var calls = new FuzzCalls(json, room);
        var frames = new FuzzFrames(json, calls);
        var user = await _server.Guest($"Fuzz{number}");
        (await user.Http.PutAsync($"/api/groups/{room.Group}/members/{user.Id}", null)).EnsureSuccessStatusCode();
        var client = await FuzzClient.Connect(_server.Address, user.Token);
        for (var sent = 0; sent < FramesPerConnection;)
        {
            FuzzCall[] batch = [.. Enumerable.Range(0, json.Random.Next(1, 60)).Select(_ => calls.Next())];
            Task<JsonElement>[] answers = [.. batch.Select(call => client.Expect(call.Id))];
            await frames.Scatter(client, [.. batch.SelectMany(call => FuzzClient.Bytes(calls.Write(call)))]);
            for (var i = 0; i < batch.Length; i++)
            {
                ledger.Note(user.Id, batch[i], await Answer(answers[i], batch[i]));
            }

            sent += batch.Length;
            for (; json.Chance(60); sent++)
            {
                client = await Disturb(client, frames, user, $"after{number}.{sent}");
            }
        }

        await client.DisposeAsync();
    }

    private static async Task<JsonElement> Answer(Task<JsonElement> answer, FuzzCall call)
    {
        try
        {
            return await answer;
        }
        catch (Exception failure)
        {
            var arguments = string.Join(',', call.Arguments);
            throw new InvalidOperationException($"No answer to {call.Target}({arguments}): {failure.Message}", failure);
        }
    }

    /// <summary>Sends what is no call, and then one: either that is answered, or the connection is ended with a code.
    /// </summary>
    private async Task<FuzzClient> Disturb(FuzzClient client, FuzzFrames frames, TestUser user, string id)
    {
        var frame = frames.Next();
        var answer = client.Expect(id);
        await frames.Scatter(client, frame);
        await frames.Scatter(client, FuzzClient.Bytes(
            $"{{\"type\":1,\"invocationId\":\"{id}\",\"target\":\"LeaveRoom\",\"arguments\":[\"404\"]}}"));
        if (await Task.WhenAny(answer, client.Ended, Task.Delay(Patience)) == answer && answer.IsCompletedSuccessfully)
        {
            return client;
        }

        _ = answer.Exception;
        var text = Encoding.Latin1.GetString(frame.AsSpan(0, Math.Min(frame.Length, 2_000)));
        Assert.True(client.Ended.IsCompleted, $"Neither an answer nor an end after {JsonSerializer.Serialize(text)}");
        var error = await client.Ended;
        var isDocumented = error is null
            ? text.Contains("\"type\":7", StringComparison.Ordinal)
            : error.StartsWith("invalid: ", StringComparison.Ordinal)
                || error.StartsWith("too_large: ", StringComparison.Ordinal);
        Assert.True(isDocumented, $"Ended with '{error}' after {JsonSerializer.Serialize(text)}");
        await client.DisposeAsync();
        return await FuzzClient.Connect(_server.Address, user.Token);
    }

    private static async Task Reconcile(TestUser host, FuzzRoom room, FuzzLedger ledger)
    {
        var stats = await Settled(host, room.Room, ledger.Danmaku.Values.Sum());
        var verdicts = stats.GetProperty("verdicts");
        long Of(string name) => verdicts.GetProperty(name).GetInt64();
        var rejected = verdicts.GetProperty("rejected").EnumerateObject()
            .ToDictionary(reason => reason.Name, reason => reason.Value.GetInt64());

        Assert.Equal(Settled(verdicts), Of("received"));
        Assert.Equal(ledger.Danmaku.Values.Sum(), Of("received") + Of("repeated"));
        Assert.Equal(
            ledger.Danmaku.Where(pair => pair.Key is not ("accepted" or "merged")).OrderBy(pair => pair.Key),
            rejected.OrderBy(pair => pair.Key));
        Assert.Equal(ledger.DanmakuSeqs.Count, Of("shown"));
        var counters = stats.GetProperty("counters");
        Assert.Equal(Of("shown") + Of("merged"), counters.GetProperty("danmaku").GetInt64());
        Assert.Equal(ledger.Likes, counters.GetProperty("likes").GetInt64());
        Assert.Equal(ledger.DanmakuSeqs.Order(), (await Tape(host, room.Room)).Order());
        await ReconcileTallies(host, room, ledger);
        await ReconcileMessages(host, room, ledger);
    }

    /// <summary>The group has the messages that were accepted, and the one that shows its poll.</summary>
    private static async Task ReconcileMessages(TestUser host, FuzzRoom room, FuzzLedger ledger)
    {
        var seqs = new List<long>();
        for (var hasMore = true; hasMore;)
        {
            var page = await host.Http.GetFromJsonAsync<JsonElement>(
                $"/api/groups/{room.Group}/messages?limit=200&after={(seqs.Count == 0 ? 0 : seqs[^1])}");
            seqs.AddRange(page.GetProperty("items").EnumerateArray().Select(
                message => message.GetProperty("seq").GetInt64()));
            hasMore = page.GetProperty("hasMore").GetBoolean();
        }

        Assert.Equal(Enumerable.Range(1, seqs.Count).Select(n => (long)n), seqs);
        Assert.Equal(seqs, ledger.MessageSeqs.Append(1).Order());
    }

    private static async Task ReconcileTallies(TestUser host, FuzzRoom room, FuzzLedger ledger)
    {
        var path = $"/api/rooms/{room.Room}";
        foreach (var poll in room.Polls)
        {
            var now = await host.Http.GetFromJsonAsync<JsonElement>($"{path}/polls/{poll}");
            Assert.Equal(
                ledger.Voters.Count(voter => voter.Poll == $"\"{poll}\""), now.GetProperty("voters").GetInt32());
        }

        var draw = await host.Http.GetFromJsonAsync<JsonElement>($"{path}/draws/{room.Draw}");
        Assert.Equal(ledger.Entrants.Count, draw.GetProperty("entrants").GetInt32());
        var deal = await host.Http.GetFromJsonAsync<JsonElement>($"{path}/deals/{room.Deals[0]}");
        Assert.Equal(
            ledger.Orders.Values.Sum(order => order.Waits ? 0 : order.Quantity),
            deal.GetProperty("reserved").GetInt32());
        Assert.Equal(ledger.Orders.Values.Count(order => order.Waits), deal.GetProperty("waiting").GetInt32());
        Assert.Equal(FuzzRoom.Stock, deal.GetProperty("left").GetInt32() + deal.GetProperty("reserved").GetInt32());
        var pk = await TestServer.Json(await host.Http.PostAsync($"{path}/pk/{room.Pk}/close", null));
        Assert.Equal(ledger.Cheers, pk.GetProperty("leftPoints").GetInt64() + pk.GetProperty("rightPoints").GetInt64());
        var asked = new Dictionary<string, int>();
        for (string? after = ""; after is not null;)
        {
            var page = await host.Http.GetFromJsonAsync<JsonElement>(
                $"{path}/questions?sort=new&limit=100&after={after}");
            foreach (var question in page.GetProperty("items").EnumerateArray())
            {
                asked[question.GetProperty("questionId").GetString()!] = question.GetProperty("upvotes").GetInt32();
            }

            after = page.TryGetProperty("next", out var next) ? next.GetString() : null;
        }

        Assert.Equal(ledger.QuestionIds.Order(), asked.Keys.Order());
        Assert.All(asked, question => Assert.Equal(
            ledger.Upvotes.Count(upvote => upvote.Question == $"\"{question.Key}\""), question.Value));
    }

    /// <summary>The room's figures when nothing waits for a frame any more, and the front end has reported what it
    /// refused itself.</summary>
    internal static async Task<JsonElement> Settled(TestUser host, string room, long received)
    {
        var since = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var stats = await host.Http.GetFromJsonAsync<JsonElement>($"/api/rooms/{room}/stats");
            var verdicts = stats.GetProperty("verdicts");
            var told = verdicts.GetProperty("received").GetInt64() + verdicts.GetProperty("repeated").GetInt64();
            if (told >= received && verdicts.GetProperty("pending").GetInt64() == 0)
            {
                return stats;
            }

            Assert.True(TimeProvider.System.GetElapsedTime(since) < Patience, $"The room does not settle: {stats}");
            await Task.Delay(50);
        }
    }

    /// <summary>What was decided of danmaku, one way or the other.</summary>
    internal static long Settled(JsonElement verdicts)
        => new[] { "shown", "merged", "sampled", "held" }.Sum(name => verdicts.GetProperty(name).GetInt64())
            + verdicts.GetProperty("rejected").EnumerateObject().Sum(reason => reason.Value.GetInt64());

    private static async Task<List<long>> Tape(TestUser host, string room)
    {
        var seqs = new List<long>();
        for (string? from = "0"; from is not null;)
        {
            var page = await host.Http.GetFromJsonAsync<JsonElement>($"/api/rooms/{room}/tape?from={from}&limit=500");
            seqs.AddRange(page.GetProperty("items").EnumerateArray()
                .Where(item => item.GetProperty("kind").GetString() == "danmaku")
                .Select(item => item.GetProperty("seq").GetInt64()));
            from = page.TryGetProperty("next", out var next) ? next.GetString() : null;
        }

        return seqs;
    }

    /// <summary>A fuzzer that only ever hears "invalid" finds nothing.</summary>
    private static void ExpectVariety(FuzzLedger ledger)
    {
        foreach (var target in FuzzCalls.Targets)
        {
            Assert.Contains(ledger.Outcomes.Keys, key => key.Target == target && key.Outcome is "ok" or "accepted");
            Assert.Contains((target, "invalid"), ledger.Outcomes.Keys);
        }

        string[] expected =
        [
            "merged", "too_long", "empty", "blocked_word", "conflict", "not_found", "not_live",
        ];
        Assert.All(expected, outcome => Assert.Contains(("SendDanmaku", outcome), ledger.Outcomes.Keys));
        Assert.Contains(("Vote", "already_voted"), ledger.Outcomes.Keys);
        Assert.Contains(("Vote", "invalid_choice"), ledger.Outcomes.Keys);
        string[] answers =
        [
            "accepted", "waiting", "limit_reached", "not_started", "not_eligible", "not_found", "conflict", "invalid",
        ];
        Assert.All(answers, answer => Assert.Contains(("Buy", answer), ledger.Outcomes.Keys));
        Assert.Contains(ledger.Outcomes.Keys, key => key.Target.Length == 0);
        Assert.True(ledger.Outcomes.Values.Sum() >= 8_000, "Too few calls.");
    }

    private static async Task ExpectTheBystanderSawAll(HubClient bystander, string room, FuzzLedger ledger)
    {
        var last = ledger.DanmakuSeqs.Max();
        await bystander.Frame(
            room,
            frame => frame.TryGetProperty("danmaku", out var danmaku)
                && danmaku.EnumerateArray().Any(one => one.GetProperty("seq").GetInt64() == last),
            string.Create(CultureInfo.InvariantCulture, $"danmaku {last}"));
        var frames = bystander.Everything.Where(message => HubClient.IsCall(message, "frame", room))
            .Select(message => message.GetProperty("arguments")[1]).ToList();
        for (var i = 1; i < frames.Count; i++)
        {
            var from = frames[i].TryGetProperty("from", out var first) ? first : frames[i].GetProperty("seq");
            Assert.Equal(frames[i - 1].GetProperty("seq").GetInt64() + 1, from.GetInt64());
        }
    }
}
