namespace RedNote.Groups;

/// <summary>
/// Messages that need not be read from the table: the newest, without a gap, and some older ones that somebody changed
/// or answered lately. What is in it is as all events raised so far have made it; whatever changes a message goes
/// through here, so that it has to be in it first.
/// </summary>
internal sealed class MessageMemory(GroupOptions options, long lastSeq)
{
    private readonly Queue<MessageCard> _recent = [];
    private readonly Dictionary<long, MessageCard> _cards = [];
    private readonly Queue<long> _old = [];

    /// <summary>The newest messages, oldest first.</summary>
    public IEnumerable<MessageCard> Recent => _recent;

    /// <summary>The messages after this one are all in memory.</summary>
    public long Before { get; private set; } = lastSeq;

    /// <summary>How many messages have left that were changed while they were here: what was read of the table
    /// meanwhile may be of before.</summary>
    public long Dropped { get; private set; }

    /// <summary>The message's card; null: it is not in memory.</summary>
    public MessageCard? Find(long seq) => _cards.GetValueOrDefault(seq);

    /// <summary>A message was sent.</summary>
    public void Add(MessageCard card)
    {
        _recent.Enqueue(card);
        _cards[card.Seq] = card;
        while (_recent.Count > options.RecentMessages)
        {
            Before = _recent.Peek().Seq;
            Drop(_recent.Dequeue().Seq);
        }
    }

    /// <summary>Takes messages from the table that come right before those in memory, in order. Nothing if others were
    /// loaded meanwhile.</summary>
    public void Precede(IReadOnlyList<MessageCard> cards)
    {
        var room = options.RecentMessages - _recent.Count;
        if (cards.Count == 0 || cards[^1].Seq != Before || room <= 0)
        {
            return;
        }

        var recent = _recent.ToArray();
        _recent.Clear();
        foreach (var card in cards.Skip(Math.Max(0, cards.Count - room)))
        {
            // One that was looked up before may have been changed since the table was asked.
            var known = _cards.GetValueOrDefault(card.Seq) ?? card;
            _cards[card.Seq] = known;
            _recent.Enqueue(known);
        }

        Before = _recent.Peek().Seq - 1;
        Array.ForEach(recent, _recent.Enqueue);
    }

    /// <summary>Takes an older message from the table, unless it is known by now.</summary>
    public MessageCard Keep(MessageCard card)
    {
        if (_cards.TryGetValue(card.Seq, out var known))
        {
            return known;
        }

        _cards[card.Seq] = card;
        _old.Enqueue(card.Seq);
        while (_old.Count > options.OldMessages && _old.TryDequeue(out var oldest))
        {
            // One that has become one of the newest is theirs to drop.
            if (oldest <= Before)
            {
                Drop(oldest);
            }
        }

        return card;
    }

    /// <summary>Takes in what an event makes of a message.</summary>
    public void Take(GroupLogEvent raised, long version)
    {
        switch (raised)
        {
            case MessagePosted posted:
                Add(new MessageCard(
                    posted.Message, posted.Text, new MessagePlace(version, posted.Key, posted.Check)));
                break;
            case MessageChanged changed:
                Find(changed.Message.Seq)?.Apply(changed);
                break;
            case MessageRecalled recalled:
                Find(recalled.Message.Seq)?.Apply(recalled);
                break;
            case MessageReacted reacted:
                Find(reacted.Seq)?.Apply(reacted);
                break;
        }
    }

    private void Drop(long seq)
    {
        if (_cards.Remove(seq, out var card) && card.IsChanged)
        {
            Dropped++;
        }
    }
}
