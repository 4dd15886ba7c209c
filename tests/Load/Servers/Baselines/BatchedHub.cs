using System.Collections.Concurrent;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.Hosting;

namespace RedNote.Load.Servers.Baselines;

/// <summary>
/// What one would write when the plain hub is too slow: messages are gathered per room, and the group is sent one call
/// with all of them every <see cref="BaselineOptions.BatchMs"/>.
/// </summary>
public sealed class BatchedHub(HubBatches batches) : Hub
{
    public Task JoinRoom(string roomId, object? since) => Groups.AddToGroupAsync(Context.ConnectionId, roomId);

    public BaselineVerdict SendDanmaku(string roomId, BaselineText text)
    {
        var danmaku = BaselineDanmaku.Of(text.Text);
        batches.Add(roomId, danmaku);
        return new BaselineVerdict("accepted", danmaku.Seq);
    }
}

/// <summary>Gathers the rooms' messages, and sends them.</summary>
public sealed class HubBatches(IHubContext<BatchedHub> hub, BaselineOptions options) : BackgroundService
{
    private readonly ConcurrentDictionary<string, MessageBatch> _rooms = new(StringComparer.Ordinal);

    public void Add(string roomId, BaselineDanmaku danmaku)
        => _rooms.GetOrAdd(roomId, static _ => new MessageBatch()).Add(danmaku);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(options.BatchMs));
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            foreach (var (roomId, batch) in _rooms)
            {
                if (batch.Take() is { } messages)
                {
                    await Send(roomId, messages, stoppingToken);
                }
            }
        }
    }

    /// <summary>One batch at a time: while clients are slow to take it, the next one grows instead of queueing up.
    /// </summary>
    private Task Send(string roomId, List<BaselineDanmaku> messages, CancellationToken ct)
    {
        var group = hub.Clients.Group(roomId);
        return options.IsTextOnly
            ? group.SendAsync("danmaku", roomId, messages.ConvertAll(it => it.Text), ct)
            : group.SendAsync("danmaku", roomId, messages, ct);
    }
}
