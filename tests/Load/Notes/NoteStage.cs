using System.Globalization;
using RedNote.Load.Servers;

namespace RedNote.Load.Notes;

/// <summary>Users and notes, made over REST.</summary>
internal sealed class NoteStage : IDisposable
{
    private const int ParallelRequests = 16;

    private readonly HttpClient _http;

    private NoteStage(HttpClient http, string[] tokens, string[] notes)
        => (_http, Tokens, Notes) = (http, tokens, notes);

    public string[] Tokens { get; }

    /// <summary>Ids; the first is the one that all like.</summary>
    public string[] Notes { get; }

    public static async Task<NoteStage> Make(
        Uri server, int users, int notes, Action<string, double> progress, CancellationToken ct)
    {
        var http = new HttpClient { BaseAddress = server };
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = ParallelRequests, CancellationToken = ct };
        var tokens = new string[users];
        var made = 0;
        await Parallel.ForAsync(0, users, parallel, async (number, stop) =>
        {
            var account = await http.Ask(
                HttpMethod.Post, null, "api/auth/guest", new { name = $"user {number}" }, stop);
            tokens[number] = account.GetProperty("accessToken").GetString()!;
            progress("users", (double)Interlocked.Increment(ref made) / users);
        });
        var ids = new string[notes];
        await Parallel.ForAsync(0, notes, parallel, async (number, stop) =>
        {
            var key = string.Create(CultureInfo.InvariantCulture, $"note-{number}");
            var note = await http.Ask(
                HttpMethod.Post, tokens[number % users], "api/notes", new { title = $"Note {number}", key }, stop);
            ids[number] = note.GetProperty("noteId").GetString()!;
        });
        return new NoteStage(http, tokens, ids);
    }

    /// <summary>How many like a note, by the note.</summary>
    public async Task<int> Likes(string note, CancellationToken ct)
        => (await _http.Ask(HttpMethod.Get, null, $"api/notes/{note}", null, ct)).GetProperty("likes").GetInt32();

    public void Dispose() => _http.Dispose();
}
