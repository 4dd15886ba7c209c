using RedNote.Load.Servers;

namespace RedNote.Load.Ingest;

/// <summary>
/// Rooms with open polls for votes to be cast in. A user has one vote in a poll for ever, and a room has 20 polls open
/// at most: new rooms are made before each measurement, outside its time.
/// </summary>
internal static class VoteStage
{
    /// <summary>The most that the server can be set to.</summary>
    public const int PollsOfARoom = 20;

    /// <summary>What the server has to be set to.</summary>
    public static readonly IReadOnlyDictionary<string, string> Settings = new Dictionary<string, string>
    {
        ["RedNote__Live__OpenPolls"] = $"{PollsOfARoom}",
        ["RedNote__Live__Frontend__MaxRoomsPerConnection"] = "1000",
    };

    private const int ParallelRequests = 8;

    /// <summary>Polls, in the order of their rooms.</summary>
    public static async Task<OpenPoll[]> Open(IRoomServer server, int rooms, CancellationToken ct)
    {
        var polls = new OpenPoll[rooms * PollsOfARoom];
        await Parallel.ForAsync(0, rooms, Of(ct), async (number, _) =>
        {
            var room = await server.Post("api/rooms", new { title = $"Votes {number}" }, ct);
            var id = room.GetProperty("roomId").GetString()!;
            await server.Post($"api/rooms/{id}/start", new { }, ct);
            for (var i = 0; i < PollsOfARoom; i++)
            {
                var terms = new
                {
                    question = $"Which, {i}?",
                    options = (string[])["this", "that"],
                    seconds = 3_600,
                    key = $"p{i}",
                };
                var poll = await server.Post($"api/rooms/{id}/polls", terms, ct);
                polls[(number * PollsOfARoom) + i] = new OpenPoll(id, poll.GetProperty("pollId").GetString()!);
            }
        });
        return polls;
    }

    /// <summary>The first poll whose tally is not what the voters were told; null: there is none.</summary>
    public static async Task<string?> Wrong(IRoomServer server, IEnumerable<OpenPoll> polls, CancellationToken ct)
    {
        string? wrong = null;
        await Parallel.ForEachAsync(polls.Where(poll => poll.Accepted.Sum() > 0), Of(ct), async (poll, _) =>
        {
            var tally = await server.Get($"api/rooms/{poll.RoomId}/polls/{poll.PollId}", ct);
            var counts = tally.GetProperty("counts").EnumerateArray().Select(count => count.GetInt64()).ToArray();
            if (!counts.SequenceEqual(poll.Accepted) || tally.GetProperty("voters").GetInt64() != counts.Sum())
            {
                wrong = $"poll {poll.PollId} says {tally}, and {string.Join(" and ", poll.Accepted)} were accepted";
            }
        });
        return wrong;
    }

    private static ParallelOptions Of(CancellationToken ct)
        => new() { MaxDegreeOfParallelism = ParallelRequests, CancellationToken = ct };
}
