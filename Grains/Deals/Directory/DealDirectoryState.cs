using System.Collections.Immutable;
using RedNote.Journal;

namespace RedNote.Deals;

/// <summary>The deals that are listed, and the last number given away.</summary>
public sealed class DealDirectoryState : IEventState<DealDirectoryEvent>
{
    private readonly SortedDictionary<long, DealListed> _deals = [];

    public DealDirectoryState()
        : this(new StoredDealDirectory())
    {
    }

    public DealDirectoryState(StoredDealDirectory stored)
    {
        LastNumber = stored.LastNumber;
        foreach (var listed in stored.Deals)
        {
            _deals[listed.Deal.DealId.Value] = listed;
        }
    }

    /// <summary>0: none.</summary>
    public long LastNumber { get; private set; }

    public int Count => _deals.Count;

    /// <summary>In order of number.</summary>
    public IEnumerable<Deal> All => _deals.Values.Select(listed => listed.Deal);

    public bool Has(DealId deal) => _deals.ContainsKey(deal.Value);

    /// <summary>Whether a card of that version says more than the one that is listed.</summary>
    public bool IsNew(DealId deal, long version) => version > (_deals.GetValueOrDefault(deal.Value)?.Version ?? 0);

    public void Apply(DealDirectoryEvent raised)
    {
        switch (raised)
        {
            case DealNumberTaken taken:
                LastNumber = taken.DealId.Value;
                break;
            case DealListed listed when IsNew(listed.Deal.DealId, listed.Version):
                _deals[listed.Deal.DealId.Value] = listed;
                break;
            case DealListed:
                break;
            case DealsUnlisted unlisted:
                foreach (var deal in unlisted.Deals)
                {
                    _deals.Remove(deal.Value);
                }

                break;
            default:
                throw new NotSupportedException($"The list of deals does not know {raised.GetType().Name}.");
        }
    }

    public StoredDealDirectory ToStored() => new() { LastNumber = LastNumber, Deals = [.. _deals.Values] };
}

/// <summary>The form in which snapshots hold a <see cref="DealDirectoryState"/>.</summary>
public sealed record StoredDealDirectory
{
    public long LastNumber { get; init; }

    /// <summary>In order of number.</summary>
    public ImmutableArray<DealListed> Deals { get; init; } = [];
}
