using RedNote.Deals;
using RedNote.Frontend.Live;

namespace RedNote.Frontend.Deals;

/// <summary>The streams of deals' news, as far as they are needed here.</summary>
internal interface IDealStreams
{
    /// <summary>Hands all news of the deal to <paramref name="onNews"/>, one at a time; some may be lost.</summary>
    Task<IStreamSubscription> Subscribe(DealId deal, Action<DealNews> onNews);
}

/// <summary>Orleans streams.</summary>
internal sealed class DealStreams(IClusterClient cluster) : IDealStreams
{
    public Task<IStreamSubscription> Subscribe(DealId deal, Action<DealNews> onNews)
        => cluster.Subscribe(StreamNames.Deal(deal), onNews);
}
