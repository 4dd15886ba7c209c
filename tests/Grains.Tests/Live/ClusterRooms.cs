using System.Text;
using System.Text.Json;
using RedNote.Journal;
using RedNote.Live;

namespace RedNote.Grains.Tests.Live;

/// <summary>Rooms of a cluster, and their logs.</summary>
internal static class ClusterRooms
{
    private static long _last = 100_000;

    /// <summary>The host of the rooms that are not given another.</summary>
    public static UserId Host => new(1);

    /// <summary>An id that no other room of this process has.</summary>
    public static RoomId NextId() => new(Interlocked.Increment(ref _last));

    public static LogId LogOf(RoomId id) => new(LiveRoomServices.Log, id.ToString());

    /// <summary>A room of its own that is live.</summary>
    public static async Task<(RoomId Id, ILiveRoomGrain Room)> StartRoom(this GrainCluster cluster, UserId? host = null)
    {
        var id = NextId();
        var room = cluster.Grains.LiveRoom(id);
        var created = await room.Create(new CreateRoom(host ?? Host, "Host", "A show", null, null, "t"));
        Assert.Equal(CommandStatus.Done, created.Status);
        Assert.Equal(CommandStatus.Done, (await room.Start(host ?? Host)).Status);
        return (id, room);
    }

    /// <summary>Every event that was asked to be stored and was, in order.</summary>
    public static List<LiveRoomEvent> RoomEvents(this GrainCluster cluster, RoomId id)
    {
        var rows = cluster.Journal.ReadAsync(
            LogOf(id), new VersionRange(1), int.MaxValue, CancellationToken.None).Result;
        return [.. rows.SelectMany(row => JsonDocument.Parse(Encoding.UTF8.GetString(row.Payload.Span)).RootElement
            .EnumerateArray().Select(raised => raised.Deserialize(LiveRoomJson.Journal.LiveRoomEvent)!))];
    }

    /// <summary>Makes the room lose its memory, and waits until its next activation answers.</summary>
    public static async Task Rebuild(this GrainCluster cluster, RoomId id, ILiveRoomGrain room)
    {
        cluster.Journal.FailNext(LogOf(id), afterTakingEffect: false);
        Assert.Equal(CommandStatus.TryAgain, await room.Mute(Host, new UserId(99)));
        await Eventually.Holds("the room is back", async () =>
        {
            try
            {
                await room.Get();
                return true;
            }
            catch (TryAgainException)
            {
                return false;
            }
        });
    }
}
