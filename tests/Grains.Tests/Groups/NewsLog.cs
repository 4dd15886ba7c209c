using System.Collections.Immutable;
using Orleans.Streams;
using RedNote.Groups;

namespace RedNote.Grains.Tests.Groups;

/// <summary>Everything that a group's stream has told, in order.</summary>
internal sealed class NewsLog : IAsyncObserver<GroupNews>
{
    private readonly Lock _gate = new();
    private ImmutableArray<GroupNews> _news = [];

    public ImmutableArray<GroupNews> News
    {
        get
        {
            lock (_gate)
            {
                return _news;
            }
        }
    }

    public IEnumerable<GroupEvent> Events => News.SelectMany(news => news.Events);

    public static async Task<NewsLog> Of(GroupCluster groups, IGroupGrain group)
    {
        var log = new NewsLog();
        await groups.Cluster.Client.GetStreamProvider(StreamNames.Provider)
            .GetStream<GroupNews>(StreamNames.Group(new GroupId(group.GetPrimaryKeyLong()))).SubscribeAsync(log);
        return log;
    }

    public Task When<TEvent>(string what, Func<TEvent, bool> told) where TEvent : GroupEvent
        => Eventually.Holds(what, () => Events.OfType<TEvent>().Any(told));

    public Task OnNextAsync(GroupNews item, StreamSequenceToken? token = null)
    {
        lock (_gate)
        {
            _news = _news.Add(item);
        }

        return Task.CompletedTask;
    }

    public Task OnErrorAsync(Exception ex) => Task.CompletedTask;
}
