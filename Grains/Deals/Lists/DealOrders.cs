using System.Globalization;
using RedNote.Journal;

namespace RedNote.Deals;

/// <summary>
/// Which orders there are, so that a buyer's can be found in all deals: a row per order, written behind the log, as a
/// rush of buyers in no order would touch a page of the index each.
/// </summary>
public sealed class DealOrders : IProjection<DealEvent>
{
    private const string Number = "number";
    private const string Buyer = "buyer";
    private const string At = "at";
    private const string Quantity = "quantity";

    private static readonly ProjectionTable Rows = new(
        "deal_orders",
        keyColumns: 1,
        [
            new ProjectionColumn(Number, ProjectionType.Integer),
            new ProjectionColumn(Buyer, ProjectionType.Integer),
            new ProjectionColumn(At, ProjectionType.Integer),
            new ProjectionColumn(Quantity, ProjectionType.Integer),
        ],
        [[Buyer, At, "grain", Number]]);

    public ProjectionTable Table => Rows;

    public bool IsLate => true;

    public IEnumerable<ProjectionChange> Project(long version, long at, DealEvent raised)
    {
        if (raised is not OrdersPlaced placed)
        {
            return [];
        }

        var rows = new ProjectionChange[placed.Orders.Length];
        for (var i = 0; i < rows.Length; i++)
        {
            var order = placed.Orders[i];
            rows[i] = new UpsertRow(Rows, [order.Number, order.Buyer.Value, placed.At, order.Quantity]);
        }

        return rows;
    }

    /// <summary>The question for a buyer's orders up to a time (Unix ms), the newest first.</summary>
    public static ProjectionQuery AskOf(UserId buyer, long upTo, int limit) => new(Rows)
    {
        Where = [new(Buyer, Comparison.Equal, buyer.Value), new(At, Comparison.AtMost, upTo)],
        OrderBy = [At],
        Descending = true,
        Limit = limit,
    };

    /// <summary>The question for one order.</summary>
    public static ProjectionQuery AskFor(OrderId order) => new(Rows)
    {
        Grain = order.Deal.ToString(),
        Where = [new(Number, Comparison.Equal, order.Number)],
        Limit = 1,
    };

    /// <summary>The order in a row.</summary>
    public static ListedOrder Read(ProjectionRow row) => new(
        OrderId.Of(new DealId(long.Parse(row.Grain, CultureInfo.InvariantCulture)), (int)row.Values[0].Number),
        new UserId(row.Values[1].Number), row.Values[2].Number, (int)row.Values[3].Number);
}

/// <summary>An order as it is listed.</summary>
/// <param name="OrderId">Names it.</param>
/// <param name="Buyer">Whose it is.</param>
/// <param name="At">When it was placed, Unix ms.</param>
/// <param name="Quantity">Pieces.</param>
public sealed record ListedOrder(OrderId OrderId, UserId Buyer, long At, int Quantity);
