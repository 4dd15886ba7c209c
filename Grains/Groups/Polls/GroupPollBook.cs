using System.Collections.Immutable;
using RedNote.Polls;

namespace RedNote.Groups;

/// <summary>The polls of a group, in the order in which they were opened; bounded, see the options.</summary>
internal sealed class GroupPollBook(GroupOptions options, ImmutableArray<StoredGroupPoll> stored)
{
    private readonly List<(PollEntry Poll, long Seq)> _polls =
        [.. stored.Select(poll => (new PollEntry(poll.Poll), poll.Seq))];

    public IEnumerable<PollEntry> All => _polls.Select(item => item.Poll);

    /// <summary>When the next one is to be closed, Unix ms; null: none is open.</summary>
    public long? NextClosing => All.Where(poll => !poll.IsClosed).Min(poll => (long?)poll.ClosesAt);

    public PollEntry? Find(PollId id) => _polls.FindLast(item => item.Poll.Id == id).Poll;

    /// <summary>The poll, unless it was taken back.</summary>
    public PollEntry? FindShown(PollId id) => Find(id) is { IsWithdrawn: false } shown ? shown : null;

    public PollEntry? Find(UserId by, string key)
        => _polls.FindLast(item => item.Poll.By == by && item.Poll.Key == key).Poll;

    /// <summary>The message that shows the poll.</summary>
    public long SeqOf(PollId id) => _polls.FindLast(item => item.Poll.Id == id).Seq;

    /// <summary>The poll that a message was sent with; null: none, or it is not kept any more.</summary>
    public PollEntry? OfMessage(long seq) => _polls.FindLast(item => item.Seq == seq).Poll;

    /// <summary>Whether another poll would find a place at that time.</summary>
    public bool HasPlace(long now) => _polls.Count < options.KeptPolls || _polls.Exists(item => MayGo(item.Poll, now));

    public void Apply(GroupPollOpened opened)
    {
        if (_polls.Count >= options.KeptPolls
            && _polls.FindIndex(item => MayGo(item.Poll, opened.At)) is >= 0 and var oldest)
        {
            _polls.RemoveAt(oldest);
        }

        _polls.Add((new PollEntry(opened.Terms), opened.Seq));
    }

    public void Apply(GroupBallotsCast cast) => Find(cast.PollId)?.Apply(cast.Ballots);

    public void Apply(GroupPollClosed closed) => Find(closed.PollId)?.Close(closed.At);

    /// <summary>The message that a poll was sent with was taken back, and the poll with it.</summary>
    public void Apply(MessageRecalled recalled) => OfMessage(recalled.Message.Seq)?.Withdraw(recalled.At);

    public ImmutableArray<StoredGroupPoll> ToStored()
        => [.. _polls.Select(item => new StoredGroupPoll(item.Seq, item.Poll.ToStored()))];

    private static bool MayGo(PollEntry poll, long now)
        => poll.IsClosed && poll.OpenedAt <= now - GroupRules.KeyMs;
}

/// <summary>The form in which snapshots hold a poll of a group.</summary>
internal sealed record StoredGroupPoll(long Seq, StoredPoll Poll);
