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
            var session = await http.Ask(HttpMethod.Post, null, "api/auth/guest", new { name = $"host {host}" }, ct);
            tokens[host] = session.GetProperty("accessToken").GetString()!;
        }

        var ids = new string[rooms];
        var made = 0;
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = ParallelRequests, CancellationToken = ct };
        await Parallel.ForAsync(0, rooms, parallel, async (number, stop) =>
        {
            var token = tokens[number % hosts];
            var room = await http.Ask(HttpMethod.Post, token, "api/rooms", new { title = $"Room {number}" }, stop);
            ids[number] = room.GetProperty("roomId").GetString()!;
            await http.Ask(HttpMethod.Post, token, $"api/rooms/{ids[number]}/start", new { }, stop);
            progress((double)Interlocked.Increment(ref made) / rooms);
        });
        return ids;
    }
}
