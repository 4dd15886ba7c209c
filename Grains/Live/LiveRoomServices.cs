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

    /// <summary>What the receiver begins with that is a deal's own grain; it is in databases.</summary>
    public const string OwedDeal = "deal/";

    /// <summary>What a deal's grain is owed when the room makes the deal; it is in databases.</summary>
    public const string PrepareDeal = """{"do":"prepare"}""";

    /// <summary>What it is owed when the show ends; it is in databases.</summary>
    public const string EndDeal = """{"do":"end"}""";

    /// <summary>The receiver of effects for the host's totals; it is in databases.</summary>
    public const string Host = "host";

    /// <summary>The receiver that is the grain of that deal.</summary>
    public static string OwedTo(DealId deal) => $"{OwedDeal}{deal}";

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
        Frequent = new FrequentRoomEvents(),
        Snapshot = new SnapshotForm<LiveRoomState, StoredLiveRoom>(
            LiveRoomJson.Journal.StoredLiveRoom,
            state => state.ToStored(),
            stored => new LiveRoomState(options, stored)),
        // The last danmaku are in snapshots.
        Redacts = raised => raised is DanmakuRecalled,
        Projections =
        [
            new RemovedQuestions(), new SampledRuns(), new MergeCounts(), new RoomAudit(), new HeldVersions(),
            new DrawRecords(),
        ],
        Effects = Owed,
        Wake = (grains, key)
            => grains.LiveRoom(new RoomId(long.Parse(key, CultureInfo.InvariantCulture))).DeliverEffects(),
    };

    /// <summary>
    /// The list of rooms learns of every change of state. What it is told is the room's card at the time of the
    /// delivery, so that nothing has to be kept for it. A draw owes its result: it counts as delivered when that is in
    /// the log, so that a room with an open draw is woken after a crash. A deal's grain learns of its terms, and of the
    /// end of the show; the host of what the room has sold, as it is at the time of the delivery.
    /// </summary>
    private static IEnumerable<EffectDraft> Owed(LiveRoomEvent raised) => raised switch
    {
        RoomCreated or ShowStarted or ShowEnded => [new EffectDraft(Directory, "{}")],
        DrawOpened opened => [new EffectDraft($"{OwedDraw}{opened.DrawId}", "{}")],
        DealAdded added => [new EffectDraft(OwedTo(added.DealId), PrepareDeal)],
        DealEndOwed ended => [new EffectDraft(OwedTo(ended.DealId), EndDeal)],
        DealReported { IsCounted: true } => [new EffectDraft(Host, "{}")],
        _ => [],
    };
}
