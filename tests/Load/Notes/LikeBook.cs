using System.Text;
using RedNote.Load.Crowd;

namespace RedNote.Load.Notes;

/// <summary>
/// Who likes which notes by what was answered: every user likes a note, no longer, and again, in turn. Knows what each
/// answer has to be, and what the notes have to say in the end. Not thread-safe.
/// </summary>
internal sealed class LikeBook
{
    private readonly string[] _notes;
    private readonly bool[][] _likes;
    private readonly int[] _next;
    private readonly byte[][][] _requests;

    /// <param name="notes">Ids; users go through them in turn, each from another one on.</param>
    /// <param name="tokens">Of the users.</param>
    /// <param name="host">For the requests' head.</param>
    public LikeBook(string[] notes, string[] tokens, string host)
    {
        _notes = notes;
        _likes = [.. tokens.Select(_ => new bool[notes.Length])];
        _next = [.. tokens.Select((_, user) => user % notes.Length)];
        _requests =
        [
            .. tokens.Select(token => notes.SelectMany(note => new[] { "PUT", "DELETE" }.Select(
                method => Encoding.ASCII.GetBytes(
                    $"{method} /api/notes/{note}/like HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {token}\r\n"
                    + "Content-Length: 0\r\n\r\n"))).ToArray()),
        ];
    }

    /// <summary>The user's next request.</summary>
    public ReadOnlySpan<byte> Next(int user)
    {
        var note = _next[user];
        return _requests[user][(2 * note) + (_likes[user][note] ? 1 : 0)];
    }

    /// <summary>The answer to it; false: it is not as it has to be.</summary>
    public bool Take(int user, int status, ReadOnlySpan<byte> answer)
    {
        var note = _next[user];
        var likes = !_likes[user][note];
        var count = JsonBits.Number(answer, "\"likes\":"u8);
        if (status != 200 || answer.IndexOf(likes ? "\"liked\":true"u8 : "\"liked\":false"u8) < 0
            || count < (likes ? 1 : 0) || count > _likes.Length)
        {
            return false;
        }

        _likes[user][note] = likes;
        _next[user] = (note + 1) % _notes.Length;
        return true;
    }

    /// <summary>How many like each note.</summary>
    public IEnumerable<(string Note, int Likes)> Totals
        => _notes.Select((note, place) => (note, _likes.Count(likes => likes[place])));
}
