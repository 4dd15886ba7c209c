using RedNote.Frontend.Live;

namespace RedNote.Frontend.Deals;

/// <summary>
/// What one connection is yet to be told of its buyer's orders: of each the latest, one message under way at a time. So
/// a client that takes nothing costs a bounded amount and delays nobody; what it is not told its list of orders has.
/// </summary>
internal sealed class OrderMailbox(IFrameWriter writer, DealPortOptions options)
{
    private readonly Lock _gate = new();

    /// <summary>Made with the first news: hardly any connection is a buyer's.</summary>
    private Dictionary<OrderId, OrderNotice>? _latest;

    /// <summary>The orders of <see cref="_latest"/>, those that have waited longest first.</summary>
    private Queue<OrderId>? _order;
    private bool _writing;
    private bool _closed;

    /// <summary>Orders whose news wait.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _latest?.Count ?? 0;
            }
        }
    }

    public void Push(OrderNotice notice)
    {
        lock (_gate)
        {
            if (_closed)
            {
                return;
            }

            _latest ??= [];
            _order ??= new Queue<OrderId>();
            if (!_latest.ContainsKey(notice.OrderId))
            {
                _order.Enqueue(notice.OrderId);
            }

            _latest[notice.OrderId] = notice;
            if (_order.Count > options.NoticesPerConnection)
            {
                _latest.Remove(_order.Dequeue());
            }

            if (_writing)
            {
                return;
            }

            _writing = true;
        }

        WriteQueued();
    }

    /// <summary>The connection has ended.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _closed = true;
            _latest = null;
            _order = null;
        }
    }

    /// <summary>Writes until nothing is left or the connection takes no more. One thread at a time.</summary>
    private void WriteQueued()
    {
        while (TryNext() is { } notice)
        {
            var write = writer.WriteOrder(notice);
            if (!write.IsCompletedSuccessfully)
            {
                _ = Finish(write);
                return;
            }

            write.GetAwaiter().GetResult();
        }
    }

    private OrderNotice? TryNext()
    {
        lock (_gate)
        {
            if (_order is not null && _order.TryDequeue(out var order) && _latest!.Remove(order, out var notice))
            {
                return notice;
            }

            _writing = false;
            return null;
        }
    }

    private async Task Finish(ValueTask write)
    {
        try
        {
            await write;
        }
        catch (Exception)
        {
            // The connection is going away; nothing may be written after a failed write.
            Close();
        }

        WriteQueued();
    }
}
