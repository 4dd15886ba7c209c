using RedNote.Frontend.Live;
using RedNote.Groups;

namespace RedNote.Frontend.Groups;

/// <summary>The streams of news, as far as a channel needs them.</summary>
internal interface IGroupStreams
{
    /// <summary>Hands all news of the group to <paramref name="onNews"/>, one at a time; some may be lost.</summary>
    Task<IStreamSubscription> Subscribe(GroupId group, Action<GroupNews> onNews);
}

/// <summary>Orleans streams.</summary>
internal sealed class GroupStreams(IClusterClient cluster) : IGroupStreams
{
    public Task<IStreamSubscription> Subscribe(GroupId group, Action<GroupNews> onNews)
        => cluster.Subscribe(StreamNames.Group(group), onNews);
}
