using RedNote.Deals;

namespace RedNote.Frontend.Deals;

/// <summary>An order as its buyer is told over the hub: <c>order({...})</c>.</summary>
/// <param name="OrderId">Names it.</param>
/// <param name="DealId">Of which deal.</param>
/// <param name="Status">What has become of it.</param>
/// <param name="Position">Waiting: its place in the line, from 1.</param>
/// <param name="PayBefore">Reserved or paying: until when it has to be paid, Unix ms.</param>
public sealed record OrderNotice(OrderId OrderId, DealId DealId, OrderStatus Status, int? Position, long? PayBefore)
{
    /// <summary>Whether anything can still happen to the order.</summary>
    internal bool IsOpen => CanChange(Status);

    /// <summary>Whether anything can still happen to an order of that status.</summary>
    internal static bool CanChange(OrderStatus status)
        => status is OrderStatus.Waiting or OrderStatus.Reserved or OrderStatus.Paying;
}

/// <summary>A connection of somebody who buys.</summary>
internal interface IOrderListener
{
    /// <summary>Never waits.</summary>
    void TellOrder(OrderNotice notice);
}
