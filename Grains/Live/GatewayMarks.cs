using System.Collections.Immutable;

namespace RedNote.Live;

/// <summary>A gateway, the number of its last applied batch, and when that was, Unix ms.</summary>
public sealed record GatewayMark(string Gateway, long Number, long At);

/// <summary>
/// The last applied batch of each gateway, latest last. Gateways take a new name at every start, so that the oldest are
/// let go when there are too many. Their age says nothing: the times of events are those of a clock that may be set
/// forward, and who was let go could have its last batch applied twice.
/// </summary>
public sealed class GatewayMarks
{
    private readonly LiveRoomOptions _options;
    private readonly LinkedList<GatewayMark> _order = [];
    private readonly Dictionary<string, LinkedListNode<GatewayMark>> _nodes = new(StringComparer.Ordinal);

    public GatewayMarks(LiveRoomOptions options, ImmutableArray<GatewayMark> marks)
    {
        _options = options;
        foreach (var mark in marks)
        {
            _nodes[mark.Gateway] = _order.AddLast(mark);
        }
    }

    public void Applied(string gateway, long number, long at)
    {
        if (_nodes.Remove(gateway, out var node))
        {
            _order.Remove(node);
        }

        var mark = new GatewayMark(gateway, number, at);
        if (node is null)
        {
            node = new LinkedListNode<GatewayMark>(mark);
        }

        node.Value = mark;
        _order.AddLast(node);
        _nodes[gateway] = node;
        while (_order.Count > _options.Gateways && _order.First is { } oldest)
        {
            _order.RemoveFirst();
            _nodes.Remove(oldest.Value.Gateway);
        }
    }

    public ImmutableArray<GatewayMark> ToArray() => [.. _order];
}
