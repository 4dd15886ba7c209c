using System.Text.Json;
using RedNote.Load.Servers;

namespace RedNote.Load.Chat;

/// <summary>A group and its members, made over REST.</summary>
internal sealed class ChatStage : IDisposable
{
    private const int ParallelRequests = 16;

    /// <summary>A group is made with so many at most, besides who makes it; others join.</summary>
    private const int FirstMembers = 499;

    private readonly HttpClient _http;
    private readonly (string UserId, string Token)[] _members;

    private ChatStage(HttpClient http, (string UserId, string Token)[] members, string groupId)
        => (_http, _members, GroupId) = (http, members, groupId);

    public string GroupId { get; }

    /// <summary>The paths by which the first so many members upgrade to a hub connection.</summary>
    public string[] Paths(int count)
        => [.. _members.Take(count).Select(member => "/hub?access_token=" + Uri.EscapeDataString(member.Token))];

    public static async Task<ChatStage> Make(
        Uri server, int members, Action<string, double> progress, CancellationToken ct)
    {
        var http = new HttpClient { BaseAddress = server };
        var people = new (string UserId, string Token)[members];
        var made = 0;
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = ParallelRequests, CancellationToken = ct };
        await Parallel.ForAsync(0, members, parallel, async (number, stop) =>
        {
            var account = await http.Ask(
                HttpMethod.Post, null, "api/auth/guest", new { name = $"member {number}" }, stop);
            people[number] = (
                account.GetProperty("userId").GetString()!, account.GetProperty("accessToken").GetString()!);
            progress("members", (double)Interlocked.Increment(ref made) / members);
        });
        var group = await http.Ask(
            HttpMethod.Post, people[0].Token, "api/groups",
            new
            {
                name = "Load",
                joinPolicy = "open",
                memberIds = people.Skip(1).Take(FirstMembers).Select(member => member.UserId),
            },
            ct);
        var id = group.GetProperty("groupId").GetString()!;
        await Parallel.ForEachAsync(
            people.Skip(1 + FirstMembers), parallel,
            async (member, stop) => await http.Ask(
                HttpMethod.Put, member.Token, $"api/groups/{id}/members/{member.UserId}", null, stop));
        return new ChatStage(http, people, id);
    }

    /// <summary>The group as it is in a member's list, from wherever the server is now.</summary>
    public async Task<JsonElement> ListedBy(Uri server, int member, CancellationToken ct)
    {
        var path = new Uri(server, "api/me/groups").ToString();
        var list = await _http.Ask(HttpMethod.Get, _members[member].Token, path, null, ct);
        return list.GetProperty("items").EnumerateArray()
            .Single(entry => entry.GetProperty("groupId").GetString() == GroupId);
    }

    /// <summary>What a member gets from an address of the API.</summary>
    public Task<JsonElement> Get(int member, string path, CancellationToken ct)
        => _http.Ask(HttpMethod.Get, _members[member].Token, path, null, ct);

    public void Dispose() => _http.Dispose();
}
