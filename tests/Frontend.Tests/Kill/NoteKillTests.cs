using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using RedNote.Frontend.Tests.Node;

namespace RedNote.Frontend.Tests.Kill;

/// <summary>
/// The real server is killed while people like and collect a note, and no longer. What was acknowledged is so
/// afterwards, what was not is one or the other, and the note's counts are those of the sets.
/// </summary>
public sealed class NoteKillTests
{
    private const int People = 12;
    private const int Rounds = 2;
    private const int PerRound = 150;

    private readonly List<Person> _people = [];
    private readonly List<string> _wrong = [];
    private readonly Lock _gate = new();
    private int _acknowledged;
    private string _note = "";

    [Fact]
    public async Task Note_ServerKilledWhilePeopleLikeIt_KeepsWhatItAcknowledged()
    {
        await using var server = await FrontendProcess.Start(new() { ["RedNote__Limits__Off"] = "true" });
        await Begin(server.Address);
        for (var round = 1; round <= Rounds; round++)
        {
            var liking = Like(server.Address);
            await Fakes.Eventually.Holds(() => Acknowledged >= round * PerRound || liking.IsCompleted);
            await server.Kill();
            await liking;
            await server.Restart();
            await Compare(server.Address);
        }

        Assert.Empty(_wrong);
        Assert.True(Acknowledged >= Rounds * PerRound);
        var (code, output) = await server.Command("log", "verify", "--all");
        Assert.True(code == 0, output);
    }

    private int Acknowledged
    {
        get
        {
            lock (_gate)
            {
                return _acknowledged;
            }
        }
    }

    private async Task Begin(Uri server)
    {
        using var http = new HttpClient { BaseAddress = server };
        for (var i = 0; i < People; i++)
        {
            var answer = await http.PostAsJsonAsync("/api/auth/guest", new { name = $"Person {i}" });
            _people.Add(new Person(KillPeople.TokenOf(await TestServer.Json(answer))));
        }

        using var author = _people[0].Client(server);
        var made = await author.PostAsJsonAsync("/api/notes", new { title = "Killed", key = "k" });
        _note = (await TestServer.Json(made)).GetProperty("noteId").GetString()!;
    }

    /// <summary>Everybody at once, until the server is dead.</summary>
    private Task Like(Uri server) => Task.WhenAll(_people.Select(async person =>
    {
        using var http = person.Client(server);
        try
        {
            for (var n = 0; ; n++)
            {
                await person.Next(http, _note, n % 4 == 3 ? "collect" : "like", Note);
            }
        }
        catch (Exception end) when (FrontendProcess.IsEndOfServer(end))
        {
            // That was the end of the server; what it did last is not known.
        }
    }));

    private void Note(string? wrong)
    {
        lock (_gate)
        {
            _acknowledged++;
            if (wrong is not null)
            {
                _wrong.Add(wrong);
            }
        }
    }

    /// <summary>What everybody is told of the note, which also settles what was not known.</summary>
    private async Task Compare(Uri server)
    {
        JsonElement note = default;
        foreach (var person in _people)
        {
            using var http = person.Client(server);
            note = await http.GetFromJsonAsync<JsonElement>($"/api/notes/{_note}");
            Assert.Null(person.Settle("like", note.GetProperty("liked").GetBoolean()));
            Assert.Null(person.Settle("collect", note.GetProperty("collected").GetBoolean()));
        }

        Assert.Equal(_people.Count(person => person.Has("like")), note.GetProperty("likes").GetInt32());
        Assert.Equal(_people.Count(person => person.Has("collect")), note.GetProperty("collects").GetInt32());
    }

    /// <summary>Somebody who likes and collects the note, and knows what was answered.</summary>
    private sealed class Person(string token)
    {
        /// <summary>Whether it is so; null: what was asked for last was not answered.</summary>
        private readonly Dictionary<string, bool?> _marks = new() { ["like"] = false, ["collect"] = false };

        public HttpClient Client(Uri server)
        {
            var http = new HttpClient { BaseAddress = server };
            http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
            return http;
        }

        public bool Has(string mark) => _marks[mark] == true;

        /// <summary>Does what it did not before, and says what was wrong with the answer.</summary>
        public async Task Next(HttpClient http, string note, string mark, Action<string?> done)
        {
            var on = _marks[mark] != true;
            _marks[mark] = null;
            var path = $"/api/notes/{note}/{mark}";
            using var answer = on ? await http.PutAsync(path, null) : await http.DeleteAsync(path);
            var text = await answer.Content.ReadAsStringAsync();
            if (answer.StatusCode == HttpStatusCode.OK)
            {
                _marks[mark] = on;
                var says = JsonDocument.Parse(text).RootElement.GetProperty(mark == "like" ? "liked" : "collected");
                done(says.GetBoolean() == on ? null : text);
            }
            else if (answer.StatusCode != HttpStatusCode.ServiceUnavailable)
            {
                done(text);
            }
        }

        /// <summary>What is so after all; an answer if it contradicts what was acknowledged.</summary>
        public string? Settle(string mark, bool isSo)
        {
            var known = _marks[mark];
            _marks[mark] = isSo;
            return known is null || known == isSo ? null : $"{mark} was acknowledged as {known}, and is {isSo}";
        }
    }
}
