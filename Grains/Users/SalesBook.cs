using System.Collections.Immutable;

namespace RedNote.Users;

/// <summary>What each room of a host has sold, as the rooms tell; one entry for each in which somebody ordered. A room
/// tells all of it each time, with the version of its log, so that words that come late or twice change nothing.
/// </summary>
public sealed class SalesBook
{
    private readonly SortedDictionary<long, RoomSales> _rooms = [];
    private readonly SortedDictionary<string, long> _sales = new(StringComparer.Ordinal);
    private long _orders;

    public SalesBook()
    {
    }

    private SalesBook(ImmutableArray<RoomSales> rooms)
    {
        foreach (var sales in rooms)
        {
            Take(sales);
        }
    }

    /// <summary>All rooms together.</summary>
    public HostSales Total => new(_orders, [.. _sales.Select(sum => new Money(sum.Value, sum.Key))], _rooms.Count);

    /// <summary>Whether that says more than is known.</summary>
    public bool IsNew(RoomSales sales)
        => sales.Version > (_rooms.TryGetValue(sales.RoomId.Value, out var known) ? known.Version : 0);

    /// <summary>Takes a word from a room; one that is not new changes nothing.</summary>
    public void Take(RoomSales sales)
    {
        if (!IsNew(sales))
        {
            return;
        }

        if (_rooms.TryGetValue(sales.RoomId.Value, out var before))
        {
            Add(-before.Orders, before.Sales with { Amount = -before.Sales.Amount });
        }

        Add(sales.Orders, sales.Sales);
        _rooms[sales.RoomId.Value] = sales;
    }

    /// <summary>In order of the rooms.</summary>
    public ImmutableArray<RoomSales> ToDocument() => [.. _rooms.Values];

    public static SalesBook From(ImmutableArray<RoomSales> document) => new(document);

    private void Add(long orders, Money sales)
    {
        _orders += orders;
        _sales[sales.Currency] = _sales.GetValueOrDefault(sales.Currency) + sales.Amount;
    }
}
