using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using RedNote.Journal;

namespace RedNote.Live;

/// <summary>The log of live rooms.</summary>
public static class LiveRoomServices
{
    /// <summary>Name of the log; it is in databases.</summary>
    public const string Log = "room";

    /// <summary>The receiver of effects for the list of rooms; it is in databases.</summary>
    public const string Directory = "directory";

    /// <summary>What the receiver begins with that stands for the result of a draw; it is in databases.</summary>
    public const string OwedDraw = "draw/";

    public static IServiceCollection AddLiveRooms(this IServiceCollection services)
    {
        services.TryAddSingleton<IDrawSeeds, CryptographicDrawSeeds>();
        services.TryAddSingleton<RoomMetrics>();
        return services.AddEventLog(provider => Define(provider.GetRequiredService<IOptions<LiveRoomOptions>>().Value));
    }

    internal static EventLogDefinition<LiveRoomState, LiveRoomEvent> Define(LiveRoomOptions options) => new()
    {
        Name = Log,
        Create = () => new LiveRoomState(options),
        Event = LiveRoomJson.Journal.LiveRoomEvent,
        Snapshot = new SnapshotForm<LiveRoomState, StoredLiveRoom>(
            LiveRoomJson.Journal.StoredLiveRoom,
            state => state.ToStored(),
            stored => new LiveRoomState(options, stored)),
        Projections =
        [
            new RoomTape(), new SampledRuns(), new MergeCounts(), new RoomAudit(), new HeldVersions(),
            new DrawRecords(),
        ],
        Effects = Owed,
        Wake = (grains, key)
            => grains.LiveRoom(new RoomId(long.Parse(key, CultureInfo.InvariantCulture))).DeliverEffects(),
    };

    /// <summary>
    /// The list of rooms learns of every change of state. What it is told is the room's card at the time of the
    /// delivery, so that nothing has to be kept for it. A draw owes its result: it counts as delivered when that is in
    /// the log, so that a room with an open draw is woken after a crash.
    /// </summary>
    private static IEnumerable<EffectDraft> Owed(LiveRoomEvent raised) => raised switch
    {
        RoomCreated or ShowStarted or ShowEnded => [new EffectDraft(Directory, "{}")],
        DrawOpened opened => [new EffectDraft($"{OwedDraw}{opened.DrawId}", "{}")],
        _ => [],
    };
}
