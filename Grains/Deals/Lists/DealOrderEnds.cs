using RedNote.Journal;

namespace RedNote.Deals;

/// <summary>
/// What became of orders that nothing can happen to any more, so that a list of old orders wakes no deal of long ago. A
/// row per order and end: one that expired, and whose late payment is paid back, has two.
/// </summary>
public sealed class DealOrderEnds : IProjection<DealEvent>
{
    private const string Number = "number";
    private const string Status = "status";

    /// <summary>By their names in the table; of two the later one holds.</summary>
    private static readonly (string Name, OrderStatus Status)[] Ends =
    [
        ("cancelled", OrderStatus.Cancelled), ("expired", OrderStatus.Expired), ("refunded", OrderStatus.Refunded),
        ("paid", OrderStatus.Paid),
    ];

    private static readonly ProjectionTable Rows = new(
        "deal_order_ends",
        keyColumns: 2,
        [new ProjectionColumn(Number, ProjectionType.Integer), new ProjectionColumn(Status, ProjectionType.Text)]);

    public ProjectionTable Table => Rows;

    public bool IsLate => true;

    public IEnumerable<ProjectionChange> Project(long version, long at, DealEvent raised) => raised switch
    {
        OrderCancelled cancelled => [Row(cancelled.Number, OrderStatus.Cancelled)],
        OrdersExpired expired => expired.Numbers.Select(number => Row(number, OrderStatus.Expired)),
        PaymentSucceeded paid => [Row(paid.Number, OrderStatus.Paid)],
        RefundOwed { IsEnd: true } owed => [Row(owed.Number, OrderStatus.Refunded)],
        _ => [],
    };

    /// <summary>The question for what became of an order.</summary>
    public static ProjectionQuery AskFor(OrderId order) => new(Rows)
    {
        Grain = order.Deal.ToString(),
        Where = [new(Number, Comparison.Equal, order.Number)],
        Limit = Ends.Length,
    };

    /// <summary>The end in the rows that <see cref="AskFor"/> brought; null: none is known.</summary>
    public static OrderStatus? Read(IReadOnlyList<ProjectionRow> rows)
    {
        var last = -1;
        foreach (var row in rows)
        {
            last = Math.Max(last, Array.FindIndex(Ends, end => end.Name == row.Values[1].Text));
        }

        return last < 0 ? null : Ends[last].Status;
    }

    private static UpsertRow Row(int number, OrderStatus end)
        => new(Rows, [number, Array.Find(Ends, known => known.Status == end).Name]);
}
