using System.Net;
using System.Text.Json;

namespace RedNote.Frontend.Tests.Kill;

/// <summary>After a restart: is everything there that was acknowledged, once, and nothing that nobody sent?</summary>
public sealed class KillAudit(KillPeople people, Uri server)
{
    /// <summary>Keys are kept for the last 64 danmaku of a user.</summary>
    private const int RepeatedKeys = 30;

    private const int SettledAccounts = 3;
    private const int PageSize = 500;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    private readonly List<string> _wrong = [];
    private Dictionary<long, string> _tape = [];

    /// <summary>What is wrong; empty when all is well.</summary>
    public async Task<IReadOnlyList<string>> Run()
    {
        _tape = await ReadTape();
        CheckLines();
        await CheckRoom();
        await CheckMute();
        await CheckProfile();
        await Task.WhenAll([
            CheckAccounts(),
            .. Enumerable.Range(0, people.TalkerSessions.Count).Select(RepeatKeys),
        ]);
        return [.. _wrong, .. people.Surprises];
    }

    private async Task CheckAccounts()
    {
        // Of those that stood the last time a few are enough: a login is slow, as it has to be.
        var settled = people.Accounts.Where(account => account.IsSettled).TakeLast(SettledAccounts);
        foreach (var account in people.Accounts.Where(account => !account.IsSettled).Concat(settled).ToList())
        {
            await CheckAccount(account);
            account.IsSettled = true;
        }
    }

    private void Check(bool holds, string what)
    {
        if (!holds)
        {
            IsWrong(what);
        }
    }

    private void IsWrong(string what)
    {
        lock (_wrong)
        {
            _wrong.Add(what);
        }
    }

    private async Task<JsonElement> Get(string path, JsonElement? session = null)
    {
        using var answer = await people.Ask(HttpMethod.Get, path, session);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, $"GET {path}: {answer.StatusCode} {text}");
        return JsonElement.Parse(text);
    }

    private async Task<Dictionary<long, string>> ReadTape()
    {
        var tape = new Dictionary<long, string>();
        var from = "0";
        while (true)
        {
            var page = await Get($"/api/rooms/{people.Room}/tape?from={from}&limit={PageSize}");
            foreach (var item in page.GetProperty("items").EnumerateArray())
            {
                if (item.GetProperty("kind").GetString() == "danmaku")
                {
                    var seq = item.GetProperty("seq").GetInt64();
                    Check(tape.TryAdd(seq, item.GetProperty("text").GetString()!), $"{seq} is on the tape twice");

                    // Nobody says the same twice, and what is applied twice is counted with itself.
                    Check(!item.TryGetProperty("count", out _), "a text is on the tape twice");
                }
            }

            if (!page.TryGetProperty("next", out var next) || next.ValueKind == JsonValueKind.Null)
            {
                return tape;
            }

            from = next.ToString();
        }
    }

    private void CheckLines()
    {
        var sent = people.Lines.SelectMany(lines => lines).Select(line => line.Text).ToHashSet();
        foreach (var line in people.Lines.SelectMany(lines => lines).Where(line => line.Seq > 0))
        {
            Check(
                _tape.GetValueOrDefault(line.Seq) == line.Text,
                $"'{line.Text}' was acknowledged as {line.Seq}; there the tape has "
                    + $"'{_tape.GetValueOrDefault(line.Seq)}'");
        }

        var spoken = _tape.Values.Where(text => !text.StartsWith("mutee", StringComparison.Ordinal)).ToList();
        Check(spoken.Distinct().Count() == spoken.Count, "a text is on the tape twice");
        Check(spoken.All(sent.Contains), "a text is on the tape that nobody sent");
        Check(_tape.Keys.Order().SequenceEqual(Enumerable.Range(1, _tape.Count).Select(seq => (long)seq)),
            "the numbers on the tape are not 1, 2, 3 ...");
    }

    private async Task CheckRoom()
    {
        var room = await Get($"/api/rooms/{people.Room}");
        Check(room.GetProperty("state").GetString() == "live", "the room is not live any more");
        var counters = room.GetProperty("counters");
        var likes = counters.GetProperty("likes").GetInt64();
        Check(
            likes >= people.LikesAccepted && likes <= people.LikesSent,
            $"{likes} likes; {people.LikesAccepted} were accepted and {people.LikesSent} sent");
        // What was found is durable, so that it counts as accepted from now on.
        people.LikesAccepted = people.LikesSent = likes;
        var danmaku = counters.GetProperty("danmaku").GetInt64();
        Check(danmaku == _tape.Count, $"the counter says {danmaku} danmaku, and {_tape.Count} are on the tape");
        var settings = await Get($"/api/rooms/{people.Room}/settings", people.Host);
        var words = settings.GetProperty("blockedWords").EnumerateArray().Select(word => word.GetString());
        Stands(people.BlockedWord, words.FirstOrDefault() ?? "");
    }

    private void Stands(KillRegister register, string found)
    {
        if (register.Check(found) is { } wrong)
        {
            IsWrong(wrong);
        }
    }

    private async Task CheckMute()
    {
        await using var hub = await people.Join(server, people.Mutee);
        var verdict = await hub.Invoke("SendDanmaku", people.Room, new { text = $"mutee {Guid.NewGuid():N}" });
        Stands(people.Muted, verdict.TryGetProperty("reason", out var reason) && reason.GetString() is { } why
            ? why
            : "may talk");
    }

    private async Task CheckProfile()
    {
        var me = await Get("/api/me", people.TalkerSessions[1]);
        Check(me.GetProperty("userId").GetString() == KillPeople.IdOf(people.TalkerSessions[1]), "a token's user");
        Stands(people.Signature, me.GetProperty("signature").GetString()!);
    }

    /// <summary>An account is there as a whole or not at all; the same for who follows it.</summary>
    private async Task CheckAccount(KillAccount account)
    {
        var body = new { handle = account.Handle, password = KillAccount.Password };
        using var login = await people.Ask(HttpMethod.Post, "/api/auth/login", null, body);
        if (login.StatusCode != HttpStatusCode.OK)
        {
            Check(account.UserId is null, $"the account {account.Handle} was acknowledged; login: {login.StatusCode}");
            var again = new { handle = account.Handle, password = KillAccount.Password, name = "Account" };
            using var register = await people.Ask(HttpMethod.Post, "/api/auth/register", null, again);
            Check(
                register.StatusCode == HttpStatusCode.Created,
                $"nobody can log in as {account.Handle}, and a registration is answered {register.StatusCode}");
            account.UserId = KillPeople.IdOf(await KillPeople.Read(register));
            return;
        }

        var id = KillPeople.IdOf(await KillPeople.Read(login));
        Check(account.UserId is null || account.UserId == id, $"{account.Handle} is another user now");
        account.UserId = id;
        if (account.WasFollowTried)
        {
            await CheckFollow(account, id);
        }
    }

    private async Task CheckFollow(KillAccount account, string id)
    {
        // The follower's own list is the truth; the other side hears of it later, but it does.
        var since = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var profile = await Get($"/api/users/{id}", people.TalkerSessions[0]);
            var follows = profile.GetProperty("isFollowing").GetBoolean();
            var followers = profile.GetProperty("followers").GetInt64();
            Check(follows || !account.IsFollowed, $"following {account.Handle} was acknowledged, and is lost");
            if (followers == (follows ? 1 : 0))
            {
                account.IsFollowed = follows;
                return;
            }

            if (TimeProvider.System.GetElapsedTime(since) > Patience)
            {
                IsWrong($"{account.Handle} has {followers} followers, and is followed: {follows}");
                return;
            }

            await Task.Delay(50);
        }
    }

    /// <summary>
    /// Sends the last lines that were stored again, each with its key, whether that was acknowledged or not; and then
    /// what was not stored, which binds keys anew and so comes last.
    /// </summary>
    private async Task RepeatKeys(int talker)
    {
        var stored = new Dictionary<string, long>();
        foreach (var (seq, text) in _tape)
        {
            stored[text] = seq;
        }

        var lines = people.Lines[talker];
        var last = lines.Where(line => stored.ContainsKey(line.Text)).OrderBy(line => stored[line.Text])
            .TakeLast(RepeatedKeys);
        var lost = lines.Where(line => line.Seq == 0 && !stored.ContainsKey(line.Text));
        await using var hub = await people.Join(server, people.TalkerSessions[talker]);
        foreach (var line in last.Concat(lost).ToList())
        {
            var verdict = await hub.Invoke("SendDanmaku", people.Room, new { text = line.Text, key = line.Key });
            var seq = verdict.TryGetProperty("seq", out var number) ? number.GetInt64() : 0;
            var known = stored.GetValueOrDefault(line.Text);
            Check(
                verdict.GetProperty("status").GetString() == "accepted"
                    && (known > 0 ? seq == known : seq > _tape.Count),
                $"'{line.Text}' with its key again: {verdict}; on the tape it is {known}");
            line.Seq = seq;
        }

        foreach (var line in lines.Where(line => line.Seq == 0))
        {
            line.Seq = stored.GetValueOrDefault(line.Text);
        }
    }
}
