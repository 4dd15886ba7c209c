using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

namespace RedNote.Load.Servers;

/// <summary>Makes many live rooms over REST, by as many hosts as are asked for. The server's limits have to be off.
/// </summary>
public static class RoomMaker
{
    private const int ParallelRequests = 16;

    /// <summary>Makes and starts that many rooms, of the hosts in turn, and answers their ids.</summary>
    public static async Task<string[]> OpenRooms(
        Uri server, int rooms, int hosts, Action<double> progress, CancellationToken ct)
    {
        using var http = new HttpClient { BaseAddress = server };
        var tokens = new string[hosts];
        for (var host = 0; host < hosts; host++)
        {
            var session = await Post(http, null, "api/auth/guest", new { name = $"host {host}" }, ct);
            tokens[host] = session.GetProperty("accessToken").GetString()!;
        }

        var ids = new string[rooms];
        var made = 0;
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = ParallelRequests, CancellationToken = ct };
        await Parallel.ForAsync(0, rooms, parallel, async (number, stop) =>
        {
            var token = tokens[number % hosts];
            var room = await Post(http, token, "api/rooms", new { title = $"Room {number}" }, stop);
            ids[number] = room.GetProperty("roomId").GetString()!;
            await Post(http, token, $"api/rooms/{ids[number]}/start", new { }, stop);
            progress((double)Interlocked.Increment(ref made) / rooms);
        });
        return ids;
    }

    private static async Task<JsonElement> Post(
        HttpClient http, string? token, string path, object body, CancellationToken ct)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(body) };
        request.Headers.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
        using var answer = await http.SendAsync(request, ct);
        return answer.IsSuccessStatusCode
            ? await answer.Content.ReadFromJsonAsync<JsonElement>(ct)
            : throw new LoadException(
                $"POST /{path} answered {(int)answer.StatusCode}: {await answer.Content.ReadAsStringAsync(ct)}");
    }
}
