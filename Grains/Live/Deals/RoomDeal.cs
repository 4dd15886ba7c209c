using RedNote.Deals;

namespace RedNote.Live;

/// <summary>A deal of a room as far as the room was told of it.</summary>
public sealed class RoomDeal
{
    private readonly DealAdded _added;
    private readonly IdSet _said;
    private DealReported _last;

    public RoomDeal(DealAdded added)
        : this(new StoredRoomDeal { Added = added })
    {
    }

    public RoomDeal(StoredRoomDeal stored)
    {
        _added = stored.Added;
        _said = IdSet.Read(stored.Said);
        _last = stored.Last ?? Untold(stored.Added);
        HasOpened = stored.HasOpened;
        ClosedAt = stored.ClosedAt;
    }

    public DealId Id => _added.DealId;

    public DealTerms Terms => _added.Terms;

    public long AddedAt => _added.At;

    public string Key => _added.Key;

    /// <summary>A hash of what was asked for with the key.</summary>
    public long Check => _added.Check;

    /// <summary>Version of the deal's log that this is of; 0: nothing was told yet.</summary>
    public long Version => _last.Version;

    public DealState State => _last.State;

    /// <summary>Orders that hold pieces or are paid.</summary>
    public int Orders => _last.Orders;

    /// <summary>Money that was paid, in minor units.</summary>
    public long Sales => _last.Sales;

    /// <summary>Whether it could be bought once.</summary>
    public bool HasOpened { get; private set; }

    /// <summary>When it was told to be over, Unix ms; null: it is not.</summary>
    public long? ClosedAt { get; private set; }

    public bool IsClosed => ClosedAt is not null;

    /// <summary>Whether viewers may know of it: it has a time to begin at, or has begun.</summary>
    public bool IsShown => _last.StartsAt is not null;

    /// <summary>How many are known to have said the phrase.</summary>
    public int Said => _said.Count;

    /// <summary>Bytes that those who said the phrase take.</summary>
    public long Bytes => _said.Bytes;

    public DealTicker Ticker => Card.Ticker;

    public Deal Card => new(
        Id, Terms.RoomId, Terms.Title, Terms.Price, Terms.ListPrice, Terms.Stock, _last.Left, _last.Sold,
        _last.Reserved, _last.Waiting, Terms.PerBuyer, _last.StartsAt, _last.EndsAt, Terms.PayWithinSeconds,
        Terms.Condition, State);

    public bool HasSaid(UserId user) => _said.Contains(user.Value);

    /// <summary>Whether saying the phrase counts at that time: from when the deal is shown until it is over.</summary>
    public bool Listens(long now) => IsShown && !IsClosed && !(_last.EndsAt <= now);

    public void Apply(DealReported reported) => _last = reported with { IsCounted = false, News = null };

    public void Apply(DealPhraseSaid said)
    {
        foreach (var user in said.Users)
        {
            _said.Add(user.Value);
        }
    }

    public void Open() => HasOpened = true;

    public void Close(long at) => ClosedAt = at;

    public StoredRoomDeal ToStored() => new()
    {
        Added = _added,
        Last = _last.Version == 0 ? null : _last,
        Said = _said.Write(),
        HasOpened = HasOpened,
        ClosedAt = ClosedAt,
    };

    private static DealReported Untold(DealAdded added)
    {
        var terms = added.Terms;
        return new DealReported(
            added.At, added.DealId, 0, DealState.Scheduled, terms.Stock, 0, 0, 0, terms.StartsAt,
            terms.StartsAt + (terms.Seconds * 1_000L), 0, 0, IsCounted: false);
    }
}

/// <summary>The form in which snapshots hold a <see cref="RoomDeal"/>.</summary>
public sealed record StoredRoomDeal
{
    public required DealAdded Added { get; init; }

    /// <summary>What was told last; null: nothing yet.</summary>
    public DealReported? Last { get; init; }

    /// <summary>Who said the phrase; see <see cref="IdSet.Write"/>.</summary>
    public string Said { get; init; } = "";

    public bool HasOpened { get; init; }

    public long? ClosedAt { get; init; }
}
