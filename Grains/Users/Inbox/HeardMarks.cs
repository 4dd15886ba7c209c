namespace RedNote.Users;

/// <summary>How far the user has read in groups, as those said that had told of messages. In memory alone: it only
/// makes what is told more exact.</summary>
internal sealed class HeardMarks(InboxOptions options)
{
    private readonly Dictionary<GroupId, long> _marks = [];
    private readonly Queue<GroupId> _order = [];

    /// <summary>Marks never go back; of too many groups the one that was heard of first is forgotten.</summary>
    public void Take(GroupId group, long seq)
    {
        if (_marks.TryAdd(group, seq))
        {
            _order.Enqueue(group);
            if (_order.Count > options.HeardMarks)
            {
                _marks.Remove(_order.Dequeue());
            }
        }
        else
        {
            _marks[group] = Math.Max(seq, _marks[group]);
        }
    }

    public bool IsRead(UnreadMessage message)
        => _marks.TryGetValue(message.GroupId, out var mark) && mark >= message.Seq;
}
