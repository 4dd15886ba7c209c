using System.Collections.Immutable;
using RedNote.Frontend.Deals;
using RedNote.Frontend.Users;
using RedNote.Live;

namespace RedNote.Frontend.Live;

/// <summary>Writes to one connection what no call of its own asked for; one implementation per way.</summary>
internal interface IFrameWriter
{
    /// <summary>Completes when the connection can take more. One write at a time; never fails.</summary>
    ValueTask Write(SharedMessage message);

    /// <summary>Adds what a write reads, as far as it is this connection's own.</summary>
    void AddTo(CachePaths paths)
    {
    }

    /// <summary>Tells the client to join again with what it has.</summary>
    ValueTask WriteResync(RoomId room, RoomHead head);

    /// <summary>Tells a sender which danmaku the others were not shown. Between other writes, at any time.</summary>
    ValueTask WriteSampled(RoomId room, ImmutableArray<long> seqs);

    /// <summary>Tells a buyer what has become of an order. Between other writes, at any time.</summary>
    ValueTask WriteOrder(OrderNotice notice);

    /// <summary>Tells a user of a notification. Between other writes, at any time.</summary>
    ValueTask WriteNotification(NotificationNews news);
}
