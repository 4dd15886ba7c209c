using System.Collections.Immutable;
using RedNote.Live;

namespace RedNote.Groups;

/// <summary>
/// What members are to be told: it waits until it is sealed under a number, and is kept for a while for front ends that
/// missed it. Who is handed a number waits until all that is in it is durable.
/// </summary>
internal sealed class NewsDesk(GroupOptions options)
{
    private readonly List<GroupEvent> _pending = [];
    private readonly Dictionary<UserId, MessagesRead> _reads = [];
    private readonly Dictionary<UserId, MessagesRead> _lateReads = [];
    private readonly List<PollId> _polls = [];
    private readonly Queue<GroupNews> _ring = [];
    private readonly Queue<GroupNews> _unsent = [];
    private int _ringBytes;

    public long Number { get; private set; }

    /// <summary>Whether something waits to be told.</summary>
    public bool HasNews => _pending.Count > 0 || _reads.Count > 0 || _polls.Count > 0 || _unsent.Count > 0;

    public void Note(GroupEvent told) => _pending.Add(told);

    /// <summary>A member has read; the last of several is told.</summary>
    /// <param name="read">What is told.</param>
    /// <param name="isLate">Whether it waits for <see cref="ReleaseReads"/>.</param>
    public void Note(MessagesRead read, bool isLate) => (isLate ? _lateReads : _reads)[read.UserId] = read;

    /// <summary>The counts of a poll have changed; they are told as they are when it is sealed.</summary>
    public void Note(PollId poll)
    {
        if (!_polls.Contains(poll))
        {
            _polls.Add(poll);
        }
    }

    /// <summary>Lets be told who has read, where that is not told at once.</summary>
    public void ReleaseReads()
    {
        foreach (var (user, read) in _lateReads)
        {
            _reads[user] = read;
        }

        _lateReads.Clear();
    }

    /// <summary>Puts all that waits under numbers.</summary>
    /// <param name="epoch">Of this activation.</param>
    /// <param name="lastSeq">The last message.</param>
    /// <param name="tally">The counts of a poll now.</param>
    public void Seal(long epoch, long lastSeq, Func<PollId, PollChanged?> tally)
    {
        _pending.AddRange(_reads.OrderBy(read => read.Key.Value).Select(read => read.Value));
        _pending.AddRange(_polls.Select(tally).OfType<PollChanged>());
        _reads.Clear();
        _polls.Clear();
        for (var first = 0; first < _pending.Count;)
        {
            var (last, bytes) = (first, 0);
            while (last < _pending.Count
                && (last == first || bytes + BytesOf(_pending[last]) <= options.NewsBytes))
            {
                bytes += BytesOf(_pending[last++]);
            }

            var news = new GroupNews(new GroupHead(epoch, ++Number), lastSeq, [.. _pending[first..last]]);
            first = last;
            _unsent.Enqueue(news);
            Keep(news, bytes);
        }

        _pending.Clear();
    }

    /// <summary>The next news that was not sent.</summary>
    public bool TryNext(out GroupNews? news) => _unsent.TryDequeue(out news);

    /// <summary>All news after a number; false if one of them is gone, or was never there.</summary>
    public bool TryAfter(long number, out ImmutableArray<GroupNews> news)
    {
        news = [];
        if (number == Number)
        {
            return true;
        }

        if (number < 0 || number > Number || !_ring.TryPeek(out var oldest) || oldest.Head.Number > number + 1)
        {
            return false;
        }

        news = [.. _ring.Where(kept => kept.Head.Number > number)];
        return true;
    }

    /// <summary>Takes the text of a message out of everything that was not sent, or may be asked for again.</summary>
    public void Recall(long seq, Message left)
    {
        for (var i = 0; i < _pending.Count; i++)
        {
            _pending[i] = Without(_pending[i], seq, left);
        }

        Redact(_unsent, seq, left);
        Redact(_ring, seq, left);
        _ringBytes = _ring.Sum(BytesOf);
    }

    /// <summary>Takes the counts of a poll out of everything that was not sent, or may be asked for again.</summary>
    /// <param name="left">What is told instead.</param>
    public void Withdraw(PollTally left)
    {
        Redact(_unsent, IsTally, Without);
        Redact(_ring, IsTally, Without);

        bool IsTally(GroupEvent told) => told is PollChanged changed && changed.Tally.PollId == left.PollId;

        GroupEvent Without(GroupEvent told) => told is PollChanged changed && IsTally(told)
            ? changed with { Tally = left }
            : told;
    }

    private static void Redact(Queue<GroupNews> queue, long seq, Message left) => Redact(
        queue,
        told => told is MessageSent { Message.Seq: var sent } && sent == seq
            || told is MessageEdited { Message.Seq: var edited } && edited == seq,
        told => Without(told, seq, left));

    private static void Redact(
        Queue<GroupNews> queue, Func<GroupEvent, bool> holds, Func<GroupEvent, GroupEvent> without)
    {
        for (var count = queue.Count; count > 0; count--)
        {
            var news = queue.Dequeue();
            queue.Enqueue(news.Events.Any(holds) ? news with { Events = [.. news.Events.Select(without)] } : news);
        }
    }

    private static GroupEvent Without(GroupEvent told, long seq, Message left) => told switch
    {
        MessageSent sent when sent.Message.Seq == seq => sent with { Message = left },
        MessageEdited edited when edited.Message.Seq == seq => edited with { Message = left },
        _ => told,
    };

    private void Keep(GroupNews news, int bytes)
    {
        _ring.Enqueue(news);
        _ringBytes += bytes;
        while (_ring.Count > options.RingNews || (_ringBytes > options.RingBytes && _ring.Count > 1))
        {
            _ringBytes -= BytesOf(_ring.Dequeue());
        }
    }

    private static int BytesOf(GroupNews news) => news.Events.Sum(BytesOf);

    /// <summary>Roughly what it takes on the wire.</summary>
    private static int BytesOf(GroupEvent told) => told switch
    {
        MessageSent sent => BytesOf(sent.Message),
        MessageEdited edited => BytesOf(edited.Message),
        AnnouncementChanged { Announcement: { } announcement } => 200 + (3 * announcement.Text.Length),
        _ => 200,
    };

    private static int BytesOf(Message message)
        => 400 + (3 * message.Text.Length) + (24 * message.Mentions?.Length ?? 0)
            + (40 * message.Reactions?.Count ?? 0);
}
