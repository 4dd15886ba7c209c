using RedNote.Frontend.Live;

namespace RedNote.Frontend.Deals;

/// <summary>What one connection is yet to be told of its buyer's orders.</summary>
internal sealed class OrderMailbox(IFrameWriter writer, DealPortOptions options)
    : LatestMailbox<OrderId, OrderNotice>(options.NoticesPerConnection)
{
    protected override OrderId KeyOf(OrderNotice news) => news.OrderId;

    protected override ValueTask Write(OrderNotice news) => writer.WriteOrder(news);
}
