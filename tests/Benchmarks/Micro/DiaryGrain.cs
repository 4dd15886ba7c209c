using Orleans.Concurrency;
using RedNote.Journal;
using RedNote.Live;

namespace RedNote.Benchmarks.Micro;

public interface IDiaryGrain : IGrainWithIntegerKey
{
    /// <summary>Raises so many danmaku at once; durable when answered.</summary>
    Task Write(int events);
}

/// <summary>Keeps the log of a live room and does nothing else of what a room does.</summary>
[Reentrant]
public sealed class DiaryGrain([EventLog(LiveRoomServices.Log)] IEventLog<LiveRoomState, LiveRoomEvent> log)
    : Grain, IDiaryGrain
{
    private LiveRoomEvent[] _page = [];

    public async Task Write(int events)
    {
        await log.WhenRoom();
        if (_page.Length != events)
        {
            _page = new LiveRoomEvent[events];
        }

        for (var i = 0; i < events; i++)
        {
            _page[i] = Sample.Sent(log.Version + 1 + i);
        }

        await log.Raise(_page);
    }
}
